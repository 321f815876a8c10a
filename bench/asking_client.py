"""A closed-loop client: each connection asks the next question when it has its answer.

Runs as a process of its own, `python -m bench.asking_client HOST PORT CONNECTIONS`, with questions
as lines on its standard input, and prints one JSON object.
"""

from __future__ import annotations

import asyncio
import sys
import time

import msgspec


class Outcome(msgspec.Struct, frozen=True):
    """What the client saw."""

    milliseconds: list[float]
    """Of each answer, from the first byte sent to the last received."""
    failures: int
    """Replies with another status than 200."""
    seconds: float
    """From the first question to the last answer."""


async def ask_all(host: str, port: int, connections: int, questions: list[str]) -> Outcome:
    """Ask every question once, over so many connections at a time."""
    waiting = iter(questions)
    took: list[float] = []
    failures = 0

    async def ask_in_turn() -> None:
        nonlocal failures
        reader, writer = await asyncio.open_connection(host, port)
        for question in waiting:
            request = _request(host, question)
            began = time.perf_counter()
            writer.write(request)
            status = await _read_reply(reader)
            took.append((time.perf_counter() - began) * 1000)
            failures += status != 200
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(ask_in_turn() for _ in range(connections)))
    return Outcome(took, failures, time.perf_counter() - began)


def _request(host: str, question: str) -> bytes:
    # Written by hand: a client library takes as long as the server for such a small exchange,
    # and what it takes on a busy machine would be counted as the server's.
    body = msgspec.json.encode({"text": question})
    head = (
        f"POST /api/v1/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


async def _read_reply(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("ascii").lower().split("\r\n")
    length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])


if __name__ == "__main__":
    lines = [line for line in sys.stdin.read().splitlines() if line]
    outcome = asyncio.run(ask_all(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), lines))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
