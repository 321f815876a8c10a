"""The settings of an installation, read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from models.venue import VENUE_CODE

RECOGNISERS = ("auto", "vosk", "whisper")
_WEB_ADDRESS = r"https?://[^\s/?#@]+(/[^\s?#]*)?"
SYNTHESISERS = ("auto", "kokoro", "espeak", "silent")

MOST_WORKERS = 64


WECHAT_ROOT = "https://api.weixin.qq.com"
WECHAT_VERSIONS = ("release", "trial", "develop")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")


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
    kiosk_barge_in: bool = True
    """Whether a visitor who begins to speak stops what the kiosk is saying."""
    speech_cache_mb: int = 1000
    """Room for prepared speech on disk, in megabytes; what is heard least goes first."""
    listening_at_once: int = 0
    """People who may speak at the same time to one process; 0 for as many as the machine's speed
    allows, measured when it starts."""
    public_url: str = ""
    """Where phones reach this server, for the codes that people take home; empty for the address
    that the page was asked under."""
    offline: bool = False
    """Never try to download anything."""
    wechat_app_id: str = ""
    """The AppID of the mini-program; empty where there is none."""
    wechat_app_secret: str = field(default="", repr=False)
    wechat_push_token: str = field(default="", repr=False)
    """The Token of 消息推送. Without it WeChat's pushes are refused."""
    wechat_encoding_aes_key: str = field(default="", repr=False)
    """The EncodingAESKey of 消息推送 in safe mode; empty for plain mode."""
    wechat_version: str = "release"
    """Which version of the mini-program codes and cards open: release, trial or develop."""
    wechat_api_root: str = WECHAT_ROOT
    """Where WeChat is; another address is the loopback WeChat's, on this machine."""

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


class _Environment:
    """Reads variables, and notes everything that is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.wrong: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self._environ.get(f"OPENZONE_{name}", "").strip() or default

    def path(self, name: str) -> Path | None:
        value = self.text(name, "")
        return Path(value).expanduser() if value else None

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        value = self.text(name, str(default))
        if value.isdigit() and lowest <= int(value) <= highest:
            return int(value)
        self.wrong.append(
            f"OPENZONE_{name} must be a number from {lowest} to {highest}, not {value!r}"
        )
        return default

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        value = self.text(name, default).lower()
        if value in choices:
            return value
        self.wrong.append(f"OPENZONE_{name} must be one of {', '.join(choices)}, not {value!r}")
        return default

    def shaped(self, name: str, shape: str, told: str) -> str:
        value = self.text(name, "")
        if not value or re.fullmatch(shape, value):
            return value
        self.wrong.append(f"OPENZONE_{name} must be {told}, not {value!r}")
        return ""

    def secret(self, name: str, shape: str, told: str) -> str:
        value = self.text(name, "")
        if not value or re.fullmatch(shape, value):
            return value
        # Never the value itself: settings that are wrong are printed.
        self.wrong.append(f"OPENZONE_{name} must be {told}")
        return ""


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment gives.

    Raises BadSettings naming everything that is wrong, not only the first.
    """
    given = _Environment(environ)
    data_dir = given.path("DATA_DIR") or Path(
        platformdirs.user_data_dir("openzone", appauthor=False)
    )
    data_dir = data_dir.absolute()
    settings = Settings(
        data_dir=data_dir,
        cache_dir=given.path("CACHE_DIR")
        or Path(platformdirs.user_cache_dir("openzone", appauthor=False)),
        database_url=given.text("DATABASE_URL", f"sqlite://{data_dir / 'openzone.sqlite3'}"),
        host=given.text("HOST", "127.0.0.1"),
        port=given.number("PORT", 8080, 1, 65535),
        workers=given.number("WORKERS", 1, 1, MOST_WORKERS),
        recogniser=given.choice("RECOGNISER", "auto", RECOGNISERS),
        synthesiser=given.choice("SYNTHESISER", "auto", SYNTHESISERS),
        voice=given.text("VOICE", ""),
        vosk_model_dir=given.path("VOSK_MODEL_DIR"),
        whisper_model_dir=given.path("WHISPER_MODEL_DIR"),
        kokoro_model_dir=given.path("KOKORO_MODEL_DIR"),
        kiosk_name=given.text("KIOSK_NAME", "一号自助机"),
        venue=given.shaped("VENUE", f"(?i:{VENUE_CODE})", "letters, digits and hyphens").lower(),
        kiosk_silence_ms=given.number("KIOSK_SILENCE_MS", 900, 300, 5000),
        kiosk_barge_in=given.choice("KIOSK_BARGE_IN", "1", ("0", "1", "true", "false"))
        in {"1", "true"},
        speech_cache_mb=given.number("SPEECH_CACHE_MB", 1000, 50, 100_000),
        listening_at_once=given.number("LISTENING_AT_ONCE", 0, 0, 200),
        public_url=given.shaped(
            "PUBLIC_URL", _WEB_ADDRESS, "an address with http:// or https://"
        ).rstrip("/"),
        offline=given.choice("OFFLINE", "0", ("0", "1", "true", "false")) in {"1", "true"},
        wechat_app_id=given.shaped("WECHAT_APP_ID", "wx[0-9a-f]{16}", "wx and 16 hex digits"),
        wechat_app_secret=given.secret("WECHAT_APP_SECRET", "[0-9a-f]{32}", "32 hex digits"),
        wechat_push_token=given.secret("WECHAT_PUSH_TOKEN", "[0-9A-Za-z]{3,32}", "3 to 32 letters"),
        wechat_encoding_aes_key=given.secret(
            "WECHAT_ENCODING_AES_KEY", "[0-9A-Za-z]{43}", "43 letters and digits"
        ),
        wechat_version=given.choice("WECHAT_VERSION", "release", WECHAT_VERSIONS),
        wechat_api_root=given.text("WECHAT_API_ROOT", WECHAT_ROOT).rstrip("/"),
    )
    wrong = [*given.wrong, *_wechat_faults(settings)]
    if wrong:
        raise BadSettings("; ".join(wrong))
    return settings


def _wechat_faults(settings: Settings) -> Iterator[str]:
    if bool(settings.wechat_app_id) != bool(settings.wechat_app_secret):
        yield "OPENZONE_WECHAT_APP_ID and OPENZONE_WECHAT_APP_SECRET go together"
    if settings.wechat_encoding_aes_key and not settings.wechat_push_token:
        yield "OPENZONE_WECHAT_ENCODING_AES_KEY needs OPENZONE_WECHAT_PUSH_TOKEN"
    root = settings.wechat_api_root
    if root != WECHAT_ROOT and not _LOOPBACK.fullmatch(root):
        yield "OPENZONE_WECHAT_API_ROOT must be left out, or be an address of this machine"
