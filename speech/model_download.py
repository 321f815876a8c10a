"""Model download: one archive over HTTPS, continued where it was broken off, and unpacked."""

from __future__ import annotations

import shutil
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import httpx

from speech.model_sources import Progress, SourceFailed

_TIMEOUT = httpx.Timeout(30, connect=5)
"""Seconds. A host that cannot be reached is given up quickly: other sources are waiting."""
_LARGEST_UNPACKED = 4 << 30
"""Bytes; the largest Vosk model unpacks to less than half of it."""


@dataclass(frozen=True)
class Download:
    """A zip archive at an address, with one folder in it, which is the model."""

    url: str
    sha256: str | None
    """None where the publisher gives none; then the manifest records what came."""

    @property
    def command(self) -> str:
        return self.url

    def fetch(self, partial: Path, progress: Progress) -> None:
        """Fetch the archive into a file, continuing what is there already.

        Raises SourceFailed; what has arrived is kept for the next time.
        """
        tag_file = partial.with_suffix(".etag")
        have = partial.stat().st_size if partial.exists() else 0
        headers = {"Accept-Encoding": "identity"}
        # Without the tag nobody can tell whether the rest belongs to the same file.
        if have and tag_file.exists():
            headers |= {"Range": f"bytes={have}-", "If-Range": tag_file.read_text()}
        try:
            with (
                httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as client,
                client.stream("GET", self.url, headers=headers) as reply,
            ):
                self._take(reply, partial, tag_file, progress)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceFailed(f"{type(error).__name__}: {error}") from error

    def _take(
        self, reply: httpx.Response, partial: Path, tag_file: Path, progress: Progress
    ) -> None:
        nothing_left = f"bytes */{partial.stat().st_size if partial.exists() else 0}"
        if (
            reply.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE
            and reply.headers.get("Content-Range") == nothing_left
        ):
            # An earlier try was killed between the last byte and the unpacking.
            return
        if reply.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
            partial.unlink(missing_ok=True)
            raise SourceFailed(f"HTTP {reply.status_code}")
        goes_on = reply.status_code == httpx.codes.PARTIAL_CONTENT
        if tag := _strong_tag(reply):
            tag_file.write_text(tag)
        else:
            tag_file.unlink(missing_ok=True)
        with partial.open("ab" if goes_on else "wb") as file:
            progress(file.tell())
            expected = file.tell() + int(reply.headers.get("Content-Length") or 0)
            # Not in chunks of a size of our own: a connection that breaks would take one with it.
            for chunk in reply.iter_bytes():
                file.write(chunk)
                progress(len(chunk))
            if expected > file.tell():
                raise SourceFailed(f"只收到 {file.tell()} 字节，应有 {expected} 字节")


def _strong_tag(reply: httpx.Response) -> str | None:
    tag: str = reply.headers.get("ETag", "")
    if tag and not tag.startswith("W/"):
        return tag
    modified: str | None = reply.headers.get("Last-Modified")
    return modified


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip archive's only folder into a folder, every path held inside it.

    Raises SourceFailed for an archive that is broken, would write elsewhere or is far too large.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            if sum(member.file_size for member in members) > _LARGEST_UNPACKED:
                raise SourceFailed("压缩包展开后太大")
            for member in members:
                target = folder / _inner_path(member)
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise SourceFailed(f"压缩包损坏：{error}") from error


def _inner_path(member: zipfile.ZipInfo) -> Path:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in member.filename:
        raise SourceFailed(f"压缩包中有越界的路径 {member.filename!r}")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise SourceFailed(f"压缩包中有链接 {member.filename!r}")
    inner = path.parts[1:]
    if not inner:
        raise SourceFailed(f"压缩包中 {member.filename!r} 不在模型文件夹里")
    return Path(*inner)
