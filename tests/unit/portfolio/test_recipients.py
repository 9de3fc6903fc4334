"""Recipients as they are written in YAML: who is meant, which edition they get, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bam.model.errors import ConfigurationError
from bam.portfolio.recipients import (
    Edition,
    EditionWish,
    Recipient,
    RecipientsFile,
    edition_of,
    wanted_editions,
)
from bam.portfolio.yaml_files import read_model

PORTFOLIO = Path(__file__).parents[3] / "include" / "portfolio"
SENDER = "sender: {name: Monitor, address: monitor@example.org}\n"


def read(tmp_path: Path, text: str) -> RecipientsFile:
    path = tmp_path / "recipients.yml"
    path.write_text(text)
    return read_model(path, RecipientsFile)


def test_our_own_file_reaches_nobody_real() -> None:
    ours = read_model(PORTFOLIO / "recipients.yml", RecipientsFile)
    assert ours.recipients
    assert {recipient.address.rpartition("@")[2] for recipient in ours.recipients} == {"example.org"}


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "a@b",
        "a b@example.org",
        '"a b"@example.org',
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "a@-example.org",
        "a@example..org",
        ".a@example.org",
        "а@example.org",
        "a@пример.org",
        "a@example.org>",
    ],
)
def test_bad_address_names_file_and_key(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigurationError, match=r"recipients\.yml, key recipients\.0\.address"):
        read(tmp_path, SENDER + f"recipients: [{{id: ada, name: Ada, address: {json.dumps(address)}}}]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("recipients: [{id: ada, name: Ada, address: a@example.org}]", "there are recipients but no sender"),
        (
            SENDER + "recipients: [{id: a, name: A, address: a@example.org}, {id: a, name: B, address: b@example.org}]",
            "'a' is there twice",
        ),
        (
            SENDER + "recipients: [{id: a, name: A, address: A@example.org}, {id: b, name: B, address: a@example.org}]",
            "the address 'a@example.org' is there twice",
        ),
        ("groups: [{id: desk, members: [ada]}]", "group desk names 'ada', which is not defined"),
        ("owners: [{party: TJ, recipients: [ada]}]", "owner TJ names 'ada', which is not defined"),
        ("operators: {recipients: [ada]}", "operators names 'ada', which is not defined"),
        ("publications: [{id: x, kind: carrier-pigeon}]", "carrier-pigeon"),
        ("mail: {download_url: https://example.org/}", "download_url"),
    ],
)
def test_faults_are_one_clear_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_names_of_people_and_groups_are_resolved_once_each() -> None:
    ours = read_model(PORTFOLIO / "recipients.yml", RecipientsFile)
    found = ours.resolve(["stakeholders", "coordinators", "donor-liaison"])
    assert [recipient.id for recipient in found] == ["programme-desk", "donor-liaison", "dushanbe-office", "head-of-unit"]
    with pytest.raises(ConfigurationError, match=r"briefs\.yml.*'nobody'"):
        ours.resolve(["nobody"], where="briefs.yml, brief monthly")


def recipient(**changes: object) -> Recipient:
    return Recipient(**({"id": "ada", "name": "Ada", "address": "ada@example.org"} | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reader", "countries", "expected"),
    [
        (recipient(), ("KG", "TJ"), Edition("en")),
        (recipient(language="ru"), ("KG", "TJ"), Edition("ru")),
        (recipient(countries=("TJ",)), ("KG", "TJ"), Edition("en", ("TJ",))),
        (recipient(countries=("TJ", "KG")), ("KG", "TJ"), Edition("en")),
        (recipient(countries=("TJ", "UZ")), ("KG", "TJ"), Edition("en", ("TJ",))),
        (recipient(countries=("UZ",)), ("KG", "TJ"), Edition("en")),
        (recipient(countries=("UZ", "TJ")), (), Edition("en", ("TJ", "UZ"))),
        (recipient(countries=("TJ",), editions={"monthly": EditionWish(language="ru")}), ("KG", "TJ"), Edition("ru")),
    ],
)
def test_edition_of_a_recipient(reader: Recipient, countries: tuple[str, ...], expected: Edition) -> None:
    assert edition_of(reader, "monthly", "en", countries) == expected


def test_editions_are_rendered_once_each_the_briefs_own_first() -> None:
    readers = [recipient(language="ru"), recipient(), recipient(countries=("TJ",)), recipient(language="ru")]
    wanted = wanted_editions(readers, "monthly", "en", ("KG", "TJ"))
    assert [edition.key for edition in wanted] == ["en", "en-TJ", "ru"]
