import json

import pytest
from click.testing import CliRunner

from bam.cli.ingest import command as ingest
from bam.cli.status import command as status


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("BAM_HOME", str(tmp_path / "home"))


def test_a_new_store_says_what_to_do_first():
    result = CliRunner().invoke(status)
    assert result.exit_code == 0
    assert "Nothing is stored yet" in result.stdout


def test_pending_versions_are_counted(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("A page about the weather.\n\nIt rained for three days in the valley, and the road was closed.\n")
    assert CliRunner().invoke(ingest, [str(page)]).exit_code == 0
    result = CliRunner().invoke(status, ["--json"])
    found = json.loads(result.stdout)
    assert (found["documents"], found["pending"], found["versions"]) == (1, 1, {"converted": 1})
    assert found["claims"] == {"funding": 0, "facilities": 0, "workshops": 0, "follow_ups": 0}
    assert "1 versions wait for extraction" in CliRunner().invoke(status).stdout
