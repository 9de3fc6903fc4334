"""The archive: the same bytes once, nothing half written, damage found."""

from __future__ import annotations

import json
import multiprocessing
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bam.documents.archive import Archive, Damage, Origin, _deeper_name
from bam.model.errors import ConfigurationError, StoreError
from bam.model.identity import sha256_hex

ORIGIN = Origin(
    "https://desk.example/a", "2014-03-05T12:00:00+00:00", "desk", status=200, headers={"etag": '"1"'}, licence="CC BY"
)


def test_bytes_come_back_with_their_origin(tmp_path: Path) -> None:
    archive = Archive.open(str(tmp_path / "archive"))
    name = archive.put(b"raw bytes", ORIGIN)
    assert name == sha256_hex(b"raw bytes")
    assert archive.read(name) == b"raw bytes"
    (note,) = archive.origins(name)
    assert (note["address"], note["status"], note["headers"], note["licence"]) == (ORIGIN.address, 200, {"etag": '"1"'}, "CC BY")
    assert list(archive.names()) == [name]
    assert list(archive.verify()) == [None]


def test_the_same_bytes_are_kept_once_and_each_origin_is_noted(tmp_path: Path) -> None:
    archive = Archive.open(str(tmp_path))
    for address in ("https://a.example", "https://b.example", "https://a.example"):
        archive.put(b"x", Origin(address, "2014", "desk"))
    assert len(list(archive.names())) == 1
    assert [note["address"] for note in archive.origins(sha256_hex(b"x"))] == ["https://a.example", "https://b.example"]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2


def test_a_note_is_one_line_of_json_whatever_is_in_it(tmp_path: Path) -> None:
    archive = Archive.open(str(tmp_path))
    strange = Origin("https://desk.example/\u2028\n\x85", "2014", "desk", headers={"x-note": "\u2029"})
    name = archive.put(b"x", strange)
    archive.put(b"x", strange)
    archive.put(b"x", ORIGIN)
    assert [note["address"] for note in archive.origins(name)] == [strange.address, ORIGIN.address]
    lines = next(tmp_path.rglob("*.json")).read_bytes().split(b"\n")
    assert [json.loads(line) for line in lines if line] == [asdict(strange), asdict(ORIGIN)]


def test_bytes_that_were_cut_short_are_put_back(tmp_path: Path) -> None:
    archive = Archive.open(str(tmp_path))
    name = archive.put(b"raw bytes", ORIGIN)
    next(tmp_path.rglob(name)).write_bytes(b"raw")
    archive.put(b"raw bytes", ORIGIN)
    assert list(archive.verify()) == [None]


def test_damage_is_named(tmp_path: Path) -> None:
    archive = Archive.open(str(tmp_path))
    good, changed, orphan, garbled = (archive.put(data, ORIGIN) for data in (b"good", b"changed", b"orphan", b"garbled"))
    path = next(tmp_path.rglob(changed))
    path.write_bytes(b"chanGed")
    next(tmp_path.rglob(f"{orphan}.json")).unlink()
    next(tmp_path.rglob(f"{garbled}.json")).write_text("{")
    damages = {damage.sha256: damage.reason for damage in archive.verify() if damage}
    assert damages == {
        changed: f"the bytes have changed (their SHA-256 is {sha256_hex(b'chanGed')})",
        orphan: "the note of its origin is missing",
        garbled: "the note of its origin can't be read",
    }
    assert archive.damage_of(good) is None
    assert archive.damage_of("0" * 64) == Damage("0" * 64, "the bytes are missing")


def test_what_a_killed_writer_leaves_is_no_object(tmp_path: Path) -> None:
    archive = Archive.open(str(tmp_path))
    name = archive.put(b"x", ORIGIN)
    (next(tmp_path.rglob(name)).parent / f".{name}.77.abcd").write_bytes(b"half")
    assert list(archive.names()) == [name]


def test_a_writer_that_stops_in_the_middle_leaves_no_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive.open(str(tmp_path))

    def stop(source: str, target: str) -> None:
        if not target.endswith(".json"):
            raise KeyboardInterrupt
        replace(source, target)

    replace = os.replace
    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        archive.put(b"x", ORIGIN)
    assert list(archive.names()) == []
    assert not list(tmp_path.rglob(".*")), "what was begun is cleaned up"
    monkeypatch.undo()
    archive.put(b"x", ORIGIN)
    assert list(archive.verify()) == [None]


@pytest.mark.parametrize("kind", ["folder", "object store"])
def test_what_earlier_releases_put_one_folder_deeper_is_read_and_added_to_there(tmp_path: Path, kind: str) -> None:
    url = str(tmp_path) if kind == "folder" else "memory://archive-of-an-earlier-release"
    earlier, later = Archive.open(url), Archive.open(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bam.documents.archive._name", _deeper_name)
        old = earlier.put(b"old bytes", ORIGIN)
    new = later.put(b"new bytes", ORIGIN)
    later.put(b"old bytes", ORIGIN)
    later.put(b"old bytes", Origin("https://b.example", "2014", "desk"))
    assert later.read(old) == b"old bytes"
    assert [note["address"] for note in later.origins(old)] == [ORIGIN.address, "https://b.example"]
    assert list(later.names()) == sorted([old, new])
    assert not any(later.verify())
    if kind == "folder":
        assert sum(path.is_file() for path in tmp_path.rglob("*")) == 4, "nothing is kept twice"


def test_object_stores_by_the_same_path_type() -> None:
    archive = Archive.open("memory://archive-of-a-test")
    name = archive.put(b"raw bytes", ORIGIN)
    assert archive.read(name) == b"raw bytes"
    assert archive.read("1" * 64) is None
    assert list(archive.verify()) == [None]


def test_a_folder_that_cant_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"the archive can't be written \(.*\)\. Check the free space"):
        Archive.open(str(tmp_path / "file")).put(b"x", ORIGIN)


def test_an_address_of_no_known_kind() -> None:
    with pytest.raises(ConfigurationError, match="BAM_ARCHIVE_URL: the archive address can't be used"):
        Archive.open("nonsense://bucket/x")


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 64, "A" * 64, ""])
def test_only_a_sha256_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no SHA-256"):
        Archive.open(str(tmp_path)).read(name)


def test_many_writers_of_the_same_bytes(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    archive = Archive.open(str(tmp_path))
    writers = [fork.Process(target=_write, args=(archive,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert len(list(archive.names())) == 30
    assert not any(archive.verify())


def _write(archive: Archive) -> None:
    for number in range(30):
        archive.put(b"object %d" % number, ORIGIN)


@given(st.binary(max_size=2000))
def test_any_bytes_round_trip(data: bytes) -> None:
    archive = Archive.open("memory://archive-of-any-bytes")
    assert archive.read(archive.put(data, ORIGIN)) == data
