"""Addresses of spoken text: made here, served anywhere, and good for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from server.metrics import Metrics
from server.speech_desk import PHRASES, SpeechDesk
from services.errors import NotFound
from services.replies import Decision
from services.spoken_owners import OF_THE_HOUSE, Said
from speech.prepared import PreparedSpeech
from speech.silent_synthesis import SilentSynthesiser


class SlowSynthesiser(SilentSynthesiser):
    """One whose sentences take a while to make."""

    takes_time = True


def desk(folder: Path, key: bytes, engine: SilentSynthesiser | None = None) -> SpeechDesk:
    speech = PreparedSpeech(folder, engine or SilentSynthesiser(), 10**7)
    return SpeechDesk(speech, "", Metrics(), key)


def sounds(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_one_process_issued_another_with_the_same_key_serves(tmp_path: Path) -> None:
    key = Fernet.generate_key()
    [(_, token)] = desk(tmp_path, key).issue("您好，欢迎。")
    assert (await desk(tmp_path, key).sound(token)).pcm
    assert token.replace("-", "").replace("_", "").isalnum()
    with pytest.raises(NotFound):
        await desk(tmp_path, Fernet.generate_key()).sound(token)
    for spoilt in (token[:-2], f"{token}AA", "欢迎", "", token.swapcase()):
        with pytest.raises(NotFound):
            await desk(tmp_path, key).sound(spoilt)


async def test_what_is_meant_for_one_person_never_touches_the_disk(tmp_path: Path) -> None:
    speaking = desk(tmp_path, Fernet.generate_key())
    [(_, token)] = speaking.issue("您的问题已经答复。", keep=False)
    assert (await speaking.sound(token)).pcm
    assert sounds(tmp_path) == []
    [(_, token)] = speaking.issue("您的问题已经答复。")
    assert (await speaking.sound(token)).pcm
    assert len(sounds(tmp_path)) == 1


async def test_a_reply_that_has_yet_to_be_made_is_opened_with_what_is_there(tmp_path: Path) -> None:
    key = Fernet.generate_key()
    slow = desk(tmp_path, key, SlowSynthesiser())
    pieces = slow.pieces("根据公告，免费。请带上身份证。")

    def opening(decision: Decision, said: Said = OF_THE_HOUSE, rate: float = 1.0) -> list[str]:
        return [piece.text for piece in slow.opening(decision, pieces, said, rate)]

    assert opening(Decision.ANSWER) == [], "an opening that has yet to be made opens nothing"
    for name in ("found", "to-confirm"):
        assert (await slow.sound(name)).pcm
    assert opening(Decision.ANSWER) == [PHRASES["found"]]
    assert opening(Decision.CONFIRM) == [PHRASES["to-confirm"]]
    assert opening(Decision.HANDOFF) == []
    assert slow.opening(Decision.ANSWER, [], OF_THE_HOUSE, 1.0) == []
    assert opening(Decision.ANSWER, rate=0.8) == [], "slower it has yet to be made"
    await slow.sound(slow.issue(pieces[0].text)[0][1])
    assert opening(Decision.ANSWER) == [], "what is said first is there"
    assert opening(Decision.ANSWER, Said("document:1", 1)) == [PHRASES["found"]], "but not for it"
    (one,) = slow.opening(Decision.ANSWER, pieces, Said("document:1", 1), 1.0)
    assert one.url == "/kiosk/speech/found"


async def test_an_engine_that_speaks_at_once_needs_no_opening(tmp_path: Path) -> None:
    quick = desk(tmp_path, Fernet.generate_key())
    await quick.sound("found")
    pieces = quick.pieces("根据公告，免费。")
    assert quick.opening(Decision.ANSWER, pieces, OF_THE_HOUSE, 1.0) == []
