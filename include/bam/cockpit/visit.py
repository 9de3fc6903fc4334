"""One request: who asks, what the pages share, and the answers that they can give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bam.cockpit.access import visitor_of
from bam.cockpit.desk import Desk
from bam.cockpit.forms import MAX_BYTES, TOKEN_FIELD, ForgedFormError, FormSeal, read_form, require_own_site
from bam.cockpit.pages import path_with, templates
from bam.cockpit.visitor import Visitor
from bam.pipeline.context import RunContext
from bam.quality.review.actions import Hand

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is logged in. `root` is the path that the pages are mounted at."""

    request: Request
    visitor: Visitor
    desk: Desk
    seal: FormSeal

    @property
    def context(self) -> RunContext:
        """The library's context."""
        return self.desk.context()

    @property
    def root(self) -> str:
        """Where the pages begin, without a slash at its end."""
        return str(self.request.scope.get("root_path", "")).rstrip("/")

    def page(self, template: str, section: str, title: str, **values: Any) -> HTMLResponse:
        """A page of a section."""
        context = self.context
        shown = {
            "visitor": self.visitor,
            "root": self.root,
            "airflow": self.root.rpartition("/")[0],
            "section": section,
            "title": title,
            "now": context.now(),
            "currency": context.portfolio.about.currency,
            "token_field": TOKEN_FIELD,
            "token": self.seal.token(self.visitor.id, context.now()),
            "query": dict(self.request.query_params),
            "path_with": path_with,
        }
        return HTMLResponse(templates().get_template(template).render(shown | values))

    def to(self, path: str, **query: Any) -> RedirectResponse:
        """Send the browser to another of our pages, with GET."""
        return RedirectResponse(path_with(f"{self.root}/{path}", **query), 303)

    def hand(self, reason: str) -> Hand:
        """The hand that a decision of this person is signed with."""
        context = self.context
        return Hand(self.visitor.name, context.timestamp(), reason, context.portfolio.about.quality.two_person_review)


def visit_of(request: Request, visitor: Annotated[Visitor, Depends(visitor_of)]) -> Visit:
    """The visit behind a request; refused where nobody is logged in."""
    return Visit(request, visitor, request.app.state.desk, request.app.state.seal)


async def form_of(request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> dict[str, str]:
    """The fields of a form by somebody who may act, sent from a page of ours.

    Raises:
        HTTPException: 403 for viewers and for forged forms, 413 for more than a form holds.
    """
    if not visit.visitor.may_act:
        raise HTTPException(403, "Your account may read, not decide. Ask for the role of an operator.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            raise HTTPException(413, "The form is too large.")
    try:
        require_own_site(dict(request.headers), request.headers.get("host", ""))
        form = read_form(bytes(body), request.headers.get("content-type", ""))
        visit.seal.check(visit.visitor.id, form.pop(TOKEN_FIELD, ""), visit.context.now())
    except ForgedFormError as error:
        raise HTTPException(403, f"{error} Nothing was changed. Open the page again and repeat it.") from error
    return form


VisitDep = Annotated[Visit, Depends(visit_of)]
FormDep = Annotated[dict[str, str], Depends(form_of)]


def found_or_404(thing: T | None, what: str) -> T:
    """The thing, or the answer that there is none."""
    if thing is None:
        raise HTTPException(404, f"{what} isn't known.")
    return thing
