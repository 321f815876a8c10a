"""People who speak at the same time: to this server, and to another that speaks vosk-server's protocol.

`python -m bench.streams` lets so many clips be spoken at once, in real time, a tenth of a second at a
time, and tells how long after the end of the sound the final words came, how far partial words lag
behind, and how much processor time a second of sound costs: of questions, which are answered, and of
words that are only written down, which is all that others do. With `--vosk-server FILE` (alphacep's
websocket/asr_server.py, which is not ours to keep) the same is measured with that, on the same model.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
from websockets.asyncio.client import ClientConnection, connect

from bench.bench_zone import SHARED, Clip, clips, settings
from bench.report import Row, percentile, table, write
from bench.serving import free_port, serve, with_descendants
from models.database import close_database, open_database

_PIECE = 3_200
_PIECE_S = 0.1
_FINAL_TARGET_MS = 300
_PARTIAL_TARGET_MS = 300
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Seen:
    """What was seen of some streams."""

    final_ms: list[float] = field(default_factory=list)
    partial_ms: list[float] = field(default_factory=list)
    """From sending the piece before the first partial, which holds at least its last word."""
    words: int = 0
    sound_s: float = 0.0
    failed: int = 0


@dataclass(frozen=True)
class Door:
    """A server that listens."""

    name: str
    address: str
    pid: int
    begin: str
    """What is sent before the sound; "" for nothing."""
    end: str
    """What is sent after it."""
    last: tuple[str, ...]
    """The kinds of message that bring final words."""


@click.command()
@click.option("--vosk-server", type=click.Path(path_type=Path, exists=True))
@click.option("--streams", default="1,4,8,16", show_default=True, help="How many at once.")
@click.option("--rounds", default=2, show_default=True)
@click.option(
    "--model", type=click.Path(path_type=Path), help="A Vosk model; the stand-in if none."
)
@click.option("--out", type=click.Path(path_type=Path))
def main(
    vosk_server: Path | None, streams: str, rounds: int, model: Path | None, out: Path | None
) -> None:
    """Measure people who speak at the same time."""
    model = model or SHARED / "speech" / "vosk-model-test-cn"
    counts = [int(count) for count in streams.split(",")]
    rows = asyncio.run(_measured(model, vosk_server, counts, rounds))
    print(table(rows))
    if out is not None:
        write(out, rows, {})


async def _measured(
    model: Path, vosk_server: Path | None, counts: list[int], rounds: int
) -> list[Row]:
    spoken = clips()[: max(counts)]
    rows: list[Row] = []
    async with _ours(model, max(counts)) as ours:
        if vosk_server is None:
            return await _compare(ours, spoken, counts, rounds)
        async with _theirs(model, vosk_server) as theirs:
            rows += await _compare([*ours, theirs], spoken, counts, rounds)
    return rows


async def _compare(
    doors: list[Door], spoken: list[Clip], counts: list[int], rounds: int
) -> list[Row]:
    rows = []
    for count in counts:
        seen = {door.name: Seen() for door in doors}
        used = dict.fromkeys(seen, 0.0)
        for _ in range(rounds):
            # In turn, so that what else the machine does disturbs all alike.
            for door in doors:
                before = _processor_s(door.pid)
                await _speak(door, spoken[:count], seen[door.name])
                used[door.name] += _processor_s(door.pid) - before
        for name, what in seen.items():
            rows += _rows(name, count, what, used[name])
    return rows


def _rows(name: str, count: int, seen: Seen, used_s: float) -> list[Row]:
    note = f"{len(seen.final_ms)} utterances"
    called = f"{name}, {count} at once"
    if not seen.final_ms:
        return [Row(f"{called}, failed", seen.failed, "", 1)]
    rows = [
        Row(f"{called}, end of sound to words, p{percent}", percentile(seen.final_ms, percent), "ms",
            _FINAL_TARGET_MS if percent == 95 else None, note=note)
        for percent in (50, 95, 99)
    ]  # fmt: skip
    if seen.partial_ms:
        p95 = percentile(seen.partial_ms, 95)
        rows.append(Row(f"{called}, first partial words, p95", p95, "ms", _PARTIAL_TARGET_MS))
    per_second = used_s / seen.sound_s
    rows.append(Row(f"{called}, processor for a second of sound", per_second * 1000, "ms"))
    rows.append(Row(f"{called}, streams that a core carries", 1 / max(per_second, 1e-6), ""))
    rows.append(Row(f"{called}, characters understood", seen.words, ""))
    rows.append(Row(f"{called}, failed", seen.failed, "", 1))
    return rows


async def _speak(door: Door, spoken: list[Clip], seen: Seen) -> None:
    """Let all clips be spoken at once, each beginning at a moment of its own."""
    outcomes = await asyncio.gather(
        *(
            _utter(door, clip, seen, delay_s=_PIECE_S * number / len(spoken))
            for number, clip in enumerate(spoken)
        ),
        return_exceptions=True,
    )
    seen.failed += sum(isinstance(outcome, BaseException) for outcome in outcomes)


async def _utter(door: Door, clip: Clip, seen: Seen, *, delay_s: float) -> None:
    pcm = clip.pcm()
    seen.sound_s += clip.seconds
    await asyncio.sleep(delay_s)
    async with connect(door.address, proxy=None, max_size=None) as connection:
        if door.begin:
            await connection.send(door.begin)
        sent: list[float] = []
        listening = asyncio.create_task(_listen(door, connection, sent, seen))
        began = time.perf_counter()
        for number, start in enumerate(range(0, len(pcm), _PIECE)):
            await asyncio.sleep(began + _PIECE_S * number - time.perf_counter())
            sent.append(time.perf_counter())
            await connection.send(pcm[start : start + _PIECE])
        ended = time.perf_counter()
        await connection.send(door.end)
        words, came = await asyncio.wait_for(listening, 30)
    seen.words += len(words.replace(" ", ""))
    seen.final_ms.append((came - ended) * 1000)


async def _listen(
    door: Door, connection: ClientConnection, sent: list[float], seen: Seen
) -> tuple[str, float]:
    """Return the final words and when they came."""
    words = ""
    has_partial = False
    async for frame in connection:
        message = json.loads(frame)
        if message.get("type") == "error":
            raise ConnectionError(message["code"])
        if not has_partial and (message.get("partial") or message.get("type") == "partial"):
            has_partial = True
            seen.partial_ms.append((time.perf_counter() - sent[-1]) * 1000)
        kind = message.get("type", "text")
        if kind in door.last and "text" in message:
            words += str(message["text"])
        if kind in {"heard", "dictated", "not_heard"}:
            return words, time.perf_counter()
    # vosk-server closes the connection after the last words.
    return words, time.perf_counter()


@asynccontextmanager
async def _ours(model: Path, most: int) -> AsyncIterator[list[Door]]:
    """Serve, and return the door for questions and the one for words that are only written down."""
    with tempfile.TemporaryDirectory() as folder:
        where = replace(
            settings(),
            data_dir=Path(folder),
            database_url=f"sqlite://{folder}/openzone.sqlite3",
        )
        await open_database(where.database_url)
        await close_database()
        more = {
            "OPENZONE_RECOGNISER": "vosk",
            "OPENZONE_VOSK_MODEL_DIR": str(model),
            "OPENZONE_SYNTHESISER": "silent",
            "OPENZONE_LISTENING_AT_ONCE": str(most),
            # A pause in the clip must end nothing before its end.
            "OPENZONE_KIOSK_SILENCE_MS": "5000",
        }
        async with serve(where, **more) as served:
            address = served.url.replace("http", "ws", 1) + "/kiosk/voice"
            begins = {
                "OpenZone": '{"type": "start"}',
                "OpenZone, dictation": '{"type": "start", "purpose": "words"}',
            }
            last = ("heard", "dictated")
            yield [
                Door(name, address, served.pid, begin, '{"type": "stop"}', last)
                for name, begin in begins.items()
            ]


@asynccontextmanager
async def _theirs(model: Path, program: Path) -> AsyncIterator[Door]:
    port = free_port()
    environment = os.environ | {
        "VOSK_SERVER_INTERFACE": "127.0.0.1",
        "VOSK_SERVER_PORT": str(port),
        "VOSK_SAMPLE_RATE": "16000",
        # Times of words are not asked of ours either.
        "VOSK_SHOW_WORDS": "",
    }
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, str(program), str(model)),
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        address = f"ws://127.0.0.1:{port}"
        for _ in range(600):
            try:
                async with connect(address, proxy=None):
                    break
            except OSError:
                await asyncio.sleep(0.1)
        yield Door("vosk-server", address, server.pid, "", '{"eof" : 1}', ("text",))
    finally:
        server.terminate()
        await server.wait()


def _processor_s(pid: int) -> float:
    """Return the processor time that a process and all below it have used, in seconds."""
    used = 0
    for process in with_descendants(pid):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        used += int(fields[11]) + int(fields[12])
    return used / _TICKS


if __name__ == "__main__":
    main()
