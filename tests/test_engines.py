"""Which engine an installation uses, and that it says so."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from server.engines import load_recogniser
from speech.errors import ModelUnavailable
from speech.model_catalogue import CATALOGUE, VOSK, WHISPER
from speech.model_store import ModelStore
from tests.model_host import archive, downloaded_model, hosting

SILENCE_MS = 800
NOWHERE = "http://127.0.0.1:9/model.zip"


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vosk package keeps models of its own in the user's home."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def whisper_dir(model_store: ModelStore) -> Path:
    return model_store.obtain(WHISPER)


def store_of(
    cache: Path, configured: dict[str, Path], *, vosk_url: str = NOWHERE, offline: bool = False
) -> ModelStore:
    vosk = dataclasses.replace(downloaded_model(vosk_url), name=VOSK)
    others = [model for model in CATALOGUE if model.name != VOSK]
    return ModelStore(cache, configured, offline, catalogue=[vosk, *others])


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


async def test_vosk_is_taken_where_its_model_is(
    tmp_path: Path, vosk_test_model: Path, whisper_dir: Path
) -> None:
    store = store_of(tmp_path, {VOSK: vosk_test_model, WHISPER: whisper_dir})
    recogniser, note = await load_recogniser(store, "auto", SILENCE_MS)
    await recogniser.close()
    assert (recogniser.name, recogniser.streams) == ("vosk", True)
    assert "vosk-model-test-cn" in note


async def test_vosk_is_fetched_where_it_can_be(
    tmp_path: Path, vosk_test_model: Path, whisper_dir: Path
) -> None:
    with hosting(archive(files_in(vosk_test_model))) as host:
        store = store_of(tmp_path, {WHISPER: whisper_dir}, vosk_url=host.url)
        recogniser, note = await load_recogniser(store, "auto", SILENCE_MS)
    await recogniser.close()
    assert recogniser.name == "vosk"
    assert VOSK in note


async def test_where_vosk_cannot_be_had_whisper_is_taken_and_the_note_says_so(
    tmp_path: Path, whisper_dir: Path
) -> None:
    store = store_of(tmp_path, {WHISPER: whisper_dir})
    recogniser, note = await load_recogniser(store, "auto", SILENCE_MS)
    await recogniser.close()
    assert (recogniser.name, recogniser.streams) == ("whisper", False)
    assert "未取得 Vosk" in note


async def test_a_download_that_failed_does_not_delay_the_next_start(
    tmp_path: Path, whisper_dir: Path
) -> None:
    with hosting(b"") as host:
        store = store_of(tmp_path, {WHISPER: whisper_dir}, vosk_url=host.url)
        for _ in range(3):
            recogniser, _ = await load_recogniser(store, "auto", SILENCE_MS)
            await recogniser.close()
        assert len(host.ranges) == 1
        with pytest.raises(ModelUnavailable):
            store.obtain(VOSK)
        assert len(host.ranges) == 2, "who asks for it is not refused a new try"


async def test_offline_nothing_is_tried(tmp_path: Path, whisper_dir: Path) -> None:
    with hosting(b"") as host:
        store = store_of(tmp_path, {WHISPER: whisper_dir}, vosk_url=host.url, offline=True)
        recogniser, _ = await load_recogniser(store, "auto", SILENCE_MS)
        await recogniser.close()
        assert host.ranges == []


async def test_a_vosk_model_that_cannot_be_loaded_gives_way_to_whisper(
    tmp_path: Path, vosk_test_model: Path, whisper_dir: Path
) -> None:
    shutil.copytree(vosk_test_model, tmp_path / "vosk")
    (tmp_path / "vosk" / "am" / "final.mdl").write_bytes(b"broken" * 1000)
    store = store_of(tmp_path, {VOSK: tmp_path / "vosk", WHISPER: whisper_dir})
    recogniser, note = await load_recogniser(store, "auto", SILENCE_MS)
    await recogniser.close()
    assert recogniser.name == "whisper"
    assert "无法加载" in note


@pytest.mark.parametrize("choice", ["auto", "vosk", "whisper"])
async def test_without_any_model_the_error_says_what_to_do(tmp_path: Path, choice: str) -> None:
    store = store_of(tmp_path, {}, offline=True)
    with pytest.raises(ModelUnavailable, match="openzone speech models fetch"):
        await load_recogniser(store, choice, SILENCE_MS)


async def test_the_stand_in_model_is_never_taken_unasked(tmp_path: Path) -> None:
    # It was trained on synthetic voices and does not understand people.
    store = store_of(tmp_path, {}, offline=True)
    assert store.find(VOSK) is None
