"""Where requests may go: public addresses only, checked on the addresses that a name resolves to and on every hop."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from urllib.parse import urldefrag, urljoin, urlsplit

Resolver = Callable[[str, int], list[str]]
"""Gives the IP addresses of a host name."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MAX_ADDRESS_LENGTH = 4000


class BlockedAddressError(Exception):
    """A request would go where none of ours may go; the text says where and why."""


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host name, as the operating system gives them. Raises OSError where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_web_address(address: str) -> None:
    """Raise BlockedAddressError unless it is an address of the web with a host and no credentials."""
    if len(address) > _MAX_ADDRESS_LENGTH:
        raise BlockedAddressError("the address is longer than any real one")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BlockedAddressError(f"it is no address ({error})") from error
    if parts.scheme not in ("http", "https"):
        raise BlockedAddressError(f"only http and https are read, not {parts.scheme or 'an address without scheme'}")
    if not host:
        raise BlockedAddressError("the address names no host")
    if parts.username or parts.password:
        raise BlockedAddressError("the address carries a user name or password")


def joined(base: str, link: str) -> str | None:
    """A link as an absolute address of the web without its fragment; None where it isn't one."""
    try:
        address = urldefrag(urljoin(base, link.strip())).url
        parts = urlsplit(address)
        return address if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def allowed_addresses(host: str, addresses: Iterable[str], *, internal: bool) -> list[str]:
    """The IP addresses of a host, if all of them may be reached.

    One that may not refuses the host as a whole: a name that resolves to a public and a private address is a trick.
    """
    found = list(addresses)
    if not internal:
        for address in found:
            if not is_public(address):
                raise BlockedAddressError(f"{host} leads to {address}, which is not on the public internet")
    return found


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also behind the notations that wrap an IPv4 address in IPv6."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast
