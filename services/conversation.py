"""What one person asks at a zone, one thing after the other, at a kiosk or on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from models.ledger_count import Counted
from models.venue import Venue
from services import ledger, refused_questions
from services.choices import chosen
from services.errors import Invalid, NotFound
from services.follow_ups import FollowUp, follow_up_in
from services.following_up import Last, Understood, follow_up
from services.handing_on import as_offered
from services.library import Library
from services.repair import Repair
from services.replies import Answer, Decision, Reply
from services.spoken_answers import LONGEST_PIECE
from services.spoken_commands import (
    Command,
    choice_in,
    choice_phrases,
    command_in,
    command_phrases,
)
from services.spoken_digits import agreement_in, agreement_phrases
from services.spoken_owners import Said, said_by, still_says

SAY_IT_AGAIN = "对不起，没有听懂，请再说一遍，或者请工作人员帮忙。"


@dataclass(frozen=True)
class Turn:
    """One question with what it gets back."""

    transcript: str
    reply: Reply
    said: Said
    """Who says what is spoken of it."""
    alternatives: tuple[str, ...] = ()
    """What else may have been said, the likeliest first."""


@dataclass(frozen=True)
class Offer:
    """The choices that were offered last, or what is to be confirmed, of a state of the library."""

    choices: tuple[Answer, ...] = ()
    revision: int = 0
    meant: str = ""
    """What is asked for with 您是说……吗, "" where nothing is."""
    heard: str = ""
    """What was heard in its place."""


class Conversation:
    """Answers one question after the other, and remembers the last: its answers or its choices."""

    def __init__(
        self,
        library: Library,
        venue: Venue,
        offer: Offer | None = None,
        last: Last | None = None,
    ) -> None:
        self._library = library
        self._venue = venue
        self.offer = offer or Offer()
        self.last = last or Last()
        self._prepared: tuple[str, int, Reply] | None = None

    async def prepare(self, text: str) -> Turn | None:
        """Look for the answer to what somebody seems to have said before they have finished.

        Nothing is counted or remembered of it but the reply, which ask() takes where the text and
        the library are still the same. Return the turn that it would be, None for what is no
        question of its own. Raises as ask() does.
        """
        if command_in(text) is not None or self.offer.choices or self.offer.meant:
            return None
        if self.last.question and follow_up_in(text) is not None:
            return None
        revision = self._library.revision.number
        reply = await self._library.ask(text, self._venue.id, spoken=True)
        self._prepared = (text, revision, reply)
        answers = reply.answers if reply.decision is Decision.ANSWER else ()
        return Turn(text, as_offered(reply, self._venue.areas), said_by(answers, revision))

    async def _asked(self, text: str, *, spoken: bool, alternatives: Sequence[str]) -> Reply:
        prepared, self._prepared = self._prepared, None
        known = (text, self._library.revision.number)
        if spoken and prepared is not None and prepared[:2] == known:
            return prepared[2]
        return await self._library.ask(
            text, self._venue.id, spoken=spoken, alternatives=alternatives
        )

    async def ask(
        self, text: str, *, spoken: bool = False, alternatives: Sequence[str] = ()
    ) -> Turn:
        """Answer a question, or what asks on after the last answer.

        `alternatives` is what else may have been spoken, the likeliest first.

        Raises as services.library.Library.ask does.
        """
        revision = self._library.revision.number
        asked = follow_up_in(text) if self.last.question else None
        followed = await self._followed(asked)
        if followed is not None:
            ledger.note(Counted.QUESTION, self._venue.id)
            return self._turn(*followed, revision)
        reply = await self._asked(text, spoken=spoken, alternatives=alternatives)
        before = self.last
        ledger.note(Counted.QUESTION, self._venue.id)
        turn = self._answered(text, reply, revision, is_known=asked is None)
        if asked is not None:
            # 要带什么 alone is about nothing: what was spoken of still is, or what it found by itself.
            found = reply.decision is Decision.ANSWER
            self.last = replace(self.last, question=reply.answers[0].title) if found else before
        return turn

    def _answered(self, text: str, reply: Reply, revision: int, *, is_known: bool = True) -> Turn:
        """Return a turn; `is_known` says whether the text is a question by itself."""
        if reply.decision is Decision.HANDOFF and is_known:
            refused_questions.note(text, self._venue)
        return self._turn(text, reply, revision)

    async def choose(self, place: int) -> Turn:
        """Answer with one of the choices that were offered last, counted from 0.

        Raises Invalid for a choice that was not offered, NotFound for one that was replaced or
        withdrawn meanwhile.
        """
        offered = self.offer
        if place >= len(offered.choices):
            raise Invalid(
                "There is no such choice.", sentence="没有这个选项，请再选一次，或重新提问。"
            )
        choice = offered.choices[place]
        if not await still_says(said_by((choice,), offered.revision)):
            raise NotFound("The choice was replaced or withdrawn meanwhile.")
        revision = self._library.revision.number
        reply = await chosen(self._library, choice, self._venue.id)
        # Its wording may be the one that was offered.
        return self._turn(choice.title, reply, min(revision, offered.revision))

    async def confirm(self, *, agrees: bool) -> Turn:
        """Answer what was asked with 您是说……吗, or what was heard where that was not meant.

        Raises Invalid where nothing was asked.
        """
        asked = self.offer
        if not asked.meant:
            raise Invalid("Nothing is to be confirmed.", sentence="没有要确认的内容，请重新提问。")
        text = asked.meant if agrees else asked.heard
        revision = self._library.revision.number
        reply = await self._library.ask(text, self._venue.id, spoken=not agrees)
        turn = self._answered(text, reply, revision)
        if agrees or reply.decision is not Decision.HANDOFF:
            return turn
        # Nothing is known of what was heard, and it may have been misheard.
        return replace(turn, reply=msgspec.structs.replace(turn.reply, spoken=SAY_IT_AGAIN))

    async def hear(self, text: str, alternatives: Sequence[str] = ()) -> Turn | Command:
        """Return what words get back that were spoken: a command, a choice or a question.

        `alternatives` is what else may have been said, the likeliest first.
        """
        agrees = agreement_in(text) if self.offer.meant else None
        if agrees is not None:
            return await self.confirm(agrees=agrees)
        command = command_in(text)
        if command is not None:
            return command
        place = choice_in(text, titles_of(self.offer.choices))
        if place is not None:
            return await self.choose(place)
        if self.last.question and follow_up_in(text) is not None:
            return replace(await self.ask(text, spoken=True), alternatives=tuple(alternatives))
        return replace(await self._understand(text, alternatives), alternatives=tuple(alternatives))

    async def _understand(self, text: str, alternatives: Sequence[str]) -> Turn:
        """Answer what was heard, or ask for what it is likely to have been."""
        repair = await self._library.repaired(text, alternatives, self._venue.id)
        if not repair.meant:
            return await self.ask(repair.text, spoken=True, alternatives=alternatives)
        revision = self._library.revision.number
        reply = await reply_to_heard(self._library, repair, alternatives, self._venue.id)
        ledger.note(Counted.QUESTION, self._venue.id)
        if reply.decision is not Decision.CONFIRM:
            return self._answered(repair.text, reply, revision)
        before = self.last
        turn = self._turn(repair.text, reply, revision)
        self.last = before  # Whoever says 不是 goes on from there.
        self.offer = Offer((), revision, repair.meant, repair.text)
        return turn

    async def _followed(self, asked: FollowUp | None) -> Understood | None:
        """Return what asks on after the last answer, None for a question of its own."""
        if asked is None:
            return None
        return await follow_up(self._library, self._venue.id, asked, self.last)

    def expected_phrases(self) -> tuple[str, ...]:
        """Return what is likely to be said next, () for anything at all."""
        if self.offer.meant:
            return (*agreement_phrases(), *command_phrases())
        choices = titles_of(self.offer.choices)
        return (*choice_phrases(choices), *command_phrases()) if choices else ()

    def _turn(self, transcript: str, reply: Reply, revision: int) -> Turn:
        reply = as_offered(reply, self._venue.areas)
        is_offer = reply.decision is Decision.CLARIFY
        self.offer = Offer(reply.answers if is_offer else (), revision)
        ledger.note_decision(reply.decision, self._venue.id)
        answers = reply.answers if reply.decision is Decision.ANSWER else ()
        self.last = Last(transcript, answers, revision)
        return Turn(transcript, reply, said_by(answers, revision))


async def reply_to_heard(
    library: Library, repair: Repair, alternatives: Sequence[str], venue: int | None
) -> Reply:
    """Return what is said to what was heard: CONFIRM where something else was likely meant and
    this is not answered as it is. Raises as Library.ask does.
    """
    reply = await library.ask(repair.text, venue, spoken=True, alternatives=alternatives)
    if not repair.meant or reply.decision is Decision.ANSWER:
        return reply
    return Reply(Decision.CONFIRM, (), confirming(repair.meant), (), repair.meant)


def confirming(meant: str) -> str:
    """Return what asks for something that was likely meant, at most LONGEST_PIECE characters."""
    asked = meant.rstrip("？?。！ ")
    room = LONGEST_PIECE - len("您是说“……”吗？")
    return f"您是说“{asked}”吗？" if len(asked) <= room + 2 else f"您是说“{asked[:room]}……”吗？"


def titles_of(choices: Sequence[Answer]) -> list[str]:
    """Return what choices are called."""
    return [choice.title for choice in choices]
