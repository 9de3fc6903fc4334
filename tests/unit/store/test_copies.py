"""Near copies: documents meet through their bands, whether they are stored one after the other or together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations

import pytest
from sqlalchemy import insert, select

from bam.store.batches import BATCH_SIZE
from bam.store.copies import CopyRule, SignedText, add_signatures, forget_signature, replace_signature
from bam.store.engine import Store
from bam.store.schema.documents import documents
from bam.store.schema.sources import copy_links, signature_bands

AT = "2026-11-02T00:00:00.000000+00:00"
BANDS = {b"a": [1, 2, 3], b"b": [3, 4, 5], b"c": [3, 6, 7], b"d": [8, 9, 9], b"e": list(range(10, 10 + BATCH_SIZE + 1))}
MET = {("doc-a", "doc-b"), ("doc-a", "doc-c"), ("doc-b", "doc-c")}


def same(values: bytes, word_count: int, others: Sequence[tuple[bytes, int]]) -> list[float]:
    return [1.0 for _ in others]


RULE = CopyRule(same, 0.6, lambda signatures: [BANDS[values] for values in signatures])


@pytest.fixture
def store() -> Store:
    store = Store.open("sqlite://")
    with store.write() as connection:
        row = {"source_id": "desk", "officiality": "media", "tlp": "clear", "first_seen_at": AT}
        names = [signed(values).document_id for values in BANDS]
        connection.execute(insert(documents), [row | {"id": name, "address": name, "copy_group": name} for name in names])
    return store


def signed(values: bytes) -> SignedText:
    name = values.decode()
    return SignedText(f"doc-{name}", f"ver-{name}", values, 100)


def links(store: Store) -> set[tuple[str, str]]:
    with store.read() as connection:
        return {(row.first_id, row.second_id) for row in connection.execute(select(copy_links))}


@pytest.mark.parametrize("order", permutations(b"abcd"))
@pytest.mark.parametrize("together", [1, 2, 4])
def test_texts_that_share_a_band_meet_in_any_order(store: Store, order: tuple[int, ...], together: int) -> None:
    texts = [signed(bytes([each])) for each in order]
    for start in range(0, len(texts), together):
        with store.write() as connection:
            add_signatures(connection, texts[start : start + together], RULE, AT)
    assert links(store) == MET
    with store.read() as connection:
        groups = dict(connection.execute(select(documents.c.id, documents.c.copy_group)).tuples().all())
    assert groups == {"doc-a": "doc-a", "doc-b": "doc-a", "doc-c": "doc-a", "doc-d": "doc-d", "doc-e": "doc-e"}


def test_more_bands_than_one_statement_takes(store: Store) -> None:
    twin = SignedText("doc-d", "ver-d", b"e", 100)
    with store.write() as connection:
        add_signatures(connection, [signed(b"e")], RULE, AT)
        add_signatures(connection, [twin], RULE, AT)
    assert links(store) == {("doc-d", "doc-e")}


def test_nothing_is_left_of_a_signature_that_is_forgotten(store: Store) -> None:
    with store.write() as connection:
        add_signatures(connection, [signed(values) for values in (b"a", b"b", b"c")], RULE, AT)
        forget_signature(connection, "doc-c", RULE)
        assert set(connection.execute(select(signature_bands.c.document_id)).scalars()) == {"doc-a", "doc-b"}
    assert links(store) == set(combinations(("doc-a", "doc-b"), 2))


def test_a_new_text_takes_the_place_of_the_earlier_one(store: Store) -> None:
    with store.write() as connection:
        add_signatures(connection, [signed(b"a"), signed(b"b")], RULE, AT)
        replace_signature(connection, SignedText("doc-b", "ver-2", b"d", 100), RULE, AT)
        bands = connection.execute(select(signature_bands.c.band).where(signature_bands.c.document_id == "doc-b")).scalars()
        assert sorted(bands) == [8, 9]
        groups = connection.execute(select(documents.c.copy_group).where(documents.c.id.in_(["doc-a", "doc-b"]))).scalars()
        assert sorted(groups) == ["doc-a", "doc-b"]
    assert links(store) == set()
