"""Answers are spoken in advance while nobody is there, and what is said first comes from disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

from models.database import close_database, open_database
from models.index_change import Subject
from models.question_entry import QuestionEntry
from server.app import create_app
from server.parts import Parts
from server.preparing import prepare_speech
from server.settings import read_settings
from server.speech_desk import PHRASES
from services.answering import WHICH_ONE
from services.index_changes import record
from services.library import Library
from services.secret_key import obtain_keys
from speech.prepared import PreparedSpeech
from speech.reading_text import sentences
from speech.silent_synthesis import SilentSynthesiser
from tests.databases import environment_of


async def test_an_imported_answer_is_spoken_before_anybody_asks(tmp_path: Path) -> None:
    settings = read_settings(environment_of(tmp_path))
    await open_database(settings.database_url)
    row = await QuestionEntry.create(
        external_id="1",
        library="示例问答",
        question="居住证在哪里办理？",
        answer="请到居住地派出所办理居住证。",
        content_hash="1",
    )
    await record(Subject.QUESTION, [row.id])
    library = await Library.open(settings.index_dir)
    speech = PreparedSpeech(settings.speech_cache_dir, SilentSynthesiser(), 10**8)
    app = create_app(Parts(settings, obtain_keys(settings.key_file), library, None, "", speech, ""))
    preparing = asyncio.create_task(prepare_speech(app.ctx))
    said = sentences((await library.ask("居住证在哪里办理")).spoken)
    async with asyncio.timeout(20):
        while not all(speech.is_prepared(piece, owner=f"question:{row.id}") for piece in said):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    # The page fetches each phrase of its own as one sound, and a reply sentence by sentence.
    assert all(map(speech.is_prepared, PHRASES.values()))
    assert all(map(speech.is_prepared, sentences(WHICH_ONE)))
    preparing.cancel()
    await asyncio.gather(preparing, return_exceptions=True)
    await close_database()
    assert said
