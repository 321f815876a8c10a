"""The command `openzone speech models`: which models there are, and fetching them."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from tqdm import tqdm

from server.cli.failing import failing_in_chinese
from server.engines import choose_recogniser, choose_synthesiser, open_model_store
from server.settings import read_settings
from speech.errors import ModelUnavailable
from speech.model_catalogue import CATALOGUE, KOKORO, VOSK, WHISPER
from speech.model_store import ModelStatus, ModelStore

_STATES = {"ready": "可用", "missing": "未取得", "damaged": "已损坏"}


@click.group()
def models() -> None:
    """语音模型：查看状态、获取。"""


@models.command()
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
@click.option("--verify", is_flag=True, help="重新计算缓存中每个文件的校验和。")
def status(as_json: bool, verify: bool) -> None:
    """列出每个模型的许可、大小、校验和、状态和来源。"""
    with failing_in_chinese(as_json):
        settings = read_settings()
    store = open_model_store(settings)
    known = store.status(thoroughly=verify)
    engines = {
        "recogniser": choose_recogniser(store, settings.recogniser),
        "synthesiser": choose_synthesiser(store, settings.synthesiser),
    }
    if as_json:
        report: dict[str, Any] = {"models": [_as_json(model) for model in known]}
        for name, chosen in engines.items():
            report[name] = {"engine": chosen.engine, "model": chosen.model, "note": chosen.note}
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    for model in known:
        click.echo(_as_text(model))
    for chosen in engines.values():
        click.echo(chosen.note)


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
def fetch(names: tuple[str, ...]) -> None:
    """获取模型 NAME；不写名字时获取默认要用的：识别一个（Vosk，取不到则 whisper），合成一个。"""
    with failing_in_chinese(as_json=False):
        settings = read_settings()
    store = open_model_store(settings)
    if names:
        failed = [name for name in names if not _fetched(store, name)]
        if failed:
            raise click.exceptions.Exit(1)
        return
    hearing = _fetched(store, VOSK) or _fetched(store, WHISPER)
    if not _fetched(store, KOKORO):
        click.echo("朗读将改用系统语音（espeak）。", err=True)
    click.echo(choose_recogniser(store, settings.recogniser).note, err=True)
    if not hearing:
        raise click.exceptions.Exit(1)


def _fetched(store: ModelStore, name: str) -> bool:
    size = next((model.size_bytes for model in CATALOGUE if model.name == name), 0)
    try:
        with tqdm(
            total=size, unit="B", unit_scale=True, desc=name, file=sys.stderr, leave=False
        ) as bar:
            path = store.obtain(
                name,
                progress=lambda count: _advance(bar, count),
                waiting=lambda: bar.write(f"{name}：另一个进程正在获取，等它完成。", sys.stderr),
            )
    except ModelUnavailable as error:
        click.echo(str(error), err=True)
        return False
    click.echo(f"{name}：可用（{path}）", err=True)
    return True


def _advance(bar: tqdm[Any], count: int) -> None:
    # Packages are packed and models are not, so what arrives may differ from the size shown.
    bar.total = max(bar.total or 0, int(bar.n) + count)
    bar.update(count)


def _as_json(model: ModelStatus) -> dict[str, Any]:
    return {
        "name": model.name,
        "purpose": model.purpose,
        "licence": model.licence,
        "size_bytes": model.size_bytes,
        "sha256": model.sha256,
        "sha256_pinned": model.sha256_pinned,
        "state": model.state,
        "path": str(model.path) if model.path else None,
        "source": model.source,
        "sources": list(model.sources),
        "note": model.note,
    }


def _as_text(model: ModelStatus) -> str:
    checksum = model.sha256 or "首次获取时记录"
    if not model.sha256_pinned:
        checksum += "（发布者没有公布校验和，只能检查文件结构）"
    lines = [
        f"{model.name}  {_STATES[model.state]}  {model.purpose}",
        f"  许可 {model.licence}，约 {model.size_bytes / 1e6:.0f} MB，SHA-256 {checksum}",
    ]
    if model.path:
        lines.append(f"  位置 {model.path}（{model.source}）")
    if model.note:
        lines.append(f"  注意 {model.note}")
    lines += [f"  来源 {number}. {source}" for number, source in enumerate(model.sources, 1)]
    return "\n".join(lines)
