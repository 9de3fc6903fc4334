"""robots.txt: what a host asks of those who read it by program (RFC 9309), parsed by protego."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bam.sources.model import Content, Gone, Later, Outcome

MAX_BYTES = 500_000
MAX_DELAY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """A host's rules; `text` None means that they can't be read now, so that nothing is to be read."""

    parsed: Any | None
    is_reachable: bool = True

    def allow(self, address: str, agent: str) -> bool:
        """Whether the address may be read."""
        return self.parsed is None or bool(self.parsed.can_fetch(address, agent))

    def delay(self, agent: str) -> float:
        """Seconds that the host wants between two requests."""
        seconds = self.parsed.crawl_delay(agent) if self.parsed is not None else None
        return min(float(seconds or 0), MAX_DELAY_SECONDS)


class Robots:
    """The rules of all hosts that were asked in a run."""

    def __init__(self, fetch: Callable[[str], Outcome]) -> None:
        self._fetch = fetch
        self._rules: dict[str, Rules] = {}

    def rules(self, address: str) -> Rules:
        """The rules for an address, fetched once per host."""
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = self._read(f"{origin}/robots.txt")
        return self._rules[origin]

    def _read(self, address: str) -> Rules:
        from protego import Protego

        outcome = self._fetch(address)
        if isinstance(outcome, Content):
            return Rules(Protego.parse(outcome.data[:MAX_BYTES].decode("utf-8", errors="replace")))
        # No file means no rules; a server in trouble means that we stay away until it is well again.
        is_in_trouble = isinstance(outcome, Later) and not outcome.reason.startswith("answered 4")
        return Rules(None, is_reachable=isinstance(outcome, Gone) or not is_in_trouble)
