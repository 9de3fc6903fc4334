"""What a person can call or set is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
PAGES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "docs").glob("*.md")))


FAMILIES = ("BAM_WEBHOOK_", "BAM_PASSWORD_")
"""Secrets that are called after a publication or a source; their family is documented."""


def _settings() -> list[str]:
    """Names of the environment variables of ours that the code, the compose file or the settings' example knows."""
    files = [*PROJECT.glob("include/bam/**/*.py"), PROJECT / "docker-compose.yml", PROJECT / ".env.example"]
    names = {name for path in files for name in re.findall(r"\bBAM_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
    return sorted({next((family for family in FAMILIES if name.startswith(family)), name) for name in names})


def test_the_page_of_commands_is_what_they_say_themselves() -> None:
    written = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    # In a process of its own: click remembers how a command was called before, and says its options accordingly.
    done = subprocess.run([sys.executable, "-m", "bam.cli.listing"], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == written, "run: python -m bam.cli.listing > docs/commands.md"


def test_every_setting_is_found() -> None:
    assert {"BAM_HOME", "BAM_DATABASE_URL", "BAM_SMTP_URL"} < set(_settings())


@pytest.mark.parametrize("name", _settings())
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}" in PAGES, f"document {name} in docs/engineers.md"


def test_links_of_the_pages_lead_somewhere() -> None:
    pages = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *PROJECT.glob("docs/**/*.md")]
    broken = [
        f"{page.relative_to(PROJECT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
