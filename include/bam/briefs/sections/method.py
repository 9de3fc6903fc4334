"""The method on half a page; docs/method.md has it in full."""

from __future__ import annotations

from bam.briefs.desk import Desk


def write_method(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Headings and paragraphs."""
    say = desk.say
    return (
        (
            say("From document to figure"),
            say(
                "Published documents are read on a schedule. A fact enters only with the words that state it; those words stand "
                "at a known place of a document whose bytes are archived. Claims that speak of the same thing make one record; "
                "its values come from the more official, the newer and the more exact source, and disagreement is kept."
            ),
        ),
        (
            say("Counting"),
            say(
                "A sum is counted once. Parts of other sums, repeats, sums over many years and withdrawn aid are left out, and "
                "printed with the reason. Planned, pledged, committed and disbursed money is never added together. A sum for "
                "several recipients is never given to each in full."
            ),
        ),
        (
            say("Time"),
            say(
                "Figures belong to the period of the event. This brief knows what was published by its as-of date and recorded "
                "by its record date. Documents that come later change no issued brief; the next one lists the restated figures."
            ),
        ),
        (
            say("Scores"),
            say(
                "Promises score +1 when a later document reports them done, 0 when it reports work on them, -1 when it reports "
                "them dropped. NE means that nothing was found: it says nothing about what was done."
            ),
        ),
    )
