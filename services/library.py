"""The library as a visitor meets it: asked and searched, in step with the database."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec
import structlog
from tortoise.exceptions import BaseORMException

from search.document_number import find_numbers
from search.entry import Revision
from search.evidence import Asked
from search.finding import Finder
from search.index import SearchIndex
from search.normalization import compact, normalize
from search.rewriting import Writing
from services import synonyms, venues
from services.answering import (
    Weighed,
    better_of,
    found_passages,
    reply_to,
    reply_within,
    weighed_questions,
)
from services.errors import Invalid, QuestionTooLong
from services.index_following import follow, rebuild
from services.lexicon import Lexicon
from services.repair import MOST_ALTERNATIVES, Repair, repaired
from services.replies import Answer, Finding, Hit, Reply
from services.venue_tree import VenueTree
from services.wordings import Wordings

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
        self._tree = VenueTree({})
        self._wordings = Wordings()
        self._lexicon = Lexicon()
        self._writing = Writing()
        self._read_at: Revision | None = None
        """The change up to which zones and synonyms were read."""
        self._following: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, index_dir: Path) -> Library:
        """Open the index in a folder and bring it up to what is committed."""
        library = cls(await asyncio.to_thread(SearchIndex, index_dir))
        await library._catch_up()
        return library

    async def _catch_up(self) -> bool:
        """Follow what is committed; return whether anything was new."""
        has_followed = await follow(self._index)
        if self._read_at != self._index.revision:
            # Before they are read: what changes meanwhile is read the next time.
            reached = self._index.revision
            self._tree = await venues.tree()
            self._wordings = await synonyms.in_use()
            names = self._index.within(None)
            self._lexicon = await asyncio.to_thread(Lexicon.of, names, self._wordings.words)
            self._writing = await asyncio.to_thread(Writing.of, names)
            self._read_at = reached
        return has_followed

    async def _found_at(self, venue: int | None) -> Finder:
        """Return what finds that which is kept for everybody, by a zone or by those above it.

        Without a zone everything is found.
        """
        if venue is None:
            return self._index.within(None)
        if venue not in self._tree:
            self._tree = await venues.tree()
        return self._index.within(frozenset(map(str, self._tree.upwards(venue))))

    @property
    def revision(self) -> Revision:
        """How far the index has followed the database."""
        return self._index.revision

    def __len__(self) -> int:
        return len(self._index)

    async def ask(
        self,
        text: str,
        venue: int | None = None,
        *,
        spoken: bool = False,
        alternatives: Sequence[str] = (),
    ) -> Reply:
        """Return what a question gets back at a zone, None for everything there is.

        `spoken` says that it was heard, and may be misheard; `alternatives` is what else may have
        been, the likeliest first.

        Raises Invalid for a text without words, QuestionTooLong beyond LONGEST_QUESTION characters.
        """
        text = _checked(text)
        finder = await self._found_at(venue)
        heard_for = partial(self._others, text, alternatives) if spoken else None
        reply = reply_to(text, finder, heard_for)
        official = self._wordings.official(text)
        if official is None:
            return reply
        return better_of(reply, reply_to(official, finder, heard_for))

    def _others(self, heard: str, alternatives: Sequence[str]) -> tuple[str, ...]:
        """Return what may have been said where this was heard, normalized: the alternatives, and
        each of them as the library would write it.
        """
        texts = (heard, *alternatives[:MOST_ALTERNATIVES])
        readings = list(dict.fromkeys(compact(normalize(text)) for text in texts))
        return tuple(dict.fromkeys([*readings[1:], *map(self._writing.rewritten, readings)]))

    async def repaired(
        self, heard: str, alternatives: Sequence[str] = (), venue: int | None = None
    ) -> Repair:
        """Return what was meant by words that were heard, and by what they may have been besides.

        Raises as ask does.
        """
        return repaired(_checked(heard), alternatives, await self._found_at(venue), self._lexicon)

    async def ask_within(self, text: str, document: int, venue: int | None = None) -> Reply | None:
        """Return what one document says to a question, None where it says nothing that is sure.

        Raises as ask does.
        """
        return reply_within(_checked(text), await self._found_at(venue), document)

    async def search(
        self,
        text: str,
        limit: int = 10,
        venue: int | None = None,
        *,
        spoken: bool = False,
        alternatives: Sequence[str] = (),
    ) -> list[Hit]:
        """Return what is nearest to a text at a zone, library questions and passages together.

        Raises as ask does.
        """
        text = _checked(text)
        limit = max(1, min(limit, _MOST_HITS))
        finder = await self._found_at(venue)
        others = self._others(text, alternatives) if spoken else ()
        found = [(one.score, one) for one in _numbered(text, finder)]
        for wording in filter(None, (text, self._wordings.official(text))):
            asked = Asked.of(wording, finder.rarity, others=others)
            found += [(one.score, one) for one in weighed_questions(asked, finder, limit)]
            found += _merged(found_passages(asked, finder, limit), limit)
        hits: dict[tuple[str, int, str], Hit] = {}
        for _, weighed in sorted(found, key=lambda one: -one[0]):
            hit = _hit(weighed)
            hits.setdefault((hit.kind, hit.id, hit.article), hit)
        return list(hits.values())[:limit]

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
                if await self._catch_up():
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


def _merged(passages: list[Weighed], limit: int) -> list[tuple[float, Weighed]]:
    """Return the first passages with scores that merge them with questions, whose scores alone order
    them: they stand where those would that retrieval alone has nearest, the surest first.
    """
    nearest = sorted(passages, key=lambda one: -one.nearness)[:limit]
    places = sorted((one.score for one in nearest), reverse=True)
    return list(zip(places, passages, strict=False))


def _numbered(text: str, finder: Finder) -> list[Weighed]:
    return [
        Weighed(msgspec.json.decode(candidate.payload, type=Finding), 1.0, True, True)
        for number in find_numbers(text)
        for candidate in finder.documents_numbered(number)
    ]


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
