"""Reading an answer's body with limits: bytes, time, and how far a compressed one may unfold."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import httpx

MAX_BYTES = 50_000_000
MAX_SECONDS = 90.0
MAX_RATIO = 150
_HARMLESS = 5_000_000
"""Below this size nothing is a bomb, however well it was compressed."""

_STEP = 1_000_000


class BodyRefusedError(Exception):
    """The body is not read to its end; the text says why."""


class BodyTimeoutError(Exception):
    """The body comes too slowly."""


def read_body(response: httpx.Response, clock: Callable[[], float], *, max_bytes: int = MAX_BYTES) -> bytes:
    """The decoded body.

    Raises:
        BodyRefusedError: it is too large, unfolds too far, or is encoded in a way that we didn't ask for.
        BodyTimeoutError: it takes longer than MAX_SECONDS altogether.
    """
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes:
        raise BodyRefusedError(f"the answer is too large ({int(announced) / 1e6:.0f} MB)")
    started = clock()
    pieces: list[bytes] = []
    size = raw_size = 0
    decoder = _decoder(response.headers.get("content-encoding", ""))
    for chunk in response.iter_raw():
        raw_size += len(chunk)
        for piece in decoder(chunk):
            size += len(piece)
            if size > max_bytes:
                raise BodyRefusedError(f"the answer is too large (more than {max_bytes / 1e6:.0f} MB)")
            if size > _HARMLESS and size > MAX_RATIO * raw_size:
                raise BodyRefusedError("the answer is a decompression bomb")
            pieces.append(piece)
        if clock() - started > MAX_SECONDS:
            raise BodyTimeoutError(f"the answer took longer than {MAX_SECONDS:.0f} s")
    return b"".join(pieces)


def _decoder(encoding: str) -> Callable[[bytes], Iterator[bytes]]:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return lambda chunk: iter((chunk,))
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise BodyRefusedError(f"the answer is encoded as {encoding}, which we didn't ask for")
    # 47: gzip or zlib, told by the first bytes.
    unpacker = zlib.decompressobj(wbits=47)
    return lambda chunk: _unfold(unpacker, chunk)


def gunzip(data: bytes, *, max_bytes: int = MAX_BYTES) -> bytes:
    """A gzip file's content. Raises BodyRefusedError for a bomb or a damaged one."""
    pieces = []
    size = 0
    for piece in _unfold(zlib.decompressobj(wbits=31), data):
        size += len(piece)
        if size > max_bytes or (size > _HARMLESS and size > MAX_RATIO * len(data)):
            raise BodyRefusedError("the file is a decompression bomb")
        pieces.append(piece)
    return b"".join(pieces)


def _unfold(unpacker: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    """Decompressed pieces of at most _STEP bytes, so that no chunk can fill the memory."""
    try:
        while chunk:
            yield unpacker.decompress(chunk, _STEP)
            chunk = unpacker.unconsumed_tail
    except zlib.error as error:
        raise BodyRefusedError("the answer's compression is damaged") from error
