"""Where a request comes from: which page sent it, and from which machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from sanic import Request

from services.errors import NotAllowed

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "x-forwarded-host")
_OWN_NAMES = {"localhost", "127.0.0.1", "::1"}


class ForeignPage(NotAllowed):
    """A page of another site tried to use this server through a visitor's browser."""

    code = "foreign_page"
    sentence = "这个请求不是从本机页面发出的，请从自助机页面操作。"


def require_same_origin(request: Request) -> None:
    """Let only our own pages change anything or open a voice connection.

    Browsers always say which page sends; programs that are no browser say nothing and may pass.
    Raises ForeignPage.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        raise ForeignPage("The Origin header names another site.")
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise ForeignPage("The browser says that another site sent this.")


def is_this_machine(request: Request) -> bool:
    """Return whether a program on this machine asks, and not one that forwards for somebody else.

    The name that was asked for is looked at too: a foreign page can make its own name point here.
    """
    is_forwarded = any(request.headers.get(name) for name in _FORWARDED)
    name = (urlsplit(f"//{request.host}").hostname or "").lower()
    return not is_forwarded and name in _OWN_NAMES and _is_loopback(address_of(request))


def address_of(request: Request) -> str:
    """Return the address that a request comes from.

    A proxy on this machine adds the address that it was asked from as the last one of
    X-Forwarded-For, and is believed. From elsewhere headers change nothing.
    """
    address = str(request.ip)
    if _is_loopback(address):
        forwarded = request.headers.getall("x-forwarded-for", [])
        address = ",".join(forwarded).rpartition(",")[2].strip() or address
    return address


def is_https(request: Request) -> bool:
    """Return whether the browser came over HTTPS, be it to a proxy in front of this server."""
    return request.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback
