"""Model sources: where the files of a model come from.

A model is either put together out of data packages, taken from where they are installed or fetched
with the user's own pip or npm (so that a mirror set up for them is used), or it is one archive.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

Progress = Callable[[int], None]
"""Is told, now and then, how many more bytes of a model have arrived."""

_CLIENT_TIMEOUT_S = 1800
"""Half an hour for one package: a slow line is no reason to give up, a dead one is."""


class SourceFailed(Exception):
    """One source could not give what it should; the message says why, for people."""


@dataclass(frozen=True)
class PythonPackage:
    """A data package for Python. Nothing of it is ever imported or run."""

    distribution: str
    version: str
    module: str
    """The folder its files are in, as it would be imported."""

    @property
    def command(self) -> str:
        return f"pip download --no-deps {self.distribution}=={self.version}"

    def installed(self) -> Path | None:
        """Return the installed package's folder, None where that version is not installed."""
        try:
            if importlib.metadata.version(self.distribution) != self.version:
                return None
        except importlib.metadata.PackageNotFoundError:
            return None
        spec = importlib.util.find_spec(self.module)
        if spec is None or not spec.submodule_search_locations:
            return None
        return Path(spec.submodule_search_locations[0])

    def fetch(self, folder: Path) -> Path:
        """Return the package's wheel, fetched into a folder. Raises SourceFailed."""
        pip = _pip()
        _run(
            [*pip, "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"]
            + ["--only-binary", ":all:", "--dest", str(folder)]
            + [f"{self.distribution}=={self.version}"]
        )
        return _only_file(folder, "*.whl")

    def inside(self, member: str) -> str:
        return f"{self.module}/{member}"


@dataclass(frozen=True)
class NodePackage:
    """A package of the JavaScript world, of which only files are read."""

    name: str
    version: str

    @property
    def command(self) -> str:
        return f"npm pack {self.name}@{self.version}"

    def installed(self) -> Path | None:
        return None

    def fetch(self, folder: Path) -> Path:
        """Return the package's archive, fetched into a folder. Raises SourceFailed."""
        npm = shutil.which("npm")
        if npm is None:
            raise SourceFailed("没有找到 npm 命令")
        _run(
            [npm, "pack", "--silent", "--ignore-scripts", f"{self.name}@{self.version}"]
            + ["--pack-destination", str(folder)]
        )
        return _only_file(folder, "*.tgz")

    def inside(self, member: str) -> str:
        return f"package/{member}"


Package = PythonPackage | NodePackage


@dataclass(frozen=True)
class Piece:
    """A file in a package: a file of a model, or a part of one."""

    package: Package
    member: str
    """The path inside the package's folder."""


@contextmanager
def open_piece(piece: Piece, place: Path) -> Iterator[IO[bytes]]:
    """Open a piece of a package that is an installed folder, a wheel or an npm archive.

    Raises SourceFailed when it is not there or the archive is broken.
    """
    try:
        if place.is_dir():
            with (place / piece.member).open("rb") as file:
                yield file
        elif place.suffix == ".whl":
            with (
                zipfile.ZipFile(place) as wheel,
                wheel.open(piece.package.inside(piece.member)) as member,
            ):
                yield member
        else:
            with tarfile.open(place) as archive:
                found = archive.extractfile(piece.package.inside(piece.member))
                if found is None:
                    raise SourceFailed(f"{place.name} 中没有 {piece.member}")
                yield found
    except (OSError, KeyError, EOFError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise SourceFailed(f"{place.name} 中的 {piece.member} 读不出来：{error}") from error


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found]
    raise SourceFailed("没有找到 pip")


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_CLIENT_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise SourceFailed(f"{_CLIENT_TIMEOUT_S // 60} 分钟内没有下载完") from None
    except OSError as error:
        raise SourceFailed(str(error)) from error
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        wrong = [line for line in said if "ERROR" in line or "npm error" in line]
        raise SourceFailed(" ".join((wrong or said or ["没有说明原因"])[-1].split())[:300])


def _only_file(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise SourceFailed(f"下载后有 {len(found)} 个文件，应当只有一个")
    return found[0]
