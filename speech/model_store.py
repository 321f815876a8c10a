"""Model store: speech models found on this machine, or obtained, checked before they are used."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import filelock

from speech.errors import ModelUnavailable
from speech.model_building import (
    build_from_download,
    build_from_installed,
    build_from_packages,
    installed_packages,
)
from speech.model_catalogue import CATALOGUE, VOSK, Model
from speech.model_manifest import changed_files, read_manifest
from speech.model_sources import Progress, SourceFailed

State = Literal["ready", "missing", "damaged"]

_REMEMBER_FAILURE_S = 24 * 3600
"""One day: a start-up must not wait for a site that could not be reached this morning."""


@dataclass(frozen=True)
class ModelStatus:
    """What is known of one model, without any use of the network."""

    name: str
    purpose: str
    licence: str
    size_bytes: int
    sha256: str | None
    """Pinned, or recorded when the model was fetched; None where neither is known."""
    sha256_pinned: bool
    """Whether the publisher's checksum is known, so that a download can be told from a forgery."""
    state: State
    path: Path | None
    source: str
    """Where the model in use comes from, "" while there is none."""
    sources: tuple[str, ...]
    """Where it can come from, in the order in which it is tried."""
    note: str = ""
    """What is wrong, for a model that is damaged or a configured folder that is no model."""

    @property
    def present(self) -> bool:
        return self.state == "ready"


@dataclass(frozen=True)
class _Found:
    path: Path
    source: str


