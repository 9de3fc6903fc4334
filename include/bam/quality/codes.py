"""Code lists that the checks compare with, from the libraries of the field."""

from __future__ import annotations

import pycountry
from babel import Locale

_NO_MONEY = {"XXX", "XTS", "XAG", "XAU", "XPD", "XPT", "XBA", "XBB", "XBC", "XBD"}
"""Codes of the list that mean "no currency", "for testing", metals and units of bonds."""

CURRENCIES: tuple[str, ...] = tuple(
    sorted(({currency.alpha_3 for currency in pycountry.currencies} | set(Locale("en").currencies)) - _NO_MONEY)
)
"""ISO 4217 codes in use, and those of the past (CLDR lists them): a sum of 2023 may be in a currency that ended in 2025."""

COUNTRIES: tuple[str, ...] = tuple(sorted({country.alpha_2 for country in pycountry.countries} | {"XK"}))
"""ISO 3166-1 alpha-2 codes, and XK, the user-assigned code under which the EU, the IMF and others list Kosovo."""
