"""Who is let in, who may decide, and what hostile requests and texts get."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.unit.cockpit.conftest import NOW, Site
from tests.unit.cockpit.paths import paths

from bam import cockpit
from bam.cockpit.forms import ForgedFormError, FormSeal, read_form, require_own_site
from bam.store.reviews import latest_decisions
from bam.store.schema.documents import claims, documents, version_texts, versions

pytestmark = pytest.mark.xdist_group("cockpit")


def test_one_file_knows_what_is_no_public_api() -> None:
    folder = Path(cockpit.__file__).parent
    assert [path.name for path in folder.glob("*.py") if "airflow.api_fastapi" in path.read_text()] == ["access.py"]


def test_loading_the_plugin_imports_no_pages() -> None:
    """Every task of Airflow loads it."""
    asked = "import sys, bam.cockpit.plugin; print({'fastapi', 'sqlalchemy.orm', 'bam.cockpit.app'} & set(sys.modules) - before)"
    code = f"import sys, airflow.plugins_manager; before = set(sys.modules); {asked}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("set()")


def test_there_are_routes_of_both_kinds() -> None:
    assert len(paths("GET")) > 20
    assert len(paths("POST")) >= 8


@pytest.mark.parametrize("path", paths("GET"))
def test_anonymous_requests_get_401(site: Site, path: str) -> None:
    answer = site.get(path, person="")
    assert answer.status_code == 401
    assert "clm-" not in answer.text


@pytest.mark.parametrize("path", paths("POST"))
def test_nobody_decides_without_right_and_token(site: Site, path: str) -> None:
    assert site.post(path, person="").status_code == 401
    assert site.post(path, person="viewer", token=site.token("viewer")).status_code == 403
    for token in ("", "nonsense", site.token("second"), f"{site.token()}0"):
        refused = site.post(path, token=token)
        assert refused.status_code == 403, token
        assert "Nothing was changed" in refused.text
    elsewhere = site.client.post(
        f"/monitor/{path}",
        data={"token": site.token()},
        headers={"X-Person": "operator", "Sec-Fetch-Site": "cross-site"},
    )
    assert elsewhere.status_code == 403
    with site.context.store.read() as connection:
        assert latest_decisions(connection, 1) == []


def test_viewers_see_everything_and_no_form(site: Site) -> None:
    item = site.paths("review", "review/clm-")[0]
    page = site.get(item, person="viewer")
    assert page.status_code == 200
    assert "<form" not in page.text
    assert "<form" in site.get(item).text


def test_every_answer_has_a_strict_policy(site: Site) -> None:
    for path in ("", "indicators", "review", "quality", "briefs", "static/cockpit.css", "records/rec-unknown"):
        headers = site.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'self'" in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_pages_need_nothing_that_the_policy_forbids(site: Site) -> None:
    for path in ("", "indicators", "review", "quality", "briefs", *site.paths("briefs", "briefs/iss-")[:1]):
        text = site.get(path).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path
        assert "<script>" not in text


HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def test_hostile_text_in_documents_claims_and_records_is_escaped(site: Site) -> None:
    with site.context.store.write() as connection:
        claim = connection.execute(select(claims).where(claims.c.table_name == "facilities")).first()
        assert claim is not None
        evidence = [{**claim.evidence[0], "quote": HOSTILE, "start": 0, "end": len(HOSTILE)}]
        values = {**claim.values, "name": HOSTILE}
        connection.execute(update(claims).where(claims.c.id == claim.id).values(evidence=evidence, values=values))
        connection.execute(update(versions).where(versions.c.id == claim.version_id).values(title=HOSTILE, publisher=HOSTILE))
        blocks = [{"kind": "paragraph", "start": 0, "end": len(HOSTILE)}]
        connection.execute(
            update(version_texts).where(version_texts.c.version_id == claim.version_id).values(text=HOSTILE, blocks=blocks)
        )
        document = connection.execute(select(versions.c.document_id).where(versions.c.id == claim.version_id)).scalar_one()
        connection.execute(update(documents).where(documents.c.id == document).values(address="javascript:alert(1)"))
    for path in (f"documents/{document}", f"review/{claim.id}", f"indicators/records?table=facilities&words={HOSTILE}"):
        text = site.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;alert" in text
        assert 'href="javascript:' not in text


@pytest.mark.parametrize(
    "name",
    [
        "../bam.sqlite",
        "..%2fbam.sqlite",
        "%2e%2e/bam.sqlite",
        "....//bam.sqlite",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "run/link.html",
        "run/notes.txt",
        "run/index.html%00.txt",
        "run",
    ],
)
def test_data_docs_stay_in_their_folder(site: Site, name: str) -> None:
    folder = site.home / "data_docs" / "run"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("private")
    (folder / "link.html").symlink_to(site.home / "bam.sqlite")
    assert site.get(f"quality/docs/{name}").status_code in (404, 401, 422)


def test_data_docs_are_served_without_scripts(site: Site) -> None:
    folder = site.home / "data_docs" / "run"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<p>All checks</p>")
    page = site.get("quality/docs/run/index.html")
    assert page.text == "<p>All checks</p>"
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_pdfs_are_found_by_id_only(site: Site) -> None:
    for name in ("..%2f..%2fetc%2fpasswd", "iss-unknown", "%2e%2e"):
        assert site.get(f"briefs/{name}/pdf").status_code == 404


class TestSeal:
    seal = FormSeal(b"secret")

    def test_holds_for_its_person_for_hours(self) -> None:
        token = self.seal.token("ada", NOW)
        self.seal.check("ada", token, NOW + dt.timedelta(hours=11))
        with pytest.raises(ForgedFormError, match="too long"):
            self.seal.check("ada", token, NOW + dt.timedelta(hours=13))
        with pytest.raises(ForgedFormError, match="doesn't come from a page of yours"):
            self.seal.check("bob", token, NOW)

    def test_a_later_end_needs_another_signature(self) -> None:
        until, _, signature = self.seal.token("ada", NOW).partition(".")
        with pytest.raises(ForgedFormError):
            self.seal.check("ada", f"{int(until) + 9_999}.{signature}", NOW)

    def test_another_key_makes_another_token(self) -> None:
        with pytest.raises(ForgedFormError):
            FormSeal(b"other").check("ada", self.seal.token("ada", NOW), NOW)

    @pytest.mark.parametrize("token", ["", ".", "x.y", "é.é", "9999999999"])
    def test_nonsense_is_refused(self, token: str) -> None:
        with pytest.raises(ForgedFormError):
            self.seal.check("ada", token, NOW)


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}],
)
def test_another_site_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ForgedFormError, match="another site"):
        require_own_site(headers, "monitor.example")
    require_own_site({"origin": "https://monitor.example"}, "monitor.example")
    require_own_site({"origin": "https://monitor.example", "sec-fetch-site": "same-origin"}, "behind-a-proxy:8080")
    require_own_site({}, "monitor.example")


def test_only_forms_are_read() -> None:
    form = "application/x-www-form-urlencoded"
    assert read_form(b"a=1&b=&a=2", form) == {"a": "2", "b": ""}
    refused: list[tuple[bytes, str]] = [
        (b"{}", "application/json"),
        (b"a=%ff", form),
        (b"a=\xff", form),
        (b"&".join(b"a=1" for _ in range(300)), form),
        (b"x" * 70_000, form),
    ]
    for body, kind in refused:
        with pytest.raises(ForgedFormError):
            read_form(body, kind)


def test_a_form_without_end_is_refused(site: Site) -> None:
    answer: Any = site.post("review/clm-x/accept", reason="x" * 100_000)
    assert answer.status_code == 413


def test_only_our_own_static_files_are_served(site: Site) -> None:
    assert site.get("static/cockpit.css").headers["content-type"].startswith("text/css")
    for name in ("..%2fapp.py", "%2e%2e%2fapp.py", "app.py", "."):
        assert site.get(f"static/{name}").status_code == 404
