"""An httpx transport that connects only where the guard allows: to the very address that was checked, so that a name can't
resolve to another one in between.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from bam.sources.guard import Resolver, allowed_addresses, resolve


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves, checks, and connects through `inner`."""

    def __init__(self, *, internal: bool, resolver: Resolver = resolve, inner: httpcore.NetworkBackend | None = None) -> None:
        self._internal = internal
        self._resolver = resolver
        self._inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers. Raises BlockedAddressError, httpcore.ConnectError."""
        try:
            found = self._resolver(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} is not known ({error})") from error
        addresses = allowed_addresses(host, found, internal=self._internal)
        failure: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in addresses:
            try:
                return self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never: documents come from no socket of the machine."""
        raise httpcore.ConnectError("sockets of the machine are not read")


class GuardedTransport(httpx.BaseTransport):
    """httpx over httpcore with the guarded backend. Faults are httpcore's exceptions."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=8,
            max_keepalive_connections=4,
            keepalive_expiry=10,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body is read by the caller."""
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=b"",
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()
