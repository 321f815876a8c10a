"""The commands `ask`, `search` and `reindex`."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import click
import msgspec

from server.cli.failing import failing_in_chinese
from server.parts import Parts, assemble, dismantle
from server.settings import Settings, read_settings
from services.conversation import reply_to_heard
from services.errors import OpenZoneError
from services.library import Library
from services.replies import Decision, Reply
from speech.audio import read_recording
from speech.errors import SpeechError
from speech.recognition import listen_closely

NOT_HEARD = "没有听清，请再说一遍。"


@click.command("ask")
@click.option("--text", help="要问的问题。")
@click.option("--audio", type=click.Path(path_type=Path), help="一段提问的录音。")
@click.option("--engine", type=click.Choice(["vosk", "whisper"]), help="识别引擎；默认按设置。")
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
@click.option(
    "--batch",
    type=click.File(encoding="utf-8"),
    help='每行一个 {"text": 问题} 或 {"audio": 路径}，逐行输出结果。',
)
def ask_command(
    text: str | None, audio: Path | None, engine: str | None, as_json: bool, batch: TextIO | None
) -> None:
    """提一个问题，得到有出处的答案。"""
    if sum(given is not None for given in (text, audio, batch)) != 1:
        raise click.UsageError("请在 --text、--audio、--batch 中给出一个。")
    with failing_in_chinese(as_json):
        settings = read_settings()
        if engine is not None:
            settings = replace(settings, recogniser=engine)
        asyncio.run(_ask(settings, text, audio, as_json, batch))


async def _ask(
    settings: Settings, text: str | None, audio: Path | None, as_json: bool, batch: TextIO | None
) -> None:
    lines = [line for line in batch if line.strip()] if batch is not None else []
    hearing = audio is not None or any('"audio"' in line for line in lines)
    parts = await assemble(settings, hearing=hearing, speaking=False)
    try:
        if batch is not None:
            for line in lines:
                click.echo(_encoded(await _asked_line(parts, line)))
            return
        asked = await _asked(parts, text, audio)
    finally:
        await dismantle(parts)
    if as_json:
        click.echo(_encoded(asked))
    else:
        _print_reply(asked)


async def _asked(parts: Parts, text: str | None, audio: Path | None) -> dict[str, Any]:
    """Return one question's reply with what was heard and how long each step took."""
    timings: dict[str, float] = {}
    others: tuple[str, ...] = ()
    began = time.perf_counter()
    if audio is not None:
        if parts.recogniser is None:
            raise SpeechError(parts.recogniser_note)
        pcm = await asyncio.to_thread(read_recording, audio)
        text, others = await listen_closely(parts.recogniser, pcm)
        timings["recognition"] = _milliseconds_since(began)
    assert text is not None
    began_asking = time.perf_counter()
    if audio is None:
        reply = await parts.library.ask(text)
    elif text:
        text, reply = await _reply_to_heard(parts.library, text, others)
    else:
        reply = Reply(Decision.HANDOFF, (), NOT_HEARD, ())
    timings["answering"] = _milliseconds_since(began_asking)
    timings["total"] = _milliseconds_since(began)
    return {"transcript": text, **msgspec.to_builtins(reply), "timings_ms": timings}


async def _reply_to_heard(library: Library, heard: str, others: Sequence[str]) -> tuple[str, Reply]:
    """Return what was heard with what is certain put right, and its reply, as at the kiosk.

    Nobody is here to say 是: what it would bring stands beside the question 您是说……吗.
    """
    repair = await library.repaired(heard, others)
    reply = await reply_to_heard(library, repair, others, None)
    if reply.decision is Decision.CONFIRM:
        agreed = await library.ask(repair.meant)
        reply = msgspec.structs.replace(reply, answers=agreed.answers)
    return repair.text, reply


