import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bam.cli.explain import command as explain
from bam.cli.extract import command as extract

RELEASE = """Harbour town gets a border post

KALIMA, 4 March 2014 - Japan has granted USD 2.5 million to Kenya for a new border post in Lokichoggio, the Embassy of
Japan said on Tuesday. The agreement was signed in Nairobi on 3 March 2014.
"""
TABLES = ("funding", "facilities", "workshops", "follow_ups")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    path = tmp_path / "release.txt"
    path.write_text(RELEASE, encoding="utf-8")
    return path


def run(*arguments: object):
    return CliRunner().invoke(extract, [str(argument) for argument in arguments])


def test_each_file_gives_one_object_with_document_and_four_tables(release):
    result = run(release)
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    found = json.loads(line)
    assert set(found) == {"document", *TABLES}
    assert set(found["document"]) == {"path", "title", "publisher", "published", "language"}
    assert found["document"]["path"] == str(release)
    assert found["document"]["published"] == "2014-03-04"
    (grant,) = found["funding"]
    assert (grant["amount"], grant["currency"], grant["donors"], grant["recipients"]) == (2_500_000, "USD", ["JP"], ["KE"])


def test_evidence_offsets_refer_to_the_text_that_is_printed_on_request(release):
    (line,) = run(release, "--text").stdout.splitlines()
    found = json.loads(line)
    text = found["document"]["text"]
    items = [item for table in TABLES for record in found[table] for item in record["evidence"]]
    assert items
    assert all(text[item["start"] : item["end"]] == item["quote"] for item in items)


def test_a_bad_file_gives_a_line_and_an_object_and_the_others_come_out(release, tmp_path):
    empty, missing = tmp_path / "empty.pdf", tmp_path / "missing.docx"
    empty.touch()
    result = run(empty, release, missing, tmp_path)
    assert result.exit_code == 1
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert [("error" in item, item["document"]["path"]) for item in objects] == [
        (True, str(empty)),
        (False, str(release)),
        (True, str(missing)),
        (True, str(tmp_path)),
    ]
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0] == f"bam: {empty}: the file is empty. Fetch it again or remove it."
    assert lines[1] == f"bam: {missing}: there is no such file. Check the path."


def test_no_file_at_all_is_wrong_usage():
    assert run().exit_code == 2


def test_nothing_is_written(release, tmp_path, monkeypatch):
    home = tmp_path / "home"
    monkeypatch.setenv("BAM_HOME", str(home))
    run(release)
    assert not home.exists()


def test_explain_shows_quote_and_reasons(release):
    result = CliRunner().invoke(explain, [str(release)])
    assert result.exit_code == 0
    assert "published 2014-03-04" in result.stdout
    assert "2,500,000" in result.stdout
    assert "said in" in result.stdout