class ModelStore:
    """The speech models of this machine. All methods block; call them in a thread."""

    def __init__(
        self,
        cache_dir: Path,
        configured: Mapping[str, Path],
        offline: bool,
        *,
        catalogue: Sequence[Model] = CATALOGUE,
    ) -> None:
        """Use a cache folder, which may not exist yet, and folders configured by model name."""
        self._models_dir = cache_dir.absolute() / "models"
        self._configured = configured
        self.offline = offline
        self._catalogue = {model.name: model for model in catalogue}

    def find(self, name: str) -> Path | None:
        """Return a model's folder when it is on this machine, None otherwise; never the network.

        Looks at the configured folder, the cache and installed data packages, in that order.
        """
        found = self._find(self._model(name))
        return found.path if found else None

    def obtain(
        self,
        name: str,
        progress: Progress = lambda _: None,
        waiting: Callable[[], None] = lambda: None,
    ) -> Path:
        """Return a model's folder, fetching the model when it is not on this machine.

        `progress` is told of bytes as they arrive; `waiting` is called when another process is
        fetching the same model, which is then waited for and used.
        Raises ModelUnavailable, whose message lists every source with what went wrong there.
        """
        model = self._model(name)
        if found := self._find(model):
            return found.path
        if self.offline:
            raise self._unavailable(model, {"网络": "已设为离线运行，没有尝试下载"})
        with self._locked(model, waiting):
            if found := self._in_cache(model):
                return found.path
            attempts: dict[str, str] = {}
            for source, build in self._builders(model).items():
                try:
                    self._settle(model, build(self._workshop(model), progress))
                except (SourceFailed, OSError) as error:
                    attempts[source] = str(error)
                    continue
                self._failure_file(model).unlink(missing_ok=True)
                return self._folder(model)
            self._failure_file(model).touch()
        raise self._unavailable(model, attempts)

    def failed_lately(self, name: str) -> bool:
        """Whether a model could not be had within the last day."""
        try:
            failed_at = self._failure_file(self._model(name)).stat().st_mtime
        except OSError:
            return False
        return 0 <= time.time() - failed_at < _REMEMBER_FAILURE_S

    def status(self, *, thoroughly: bool = False) -> list[ModelStatus]:
        """Return what is known of every model; `thoroughly` hashes the files in the cache again."""
        return [self._status(model, thoroughly) for model in self._catalogue.values()]

    def _status(self, model: Model, thoroughly: bool) -> ModelStatus:
        found = self._find(model)
        manifest = read_manifest(found.path) if found else None
        damaged = self._damage(model, thoroughly)
        state: State = "ready" if found else "missing"
        if damaged and (found is None or found.path == self._folder(model)):
            state = "damaged"
        return ModelStatus(
            name=model.name,
            purpose=model.purpose,
            licence=model.licence,
            size_bytes=model.size_bytes,
            sha256=model.sha256 or (manifest.archive_sha256 if manifest else None),
            sha256_pinned=model.sha256 is not None,
            state=state,
            path=found.path if found else None,
            source=found.source if found else "",
            sources=self._source_names(model),
            note="；".join(filter(None, [self._configured_fault(model), damaged])),
        )

    def _model(self, name: str) -> Model:
        try:
            return self._catalogue[name]
        except KeyError:
            known = "、".join(self._catalogue)
            raise ModelUnavailable(f"没有名为 {name} 的语音模型，可用的有：{known}。") from None

    def _find(self, model: Model) -> _Found | None:
        configured = self._configured.get(model.name)
        if configured is not None and not model.faults(configured):
            return _Found(configured, f"指定的目录（{model.setting}）")
        return self._in_cache(model) or self._in_engine_cache(model) or self._from_installed(model)

    def _in_cache(self, model: Model) -> _Found | None:
        folder = self._folder(model)
        manifest = read_manifest(folder)
        if manifest is None or changed_files(folder, manifest) or model.faults(folder):
            return None
        return _Found(folder, f"缓存，来自{manifest.source}")

    def _in_engine_cache(self, model: Model) -> _Found | None:
        # Where the vosk package itself keeps what vosk.Model(lang="cn") downloads.
        if model.name != VOSK:
            return None
        for parent in (Path.home() / ".cache" / "vosk", Path("/usr/share/vosk")):
            if not model.faults(parent / model.name):
                return _Found(parent / model.name, "vosk 自己的缓存")
        return None

    def _from_installed(self, model: Model) -> _Found | None:
        places = installed_packages(model)
        if places is None:
            return None
        try:
            with self._locked(model, lambda: None):
                if found := self._in_cache(model):
                    return found
                self._settle(model, build_from_installed(model, places, self._workshop(model)))
        except (SourceFailed, OSError):
            return None
        return self._in_cache(model)

    def _builders(self, model: Model) -> dict[str, Callable[[Path, Progress], Path]]:
        """Return what uses the network to build a model, by the name of the source, in order."""
        builders: dict[str, Callable[[Path, Progress], Path]] = {}
        if model.packages:
            commands = "、".join(package.command for package in model.packages)
            builders[f"数据包（{commands}）"] = lambda workshop, progress: build_from_packages(
                model, workshop, progress
            )
        if model.download is not None:
            builders[f"下载（{model.download.url}）"] = lambda workshop, progress: (
                build_from_download(model, workshop, progress)
            )
        return builders

    def _settle(self, model: Model, built: Path) -> None:
        """Put a complete folder in its place: from one moment to the next it is there, whole."""
        folder, old = self._folder(model), self._workshop(model) / "old"
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            os.replace(folder, old)
        os.replace(built, folder)
        shutil.rmtree(self._workshop(model), ignore_errors=True)

    def _locked(self, model: Model, waiting: Callable[[], None]) -> AbstractContextManager[object]:
        self._models_dir.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(self._models_dir / f"{model.name}.lock")
        try:
            return lock.acquire(blocking=False)
        except filelock.Timeout:
            waiting()
            return lock.acquire()

    def _folder(self, model: Model) -> Path:
        return self._models_dir / model.name

    def _workshop(self, model: Model) -> Path:
        workshop = self._models_dir / ".partial" / model.name
        workshop.mkdir(parents=True, exist_ok=True)
        return workshop

    def _failure_file(self, model: Model) -> Path:
        return self._models_dir / f"{model.name}.failed"

    def _configured_fault(self, model: Model) -> str:
        configured = self._configured.get(model.name)
        faults = model.faults(configured) if configured is not None else []
        return f"{model.setting} 指定的目录不能用：{'、'.join(faults)}" if faults else ""

    def _damage(self, model: Model, thoroughly: bool) -> str:
        folder = self._folder(model)
        if not folder.exists():
            return ""
        manifest = read_manifest(folder)
        if manifest is None:
            return "缓存里的模型没有清单，要重新获取"
        changed = changed_files(folder, manifest, thoroughly=thoroughly)
        return f"缓存里的文件被改动或缺失：{'、'.join(changed)}" if changed else ""

    def _source_names(self, model: Model) -> tuple[str, ...]:
        names = [f"指定的目录（{model.setting}）", f"缓存（{self._folder(model)}）"]
        if model.packages:
            names.append("已安装的数据包")
        return (*names, *self._builders(model))

    def _unavailable(self, model: Model, attempts: Mapping[str, str]) -> ModelUnavailable:
        tried = {f"指定的目录（{model.setting}）": self._configured_fault(model) or "没有设置"}
        tried[f"缓存（{self._folder(model)}）"] = self._damage(model, False) or "没有"
        if model.packages:
            tried["已安装的数据包"] = "没有安装"
        lines = [f"  - {source}：{reason}" for source, reason in (tried | dict(attempts)).items()]
        by_hand = (
            f"或在另一台能上网的机器上运行这条命令，把得到的文件夹复制过来，"
            f"再把它的路径写入 {model.setting}。"
        )
        return ModelUnavailable(
            f"语音模型 {model.name} 没有取得，各个来源的情况：\n"
            + "\n".join(lines)
            + f"\n可以这样处理：联网后运行 openzone speech models fetch {model.name}；{by_hand}"
        )