async def _asked_line(parts: Parts, line: str) -> dict[str, Any]:
    """Return what one line of a batch asks for; a line that fails says so and stops nothing."""
    try:
        given: dict[str, Any] = json.loads(line)
        text, audio = given.get("text"), given.get("audio")
        if not isinstance(text if audio is None else audio, str):
            raise TypeError("a question is a string")
    except (ValueError, TypeError, AttributeError):
        message = '这一行不是 {"text": 问题} 或 {"audio": 路径} 形式的 JSON。'
        return {"error": {"code": "bad_line", "message": message}}
    try:
        return given | await _asked(parts, text, Path(audio) if audio is not None else None)
    except OpenZoneError as error:
        return given | {"error": {"code": error.code, "message": error.sentence}}
    except SpeechError as error:
        return given | {"error": {"code": error.code, "message": str(error)}}


def _print_reply(asked: dict[str, Any]) -> None:
    click.echo(asked["spoken"])
    for number, answer in enumerate(asked["answers"], start=1):
        source = answer["source"]
        click.echo(f"\n{number}. {answer['title']}\n   {answer['text']}")
        named = (source[part] for part in ("title", "document_number", "article", "date"))
        click.echo(f"   出处：{' '.join(part for part in named if part)}（{source['validity']}）")


@click.command("search")
@click.argument("text", required=False)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
@click.option(
    "--batch", type=click.File(encoding="utf-8"), help='每行一个 {"text": 词句}，逐行输出结果。'
)
def search_command(text: str | None, limit: int, as_json: bool, batch: TextIO | None) -> None:
    """在文件和问答库中查找 TEXT。"""
    if (text is None) == (batch is None):
        raise click.UsageError("请给出要查的词句，或者用 --batch 给出清单，两者取其一。")
    with failing_in_chinese(as_json):
        asyncio.run(_search(read_settings(), text, limit, as_json, batch))


async def _search(
    settings: Settings, text: str | None, limit: int, as_json: bool, batch: TextIO | None
) -> None:
    parts = await assemble(settings, hearing=False, speaking=False)
    try:
        if batch is not None:
            for line in batch:
                if line.strip():
                    click.echo(_encoded(await _searched_line(parts, line, limit)))
            return
        assert text is not None
        hits = await parts.library.search(text, limit)
    finally:
        await dismantle(parts)
    if as_json:
        click.echo(_encoded({"hits": msgspec.to_builtins(hits)}))
        return
    for hit in hits:
        click.echo(f"{hit.score:.2f}  {hit.title}\n      {hit.snippet}")
    if not hits:
        click.echo("没有找到，请换个说法。")


async def _searched_line(parts: Parts, line: str, limit: int) -> dict[str, Any]:
    try:
        given: dict[str, Any] = json.loads(line)
        text = given["text"]
        if not isinstance(text, str):
            raise TypeError("a search is a string")
    except (ValueError, TypeError, KeyError):
        message = '这一行不是 {"text": 词句} 形式的 JSON。'
        return {"error": {"code": "bad_line", "message": message}}
    try:
        return given | {"hits": msgspec.to_builtins(await parts.library.search(text, limit))}
    except OpenZoneError as error:
        return given | {"error": {"code": error.code, "message": error.sentence}}


@click.command("reindex")
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
def reindex_command(as_json: bool) -> None:
    """按数据库重建检索索引。"""

    async def rebuild(settings: Settings) -> tuple[int, float]:
        parts = await assemble(settings, hearing=False, speaking=False)
        try:
            began = time.perf_counter()
            return await parts.library.rebuild(), time.perf_counter() - began
        finally:
            await dismantle(parts)

    with failing_in_chinese(as_json):
        entries, seconds = asyncio.run(rebuild(read_settings()))
    if as_json:
        click.echo(_encoded({"entries": entries, "seconds": round(seconds, 3)}))
    else:
        click.echo(f"索引已重建，共 {entries} 条，用时 {seconds:.1f} 秒。")


def _milliseconds_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)


def _encoded(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
