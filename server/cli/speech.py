"""The command `openzone speech`: hear a recording, speak a text, look after the models."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any, TextIO

import click

from server.cli.failing import failing_in_chinese
from server.cli.speech_models import models
from server.engines import load_recogniser, load_synthesiser, open_model_store
from server.settings import Settings, read_settings
from speech.audio import read_recording
from speech.errors import SpeechError
from speech.recognition import BYTES_PER_SECOND, Recogniser
from speech.recognition import listen as listen_to
from speech.synthesis import Sound, Synthesiser

LONGEST_TEXT = 2_000
"""Characters that one `say` speaks: about eight minutes."""


@click.group()
def speech() -> None:
    """听录音、朗读文字、管理语音模型。"""


speech.add_command(models)


@speech.command("listen")
@click.argument("recording", type=click.Path(path_type=Path), required=False)
@click.option("--engine", type=click.Choice(["vosk", "whisper"]), help="识别引擎；默认按设置。")
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
@click.option(
    "--batch", type=click.File(encoding="utf-8"), help='每行一个 {"audio": 路径}，逐行输出结果。'
)
def listen_command(
    recording: Path | None, engine: str | None, as_json: bool, batch: TextIO | None
) -> None:
    """把录音 RECORDING 转成文字。"""
    if (recording is None) == (batch is None):
        raise click.UsageError("请给出一个录音文件，或者用 --batch 给出清单，两者取其一。")
    with failing_in_chinese(as_json):
        asyncio.run(_listen(read_settings(), engine, recording, as_json, batch))


@speech.command("say")
@click.argument("text")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--engine", type=click.Choice(["espeak", "kokoro"]), help="合成引擎；默认按设置。")
@click.option("--voice", help="声音；默认按设置。")
@click.option("--json", "as_json", is_flag=True, help="在标准输出打印一个 JSON 对象。")
def say_command(text: str, out: Path, engine: str | None, voice: str | None, as_json: bool) -> None:
    """朗读 TEXT，存成 WAV 文件。"""
    if not text.strip():
        raise click.UsageError("没有要朗读的文字。")
    if len(text) > LONGEST_TEXT:
        raise click.UsageError(f"文字太长了，一次最多朗读 {LONGEST_TEXT} 个字。")
    with failing_in_chinese(as_json):
        asyncio.run(_say(read_settings(), text, out, engine, voice, as_json))


async def _listen(
    settings: Settings,
    engine: str | None,
    recording: Path | None,
    as_json: bool,
    batch: TextIO | None,
) -> None:
    recogniser, note = await load_recogniser(
        open_model_store(settings), engine or settings.recogniser, settings.kiosk_silence_ms
    )
    click.echo(note, err=True)
    try:
        if batch is not None:
            for line in batch:
                if line.strip():
                    click.echo(json.dumps(await _heard_line(recogniser, line), ensure_ascii=False))
            return
        assert recording is not None
        heard = await _heard(recogniser, recording)
    finally:
        await recogniser.close()
    if as_json:
        click.echo(json.dumps(heard, ensure_ascii=False))
    elif heard["text"]:
        click.echo(heard["text"])
    else:
        click.echo("没有听清，请再说一遍。", err=True)


async def _heard(recogniser: Recogniser, recording: Path) -> dict[str, Any]:
    pcm = await asyncio.to_thread(read_recording, recording)
    began = time.perf_counter()
    text = await listen_to(recogniser, pcm)
    return {
        "text": text,
        "engine": recogniser.name,
        "audio_s": round(len(pcm) / BYTES_PER_SECOND, 3),
        "compute_s": round(time.perf_counter() - began, 3),
    }


async def _heard_line(recogniser: Recogniser, line: str) -> dict[str, Any]:
    """Return what one line of a batch asks for; a line that fails says so and stops nothing."""
    try:
        asked: dict[str, Any] = json.loads(line)
        recording = Path(asked["audio"])
    except (ValueError, KeyError, TypeError):
        return {
            "error": {"code": "bad_line", "message": '这一行不是 {"audio": 路径} 形式的 JSON。'}
        }
    try:
        return asked | await _heard(recogniser, recording)
    except SpeechError as error:
        return asked | {"error": {"code": error.code, "message": str(error)}}


async def _say(
    settings: Settings, text: str, out: Path, engine: str | None, voice: str | None, as_json: bool
) -> None:
    choice, wanted = engine or settings.synthesiser, voice or settings.voice
    # A voice asked for on the command line must exist; one from the settings may belong to
    # another engine than the one that could be had.
    synthesiser, note = await load_synthesiser(open_model_store(settings), choice, wanted)
    click.echo(note, err=True)
    try:
        chosen = wanted if wanted in synthesiser.voices else None
        began = time.perf_counter()
        sound = await _spoken(synthesiser, text, chosen)
        took = time.perf_counter() - began
    finally:
        await synthesiser.close()
    await asyncio.to_thread(out.write_bytes, sound.wav())
    if as_json:
        said = {"out": str(out), "engine": synthesiser.name, "audio_s": round(sound.seconds, 3)}
        click.echo(json.dumps(said | {"compute_s": round(took, 3)}, ensure_ascii=False))


async def _spoken(synthesiser: Synthesiser, text: str, voice: str | None) -> Sound:
    from speech.reading_text import sentences

    pieces = [await synthesiser.speak(piece, voice=voice) for piece in sentences(text)]
    if not pieces:
        raise SpeechError("这段文字里没有可以读出来的内容。")
    return Sound(b"".join(piece.pcm for piece in pieces), pieces[0].sample_rate)
