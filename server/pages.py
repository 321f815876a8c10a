"""Pages that the server writes itself, from the templates in web/templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import HTTPResponse
from sanic.response import html

WEB = Path(__file__).resolve().parent.parent / "web"
STATIC = WEB / "static"

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # With no-referrer a form would say that it comes from nowhere, and be refused.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Sent with every response: a page runs nothing that this server does not serve as a file."""


class Pages:
    """The templates of one app; every value put into them is escaped."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(WEB / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["pretty"] = _pretty

    def show(self, template: str, *, status: int = 200, **values: Any) -> HTTPResponse:
        """Return one page."""
        return html(
            self._templates.get_template(template).render(status=status, **values), status=status
        )


def _pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
