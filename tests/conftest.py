"""What tests of every part lean on: the shared material and the speech models."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx
import pytest
import structlog
from argon2 import PasswordHasher
from httpx._transports import default as http_transport
from tortoise import Tortoise

from server.settings import read_settings
from services import passwords
from speech.model_store import ModelStore
from tests import databases

WITHOUT_DATABASE = {
    "test_application_transitions",
    "test_application_papers",
    "test_audio",
    "test_bench_report",
    "test_card_fields",
    "test_confusions",
    "test_differences",
    "test_docs",
    "test_deadlines",
    "test_disclosure_traps",
    "test_disclosure_calendar",
    "test_disclosure_commands",
    "test_document_number",
    "test_engines",
    "test_expected_phrases",
    "test_hidden_content",
    "test_holiday_files",
    "test_identity_numbers",
    "test_fees",
    "test_invented_words",
    "test_kokoro_synthesis",
    "test_masking",
    "test_letter_law",
    "test_loopback_beside",
    "test_loopback_card_fields",
    "test_loopback_cards",
    "test_loopback_checks",
    "test_loopback_codes",
    "test_loopback_docs",
    "test_loopback_phone_page",
    "test_loopback_push_crypto",
    "test_loopback_push_letters",
    "test_loopback_pushes",
    "test_loopback_errcodes",
    "test_loopback_faults",
    "test_loopback_garbage",
    "test_loopback_login",
    "test_loopback_quotas",
    "test_loopback_tokens",
    "test_loopback_world",
    "test_loopback_wechatpy",
    "test_model_store",
    "test_numbers_in_pieces",
    "test_opening_hours",
    "test_pauses",
    "test_phonetic",
    "test_prepared_speech",
    "test_printed_documents",
    "test_pronunciation",
    "test_pyttsx3_synthesis",
    "test_reading_text",
    "test_recognition_scripted",
    "test_repair",
    "test_recognition_speed",
    "test_recognition_vosk",
    "test_recognition_whisper",
    "test_report_checks",
    "test_report_tables",
    "test_rewriting",
    "test_search_index",
    "test_shuffled_texts",
    "test_sound_quality",
    "test_speech_commands",
    "test_speech_desk",
    "test_spoken_commands",
    "test_spoken_parts",
    "test_swearing",
    "test_venue_areas",
    "test_voice_bench",
    "test_voice_activity",
    "test_voice_places",
    "test_wechat_client",
    "test_wechatpy_on_the_wire",
    "test_written_text",
    "test_words_of_the_samples",
    "test_languages",
}
"""Modules whose tests open no database: once is enough for them, on whichever."""


ONCE_IS_ENOUGH = {
    "test_sqlite_client",
    "test_answering",
    "test_bad_files",
    "test_bad_sound",
    "test_confirming",
    "test_console_doors",
    "test_dictation",
    "test_not_understood",
    "test_voice_protocol",
    "test_a_case_on_the_phone",
    "test_delivery_process",
    "test_follow_ups",
    "test_formats",
    "test_http_reading",
    "test_laws",
    "test_library_commands",
    "test_mp_asking",
    "test_mp_content_safety",
    "test_mp_reading",
    "test_openapi_holds",
    "test_reading",
    "test_sample_zone",
    "test_shuffled_notice",
    "test_voice_figures",
    "test_wechat_gateway",
    "test_wechat_soak",
}
"""Modules that take long, and in which the database is not what may go wrong: what they lean on is
tested on both by the modules of its own. And the one that tests SQLite: Tortoise remembers how a
process writes a row, whichever database comes next.
"""

DOORS = {
    "test_admin_guide",
    "test_applying",
    "test_console_applications",
    "test_console_cards",
    "test_console_documents",
    "test_console_imports",
    "test_console_letters",
    "test_console_messages",
    "test_console_offices",
    "test_console_questions",
    "test_console_reading_area",
    "test_console_signing_in",
    "test_console_venues",
    "test_http_kiosk",
    "test_http_running",
    "test_imports_outlive_a_crash",
    "test_killed_on_the_phone",
    "test_kiosk_enrolment",
    "test_kiosk_notices",
    "test_ledger_pages",
    "test_mp_bad_input",
    "test_mp_doors",
    "test_mp_help_calls",
    "test_mp_inquiries",
    "test_mp_me",
    "test_mp_notices",
    "test_mp_with_wechat",
    "test_public_notices",
    "test_report_pages",
    "test_scan_codes",
    "test_staff_pages",
    "test_venue_pages",
    "test_voices_of_kiosks",
    "test_wechat_push",
}
"""Modules that knock at pages, doors and commands. What these do they have done by services, whose
own modules are run on both databases; on PostgreSQL these are left to `make soak`.
"""

LONGEST = {
    "test_a_case_on_the_phone",
    "test_admin_guide",
    "test_backup",
    "test_bad_sound",
    "test_confirming",
    "test_delivery_process",
    "test_imports_outlive_a_crash",
    "test_every_page",
    "test_killed_on_the_phone",
    "test_killed_while_filing",
    "test_killed_while_publishing",
    "test_kokoro_synthesis",
    "test_model_store",
    "test_mp_asking",
    "test_recognition_vosk",
    "test_recognition_whisper",
    "test_several_workers",
    "test_shuffled_texts",
    "test_speaking_to_the_kiosk",
    "test_sqlite_client",
    "test_upgrading",
    "test_voice_figures",
    "test_voice_protocol",
}
"""Modules that begin first, so that no process waits for the last of them alone."""

STORIES = {"test_the_life_of_a_document", "test_an_application_is_answered"}
"""Modules of browser tests that are told on PostgreSQL; on SQLite too by `make soak`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(databases.SQLITE, databases.POSTGRESQL),
        default=databases.SQLITE,
        help="On PostgreSQL only what opens a database is run, and of the browser only stories.",
    )
    parser.addoption(
        "--soak", action="store_true", help="Also what takes too long for every change: make soak."
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: takes too long for every change; --soak runs it")
    databases.Chosen.kind = config.getoption("--database")
    databases.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.end_run()


@pytest.fixture(autouse=True)
def no_database_where_none_is_expected(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep WITHOUT_DATABASE true: a test of those modules that opens one fails."""

    async def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError(f"{request.path.stem} opens a database: it is not WITHOUT_DATABASE")

    if request.path.stem in WITHOUT_DATABASE:
        monkeypatch.setattr(Tortoise, "init", refuse)


@pytest.fixture(autouse=True)
def logging_as_ever() -> Iterator[None]:
    """Undo what a command does to the logging of its process: it is ours here."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Hash passwords at the least cost there is: tests hire hundreds of people."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", lambda: cheap)
        yield


@pytest.fixture(autouse=True, scope="session")
def authorities_read_once() -> Iterator[None]:
    """Let all HTTP clients share what each reads anew: a fifth of a second for those who trust one
    certificate, at a thousand clients of loopback servers that have none.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http_transport, "create_ssl_context", cache(httpx.create_ssl_context))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material that all projects of the house use, beside this repository; never copied."""
    folder = Path(__file__).parents[1].parent / "shared"
    assert folder.is_dir(), f"The tests need the shared material at {folder}"
    return folder


@pytest.fixture(scope="session")
def vosk_test_model(shared: Path) -> Path:
    """A real, small Vosk model that understands the synthetic voices of the shared clips."""
    return shared / "speech" / "vosk-model-test-cn"


@pytest.fixture(scope="session")
def model_store() -> ModelStore:
    """The models of the user who runs the tests; one that is missing is fetched, once."""
    return ModelStore(read_settings().cache_dir, configured={}, offline=False)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out on PostgreSQL what has nothing to do with it, and what looks at pages alone: the
    services behind the doors that serve them are tested on both.
    """
    name = collection_path.stem
    if config.getoption("--database") != databases.POSTGRESQL or not name.startswith("test_"):
        return None
    if collection_path.parent.name == "browser":
        return name not in STORIES or None
    once = WITHOUT_DATABASE | ONCE_IS_ENOUGH
    return name in (once if config.getoption("--soak") else once | DOORS) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first, and the browser tests last: Playwright keeps an event loop
    running until the session ends, beside which no other can run. Leave out what takes too long.
    """
    for item in items:
        if config.getoption("--database") == databases.SQLITE and item.path.stem in STORIES:
            item.add_marker("soak")
    if not config.getoption("--soak"):
        apart = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]
    items.sort(key=lambda item: ("browser" in item.path.parts, item.path.stem not in LONGEST))
