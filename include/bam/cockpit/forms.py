"""Forms that only our own pages can send: each carries a token that is made for one person and holds for hours.

A page elsewhere can make a browser post to us, with the cookie of whoever is logged in; it can't read the token.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from urllib.parse import parse_qsl

TOKEN_FIELD = "token"  # noqa: S105 (the name of a field)
HOLDS = dt.timedelta(hours=12)
MAX_BYTES = 64 * 1024
MAX_FIELDS = 200


class ForgedFormError(Exception):
    """A form that wasn't sent by one of our pages for this person, or too late."""


class FormSeal:
    """Makes and checks the tokens. `key` is the secret that all servers share."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, visitor_id: str, now: dt.datetime) -> str:
        """A token for this person's forms."""
        until = str(int((now + HOLDS).timestamp()))
        return f"{until}.{self._signature(visitor_id, until)}"

    def check(self, visitor_id: str, token: str, now: dt.datetime) -> None:
        """Raises ForgedFormError unless the token was made for this person and still holds."""
        until, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(visitor_id, until).encode()):
            raise ForgedFormError("The form doesn't come from a page of yours.")
        if int(until) < now.timestamp():
            raise ForgedFormError("The form was open for too long.")

    def _signature(self, visitor_id: str, until: str) -> str:
        return hmac.new(self._key, f"{until}\n{visitor_id}".encode(), hashlib.sha256).hexdigest()


def require_own_site(headers: dict[str, str], own_host: str) -> None:
    """Raises ForgedFormError where the browser says that another site sent the request.

    Browsers say it plainly over HTTPS; elsewhere the origin is compared with our host, which a proxy may call otherwise.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    is_foreign = site not in ("same-origin", "none") if site else origin is not None and origin.partition("://")[2] != own_host
    if is_foreign:
        raise ForgedFormError("The form was sent by another site.")


def read_form(body: bytes, content_type: str) -> dict[str, str]:
    """The fields of a form; of a field that is there twice, the last. Raises ForgedFormError for what no page of ours sends."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise ForgedFormError("This is no form.")
    if len(body) > MAX_BYTES:
        raise ForgedFormError("The form is too large.")
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"))
    except ValueError as error:
        raise ForgedFormError("The form can't be read.") from error
