"""The pages as one FastAPI app: routes, headers, and errors as pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from bam.cockpit import briefs, documents, indicators, overview, quality, records, review, runs
from bam.cockpit.access import visitor_of
from bam.cockpit.desk import Desk, NotYetError
from bam.cockpit.forms import FormSeal
from bam.cockpit.pages import templates
from bam.cockpit.visitor import Visitor
from bam.model.errors import BamError

STATIC = Path(__file__).parent / "static"

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'self'"
)
"""Pages load nothing but our own style, script and pictures, and only Airflow may frame them."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_HEADINGS = {202: "One moment", 401: "Log in first", 403: "Not allowed", 404: "Not found", 422: "That can't be done"}


def make_app(desk: Desk, key: bytes) -> FastAPI:
    """The app. `key` is the secret that forms are sealed with."""
    app = FastAPI(title="Border Assistance Monitor", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk, app.state.seal = desk, FormSeal(key)
    for module in (overview, indicators, records, documents, review, quality, briefs, runs):
        app.include_router(module.router)
    app.get("/static/{name}")(static_file)
    app.middleware("http")(_with_headers)
    app.exception_handler(StarletteHTTPException)(_refused)
    app.exception_handler(RequestValidationError)(_unreadable)
    app.exception_handler(BamError)(_impossible)
    app.exception_handler(NotYetError)(_not_yet)
    return app


def static_file(name: str, _: Annotated[Visitor, Depends(visitor_of)]) -> FileResponse:
    """Style, script and icon; the folder holds nothing else."""
    known = {path.name: path for path in STATIC.iterdir() if path.is_file()}
    if name not in known:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(known[name], headers={"Cache-Control": "private, max-age=600"})


async def _with_headers(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await go_on(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    return _error_page(request, error.status_code, str(error.detail))


def _unreadable(request: Request, error: Exception) -> Response:
    return _error_page(request, 422, "The address has a part that can't be read.")


def _impossible(request: Request, error: Exception) -> Response:
    return _error_page(request, 422, str(error))


def _not_yet(request: Request, error: Exception) -> Response:
    page = _error_page(request, 202, "This past state of the tables is being worked out. The page comes by itself in a moment.")
    page.headers["Refresh"] = "2"
    return page


def _error_page(request: Request, status: int, message: str) -> Response:
    root = str(request.scope.get("root_path", "")).rstrip("/")
    page = templates().get_template("error.html")
    heading = _HEADINGS.get(status, "Something went wrong")
    airflow = root.rpartition("/")[0]
    return HTMLResponse(page.render(root=root, airflow=airflow, heading=heading, message=message, status=status), status)
