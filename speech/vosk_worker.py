"""Vosk worker: the program that runs Vosk, in a process of its own.

libvosk and the library behind the grammars of numerals (kaldifst, through wetext) each carry a copy
of OpenFst whose registers the linker makes one for a whole process: whichever is loaded second
crashes or hangs. A process of its own keeps them apart, and a fault in Vosk from ending a server.

Run with the model's folder as the only argument. It reads requests from stdin and writes one reply
to each, in order, to stdout, and ends with its stdin. It imports nothing of this project.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from typing import Any, BinaryIO

REQUEST = struct.Struct("<BII")
"""What is asked, which utterance, and how many bytes of sound, or of what is expected, follow."""
REPLY = struct.Struct("<BI")
"""Whether it went well (1 or 0), and how many bytes of UTF-8 follow."""
HEAR, FINISH, FORGET, EXPECT, HELD = 1, 2, 3, 4, 5
"""EXPECT, before the first sound, names the phrases (a JSON list) that a second recogniser of the
utterance is held to; what follows says which of them the model has no words for (a JSON list). HELD,
before FINISH, gives what that one heard, UNKNOWN where it was something else.
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
    import vosk

    utterances: dict[int, Any] = {}
    held: dict[int, _Held] = {}
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        asked, number, size = REQUEST.unpack(head)
        pcm = requests.read(size)
        try:
            if asked == FORGET:
                utterances.pop(number, None)
                held.pop(number, None)
                _reply(replies, True, "")
                continue
            if asked == EXPECT:
                grammar, missing = _grammar(model, json.loads(pcm))
                if grammar:
                    held[number] = _Held(vosk.KaldiRecognizer(model, SAMPLE_RATE, grammar))
                _reply(replies, True, json.dumps(missing))
                continue
            if asked == HELD:
                _reply(replies, True, held.pop(number).finish() if number in held else "")
                continue
            if number not in utterances:
                utterances[number] = vosk.KaldiRecognizer(model, SAMPLE_RATE)
            if asked == FINISH:
                _reply(replies, True, _text(utterances.pop(number).FinalResult(), "text"))
            else:
                if number in held:
                    held[number].hear(pcm)
                _reply(replies, True, _heard(utterances[number], pcm))
        except Exception as error:  # noqa: BLE001 - Vosk raises nothing narrower.
            utterances.pop(number, None)
            held.pop(number, None)
            _reply(replies, False, str(error))


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


def _reply(replies: BinaryIO, well: bool, text: str) -> None:
    content = text.encode()
    replies.write(REPLY.pack(well, len(content)) + content)
    replies.flush()


if __name__ == "__main__":
    main()
