"""Model manifest: the note beside a cached model that says what was checked and when it changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

_NAME = "openzone-manifest.json"


class CheckedFile(msgspec.Struct, frozen=True):
    """A file as it was when its content was checked."""

    sha256: str
    size_bytes: int
    mtime_ns: int


class Manifest(msgspec.Struct, frozen=True):
    """What a cached model consists of and where it came from."""

    model: str
    source: str
    files: dict[str, CheckedFile]
    archive_sha256: str | None = None
    """Of the archive that was unpacked; None for a model put together from packages."""


def write_manifest(
    folder: Path, model: str, source: str, archive_sha256: str | None = None
) -> Manifest:
    """Hash every file in a folder and leave the manifest there. Raises OSError."""
    files = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        state = file.stat()
        files[file.relative_to(folder).as_posix()] = CheckedFile(
            sha256_of(file), state.st_size, state.st_mtime_ns
        )
    manifest = Manifest(model, source, files, archive_sha256)
    (folder / _NAME).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a cached model, None where there is none that can be read."""
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None


def changed_files(folder: Path, manifest: Manifest, *, thoroughly: bool = False) -> list[str]:
    """Return the files that are not as they were checked; `thoroughly` hashes them again."""
    changed = []
    for name, checked in manifest.files.items():
        try:
            state = (folder / name).stat()
            same = (state.st_size, state.st_mtime_ns) == (checked.size_bytes, checked.mtime_ns)
            if thoroughly:
                same = same and sha256_of(folder / name) == checked.sha256
        except OSError:
            same = False
        if not same:
            changed.append(name)
    return changed


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal. Raises OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
