"""The library as a visitor meets it: asked and searched, in step with the database."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import msgspec
import structlog
from tortoise.exceptions import BaseORMException

from search.document_number import find_numbers
from search.evidence import Asked
from search.index import Revision, SearchIndex
from services.answering import Weighed, reply_to, weighed_passages, weighed_questions
from services.errors import Invalid, QuestionTooLong
from services.index_following import follow, rebuild
from services.replies import Answer, Finding, Hit, Reply

LONGEST_QUESTION = 2_000
_MOST_HITS = 100
_SNIPPET = 120
_POLL_SECONDS = 0.5
"""What is published must be found within two seconds, and gone as fast when withdrawn."""

log = structlog.get_logger(__name__)


class Library:
    """Everything that can be asked and searched. One to a process."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._following: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, index_dir: Path) -> Library:
        """Open the index in a folder and bring it up to what is committed."""
        library = cls(await asyncio.to_thread(SearchIndex, index_dir))
        await follow(library._index)
        return library

    @property
    def revision(self) -> Revision:
        """How far the index has followed the database."""
        return self._index.revision

    def __len__(self) -> int:
        return len(self._index)

    async def ask(self, text: str) -> Reply:
        """Return what a question gets back.

        Raises Invalid for a text without words, QuestionTooLong beyond LONGEST_QUESTION characters.
        """
        return reply_to(_checked(text), self._index)

    async def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Return what is nearest to a text, library questions and passages together.

        Raises as ask does.
        """
        text = _checked(text)
        limit = max(1, min(limit, _MOST_HITS))
        asked = Asked.of(text, self._index.rarity)
        found = [
            *self._numbered(text),
            *weighed_questions(asked, self._index, limit),
            *weighed_passages(asked, self._index, limit=limit),
        ]
        hits: dict[tuple[str, int, str], Hit] = {}
        for weighed in sorted(found, key=lambda w: -w.score):
            hit = _hit(weighed)
            hits.setdefault((hit.kind, hit.id, hit.article), hit)
        return list(hits.values())[:limit]

    def _numbered(self, text: str) -> list[Weighed]:
        return [
            Weighed(msgspec.json.decode(candidate.payload, type=Finding), 1.0, True, True)
            for number in find_numbers(text)
            for candidate in self._index.documents_numbered(number)
        ]

    async def rebuild(self) -> int:
        """Make the index anew from the database; return how many entries it holds."""
        return await rebuild(self._index)

    async def start_following(self) -> None:
        """Follow what is committed, by this process or another, until told to stop."""
        self._following = asyncio.create_task(self._follow(), name="index following")

    async def stop_following(self) -> None:
        """Stop following; what is being written is finished first."""
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following
            self._following = None

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            try:
                if await follow(self._index):
                    log.info("index followed", revision=self._index.revision.number)
            except (BaseORMException, OSError, ValueError) as error:
                # The database may be away for a while; the library goes on with what it has.
                log.warning("index not followed", error=type(error).__name__)


def _checked(text: str) -> str:
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(f"{len(text)} characters")
    if not any(character.isalnum() for character in text):
        raise Invalid("no words", sentence="没有看到文字，请说出或输入您想问的事。")
    return text


def _hit(weighed: Weighed) -> Hit:
    answer: Answer = weighed.answer
    shown = weighed.finding.focus or answer.text
    return Hit(
        kind=answer.kind,
        id=answer.id,
        external_id=answer.external_id,
        title=answer.title,
        article=answer.source.article,
        snippet=shown[:_SNIPPET],
        score=answer.score,
    )
