"""The board says how runs stand, a line for each change where there is no terminal."""

from __future__ import annotations

import pytest

from bam.cli.board import Board, tasks_in_words
from bam.orchestration.client import RunState, TaskState


def _run(state: str, *tasks: tuple[str, str]) -> RunState:
    return RunState("extract", "r1", state, tasks=tuple(TaskState(name, -1, at, 1, 0.0) for name, at in tasks))


def test_what_needs_attention_comes_first() -> None:
    run = _run("running", ("find_pending", "success"), ("batch", "failed"), ("batch", "running"), ("announce", ""))
    assert tasks_in_words(run) == "1 failed: batch, 1 running: batch, 1 done, 1 to come"


def test_a_state_that_is_new_to_us_is_shown_as_it_is() -> None:
    assert tasks_in_words(_run("running", ("batch", "dreaming"))) == "1 dreaming: batch"


def test_without_a_terminal_each_change_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    board = Board()
    with board.shown():
        for state in ("queued", "queued", "running", "success", "success"):
            board.show([_run(state, ("find_pending", "success" if state == "success" else ""))])
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [" ".join(line.split()) for line in captured.err.splitlines()] == [
        "extract queued 1 to come",
        "extract running 1 to come",
        "extract success 1 done",
    ]
