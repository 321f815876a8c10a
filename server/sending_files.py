"""Sending an original (原件) to somebody: always to be saved, never to be opened in this site's name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import PurePath
from urllib.parse import quote

from sanic import Request

from models.stored_file import StoredFile
from services import stored_files
from services.clean_html import cleaned
from services.importing.media_types import EXTENSIONS, HTML

_POLICY = "default-src 'none'; sandbox"
"""Even opened in a browser it runs, loads and sends nothing."""


async def send_file(request: Request, file: StoredFile, name: str) -> None:
    """Send a stored file under a name, its extension being that of its content.

    A web page is sent without what runs in it. The handler returns nothing after this.
    """
    content, size = stored_files.chunks_of(file), file.size_bytes
    if file.media_type == HTML:
        page = b"".join([chunk async for chunk in content])
        safe = await asyncio.to_thread(cleaned, page)
        content, size = _only(safe), len(safe)
    await send_content(request, content, _name(name, file.media_type), file.media_type, size)


async def send_content(
    request: Request, content: AsyncIterator[bytes], name: str, media_type: str, size: int
) -> None:
    """Send what comes piece by piece, to be saved under a name."""
    headers = {
        "Content-Disposition": _disposition(name),
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Content-Length": str(size),
    }
    response = await request.respond(headers=headers, content_type=media_type)
    if request.method != "HEAD":
        async for chunk in content:
            await response.send(chunk)
    await response.eof()


async def _only(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _name(name: str, media_type: str) -> str:
    wanted = EXTENSIONS.get(media_type)
    path = PurePath(stored_files.clean_name(name))
    if wanted is None or path.suffix.lower() in wanted:
        return path.name
    return path.name + wanted[0]


def _disposition(name: str) -> str:
    # The plain form is for programs that know no other, the second one holds Chinese.
    plain = "".join(c if c.isascii() and c.isalnum() or c in "._- " else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
