"""Documents and their versions: what stands at an address, what stood there before, and which copies say the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, text, update

from bam.model.identity import content_id, sha256_hex
from bam.model.text import Block, BlockKind
from bam.store.batches import in_batches
from bam.store.schema.documents import claims, documents, version_texts, versions
from bam.store.schema.sources import aliases

CONVERTED = "converted"
QUARANTINED = "quarantined"
STRUCTURED = "structured"
"""Read by a program rather than by the extractor: its claims come with it (IATI)."""

_WRITERS_LOCK = 0x62616D01

# Statements of every new document are made once: building them anew costs more than running them.
_FIND = select(documents.c.id).where(documents.c.address == bindparam("address"))
_FIND_ALIAS = select(aliases.c.document_id).where(aliases.c.id == bindparam("alias"))
_KNOWN = select(documents.c.address, documents.c.id).where(documents.c.address.in_(bindparam("addresses", expanding=True)))
_KNOWN_ALIASES = select(aliases.c.id, aliases.c.document_id).where(aliases.c.id.in_(bindparam("ids", expanding=True)))
_INSERT_DOCUMENT = insert(documents)
_INSERT_VERSION = insert(versions)
_INSERT_TEXT = insert(version_texts)


@dataclass(frozen=True, slots=True)
class DocumentIdentity:
    """Which document a version belongs to; `address` decides, the rest is noted when it is new."""

    address: str
    source_id: str
    officiality: str
    tlp: str


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to be stored. `text` is None where nothing could be read; then `reason` says why."""

    raw_sha256: str
    media_type: str
    converter: str
    status: str
    reason: str | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_on: str | None = None
    modified_on: str | None = None
    language: str | None = None
    origins: dict[str, str] | None = None
    text: str | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingVersion:
    """The version of a document that stands, with its text."""

    version_id: str
    number: int
    raw_sha256: str
    text_sha256: str
    modified_on: str | None
    published_on: str | None
    text: str
    blocks: tuple[Block, ...]


