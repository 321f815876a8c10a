"""The settings of an installation, read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from models.venue import VENUE_CODE

RECOGNISERS = ("auto", "vosk", "whisper")
_WEB_ADDRESS = r"https?://[^\s/?#@]+(/[^\s?#]*)?"
SYNTHESISERS = ("auto", "kokoro", "espeak", "silent")

MOST_WORKERS = 64


class BadSettings(Exception):
    """Some settings cannot be used; the message names every one of them."""


@dataclass(frozen=True)
class Settings:
    """What one installation was told. Every field is the variable OPENZONE_<FIELD>."""

    data_dir: Path
    """The database, the search index, prepared speech and keys live below it."""
    cache_dir: Path
    """Where fetched speech models are kept; shared by installations of one user."""
    database_url: str = field(repr=False)
    """A Tortoise URL; SQLite below data_dir unless told otherwise."""
    host: str = "127.0.0.1"
    """The address to listen on; a kiosk on the same machine needs no other."""
    port: int = 8080
    workers: int = 1
    """Processes that serve, each with engines of its own; more than one only on POSIX systems."""
    recogniser: str = "auto"
    """auto takes Vosk wherever its model can be had, else whisper."""
    synthesiser: str = "auto"
    """auto takes Kokoro wherever its model can be had, else espeak."""
    voice: str = ""
    """A voice of the synthesiser; empty for its default."""
    vosk_model_dir: Path | None = None
    """An unpacked Vosk model to use before any other source."""
    whisper_model_dir: Path | None = None
    """A CTranslate2 whisper model to use before any other source."""
    kokoro_model_dir: Path | None = None
    """A folder with the Kokoro model, its vocabulary and voices."""
    kiosk_name: str = "一号自助机"
    """The name that staff see when somebody at this kiosk calls for them."""
    venue: str = ""
    """The code of the zone that this installation's own kiosk is in; empty for the first one."""
    kiosk_silence_ms: int = 900
    """Silence that ends an utterance, in milliseconds; elderly speakers pause long."""
    public_url: str = ""
    """Where phones reach this server, for the codes that people take home; empty for the address
    that the page was asked under."""
    offline: bool = False
    """Never try to download anything."""

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"

    @property
    def speech_cache_dir(self) -> Path:
        return self.data_dir / "speech"

    @property
    def speech_note(self) -> Path:
        """Says how far prepared speech follows the library."""
        return self.data_dir / "speech.followed"

    @property
    def key_file(self) -> Path:
        return self.data_dir / "secret.key"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment gives.

    Raises BadSettings naming everything that is wrong, not only the first.
    """
    wrong: list[str] = []

    def text(name: str, default: str) -> str:
        return environ.get(f"OPENZONE_{name}", "").strip() or default

    def path(name: str) -> Path | None:
        value = text(name, "")
        return Path(value).expanduser() if value else None

    def number(name: str, default: int, lowest: int, highest: int) -> int:
        value = text(name, str(default))
        if value.isdigit() and lowest <= int(value) <= highest:
            return int(value)
        wrong.append(f"OPENZONE_{name} must be a number from {lowest} to {highest}, not {value!r}")
        return default

    def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
        value = text(name, default).lower()
        if value in choices:
            return value
        wrong.append(f"OPENZONE_{name} must be one of {', '.join(choices)}, not {value!r}")
        return default

    def shaped(name: str, shape: str, told: str) -> str:
        value = text(name, "")
        if not value or re.fullmatch(shape, value):
            return value
        wrong.append(f"OPENZONE_{name} must be {told}, not {value!r}")
        return ""

    data_dir = path("DATA_DIR") or Path(platformdirs.user_data_dir("openzone", appauthor=False))
    data_dir = data_dir.absolute()
    settings = Settings(
        data_dir=data_dir,
        cache_dir=path("CACHE_DIR")
        or Path(platformdirs.user_cache_dir("openzone", appauthor=False)),
        database_url=text("DATABASE_URL", f"sqlite://{data_dir / 'openzone.sqlite3'}"),
        host=text("HOST", "127.0.0.1"),
        port=number("PORT", 8080, 1, 65535),
        workers=number("WORKERS", 1, 1, MOST_WORKERS),
        recogniser=choice("RECOGNISER", "auto", RECOGNISERS),
        synthesiser=choice("SYNTHESISER", "auto", SYNTHESISERS),
        voice=text("VOICE", ""),
        vosk_model_dir=path("VOSK_MODEL_DIR"),
        whisper_model_dir=path("WHISPER_MODEL_DIR"),
        kokoro_model_dir=path("KOKORO_MODEL_DIR"),
        kiosk_name=text("KIOSK_NAME", "一号自助机"),
        venue=shaped("VENUE", f"(?i:{VENUE_CODE})", "letters, digits and hyphens").lower(),
        kiosk_silence_ms=number("KIOSK_SILENCE_MS", 900, 300, 5000),
        public_url=shaped("PUBLIC_URL", _WEB_ADDRESS, "an address with http:// or https://").rstrip(
            "/"
        ),
        offline=choice("OFFLINE", "0", ("0", "1", "true", "false")) in {"1", "true"},
    )
    if wrong:
        raise BadSettings("; ".join(wrong))
    return settings
