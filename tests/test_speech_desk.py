"""Addresses of spoken text: made here, served anywhere, and good for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from server.metrics import Metrics
from server.speech_desk import SpeechDesk
from services.errors import NotFound
from speech.prepared import PreparedSpeech
from speech.silent_synthesis import SilentSynthesiser


def desk(folder: Path, key: bytes) -> SpeechDesk:
    return SpeechDesk(PreparedSpeech(folder, SilentSynthesiser(), 10**7), "", Metrics(), key)


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
