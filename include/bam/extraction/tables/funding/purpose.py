"""What a sum is for, as written."""

from __future__ import annotations

from bam.extraction.annotate.model import Money
from bam.extraction.context import Context, distance
from bam.extraction.tables.funding.words import FundingWords

_MOST_WORDS = 20
_REACH = 16
_STOPS = frozenset(".;:()[]")


def purpose_of(context: Context, money: Money, words: FundingWords) -> str | None:
    """The purpose of a sum, from the surest sign to the weakest.

    In a table row its longest other cell; else the phrase behind "for", "towards" or "to" after the sum, unless it names a
    receiver or a time; else what is "worth" the sum; else the nearest building or training of the sentence.
    """
    for look in (_cell, _phrase, _goods, _thing):
        found = look(context, money, words)
        if found is not None and any(norm not in words.commonplace for norm in found.lower().split()):
            return found
    return None


def _cell(context: Context, money: Money, _words: FundingWords) -> str | None:
    annotated = context.annotated
    row = annotated.row_at(money.start)
    if row is None:
        return None
    cells = [annotated.text[start:end].strip() for start, end in row.cells if not start <= money.start < end]
    named = [cell for cell in cells if any(letter.isalpha() for letter in cell)]
    return max(named, key=len) if named else None


def _phrase(context: Context, money: Money, words: FundingWords) -> str | None:
    annotated = context.annotated
    tokens = annotated.tokens
    sentence = annotated.sentence_at(money.start)
    _, first = tokens.span(money.start, money.end)
    for index in range(first, min(sentence.last - 1, first + _REACH)):
        if tokens.texts[index] in _STOPS:
            return None
        if tokens.norms[index] not in words.purpose_openers:
            continue
        begin = _behind_verb(context, index + 1, words)
        if begin is not None and not _names_receiver_or_time(context, begin, sentence.last):
            return _up_to_stop(context, begin, sentence.last, words)
    return None


def _behind_verb(context: Context, first: int, words: FundingWords) -> int | None:
    """Where the thing begins in what follows an opener; None where no thing is named.

    A verb of work belongs to the purpose ("to build a post"), one of spending is stepped over with its preposition ("to be spent
    on an office"), any other says what happens and not what for. A relative clause ("for which ...") is about something else.
    """
    annotated = context.annotated
    tokens = annotated.tokens
    if tokens.norms[first] in words.relatives:
        return None
    verb = next(iter(annotated.before(annotated.verbs, tokens.ends[first], 1)), None)
    if verb is None or verb.last <= first or verb.has("building", "renovating", "equipping", "training"):
        return first
    link = tokens.norms[verb.last] if verb.last < len(tokens.norms) else ""
    return verb.last + 1 if link in words.spending_links else None


def _names_receiver_or_time(context: Context, first: int, last: int) -> bool:
    """Whether a country, organisation, date or number begins at the token, articles skipped."""
    annotated = context.annotated
    tokens = annotated.tokens
    while first < last - 1 and tokens.norms[first] in ("the", "a", "an", "its", "their"):
        first += 1
    start, end = tokens.starts[first], tokens.ends[first]
    groups = (annotated.parties, annotated.regions, annotated.dates, annotated.money)
    named = any(item.start <= start < item.end for items in groups for item in annotated.before(items, end, 1))
    return named or tokens.norms[first].isdigit()


def _up_to_stop(context: Context, first: int, last: int, words: FundingWords) -> str | None:
    """The words from a token on until the phrase ends: at a stop, before a relative clause, before the next sum or its date."""
    annotated = context.annotated
    tokens = annotated.tokens
    end = min(last, first + _MOST_WORDS)
    reach = (tokens.starts[first], tokens.ends[end - 1])
    others = [tokens.span(one.outer_start, one.end)[0] for one in annotated.money if reach[0] < one.outer_start < reach[1]]
    end = min([end, *others])
    for index in range(first, end):
        text = tokens.texts[index]
        opens_clause = index + 1 < last and tokens.norms[index + 1] in words.relatives
        if text in _STOPS or (text == "," and (index > first + 3 or opens_clause)):
            end = index
            break
    if end in others:
        end = _without_link(context, first, end, words)
    return tokens.slice(first, end).strip() or None


def _without_link(context: Context, first: int, end: int, words: FundingWords) -> int:
    """The end of a phrase without what leads on to the next sum: "and", "in 2013," and the like."""
    annotated = context.annotated
    tokens = annotated.tokens
    while end > first:
        last = end - 1
        dates = annotated.before(annotated.dates, tokens.ends[last], 1)
        is_dated = any(date.start <= tokens.starts[last] < date.end for date in dates)
        if not is_dated and tokens.texts[last][0].isalnum() and tokens.norms[last] not in words.commonplace:
            break
        end = last
    return end


def _goods(context: Context, money: Money, words: FundingWords) -> str | None:
    """The words before "worth", "valued at" or "at a cost of" in the clause of the sum, from its last verb on."""
    annotated = context.annotated
    tokens = annotated.tokens
    clause = annotated.clause_at(money.start)
    first, last = tokens.span(clause.start, money.outer_start)
    mark = next((index for index in range(last - 1, max(first, last - 5) - 1, -1) if tokens.norms[index] in words.worth), None)
    if mark is None:
        return None
    begin = max([first, *(verb.last for verb in annotated.verbs_of(clause) if verb.last <= mark)])
    while begin < mark and (tokens.norms[begin] in words.commonplace or not tokens.texts[begin][0].isalnum()):
        begin += 1
    end = mark
    while end > begin and tokens.norms[end - 1] in words.commonplace | words.totals:
        end -= 1
    return tokens.slice(max(begin, mark - _MOST_WORDS), end).strip(" ,") or None


def _thing(context: Context, money: Money, _words: FundingWords) -> str | None:
    annotated = context.annotated
    for span in (annotated.clause_at(money.start), annotated.sentence_at(money.start)):
        heads = [head for head in annotated.within(annotated.heads, span) if head.kind != "conference"]
        if heads:
            return annotated.quote(min(heads, key=lambda head: (distance(head, money), head.start)))
    return None
