"""A form with one file, read while it comes in: the file goes to a place that the caller has for it.

Sanic reads a form whole into memory before anybody can say that it is too large.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import IO

from services.errors import Invalid

_BOUNDARY = re.compile(
    r'multipart/form-data\s*;.*?boundary="?([^";,\s]{1,70})"?', re.IGNORECASE | re.DOTALL
)
_NAME = re.compile(r'(?:^|[;\s])name="([^"]{0,100})"', re.IGNORECASE)
_MOST_FIELDS = 20
_LONGEST_HEAD = 4_096


class NotAForm(Invalid):
    """It is no multipart form, or is cut short."""

    code = "not_a_form"
    sentence = "上传的内容读不出来，请重新录音再试一次。"


class UploadTooLarge(Invalid):
    """There is more of it than may be sent. It was not read to its end."""

    code = "upload_too_large"
    sentence = "文件太大了，请录短一些，只说要问的问题。"


@dataclass
class Form:
    """What a form holds besides its file."""

    size: int = 0
    """Bytes of the file."""
    has_file: bool = False
    fields: dict[str, str] = field(default_factory=dict)


async def read_form(
    content_type: str,
    chunks: AsyncIterator[bytes],
    place: IO[bytes],
    *,
    file_name: str,
    largest: int,
    longest_field: int,
) -> Form:
    """Read a form; the file of that field name goes to a place, the others are text.

    Raises NotAForm, and UploadTooLarge as soon as it is too large: the rest is not read.
    """
    found = _BOUNDARY.match(content_type)
    if found is None:
        raise NotAForm("It is no multipart form.")
    parts = _Parts(b"--" + found[1].encode("latin-1", "replace"), chunks)
    form = Form()
    await parts.begin()
    while (head := await parts.next_head()) is not None:
        name = _name_in(head)
        if name == file_name:
            if form.has_file:
                raise NotAForm("There are two files.")
            form.has_file = True
            async for piece in parts.body():
                form.size += len(piece)
                if form.size > largest:
                    raise UploadTooLarge(f"The file has more than {largest} bytes.")
                place.write(piece)
        else:
            form.fields[name] = await _text(parts, longest_field)
            if len(form.fields) > _MOST_FIELDS:
                raise NotAForm("There are too many fields.")
    place.seek(0)
    return form


def _name_in(head: bytes) -> str:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        if line.lower().startswith("content-disposition:"):
            named = _NAME.search(line)
            if named is not None:
                return named[1]
    raise NotAForm("A part has no name.")


async def _text(parts: _Parts, longest: int) -> str:
    value = bytearray()
    async for piece in parts.body():
        value += piece
        if len(value) > longest:
            raise UploadTooLarge(f"A field has more than {longest} bytes.")
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise NotAForm("A field is no text.") from None


class _Parts:
    """The parts of a form, one after the other. RFC 2046, section 5.1."""

    def __init__(self, delimiter: bytes, chunks: AsyncIterator[bytes]) -> None:
        self._delimiter = b"\r\n" + delimiter
        self._chunks = chunks
        self._held = bytearray(b"\r\n")  # So that the first delimiter is like all others.

    async def begin(self) -> None:
        """Go to the first delimiter."""
        async for _ in self.body():
            pass

    async def next_head(self) -> bytes | None:
        """Return the head of the next part, None after the last."""
        while len(self._held) < 2:
            await self._more()
        if self._held.startswith(b"--"):
            return None
        while (end := self._held.find(b"\r\n\r\n")) < 0:
            if len(self._held) > _LONGEST_HEAD:
                raise NotAForm("A head is too long.")
            await self._more()
        if end > _LONGEST_HEAD:
            raise NotAForm("A head is too long.")
        head = bytes(self._held[:end])
        del self._held[: end + 4]
        return head

    async def body(self) -> AsyncIterator[bytes]:
        """Yield what comes before the next delimiter, which is taken away."""
        while (at := self._held.find(self._delimiter)) < 0:
            # The end of what is held may be the beginning of the delimiter.
            sure = len(self._held) - len(self._delimiter) + 1
            if sure > 0:
                yield bytes(self._held[:sure])
                del self._held[:sure]
            await self._more()
        if at:
            yield bytes(self._held[:at])
        del self._held[: at + len(self._delimiter)]

    async def _more(self) -> None:
        chunk = await anext(self._chunks, b"")
        if not chunk:
            raise NotAForm("It is cut short.")
        self._held += chunk
