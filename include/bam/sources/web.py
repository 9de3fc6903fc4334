"""Reading addresses of the web: politely (robots.txt, a rate per host, conditional requests, Retry-After) and safely (the
guard on every hop, limits on size and time).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpcore
import httpx

from bam import __version__
from bam.sources.bodies import BodyRefusedError, BodyTimeoutError, read_body
from bam.sources.guard import BlockedAddressError, check_web_address
from bam.sources.model import Content, Gone, Known, Later, Outcome, Refused, Unchanged
from bam.sources.robots import Robots
from bam.sources.transport import GuardedBackend, GuardedTransport

MAX_REDIRECTS = 5
TRIES = 3
TIMEOUTS = {"connect": 10.0, "read": 30.0, "write": 10.0, "pool": 10.0}
SHORT_WAIT_SECONDS = 10.0
"""A Retry-After of no more than this is waited for; a longer one is left to a later run."""

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEPT_HEADERS = ("content-type", "content-language", "date", "etag", "last-modified", "server", "x-robots-tag")
_GENERIC_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain", "application/force-download"})
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "message/rfc822": ".eml",
}
_RETRYABLE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, BodyTimeoutError)


class WebClient:
    """Reads pages for one source. Not for use by several threads.

    Args:
        contact: how those whose pages we read can reach the operator; stands in the user agent.
        internal: whether loopback and private addresses may be read.
        pause_seconds: least time between two requests to one host.
        clock, sleep: the time in seconds and a way to wait; tests pass their own.
        backend: how connections are made; tests record instead of connecting.
    """

    def __init__(
        self,
        contact: str,
        *,
        internal: bool = False,
        pause_seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        backend: httpcore.NetworkBackend | None = None,
    ) -> None:
        self.agent = "BorderAssistanceMonitor"
        self._pause = pause_seconds
        self._clock, self._sleep = clock, sleep
        self._next_at: dict[str, float] = {}
        self._pauses: dict[str, float] = {}
        self._resting_until: dict[str, float] = {}
        self._robots = Robots(lambda address: self._follow(address, None))
        self._client = httpx.Client(
            transport=GuardedTransport(backend or GuardedBackend(internal=internal)),
            headers={
                "User-Agent": f"{self.agent}/{__version__} (reads public pages about border assistance; contact: {contact})",
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.5",
                "Accept-Encoding": "gzip",
            },
            follow_redirects=False,
            trust_env=False,
        )

    def get(self, address: str, known: Known | None = None) -> Outcome:
        """Read one address; `known` makes the request conditional."""
        try:
            check_web_address(address)
            rules = self._robots.rules(address)
        except BlockedAddressError as error:
            return Refused(str(error))
        if not rules.is_reachable:
            return Later("robots.txt of the host can't be read now")
        if not rules.allow(address, self.agent):
            return Refused("robots.txt of the host asks not to read it")
        self._pauses[_host(address)] = max(self._pause, rules.delay(self.agent))
        return self._follow(address, known)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _follow(self, address: str, known: Known | None) -> Outcome:
        """Follow redirects; each hop passes the guard again."""
        permanent, hop = True, urldefrag(address).url
        for _ in range(MAX_REDIRECTS + 1):
            outcome = self._try(hop, known, moved=permanent and hop != urldefrag(address).url)
            if not isinstance(outcome, _Redirect):
                return outcome
            permanent = permanent and outcome.status in _PERMANENT
            hop = _joined(hop, outcome.location)
        return Refused(f"more than {MAX_REDIRECTS} redirects")

    def _try(self, address: str, known: Known | None, *, moved: bool) -> Outcome | _Redirect:
        """One hop, tried again after faults of the net and short requests to wait."""
        outcome: Outcome | _Redirect = Later("not tried")
        for attempt in range(TRIES):
            try:
                check_web_address(address)
                outcome = self._request(address, known, moved=moved)
            except (BlockedAddressError, BodyRefusedError) as error:
                return Refused(str(error))
            except _RETRYABLE as error:
                outcome = Later(_fault(error))
            except (httpx.InvalidURL, UnicodeError) as error:
                return Refused(f"it is no address ({error})")
            if not isinstance(outcome, Later) or attempt == TRIES - 1:
                break
            wait = outcome.retry_seconds if outcome.retry_seconds is not None else 0.5 * 2**attempt
            if wait > SHORT_WAIT_SECONDS or outcome.reason.startswith("answered 4"):
                break
            self._sleep(wait)
        if isinstance(outcome, Later) and outcome.retry_seconds is not None:
            self._resting_until[_host(address)] = self._clock() + outcome.retry_seconds
        return outcome

    def _request(self, address: str, known: Known | None, *, moved: bool) -> Outcome | _Redirect:
        host = _host(address)
        resting = self._resting_until.get(host, 0.0) - self._clock()
        if resting > SHORT_WAIT_SECONDS:
            return Later("the host asked to be left alone for a while", resting)
        self._wait_for_turn(host)
        headers = {}
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        with self._client.stream("GET", address, headers=headers, timeout=httpx.Timeout(**TIMEOUTS)) as response:
            return self._outcome(response, address, moved=moved)

    def _outcome(self, response: httpx.Response, address: str, *, moved: bool) -> Outcome | _Redirect:
        status = response.status_code
        if status in _REDIRECTS and (location := response.headers.get("location")):
            return _Redirect(status, location)
        if status == 304:
            return Unchanged()
        if status in (404, 410):
            return Gone(f"answered {status}")
        if status != 200:
            return Later(f"answered {status}", _retry_seconds(response))
        data = read_body(response, self._clock)
        content_type = response.headers.get("content-type")
        return Content(
            data=data,
            address=address,
            name=_name(address, content_type),
            content_type=content_type,
            status=status,
            headers={name: response.headers[name][:500] for name in _KEPT_HEADERS if name in response.headers},
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            moved=moved,
        )

    def _wait_for_turn(self, host: str) -> None:
        wait = self._next_at.get(host, 0.0) - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next_at[host] = self._clock() + self._pauses.get(host, self._pause)


class _Redirect:
    """Where an answer sends us."""

    def __init__(self, status: int, location: str) -> None:
        self.status, self.location = status, location


def _joined(address: str, location: str) -> str:
    """Where a redirect leads; what can't be read is handed on for the guard to refuse."""
    try:
        return urldefrag(urljoin(address, location)).url
    except ValueError:
        return location


