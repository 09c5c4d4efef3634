"""The names of hosts, looked up so that no public name leads into a private network.

Whoever runs a site decides where its name leads: to the machine that crawls it, to a router beside
it, or to a cloud's service for its own machines (169.254.169.254). Only a site that the user named
by such an address, or whose name is allowed in the settings, may be one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver


class PublicNames(CachingThreadedResolver):
    """Scrapy's resolver, but for names that lead into a private network: they can't be found."""

    allowed: frozenset[str] = frozenset()
    refused: ClassVar[set[str]] = set()
    """Names that were not looked up in vain, since what is raised here does not come through."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        proxies = (urlsplit(address).hostname for address in getproxies().values())
        named = crawler.settings.getlist("HEMEROTECA_PRIVATE_NAMES")
        resolver.allowed = frozenset(name.lower() for name in (*named, *proxies) if name)
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Any:
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if name.lower() in self.allowed or is_plainly_private(name) or is_public(address):
            return address
        self.refused.add(name.lower())
        raise CannotResolveHostError(f"{name} leads to {address}, in a private network")


def is_plainly_private(name: str) -> bool:
    """Whether the name itself says where it leads: an address, or this very machine.

    >>> is_plainly_private("127.0.0.1"), is_plainly_private("localhost")
    (True, True)
    >>> is_plainly_private("news.example")
    False
    """
    if name.lower().rstrip(".").rpartition(".")[2] == "localhost":
        return True
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet's.

    >>> [is_public(each) for each in ("1.1.1.1", "10.0.0.1", "169.254.169.254", "::1")]
    [True, False, False, False]
    """
    known = ipaddress.ip_address(address)
    return known.is_global and not known.is_multicast
