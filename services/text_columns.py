"""Whether texts fit their columns, said in Chinese before a database says it otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from tortoise.models import Model


def too_long(content: msgspec.Struct, model: type[Model], names: Mapping[str, str]) -> list[str]:
    """Return a sentence for each named field that is longer than its column."""
    found = []
    for field, name in names.items():
        limit = getattr(model._meta.fields_map[field], "max_length", None)
        if limit is not None and len(getattr(content, field)) > limit:
            found.append(f"{name}超过 {limit} 个字。")
    return found


def unreadable_in(texts: Iterable[str]) -> list[str]:
    """Return a sentence where a text has characters that no database takes."""
    for text in texts:
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            return ["文字里有显示不出来的字符，请删掉后重新粘贴。"]
    return []
