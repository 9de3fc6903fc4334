"""A desk to read documents at: store, archive and portfolio in a temporary folder, and a web server on loopback."""

from __future__ import annotations

import datetime as dt
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bam.documents.archive import Archive
from bam.pipeline.context import RunContext, Silent
from bam.pipeline.ingest import ingest_source
from bam.portfolio.load import Portfolio, PortfolioFile
from bam.portfolio.sources import SourcesFile
from bam.settings import Settings, read_settings
from bam.store.engine import Store

START = dt.datetime(2014, 3, 5, 12, tzinfo=dt.UTC)
STORY = (
    "The border service of the northern province received thirty vehicles and two hundred radio sets from the partner programme "
    "on Tuesday, and its commander said that patrols along the river would now be able to stay in touch with one another for the "
    "first time since the repeater on the pass had been destroyed by a landslide four winters ago."
)


class Desk:
    """A store, an archive and a portfolio in a temporary folder, with a clock that a test moves."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.database_url = database_url
        self.base = folder / "include"
        self.inbox = self.base / "inbox"
        self.inbox.mkdir(parents=True)
        self.now = START
        self.sources: list[dict[str, Any]] = [{"id": "inbox", "kind": "folder", "path": "inbox", "officiality": "media"}]

    @property
    def context(self) -> RunContext:
        about = PortfolioFile(title="Desk", countries=("TJ",))
        sources = SourcesFile.model_validate({"sources": self.sources}).sources
        portfolio = Portfolio(self.base / "portfolio", about, sources, (), (), (), ())
        environ = {"BAM_HOME": str(self.folder / "var"), "BAM_DATABASE_URL": self.database_url or ""}
        settings: Settings = read_settings(environ)
        store = Store.open(settings.database_url)
        return RunContext(settings, portfolio, store, Archive.open(settings.archive_url), lambda: self.now, Silent())

    def write(self, name: str, body: str, *, canonical: str | None = None, modified: str | None = None) -> None:
        link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
        meta = f'<meta property="article:modified_time" content="{modified}">' if modified else ""
        page = f"<html><head>{link}{meta}</head><body><article><h1>Radios for the north</h1>{body}</article></body></html>"
        (self.inbox / name).write_text(page, encoding="utf-8")

    def ingest(self, source_id: str = "inbox", **window: Any) -> Any:
        with self.context as context:
            return ingest_source(context, source_id, **window)

    def rows(self, query: Any) -> list[Any]:
        with self.context as context, context.store.read() as connection:
            return list(connection.execute(query))


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


class Web:
    """A server whose answers a test sets: status, body and headers by path."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                web.requests.append((self.path, headers))
                status, body, extra = web.answers.get(self.path, (404, b"", {}))
                if status == 200 and "ETag" in extra and headers.get("if-none-match") == extra["ETag"]:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def page(self, path: str, body: str, **headers: str) -> None:
        self.answers[path] = (
            200,
            f"<html><body><article>{body}</article></body></html>".encode(),
            {"Content-Type": "text/html", **headers},
        )

    def feed(self, *paths: str, **headers: str) -> None:
        entries = "".join(f'<entry><id>{path}</id><title>{path}</title><link href="{path}"/></entry>' for path in paths)
        self.answers["/feed"] = (200, f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode(), headers)
