"""Prepared speech of what was replaced or withdrawn goes from disk, late too, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from models.database import close_database, open_database
from models.index_change import IndexHead, Subject
from models.version import Version
from server.app import create_app
from server.forgetting import forget_retired_speech
from server.parts import Parts
from server.settings import read_settings
from services import publication
from services.library import Library
from services.question_content import QuestionContent
from services.secret_key import obtain_keys
from speech.prepared import PreparedSpeech
from speech.silent_synthesis import SilentSynthesiser
from tests.databases import environment_of
from tests.doors import PATIENCE_S
from tests.offices import Office

WORDS = "根据规定可以。"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    await open_database(environment_of(tmp_path)["OPENZONE_DATABASE_URL"])
    yield await Office.opened()
    await close_database()


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[PreparedSpeech]:
    """Run what a server runs to forget, and nothing else of it."""
    settings = read_settings(environment_of(folder))
    library = await Library.open(settings.index_dir)
    speech = PreparedSpeech(settings.speech_cache_dir, SilentSynthesiser(), 10**8)
    app = create_app(Parts(settings, obtain_keys(settings.key_file), library, None, "", speech, ""))
    await library.start_following()
    forgetting = asyncio.create_task(forget_retired_speech(app.ctx))
    # Until it has looked at what is there, what is said now could still go with it.
    await until(settings.speech_note.exists)
    yield speech
    forgetting.cancel()
    await asyncio.gather(forgetting, return_exceptions=True)
    await library.stop_following()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110 - files tell nobody that they went.
            await asyncio.sleep(0.02)


async def published(office: Office, question: str) -> Version:
    return await office.publishes(QuestionContent(question, "可以。"))


def owner_of(version: Version) -> str:
    return f"question:{version.subject_id}"


async def test_what_is_replaced_or_withdrawn_is_forgotten_and_the_rest_is_kept(
    tmp_path: Path, office: Office
) -> None:
    async with server(tmp_path) as speech:
        gone, changed, stays = [await published(office, f"第{n}问？") for n in range(3)]
        for version in (gone, changed, stays):
            await speech.speak(WORDS, owner=owner_of(version))
        await office.withdraws(Subject.QUESTION, gone.subject_id)
        draft = await publication.begin_editing(office.clerk, Subject.QUESTION, changed.subject_id)
        await office.lets_out(draft)
        await until(lambda: not speech.is_prepared(WORDS, owner=owner_of(gone)))
        await until(lambda: not speech.is_prepared(WORDS, owner=owner_of(changed)))
        assert speech.is_prepared(WORDS, owner=owner_of(stays))


async def test_what_was_withdrawn_while_no_server_ran_is_forgotten_at_the_next_start(
    tmp_path: Path, office: Office
) -> None:
    async with server(tmp_path) as speech:
        gone, stays = [await published(office, f"第{n}问？") for n in range(2)]
        for version in (gone, stays):
            await speech.speak(WORDS, owner=owner_of(version))
    await office.withdraws(Subject.QUESTION, gone.subject_id)
    async with server(tmp_path) as speech:
        await until(lambda: not speech.is_prepared(WORDS, owner=owner_of(gone)))
        assert speech.is_prepared(WORDS, owner=owner_of(stays))


async def test_beside_another_database_nothing_is_kept(tmp_path: Path, office: Office) -> None:
    async with server(tmp_path) as speech:
        entry = await published(office, "第一问？")
        note = read_settings(environment_of(tmp_path)).speech_note
        await until(lambda: b'"revision":1' in note.read_bytes())
        await speech.speak(WORDS, owner=owner_of(entry))
    # A database put back from elsewhere: nobody knows what it has withdrawn.
    await IndexHead.filter(id=1).update(lineage="another")
    async with server(tmp_path) as speech:
        await until(lambda: not speech.is_prepared(WORDS, owner=owner_of(entry)))
