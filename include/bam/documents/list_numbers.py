"""The numbers that browsers and word processors print before list items."""

from __future__ import annotations

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def printed_number(value: int, style: str) -> str:
    """`value` as a list prints it; `style` is that of HTML: `1`, `a`, `A`, `i` or `I`."""
    if style in ("a", "A") and 1 <= value <= 26:
        letter = chr(ord("a") + value - 1)
    elif style in ("i", "I") and 1 <= value < 4000:
        letter = _roman(value)
    else:
        return str(value)
    return letter if style.islower() else letter.upper()


def _roman(value: int) -> str:
    result = ""
    for size, sign in _ROMAN:
        result += sign * (value // size)
        value %= size
    return result
