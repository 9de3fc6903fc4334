"""The guard: what is public, what is an address, what a name may resolve to."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bam.sources.guard import BlockedAddressError, allowed_addresses, check_web_address, is_public


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_in_ipv6_opens_nothing(address: ipaddress.IPv4Address) -> None:
    wrapped = [f"::ffff:{address}", f"64:ff9b::{address}"]
    assert all(is_public(each) == is_public(str(address)) for each in wrapped)


def test_one_private_address_refuses_the_whole_name() -> None:
    with pytest.raises(BlockedAddressError, match=r"trick.example leads to 10.0.0.5, which is not on the public internet"):
        allowed_addresses("trick.example", ["8.8.8.8", "10.0.0.5"], internal=False)
    assert allowed_addresses("ours.example", ["10.0.0.5"], internal=True) == ["10.0.0.5"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("file:///etc/passwd", "only http and https are read, not file"),
        ("ftp://example.org/x", "not ftp"),
        ("gopher://example.org", "not gopher"),
        ("javascript:alert(1)", "not javascript"),
        ("//example.org/x", "an address without scheme"),
        ("https://", "names no host"),
        ("https://user:secret@example.org/", "user name or password"),
        ("http://[::1", "it is no address"),
        ("http://example.org:99999/", "it is no address"),
        ("http://example.org/" + "a" * 5000, "longer than any real one"),
    ],
)
def test_addresses_that_are_refused(address: str, reason: str) -> None:
    with pytest.raises(BlockedAddressError, match=reason):
        check_web_address(address)
