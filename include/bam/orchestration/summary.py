"""What a round has done, told the same way whether it went through Airflow or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bam.pipeline.status import Status
from bam.settings import Settings


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """The store before and after a round, and what was said of each brief (by its id: one sentence a line)."""

    before: Status
    after: Status
    briefs: Mapping[str, Sequence[str]]
    failures: Sequence[str] = ()

    @property
    def added_nothing(self) -> bool:
        """Whether the round brought no document, no claim and no delivery."""
        before, after = self.before, self.after
        return (
            before.documents == after.documents
            and _versions(before) == _versions(after)
            and sum(before.claims.values()) == sum(after.claims.values())
            and before.deliveries.get("sent", 0) == after.deliveries.get("sent", 0)
        )

    def lines(self, settings: Settings) -> Iterator[str]:
        """The report for people."""
        before, after = self.before, self.after
        yield _line(
            "documents", f"{_grown(before.documents, after.documents)}, {_grown(_versions(before), _versions(after))} versions"
        )
        yield _line("claims", ", ".join(f"{_grown(before.claims[t], n)} {_words(t)}" for t, n in after.claims.items()))
        yield _line("records", ", ".join(f"{_grown(before.records[t], n)} {_words(t)}" for t, n in after.records.items()))
        yield _line("checks", ", ".join(f"{count} {name}" for name, count in after.checks.items()) or "not run yet")
        for brief_id, sentences in self.briefs.items():
            for index, sentence in enumerate(sentences):
                yield _line("" if index else brief_id, sentence)
        sent = after.deliveries.get("sent", 0) - before.deliveries.get("sent", 0)
        where = "" if settings.smtp_url else f" (mails are files in {settings.outbox} while BAM_SMTP_URL is not set)"
        yield _line("deliveries", f"{sent} sent now{where}")
        if self.added_nothing:
            yield "Nothing was added: no document, no claim, no mail."
        for failure in self.failures:
            yield f"! {failure}"


def _line(label: str, text: str) -> str:
    return f"{label:<16} {text}"


def _versions(status: Status) -> int:
    return sum(status.versions.values()) + status.superseded_versions


def _grown(before: int, after: int) -> str:
    return f"{after} ({after - before:+d})" if after != before else str(after)


def _words(name: str) -> str:
    return name.replace("_", " ")