def lock_writers(connection: Connection) -> None:
    """Let one writer of documents in at a time. SQLite does that by itself; PostgreSQL holds the lock to the transaction's end.

    Two tasks that store near copies at the same moment would else not see each other.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})


def document_id_of(address: str) -> str:
    """The id of the document at an address."""
    return content_id("doc", address)


def find_document(connection: Connection, address: str) -> str | None:
    """The id of the document at an address or at one that it had before."""
    found = connection.execute(_FIND, {"address": address}).scalar()
    if found is None:
        found = connection.execute(_FIND_ALIAS, {"alias": content_id("adr", address)}).scalar()
    return None if found is None else str(found)


def ensure_document(connection: Connection, identity: DocumentIdentity, at: str) -> tuple[str, bool]:
    """The id of the document, stored if it is new; and whether it was new."""
    known = find_document(connection, identity.address)
    return (known, False) if known is not None else (new_document(connection, identity, at), True)


def new_document(connection: Connection, identity: DocumentIdentity, at: str) -> str:
    """Store a document that is not known yet; gives its id."""
    connection.execute(_INSERT_DOCUMENT, _document_row(identity, at))
    return document_id_of(identity.address)


def add_alias(connection: Connection, address: str, document_id: str, at: str) -> None:
    """Note another address of a document."""
    if find_document(connection, address) is None:
        values = {"id": content_id("adr", address), "address": address, "document_id": document_id, "recorded_at": at}
        connection.execute(insert(aliases).values(values))


def standing_version(connection: Connection, document_id: str) -> StandingVersion | None:
    """The readable version that stands, with its text."""
    row = connection.execute(
        select(versions, version_texts.c.text, version_texts.c.blocks)
        .join(version_texts, version_texts.c.version_id == versions.c.id)
        .where(versions.c.document_id == document_id, versions.c.superseded_at.is_(None), versions.c.status != QUARANTINED)
        .order_by(versions.c.number.desc())
    ).first()
    if row is None:
        return None
    return StandingVersion(
        row.id,
        row.number,
        row.raw_sha256,
        row.text_sha256,
        (row.origins or {}).get("modified_on"),
        row.published_on,
        row.text,
        blocks_from_json(row.blocks),
    )


def quarantined_reason(connection: Connection, document_id: str, raw_sha256: str) -> str | None:
    """Why these very bytes of the document are in quarantine already; None where they are not."""
    reason = connection.execute(
        select(versions.c.reason).where(
            versions.c.document_id == document_id, versions.c.raw_sha256 == raw_sha256, versions.c.status == QUARANTINED
        )
    ).scalar()
    return None if reason is None else str(reason)


def add_version(
    connection: Connection, document_id: str, new: NewVersion, at: str, *, stands: bool, is_first: bool = False
) -> str:
    """Store a version; gives its id.

    A version that `stands` supersedes those before it and closes their claims; one that doesn't (older than the standing one,
    or unreadable) is kept for the history. `is_first` says that the document is new, so that nothing has to be looked up.
    """
    text_sha256 = sha256_hex((new.text or "").encode())
    number, seen = (1, 0) if is_first else _count(connection, document_id, text_sha256)
    # The same text again after another one (a correction taken back) is a version of its own.
    version_id = content_id("ver", document_id, text_sha256, *([seen] if seen else []), *([] if new.text else [new.raw_sha256]))
    if stands and not is_first:
        supersede_versions(connection, document_id, at, by=version_id)
    connection.execute(_INSERT_VERSION, _version_row(document_id, version_id, number, text_sha256, new, at, stands=stands))
    if new.text is not None:
        row = {"version_id": version_id, "text": new.text, "blocks": blocks_to_json(new.blocks)}
        connection.execute(_INSERT_TEXT, row)
    return version_id


def known_documents(connection: Connection, wanted: Collection[str]) -> dict[str, str]:
    """The ids of the documents at these addresses, or at which they once were, by address; unknown addresses are left out."""
    found: dict[str, str] = {}
    for batch in in_batches(sorted(set(wanted))):
        keys = {content_id("adr", address): address for address in batch}
        for row in connection.execute(_KNOWN_ALIASES, {"ids": list(keys)}):
            found[keys[row.id]] = row.document_id
        found.update({row.address: row.id for row in connection.execute(_KNOWN, {"addresses": list(batch)})})
    return found


def add_documents(connection: Connection, fresh: Sequence[tuple[DocumentIdentity, NewVersion]], at: str) -> list[tuple[str, str]]:
    """Store documents whose addresses are not known yet, each with its first version; gives their (document id, version id)."""
    if not fresh:
        return []
    ids, version_rows, texts = [], [], []
    for identity, new in fresh:
        document_id, text_sha256 = document_id_of(identity.address), sha256_hex((new.text or "").encode())
        version_id = content_id("ver", document_id, text_sha256, *([] if new.text else [new.raw_sha256]))
        ids.append((document_id, version_id))
        version_rows.append(_version_row(document_id, version_id, 1, text_sha256, new, at, stands=True))
        if new.text is not None:
            texts.append({"version_id": version_id, "text": new.text, "blocks": blocks_to_json(new.blocks)})
    connection.execute(_INSERT_DOCUMENT, [_document_row(identity, at) for identity, _ in fresh])
    connection.execute(_INSERT_VERSION, version_rows)
    if texts:
        connection.execute(_INSERT_TEXT, texts)
    return ids


def supersede_versions(connection: Connection, document_id: str, at: str, *, by: str) -> None:
    """End all standing versions of a document and close their claims."""
    standing = select(versions.c.id).where(versions.c.document_id == document_id, versions.c.superseded_at.is_(None))
    connection.execute(
        update(claims)
        .where(claims.c.version_id.in_(standing), claims.c.closed_at.is_(None))
        .values(closed_at=at, closed_because="superseded", closed_by=by)
    )
    connection.execute(
        update(versions).where(versions.c.document_id == document_id, versions.c.superseded_at.is_(None)).values(superseded_at=at)
    )


def mark_vanished(connection: Connection, document_id: str, at: str | None) -> bool:
    """Note that the address no longer answers with the document, or (`at` None) that it does again; False if that was known."""
    state = documents.c.vanished_at.is_(None) if at is not None else documents.c.vanished_at.is_not(None)
    done = connection.execute(update(documents).where(documents.c.id == document_id, state).values(vanished_at=at))
    return bool(done.rowcount)


def resolve_document(connection: Connection, name: str) -> Row[Any] | None:
    """The document with that id, address, alias, or beginning of an id (where only one begins so)."""
    exact = find_document(connection, name) or name
    row = connection.execute(select(documents).where(documents.c.id == exact)).first()
    if row is not None:
        return row
    rows = connection.execute(select(documents).where(documents.c.id.startswith(name, autoescape=True)).limit(2)).all()
    return rows[0] if len(rows) == 1 else None


def versions_of(connection: Connection, document_id: str) -> Sequence[Row[Any]]:
    """All versions of a document in order of their number, with `text` and `blocks` (null where none was read)."""
    return connection.execute(
        select(versions, version_texts.c.text, version_texts.c.blocks)
        .outerjoin(version_texts, version_texts.c.version_id == versions.c.id)
        .where(versions.c.document_id == document_id)
        .order_by(versions.c.number)
    ).all()


def copies_of(connection: Connection, copy_group: str) -> Sequence[Row[Any]]:
    """The documents of a group of copies, in order of when they were first seen."""
    return connection.execute(
        select(documents).where(documents.c.copy_group == copy_group).order_by(documents.c.first_seen_at, documents.c.id)
    ).all()


def addresses_of(connection: Connection, document_ids: Sequence[str]) -> dict[str, str]:
    """The addresses of these documents by id."""
    rows = connection.execute(select(documents.c.id, documents.c.address).where(documents.c.id.in_(list(document_ids))))
    return {row.id: row.address for row in rows}


def archived_names(connection: Connection) -> dict[str, str]:
    """The SHA-256 of all bytes that a version was made of, each with the address of one of their documents."""
    rows = connection.execute(
        select(versions.c.raw_sha256, documents.c.address).join(documents, documents.c.id == versions.c.document_id)
    )
    return {row.raw_sha256: row.address for row in rows}


def _document_row(identity: DocumentIdentity, at: str) -> dict[str, Any]:
    document_id = document_id_of(identity.address)
    return {
        "id": document_id,
        "address": identity.address,
        "source_id": identity.source_id,
        "officiality": identity.officiality,
        "tlp": identity.tlp,
        "first_seen_at": at,
        "copy_group": document_id,
    }


def _version_row(
    document_id: str, version_id: str, number: int, text_sha256: str, new: NewVersion, at: str, *, stands: bool
) -> dict[str, Any]:
    origins = dict(new.origins or {})
    if new.modified_on:
        origins["modified_on"] = new.modified_on
    return {
        "id": version_id,
        "document_id": document_id,
        "number": number,
        "raw_sha256": new.raw_sha256,
        "text_sha256": text_sha256,
        "media_type": new.media_type,
        "converter": new.converter,
        "status": new.status,
        "reason": new.reason,
        "title": new.title,
        "publisher": new.publisher,
        "author": new.author,
        "published_on": new.published_on,
        "language": new.language,
        "origins": origins,
        "recorded_at": at,
        "superseded_at": None if stands or new.status == QUARANTINED else at,
    }


def _count(connection: Connection, document_id: str, text_sha256: str) -> tuple[int, int]:
    """The next version's number, and how often its text has stood already."""
    texts: list[str] = list(
        connection.execute(select(versions.c.text_sha256).where(versions.c.document_id == document_id)).scalars()
    )
    return len(texts) + 1, texts.count(text_sha256)


def blocks_to_json(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks as plain JSON types; what has its default is left out."""
    return [
        {
            key: value
            for key, value in (
                ("kind", str(block.kind)),
                ("start", block.start),
                ("end", block.end),
                ("level", block.level or None),
                ("number", block.number),
                ("page", block.page),
                ("table", block.table),
                ("cells", [list(cell) for cell in block.cells] or None),
                ("header_row", block.header_row or None),
            )
            if value is not None
        }
        for block in blocks
    ]


def blocks_from_json(data: Sequence[dict[str, Any]]) -> tuple[Block, ...]:
    """The inverse of `blocks_to_json`."""
    return tuple(
        Block(
            kind=BlockKind(item["kind"]),
            start=item["start"],
            end=item["end"],
            level=item.get("level", 0),
            number=item.get("number"),
            page=item.get("page"),
            table=item.get("table"),
            cells=tuple((start, end) for start, end in item.get("cells", ())),
            header_row=item.get("header_row", False),
        )
        for item in data
    )
