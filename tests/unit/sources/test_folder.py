"""A folder: which files are read, in which order, and what happens where the disk refuses."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bam.model.errors import FetchError
from bam.sources.folder import FolderReader
from bam.sources.local_files import address_of, path_below, path_of


def reader(folder: Path, **patterns: Any) -> FolderReader:
    return FolderReader(folder, folder.parent, {".html", ".txt"}, **patterns)


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def test_files_come_in_order_of_folder_name_and_suffix(tmp_path: Path) -> None:
    write(tmp_path / "in", "report-corrected.html", "report.html", "report.txt", "b/a.txt", "b/c/a.txt", "A.TXT")
    found = [(each.address, each.name) for each in reader(tmp_path / "in").candidates(None)]
    assert found == [
        ("file:in/A.TXT", "A.TXT"),
        ("file:in/report.html", "report.html"),
        ("file:in/report.txt", "report.txt"),
        ("file:in/report-corrected.html", "report-corrected.html"),
        ("file:in/b/a.txt", "a.txt"),
        ("file:in/b/c/a.txt", "a.txt"),
    ]


def test_hidden_files_and_strange_kinds_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / "in", ".hidden.html", ".folder/a.html", "a.html", "b.exe", "c.EXE", "README")
    folder = reader(tmp_path / "in")
    assert [each.name for each in folder.candidates(None)] == ["a.html"]
    assert folder.left_out == {".exe": 2, "without a suffix": 1}


def test_patterns_choose_by_path_or_name(tmp_path: Path) -> None:
    write(tmp_path / "in", "2024/a.html", "2024/draft-b.html", "2025/a.html")
    chosen = reader(tmp_path / "in", only=("2024/*",), leave_out=("draft-*",)).candidates(None)
    assert [each.address for each in chosen] == ["file:in/2024/a.html"]


def test_links_are_followed_to_files_within_the_folder_only(tmp_path: Path) -> None:
    write(tmp_path, "in/real/a.html", "secret.html", "in-other/b.html")
    (tmp_path / "in/inside.html").symlink_to(tmp_path / "in/real/a.html")
    (tmp_path / "in/outside.html").symlink_to(tmp_path / "secret.html")
    (tmp_path / "in/neighbour.html").symlink_to(tmp_path / "in-other/b.html")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in/broken.html").symlink_to(tmp_path / "in/nowhere.html")
    found = [(each.address, each.name) for each in reader(tmp_path / "in").candidates(None)]
    assert found == [
        ("file:in/nowhere.html", "broken.html"),
        ("file:in/real/a.html", "inside.html"),
        ("file:in/real/a.html", "a.html"),
    ]


def test_a_folder_that_cant_be_read_is_no_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", "a.html", "locked/b.html")
    scandir = os.scandir

    def refuse(folder: str) -> Any:
        if folder.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(FetchError, match=r"locked: the folder can't be read \(Permission denied\)\. Change its permissions"):
        list(reader(tmp_path / "in").candidates(None))


def test_addresses_lead_back_to_their_files(tmp_path: Path) -> None:
    base = tmp_path / "project"
    write(base, "in/größe 1%20.html")
    inside, outside = base / "in/größe 1%20.html", tmp_path / "elsewhere.html"
    assert address_of(inside, base) == "file:in/gr%C3%B6%C3%9Fe 1%2520.html"
    assert address_of(outside, base) == f"file:{outside}"
    nameless = base / os.fsdecode(b"in/\xff.html")
    assert address_of(nameless, base) == "file:in/%FF.html"
    assert [path_of(address_of(path, base), base) for path in (inside, outside, nameless)] == [inside, outside, nameless]


@pytest.mark.parametrize(
    ("path", "folder", "below"),
    [("/a/b/c", "/a", "b/c"), ("/ab/c", "/a", None), ("/a", "/a", None), ("/a/b", "/", "a/b"), ("/a/b", "/a/", "b")],
)
def test_what_lies_below_a_folder(path: str, folder: str, below: str | None) -> None:
    assert path_below(path, folder) == below
