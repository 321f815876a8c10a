"""Bodies of WeChat's pushes: JSON or XML, told by how they begin and not by what they are called."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

_DEEPEST = 8


class Unreadable(Exception):
    """It is no message."""


def read_body(body: bytes) -> dict[str, Any]:
    """Return the fields of a message. Raises Unreadable."""
    text = body.strip()
    try:
        message = _read_xml(text) if text.startswith(b"<") else json.loads(text.decode())
    except (ValueError, RecursionError, ElementTree.ParseError, LookupError):
        message = None
    if not isinstance(message, dict):
        raise Unreadable("A push is an object of JSON, or XML.")
    return message


def _read_xml(text: bytes) -> Any:
    # Entities could unfold into anything; WeChat sends none.
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Unreadable("A push has no document type.")
    root = ElementTree.fromstring(text)
    return _value(root, _DEEPEST) if root.tag == "xml" else None


def _value(element: ElementTree.Element, deepest: int) -> Any:
    if len(element) == 0:
        return element.text or ""
    if deepest == 0:
        raise ValueError("It is nested too deep.")
    fields: dict[str, Any] = {}
    for child in element:
        value = _value(child, deepest - 1)
        if child.tag not in fields:
            fields[child.tag] = value
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(value)
        else:
            fields[child.tag] = [fields[child.tag], value]
    return fields
