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
"""What is asked (HEAR, FINISH or FORGET), which utterance, and how many bytes of sound follow."""
REPLY = struct.Struct("<BI")
"""Whether it went well (1 or 0), and how many bytes of UTF-8 follow."""
HEAR, FINISH, FORGET = 1, 2, 3
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
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        asked, number, size = REQUEST.unpack(head)
        pcm = requests.read(size)
        try:
            if asked == FORGET:
                utterances.pop(number, None)
                _reply(replies, True, "")
                continue
            if number not in utterances:
                utterances[number] = vosk.KaldiRecognizer(model, SAMPLE_RATE)
            if asked == FINISH:
                _reply(replies, True, _text(utterances.pop(number).FinalResult(), "text"))
            else:
                _reply(replies, True, _heard(utterances[number], pcm))
        except Exception as error:  # noqa: BLE001 - Vosk raises nothing narrower.
            utterances.pop(number, None)
            _reply(replies, False, str(error))


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
