"""Vosk worker: the program that runs Vosk, in a process of its own.

libvosk and the library behind the grammars of numerals (kaldifst, through wetext) each carry a copy
of OpenFst whose registers the linker makes one for a whole process: whichever is loaded second
crashes or hangs. A process of its own keeps them apart, and a fault in Vosk from ending a server.

Run with the model's folder as the only argument. It reads requests from stdin and writes one reply
to each to stdout, in order for each utterance, and ends with its stdin. Several utterances are heard
at once, on as many threads as there are processors: Vosk lets go of Python's lock while it works, and
a model may be shared. It imports nothing of this project.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import struct
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

REQUEST = struct.Struct("<BII")
"""What is asked, which utterance, and how many bytes of sound, or of what is expected, follow."""
REPLY = struct.Struct("<BII")
"""Whether it went well (1 or 0), to which request, counted from 1 (0: the model is loaded or not),
and how many bytes of UTF-8 follow."""
HEAR, FINISH, FORGET, EXPECT, HELD, COUNT = 1, 2, 3, 4, 5, 6
"""EXPECT, before the first sound, names the phrases (a JSON list) that a second recogniser of the
utterance is held to; what follows says which of them the model has no words for (a JSON list). HELD,
before FINISH, gives what that one heard, UNKNOWN where it was something else. COUNT tells how many utterances there are.
"""
UNKNOWN = "[unk]"
SAMPLE_RATE = 16_000


def main() -> None:
    """Load the model, say whether that went well, and answer requests until stdin ends."""
    # What C libraries print must not get between the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        import vosk

        vosk.SetLogLevel(-1)
        model = vosk.Model(sys.argv[1])
    except Exception as error:  # noqa: BLE001 - Vosk raises nothing narrower.
        _reply(replies, False, str(error))
        return
    _reply(replies, True, "")
    _answer(model, sys.stdin.buffer, replies)


def _answer(model: Any, requests: BinaryIO, replies: BinaryIO) -> None:
    threads = [ThreadPoolExecutor(1) for _ in range(os.cpu_count() or 1)]
    utterances: dict[int, _Utterance] = {}
    writing = threading.Lock()
    for request in itertools.count(1):
        head = requests.read(REQUEST.size)
        if len(head) < REQUEST.size:
            break
        asked, number, size = REQUEST.unpack(head)
        content = requests.read(size)
        if asked == COUNT:
            with writing:
                _reply(replies, True, str(len(utterances)), request)
            continue
        utterance = utterances.get(number)
        if utterance is None:
            # One that is about to end is worth less than a thread: the emptiest is taken.
            busy = [other.thread for other in utterances.values()]
            utterance = utterances[number] = _Utterance(model, min(threads, key=busy.count))
        if asked in {FINISH, FORGET}:
            del utterances[number]
        utterance.thread.submit(_do, utterance, asked, content, replies, request, writing)
    for thread in threads:
        thread.shutdown(cancel_futures=True)


def _do(
    utterance: _Utterance,
    asked: int,
    content: bytes,
    replies: BinaryIO,
    request: int,
    writing: threading.Lock,
) -> None:
    try:
        said, well = utterance.do(asked, content), True
    except Exception as error:  # noqa: BLE001 - Vosk raises nothing narrower.
        said, well = str(error), False
        utterance.forget()
    with writing, contextlib.suppress(BrokenPipeError):
        _reply(replies, well, said, request)


class _Utterance:
    """One person speaking once; everything about it happens on one thread."""

    def __init__(self, model: Any, thread: ThreadPoolExecutor) -> None:
        self.thread = thread
        self._model = model
        self._free: Any = None
        self._held: _Held | None = None

    def do(self, asked: int, content: bytes) -> str:
        """Do what is asked and return what is replied."""
        import vosk

        if asked == FORGET:
            self.forget()
            return ""
        if asked == EXPECT:
            grammar, missing = _grammar(self._model, json.loads(content))
            if grammar:
                self._held = _Held(vosk.KaldiRecognizer(self._model, SAMPLE_RATE, grammar))
            return json.dumps(missing)
        if asked == HELD:
            held, self._held = self._held, None
            return held.finish() if held else ""
        if self._free is None:
            self._free = vosk.KaldiRecognizer(self._model, SAMPLE_RATE)
        if asked == FINISH:
            said = _text(self._free.FinalResult(), "text")
            self.forget()
            return said
        if self._held:
            self._held.hear(content)
        return _heard(self._free, content)

    def forget(self) -> None:
        """Let go of everything held."""
        self._free = self._held = None


class _Held:
    """A recogniser that knows a few phrases alone, and what it has heard so far."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._settled: list[str] = []

    def hear(self, pcm: bytes) -> None:
        if self._recogniser.AcceptWaveform(pcm):
            self._settled.append(_text(self._recogniser.Result(), "text"))

    def finish(self) -> str:
        last = _text(self._recogniser.FinalResult(), "text")
        return " ".join(filter(None, [*self._settled, last]))


def _grammar(model: Any, phrases: list[str]) -> tuple[str, list[str]]:
    """Return the grammar of some phrases, "" for none, and the phrases that it cannot say.

    Vosk only warns of a word that the model does not have, and leaves it out of the phrase.
    """
    cut = {phrase: _words(model, phrase) for phrase in phrases}
    known = [" ".join(words) for words in cut.values() if words]
    missing = [phrase for phrase, words in cut.items() if not words]
    return json.dumps([*known, UNKNOWN], ensure_ascii=False) if known else "", missing


def _words(model: Any, phrase: str) -> list[str]:
    """Return a phrase in as few words of the model as possible, [] where it has them not."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(phrase) + 1):
        ways = []
        for start in range(end):
            before, word = best[start], phrase[start:end]
            if before is not None and (word.isspace() or model.vosk_model_find_word(word) >= 0):
                ways.append(before if word.isspace() else [*before, word])
        best.append(min(ways, key=len, default=None))
    return best[-1] or []


def _heard(utterance: Any, pcm: bytes) -> str:
    """Return the words of the present phrase; a line feed after them says that it is complete."""
    if utterance.AcceptWaveform(pcm):
        return _text(utterance.Result(), "text") + "\n"
    return _text(utterance.PartialResult(), "partial")


def _text(result: str, key: str) -> str:
    return str(json.loads(result)[key])


def _reply(replies: BinaryIO, well: bool, text: str, request: int = 0) -> None:
    content = text.encode()
    replies.write(REPLY.pack(well, request, len(content)) + content)
    replies.flush()


if __name__ == "__main__":
    main()
