"""Engines: which recogniser and synthesiser this installation uses, and why."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from server.settings import Settings
from speech.errors import EngineBroken, ModelUnavailable, UnknownVoice
from speech.languages.front_end import FrontEnd
from speech.languages.mandarin import MANDARIN
from speech.model_catalogue import KOKORO, VOSK, WHISPER
from speech.model_folders import takes_phrases
from speech.model_store import ModelStore
from speech.recognition import Recogniser
from speech.synthesis import Synthesiser


@dataclass(frozen=True)
class EngineChoice:
    """An engine, its model and one Chinese sentence that says why it is the one."""

    engine: str
    """ "" when there is none."""
    model: str
    model_dir: Path | None
    note: str


def open_model_store(settings: Settings) -> ModelStore:
    """Return the store of speech models that the settings describe."""
    configured = {
        VOSK: settings.vosk_model_dir,
        WHISPER: settings.whisper_model_dir,
        KOKORO: settings.kokoro_model_dir,
    }
    return ModelStore(
        settings.cache_dir,
        {name: folder for name, folder in configured.items() if folder is not None},
        settings.offline,
    )


def choose_recogniser(store: ModelStore, choice: str) -> EngineChoice:
    """Return the recogniser that the models on this machine allow, without any network.

    `choice` is a value of the setting: auto, vosk or whisper. Blocks; call it in a thread.
    """
    if choice != "whisper" and (folder := store.find(VOSK)):
        note = f"语音识别使用 Vosk（{folder.name}），边说边显示文字。"
        if not takes_phrases(folder):
            note += "这个模型不能限定词句，是非、数字和口令按读音辨认。"
        return EngineChoice("vosk", folder.name, folder, note)
    if choice != "vosk" and (folder := store.find(WHISPER)):
        note = f"按设置使用 whisper（{folder.name}）：整句识别，不显示实时文字。"
        if choice == "auto":
            note = f"未取得 Vosk 中文模型，改用 {folder.name}（整句识别，不显示实时文字）。"
        return EngineChoice("whisper", folder.name, folder, note)
    return EngineChoice("", "", None, "没有可用的语音识别模型，只能打字提问。")


def choose_synthesiser(store: ModelStore, choice: str) -> EngineChoice:
    """Return the synthesiser that the models on this machine allow, without any network.

    `choice` is a value of the setting: auto, kokoro, espeak or silent. Blocks; call it in a thread.
    """
    if choice == "silent":
        return EngineChoice("silent", "", None, "按设置不朗读。")
    if choice != "espeak" and (folder := store.find(KOKORO)):
        note = f"语音朗读使用 Kokoro（{folder.name}），自然普通话。"
        return EngineChoice("kokoro", folder.name, folder, note)
    if choice == "kokoro":
        return EngineChoice("", "", None, "没有 Kokoro 语音合成模型，不能朗读。")
    note = "按设置使用系统语音（espeak）朗读。"
    if choice == "auto":
        note = "未取得 Kokoro 模型，改用系统语音（espeak）朗读，音质较差。"
    return EngineChoice("espeak", "", None, note)


async def load_recogniser(
    store: ModelStore, choice: str, silence_ms: int
) -> tuple[Recogniser, str]:
    """Return a loaded recogniser, and one Chinese sentence on which it is and why.

    `choice` is auto, vosk or whisper; `silence_ms` is the silence that ends an utterance. With
    auto, Vosk is fetched if that is possible, unless it was tried in vain within a day.
    Raises ModelUnavailable or EngineBroken when no recogniser can be had.
    """
    if choice == "auto":
        await _fetch_unless_vain(store, VOSK)
    chosen = await asyncio.to_thread(choose_recogniser, store, choice)
    if chosen.engine == "vosk" and choice == "auto":
        try:
            return await _recogniser(chosen, silence_ms), chosen.note
        except EngineBroken:
            folder = await asyncio.to_thread(store.obtain, WHISPER)
            note = f"Vosk 模型无法加载，改用 {folder.name}（整句识别，不显示实时文字）。"
            chosen = EngineChoice("whisper", folder.name, folder, note)
    if not chosen.engine:
        await asyncio.to_thread(store.obtain, VOSK if choice == "vosk" else WHISPER)
        chosen = await asyncio.to_thread(choose_recogniser, store, choice)
    return await _recogniser(chosen, silence_ms), chosen.note


async def load_synthesiser(
    store: ModelStore, choice: str, voice: str = "", front_end: FrontEnd = MANDARIN
) -> tuple[Synthesiser, str]:
    """Return a loaded synthesiser, and one Chinese sentence on which it is and why.

    `choice` is auto, kokoro, espeak or silent. With auto, Kokoro is fetched if that is possible,
    unless it was tried in vain within a day. Raises ModelUnavailable or EngineBroken when the
    engine cannot be had, UnknownVoice when it has not the voice; auto then uses its default voice.
    """
    if choice == "auto":
        await _fetch_unless_vain(store, KOKORO)
    if choice == "kokoro":
        await asyncio.to_thread(store.obtain, KOKORO)
    chosen = await asyncio.to_thread(choose_synthesiser, store, choice)
    note = chosen.note
    try:
        synthesiser = await _synthesiser(chosen, front_end)
    except EngineBroken:
        if choice != "auto" or chosen.engine != "kokoro":
            raise
        note = "Kokoro 模型无法加载，改用系统语音（espeak）朗读，音质较差。"
        synthesiser = await _synthesiser(EngineChoice("espeak", "", None, note), front_end)
    if voice and voice not in synthesiser.voices:
        if choice != "auto":
            await synthesiser.close()
            raise UnknownVoice(
                f"没有名为 {voice} 的声音，可用的有：{'、'.join(synthesiser.voices)}。"
            )
        note += f"没有名为 {voice} 的声音，用默认的声音。"
    return synthesiser, note


async def _fetch_unless_vain(store: ModelStore, name: str) -> None:
    def fetch() -> None:
        if store.find(name) is None and not store.offline and not store.failed_lately(name):
            store.obtain(name)

    try:
        await asyncio.to_thread(fetch)
    except ModelUnavailable:
        # There is another engine to take; the note that goes with it says so.
        return


async def _recogniser(chosen: EngineChoice, silence_ms: int) -> Recogniser:
    assert chosen.model_dir is not None
    if chosen.engine == "vosk":
        from speech.vosk_recognition import VoskRecogniser

        return await VoskRecogniser.load(
            chosen.model_dir, model=chosen.model, silence_ms=silence_ms
        )
    from speech.whisper_recognition import WhisperRecogniser

    return await WhisperRecogniser.load(chosen.model_dir, model=chosen.model, silence_ms=silence_ms)


async def _synthesiser(chosen: EngineChoice, front_end: FrontEnd) -> Synthesiser:
    if chosen.engine == "kokoro":
        from speech.kokoro_synthesis import KokoroSynthesiser

        assert chosen.model_dir is not None
        return await KokoroSynthesiser.load(chosen.model_dir, front_end=front_end)
    if chosen.engine == "silent":
        from speech.silent_synthesis import SilentSynthesiser

        return SilentSynthesiser()
    from speech.pyttsx3_synthesis import Pyttsx3Synthesiser

    return Pyttsx3Synthesiser(front_end=front_end)
