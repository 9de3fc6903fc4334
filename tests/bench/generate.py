"""Documents for measuring: seeded, in our own words, with the facts and the clutter of real pages in usual proportions."""

from __future__ import annotations

import datetime as dt
import random
import re
from dataclasses import dataclass
from pathlib import Path

DONORS = (
    "Japan",
    "the European Union",
    "the United States",
    "Germany",
    "the Republic of Korea",
    "Switzerland",
    "India",
    "Norway",
)
AGENCIES = ("UNDP", "IOM", "UNODC", "the OSCE", "ICMPD", "GIZ", "UNOPS")
PLACES = (
    ("Khorugh", "Tajikistan", "Tajik"),
    ("Panj", "Tajikistan", "Tajik"),
    ("Osh", "Kyrgyzstan", "Kyrgyz"),
    ("Batken", "Kyrgyzstan", "Kyrgyz"),
    ("Termez", "Uzbekistan", "Uzbek"),
    ("Kunduz", "Afghanistan", "Afghan"),
    ("Mary", "Turkmenistan", "Turkmen"),
    ("Aktau", "Kazakhstan", "Kazakh"),
)
FACILITIES = ("training centre", "border post", "border crossing point", "dog kennel", "laboratory", "bridge", "checkpoint")
TOPICS = (
    "travel document checks",
    "risk analysis",
    "green border patrols",
    "precursor control",
    "search techniques",
    "human rights",
)
CURRENCIES = ("USD {}", "EUR {}", "${}", "€{}", "US$ {}")
WORDS = tuple(
    sorted(set(re.findall(r"[a-z]{3,}", (Path(__file__).resolve().parents[2] / "LICENSE").read_text(encoding="utf-8").lower())))
)
"""English words for sentences without facts. Drawn at random they make texts that share few sequences of words, as pages of the
world do; sentences from a list would make all pages near copies of each other.
"""

MENU = "".join(f'<li><a href="/section/{i}">Section {i} of the site</a></li>' for i in range(60))
TEASERS = "".join(
    f'<div class="card"><a href="/story/{i}">Ministry buys {i + 3} patrol cars for $ {i + 1}.{i % 10} million</a>'
    "<p>The contract was signed on Friday.</p></div>"
    for i in range(40)
)


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """One HTML page of about 30 KB that holds about 4 KB of article."""

    name: str
    html: bytes


def pages(count: int, seed: int = 1) -> list[GeneratedPage]:
    """`count` pages; the same seed gives the same pages."""
    return [_page(random.Random(f"{seed}/{number}"), number) for number in range(count)]


def _page(rng: random.Random, number: int) -> GeneratedPage:
    day = dt.date(2008, 1, 1) + dt.timedelta(days=rng.randrange(6500))
    place, country, people = rng.choice(PLACES)
    title = f"{rng.choice(DONORS).removeprefix('the ')} supports border service in {place} ({number})"
    paragraphs = "".join(f"<p>{_paragraph(rng, place, country, people, day)}</p>\n" for _ in range(6))
    address = f"{day:%Y/%m}/{number}-{rng.randrange(10**9)}"
    html = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - Frontier Gazette</title>
<meta property="og:site_name" content="Frontier Gazette"><meta property="article:published_time" content="{day}T08:00:00+00:00">
<link rel="canonical" href="https://gazette.example.org/{address}"><style>{".x{margin:0}" * 300}</style></head>
<body><nav><ul>{MENU}</ul></nav><div class="cookie-banner">We use cookies on this site.</div>
<main><article><h1>{title}</h1><p class="dateline">{place.upper()}, {day.day} {day:%B %Y}</p>
{paragraphs}</article></main>
<aside class="related"><h3>Related</h3>{TEASERS}</aside><script>{"var a=1;" * 1600}</script>
<footer>Frontier Gazette, invented for measurements.</footer></body></html>"""
    return GeneratedPage(f"{number:06}.html", html.encode())


def _paragraph(rng: random.Random, place: str, country: str, people: str, day: dt.date) -> str:
    donor, agency, topic = rng.choice(DONORS), rng.choice(AGENCIES), rng.choice(TOPICS)
    amount = rng.choice(CURRENCIES).format(f"{rng.randrange(1, 400) / 10:g} million")
    facility, people_count, year = rng.choice(FACILITIES), rng.randrange(8, 60), day.year + rng.randrange(3)
    facts = (
        f"{donor[0].upper()}{donor[1:]} has allocated {amount} to {country} for a new {facility} in {place}.",
        f"The {facility} at {place}, built with {amount} from {donor}, was opened on {day.day} {day:%B %Y}.",
        f"{agency[0].upper()}{agency[1:]} trained {people_count} {people} officers in {topic} in {place} last week.",
        f"A five-day workshop on {topic} for {people_count} {people} border guards ended in {place} on Friday.",
        f"{donor[0].upper()}{donor[1:]} pledged {amount} for the border programme of {country} until {year}.",
        f"Participants of the conference agreed that {country} will open a second {facility} by the end of {year}.",
    )
    sentences = [rng.choice(facts), *(_filler(rng) for _ in range(4))]
    rng.shuffle(sentences)
    return " ".join(sentences)


def _filler(rng: random.Random) -> str:
    words = rng.choices(WORDS, k=rng.randrange(12, 22))
    return " ".join(words).capitalize() + "."
