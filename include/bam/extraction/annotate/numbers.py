"""Numbers in digits and words: "1 200 000", "6,7 million", "two and a half million", "half a million", "a dozen"."""

from __future__ import annotations

from dataclasses import dataclass

from bam.extraction.annotate.model import Bound, Number
from bam.extraction.annotate.tokens import HYPHENS, Tokens
from bam.extraction.annotate.trie import TokenTrie
from bam.extraction.lexicon import Words
from bam.extraction.resources import Resources

_MAX_DIGITS = 18
_MAX_GROUP_WITH_DECIMALS = 6
_LARGEST_FACTOR = 100_000


class NumberWords(Words):
    """Number words and the words around them that say how exact a number is."""

    FILE = "numbers"
    units: dict[str, int]
    tens: dict[str, int]
    magnitudes: dict[str, int]
    weak_magnitudes: dict[str, int]
    vague: frozenset[str]
    fractions: dict[str, float]
    fraction_signs: dict[str, float]
    decimal_points: frozenset[str]
    definite_before: frozenset[str]
    articles: frozenset[str]
    joiners: frozenset[str]
    ordinals: dict[str, int]
    ordinal_suffixes: frozenset[str]
    range_words: frozenset[str]
    bounds: dict[Bound, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NumberReader:
    """The number words of a language, ready for reading. `fractions` are words and signs ("half", "½")."""

    words: NumberWords
    simple: dict[str, int]
    fractions: dict[str, float]
    triggers: frozenset[str]
    bounds: TokenTrie[Bound]
    longest_bound: int


def number_reader_of(resources: Resources) -> NumberReader:
    """Compile; use `resources.get(number_reader_of)`."""
    words = resources.words(NumberWords)
    bounds: TokenTrie[Bound] = TokenTrie()
    longest = 1
    for kind, phrases in words.bounds.items():
        for phrase in phrases:
            bounds.add(phrase, kind)
            longest = max(longest, len(phrase.split()))
    simple = {**words.units, **words.tens}
    fractions = {**words.fractions, **words.fraction_signs}
    triggers = frozenset({*simple, *fractions, *words.articles, *words.magnitudes} - words.vague)
    return NumberReader(words, simple, fractions, triggers, bounds, longest)


def parse_digits(text: str, *, has_magnitude: bool) -> float | None:
    """The value of digits with group and decimal marks; None where it is no number (an address, a date, too long).

    One mark with three digits behind it separates groups ("1,200", and "65.000", since no sum has three decimals), unless a
    magnitude follows ("1.234 million"). Two different marks: the last one is the decimal mark. One mark otherwise is decimal.
    Groups of two before the last one are those of South Asia ("1,25,00,000").
    """
    if len(text) > _MAX_DIGITS + 6:
        return None
    plain = text.replace("’", "'").replace("'", ",") if "'" in text or "’" in text else text
    marks = [c for c in plain if c in ".,"]
    if not marks:
        return float(plain) if len(plain) <= _MAX_DIGITS else None
    parts = plain.replace(",", ".").split(".")
    if len(set(marks)) == 1 and len(marks) > 1:
        return float("".join(parts)) if _are_groups(parts, marks[0]) else None
    if len(set(marks)) == 2:
        if marks.count(marks[-1]) > 1 or not _are_groups(parts[:-1], marks[0]):
            return None
        return float("".join(parts[:-1]) + "." + parts[-1])
    whole, rest = parts
    is_group = len(rest) == 3 and 1 <= len(whole) <= 3 and whole != "0" and not (has_magnitude and marks[0] == ".")
    return float(whole + rest) if is_group else float(f"{whole}.{rest}")


def scaled_up(value: float, magnitude: float) -> float:
    """The value times its magnitude, without the dust of binary fractions: 530.7 times a billion is a whole number."""
    return round(value * magnitude, 2 if magnitude > 1 else 4)


def _are_groups(parts: list[str], mark: str) -> bool:
    """Whether digits are parted into groups: by threes, or with commas by twos before the last three."""
    if not 1 <= len(parts[0]) <= 3 or len(parts[-1]) != 3:
        return False
    inner = {len(part) for part in parts[1:-1]}
    return inner <= {3} or (inner == {2} and mark == "," and len(parts[0]) <= 2)


def find_numbers(tokens: Tokens, reader: NumberReader) -> dict[int, Number]:
    """All numbers by their first token."""
    found: dict[int, Number] = {}
    triggers = reader.triggers
    behind = 0
    for index in sorted({*tokens.where(triggers), *tokens.digits}):
        if index < behind:
            continue
        is_in_words = tokens.norms[index] in triggers
        number = _in_words(tokens, index, reader) if is_in_words else _digits(tokens, index, reader)
        if number is not None:
            found[index] = number
            behind = number.last
    return found


def _digits(tokens: Tokens, index: int, reader: NumberReader) -> Number | None:
    """A number that begins with digits, with groups apart by spaces, a fraction ("2½") and a magnitude behind."""
    words, norms = reader.words, tokens.norms
    written, last = _grouped(tokens, index)
    part = words.fraction_signs.get(norms[last]) if last < len(tokens) and written.isdecimal() else None
    last += part is not None
    end = last
    if end < len(tokens) and norms[end] in HYPHENS and tokens.is_adjacent(end) and tokens.ends[end - 1] == tokens.starts[end]:
        end += 1
    norm = norms[end] if end < len(tokens) else ""
    size, weak = words.magnitudes.get(norm), words.weak_magnitudes.get(norm)
    magnitude, weak_value, weak_last = 1.0, None, None
    if size is not None:
        magnitude, last = float(size), end + 1
        if last < len(tokens) and magnitude <= _LARGEST_FACTOR and words.magnitudes.get(norms[last], 0) > magnitude:
            magnitude, last = magnitude * words.magnitudes[norms[last]], last + 1
    elif weak is not None and end == last:
        scaled = parse_digits(written, has_magnitude=True)
        if scaled is not None:
            weak_value, weak_last = scaled_up(scaled + (part or 0.0), weak), end + 1
    value = parse_digits(written, has_magnitude=size is not None)
    if value is None:
        return None
    value = scaled_up(value + (part or 0.0), magnitude)
    span = tokens.starts[index], tokens.ends[last - 1]
    return Number(*span, index, last, value, True, size is not None, magnitude, weak_value, weak_last)


def _grouped(tokens: Tokens, index: int) -> tuple[str, int]:
    """The digits at a token with the groups of three behind it ("1 200 000", "36 600,50"), and the token behind."""
    texts, written, last = tokens.texts, tokens.texts[index], index + 1
    if len(written) > 3 or not written.isdecimal():
        return written, last
    while last < len(tokens) and texts[last][:3].isdecimal() and len(texts[last]) >= 3 and _is_one_space(tokens, last):
        text = texts[last]
        if len(text) == 3:
            written, last = written + text, last + 1
            continue
        has_decimals = text[3] in ".," and text[4:].isdecimal() and len(text) <= _MAX_GROUP_WITH_DECIMALS
        return (written + text, last + 1) if has_decimals else (written, last)
    return written, last


def _is_one_space(tokens: Tokens, index: int) -> bool:
    between = tokens.text[tokens.ends[index - 1] : tokens.starts[index]]
    return len(between) == 1 and between.isspace() and between != "\n"


@dataclass(slots=True)
class _Reading:
    """A number in words while it is read: `total` of the finished thousands, `current` below them."""

    total: float = 0.0
    current: float = 0.0
    biggest: float = 1.0
    has_value: bool = False
    has_magnitude: bool = False

    def scale(self, size: float) -> None:
        """Take in "hundred", "thousand", "million"."""
        base = self.current or 1.0
        if size == 100:
            self.current = base * 100
        elif self.total and not self.current and size > self.biggest:
            self.total *= size
        else:
            self.total, self.current = self.total + base * size, 0.0
        self.has_value, self.has_magnitude, self.biggest = True, self.has_magnitude or size >= 1000, max(self.biggest, size)


def _in_words(tokens: Tokens, index: int, reader: NumberReader) -> Number | None:
    """Number words, from "twelve" to "two and a half million"; a lone article or fraction is no number."""
    norms, reading, position = tokens.norms, _Reading(), index
    if norms[index] in reader.words.articles:
        if not _starts_quantity(norms, index + 1, reader):
            return None
        position += 1
    elif reader.words.magnitudes.get(norms[index], 0) >= 100 and not _is_definite(norms, index, reader.words):
        return None
    begin = position
    while position < len(tokens):
        behind = _read_word(tokens, position, begin, reading, reader)
        if behind is None:
            break
        position = behind
    while position > index and (norms[position - 1] in HYPHENS or norms[position - 1] in reader.words.joiners):
        position -= 1
    value = round(reading.total + reading.current, 4)
    if not reading.has_value or position == index or value < 1:
        return None
    span = tokens.starts[index], tokens.ends[position - 1]
    return Number(*span, index, position, value, False, reading.has_magnitude, reading.biggest)


def _read_word(tokens: Tokens, position: int, begin: int, reading: _Reading, reader: NumberReader) -> int | None:
    """Take in the word at `position`; the token behind it, or None where the number has ended."""
    words, norms, norm = reader.words, tokens.norms, tokens.norms[position]
    if norm in reader.simple and not _is_new_number(reading.current, reader.simple[norm]):
        reading.current += reader.simple[norm]
        reading.has_value = True
        return position + 1
    if norm in reader.fractions:
        grown = _fraction(norms, position, reader, reading)
        if grown is not None:
            reading.has_value = True
        return grown
    if norm in words.decimal_points:
        return _decimals(norms, position + 1, reader, reading)
    if norm in words.magnitudes and (reading.has_value or position == begin):
        if norm in words.vague and not reading.has_value:
            return None
        reading.scale(float(words.magnitudes[norm]))
        return position + 1
    if norm in words.joiners and reading.has_value:
        return _joined(norms, _behind_hyphen(norms, position + 1), reader, reading)
    return position + 1 if norm in HYPHENS and reading.has_value and _is_inner_hyphen(tokens, position, reader) else None


def _is_new_number(current: float, value: int) -> bool:
    """ "twenty" + "five" is one number, "five" + "six" are two."""
    rest = current % 100
    return rest != 0 and not (rest >= 20 and rest % 10 == 0 and value < 10)


def _is_definite(norms: list[str], index: int, words: NumberWords) -> bool:
    """Whether a magnitude without a number stands for one of it ("the million euros"), not for any ("several million")."""
    return index > 0 and norms[index - 1] in words.definite_before


def _starts_quantity(norms: list[str], index: int, reader: NumberReader) -> bool:
    """Whether "a" begins a quantity: "a million", "a dozen", "a quarter of a million"."""
    if index >= len(norms):
        return False
    norm, words = norms[index], reader.words
    return (norm in words.magnitudes and norm not in words.vague) or (norm in reader.fractions and index + 1 < len(norms))


def _fraction(norms: list[str], index: int, reader: NumberReader, reading: _Reading) -> int | None:
    """Take in "half a million", "(three) quarters of a million", "(two and a) half million"; the token behind the part."""
    words, part, position = reader.words, reader.fractions[norms[index]], index + 1
    behind = _behind_hyphen(norms, position)
    is_direct = behind < len(norms) and norms[behind] in words.magnitudes
    if reading.has_value and is_direct:
        reading.current += part
        return behind
    while position < len(norms) and (norms[position] in words.articles or norms[position] in HYPHENS or norms[position] == "of"):
        position += 1
    if position >= len(norms) or norms[position] not in words.magnitudes or norms[position] in words.vague:
        return None
    if not reading.has_value:
        reading.current += part
    elif reading.total or reading.has_magnitude or reading.current >= 10:
        return None
    else:
        reading.current *= part
    return position


def _decimals(norms: list[str], index: int, reader: NumberReader, reading: _Reading) -> int | None:
    """Take in the digits behind "point" ("two point seven five million"); the token behind them."""
    units, position, size, grown = reader.words.units, index, 0.1, 0.0
    while position < len(norms) and units.get(norms[position], 10) < 10:
        grown += units[norms[position]] * size
        position, size = position + 1, size / 10
    has_magnitude = index < position < len(norms) and norms[position] in reader.words.magnitudes
    if not has_magnitude or not reading.has_value or reading.has_magnitude:
        return None
    reading.current += grown
    return position


def _joined(norms: list[str], index: int, reader: NumberReader, reading: _Reading) -> int | None:
    """Go on behind "and": "two and a half million", "a million and a half", "one hundred and twenty"."""
    words = reader.words
    if index < len(norms) and norms[index] in words.articles:
        index = _behind_hyphen(norms, index + 1)
        if index >= len(norms) or norms[index] not in reader.fractions:
            return None
        following = norms[index + 1] if index + 1 < len(norms) else ""
        if following in words.magnitudes or following in HYPHENS:
            return index
        if reading.biggest < 1000 or reading.current or following == "of":
            return None
        reading.total += reader.fractions[norms[index]] * reading.biggest
        return index + 1
    is_big = reading.has_magnitude or reading.current >= 100
    return index if is_big and index < len(norms) and norms[index] in reader.simple else None


def _behind_hyphen(norms: list[str], index: int) -> int:
    return index + (index < len(norms) and norms[index] in HYPHENS)


def _is_inner_hyphen(tokens: Tokens, index: int, reader: NumberReader) -> bool:
    if index + 1 >= len(tokens) or tokens.ends[index] != tokens.starts[index + 1]:
        return False
    following, words = tokens.norms[index + 1], reader.words
    return any(following in known for known in (reader.simple, words.magnitudes, words.joiners))


def bound_before(tokens: Tokens, index: int, floor: int, reader: NumberReader) -> tuple[Bound, int]:
    """What the words right before token `index` say of a number's exactness, and the token where they begin."""
    kind: Bound = "exact"
    begin = index
    for start in range(max(floor, index - reader.longest_bound), index):
        match = reader.bounds.match_at(tokens, start, index)
        if match is not None and match.last == index:
            kind, begin = match.values[0], start
            break
    return kind, begin
