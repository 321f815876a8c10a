"""What phones are told of a draft: its questions in their order, each with its answer."""

from __future__ import annotations

from datetime import datetime

import msgspec

from models.agency import Agency
from services import application_drafts, referrals
from services.application_drafts import Draft
from services.disclosure.draft_content import FoundDocument, Step
from services.disclosure.draft_questions import question_of, shown_answer
from services.disclosure.masking import masked_number
from services.disclosure.personal_notice import NOTICE


class ChoiceShown(msgspec.Struct, frozen=True):
    """One of the answers to choose from."""

    value: str
    label: str
    hint: str


class QuestionShown(msgspec.Struct, frozen=True, kw_only=True):
    """One question, for a page of its own or a line of a form."""

    step: Step
    title: str
    short: str
    hint: str
    choices: list[ChoiceShown]
    longest: int
    """Characters that may be written, 0 where one chooses."""
    rows: int
    inputmode: str
    """What keyboard is fit, as the attribute of HTML has it."""
    passes: str
    """What the button says that passes it over (answer ""), "" where it must be answered."""
    is_answered: bool
    answer: str
    """The number of a document is masked; sent back masked, it stays as it is."""


class DraftInList(msgspec.Struct, frozen=True):
    """A draft that was not sent yet."""

    id: int
    title: str
    """What is wanted, "" where that was not answered yet."""
    next: Step
    ends_at: datetime


class DraftsReply(msgspec.Struct, frozen=True):
    """What was begun and not sent, the latest first."""

    drafts: list[DraftInList]


class DraftReply(msgspec.Struct, frozen=True, kw_only=True):
    """One draft, as far as it is filled in."""

    id: int
    venue: str
    next: Step
    """The question that is open; "check" where it can be sent."""
    questions: list[QuestionShown]
    found: tuple[FoundDocument, ...]
    """What is public already and may be what they want."""
    notice: tuple[str, ...]
    """What is read before the question "notice" is answered with its version."""
    is_locked: bool
    """Sending it began: it is sent once more as it is."""
    application_id: int | None
    """What it became, null while it was not sent."""
    ends_at: datetime
    """When it is cleared away."""


def in_list(draft: Draft) -> DraftInList:
    """Return a draft for a list."""
    content = draft.content
    return DraftInList(draft.id, content.title, content.next_step(), draft.ends_at)


async def draft_shown(draft: Draft) -> DraftReply:
    """Return a draft with its questions."""
    venue = await application_drafts.venue_of(draft)
    agencies = await referrals.accepted_at(venue)
    return DraftReply(
        id=draft.id,
        venue=venue.code,
        next=draft.content.next_step(),
        questions=[
            _question(draft, step, agencies)
            for step in draft.content.steps()
            if step is not Step.CHECK
        ],
        found=draft.content.found,
        notice=NOTICE,
        is_locked=draft.content.is_being_sent,
        application_id=draft.application_id,
        ends_at=draft.ends_at,
    )


def _question(draft: Draft, step: Step, agencies: list[Agency]) -> QuestionShown:
    content = draft.content
    asked = question_of(step, content)
    choices = [ChoiceShown(one.value, one.label, one.hint) for one in asked.choices]
    if step is Step.AGENCY:
        choices = [ChoiceShown(str(agency.id), agency.name, "") for agency in agencies]
    answer = shown_answer(content, step)
    if step is Step.IDENTITY:
        answer = masked_number(content.identity_number)
    return QuestionShown(
        step=step,
        title=asked.title,
        short=asked.short,
        hint=asked.hint,
        choices=choices,
        longest=asked.longest,
        rows=asked.rows,
        inputmode=asked.inputmode,
        passes=asked.passes,
        is_answered=step in content.answered,
        answer=answer,
    )