def _host(address: str) -> str:
    return (urlsplit(address).netloc or "").lower()


def _fault(error: Exception) -> str:
    """A fault of the net in a few words."""
    if isinstance(error, BodyTimeoutError):
        return str(error)
    if isinstance(error, httpcore.TimeoutException):
        return f"no answer in time ({type(error).__name__})"
    if isinstance(error, httpcore.ProtocolError):
        return f"the answer was cut off or is no HTTP ({error})"
    return f"the host can't be reached ({error or type(error).__name__})"


def _retry_seconds(response: httpx.Response) -> float | None:
    """What Retry-After asks for: seconds, or a date counted from the answer's own date."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        asked = parsedate_to_datetime(value)
        sent = parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    if asked.tzinfo is None or sent.tzinfo is None:
        asked, sent = asked.replace(tzinfo=dt.UTC), sent.replace(tzinfo=dt.UTC)
    return max(0.0, (asked - sent).total_seconds())


def _name(address: str, content_type: str | None) -> str:
    """A file name whose suffix tells the format: the server's word counts unless it is a general one."""
    path = PurePosixPath(unquote(urlsplit(address).path))
    declared = (content_type or "").split(";")[0].strip().lower()
    if declared in _GENERIC_TYPES or declared not in _SUFFIXES:
        return path.name or "page"
    return f"{path.stem or 'page'}{_SUFFIXES[declared]}"
