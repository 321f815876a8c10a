"""pyttsx3 worker: the program that runs pyttsx3, in a process of its own.

pyttsx3's runAndWait blocks, its engine cannot overlap itself, and it is known to hang on later
uses (nateshmbhat/pyttsx3#327, #403): here it may hang without anybody waiting for it for ever.

It reads one JSON object a line from stdin, {"text", "rate", "out"}, writes a WAV file to "out" and
one JSON object to stdout, {"ok"} or {"error"}; and ends with its stdin. The first line it writes
says whether the engine could be loaded. It imports nothing of this project.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
import time
from typing import Any, TextIO

USUAL_RATE = 160
"""Words a minute of espeak-ng, slower than its own 175 for people who listen hard."""


def main() -> None:
    """Load the engine, say whether that went well, and speak until stdin ends."""
    # pyttsx3 prints where it saved a file; that must not get between the replies.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        engine = _engine()
        usual_rate = USUAL_RATE if sys.platform == "linux" else int(engine.getProperty("rate"))
    except Exception as error:  # noqa: BLE001 - every driver raises errors of its own.
        _reply(replies, {"error": f"{type(error).__name__}: {error}"})
        return
    _reply(replies, {"ok": True})
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            _set_rate(engine, int(usual_rate * asked["rate"]))
            say_into(engine, asked["text"], asked["out"])
            _reply(replies, {"ok": True})
        except Exception as error:  # noqa: BLE001 - as above.
            _reply(replies, {"error": f"{type(error).__name__}: {error}"})


def say_into(engine: Any, text: str, out: str) -> None:
    """Write what is said of a text to a file, and return once it is there.

    On Linux runAndWait comes back at once: pyttsx3's queue ends its loop before espeak-ng, which
    speaks in a thread of its own, has begun. On a busy machine the file was then read too early.
    """
    if sys.platform != "linux":
        engine.save_to_file(text, out)
        engine.runAndWait()
        return
    finished = threading.Event()
    listening = engine.connect("finished-utterance", lambda **_: finished.set())
    try:
        engine.save_to_file(text, out)
        engine.runAndWait()
        finished.wait()
    finally:
        engine.disconnect(listening)


def _engine() -> Any:
    if sys.platform == "linux":
        return _espeak(sys.argv[1])
    import pyttsx3

    engine = pyttsx3.init()
    for voice in engine.getProperty("voices"):
        languages = " ".join(str(language) for language in voice.languages or ())
        if (
            "zh" in f"{voice.id} {voice.name} {languages}".lower()
            or "chinese" in voice.name.lower()
        ):
            engine.setProperty("voice", voice.id)
            break
    return engine


def _espeak(voice_ending: str) -> Any:
    """Return pyttsx3 on the espeak-ng that comes with espeakng-loader, no system package needed.

    Its voice is the one whose identifier ends so.

    The library's SONAME is the one pyttsx3 asks the loader for, so loading it first is enough.
    """
    import espeakng_loader

    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    os.environ["ESPEAK_DATA_PATH"] = str(espeakng_loader.get_data_path())
    import pyttsx3

    engine = pyttsx3.init(driverName="espeak")
    voices = [voice.id for voice in engine.getProperty("voices")]
    engine.setProperty("voice", next(v for v in voices if v.lower().endswith(voice_ending)))
    return engine


def _set_rate(engine: Any, rate: int) -> None:
    """Set the speaking rate, and see that it is taken up.

    pyttsx3 hands it to espeak-ng from its queue, where now and then it is lost.
    """
    engine.setProperty("rate", rate)
    if sys.platform != "linux":
        return
    from pyttsx3.drivers import _espeak as espeak

    for _ in range(50):
        espeak.SetParameter(espeak.RATE, rate, 0)
        if espeak.GetParameter(espeak.RATE) == rate:
            return
        time.sleep(0.002)


def _reply(replies: TextIO, reply: dict[str, Any]) -> None:
    replies.write(json.dumps(reply) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
