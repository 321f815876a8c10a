"""The letters of a case: drafted, saved, checked for secrets by another person.

Issuing and serving are in services/letter_issue.py.

A reply (N12) moves its case; what the other letters tell is an event of its own (application_acts).
Forms carry `edits` of the letter that they saw, and `case_edits` of the case where that moves. Source:
Regulation on Open Government Information (2019 revision), Articles 17 and 33 to 36.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tortoise.transactions import in_transaction

from models.consultation import Consultation
from models.official_letter import LetterKind, LetterState, OfficialLetter
from models.outcome import Outcome
from services import applicants, application_access, applications, letter_templates
from services.access import Actor, Permission
from services.application_projection import calendar_for
from services.applications import record
from services.clock import zone_day
from services.disclosure import events as e
from services.disclosure.letter_fields import fill, with_blanks
from services.errors import Invalid, NotFound, SecondPersonNeeded, WrongState
from services.letter_keeping import (
    case_of_letter,
    move,
    record_letter,
    refuse,
    seen,
    theirs,
    with_writer,
)
from services.letter_reader import LetterReader
from services.letter_values import Sender, early_values
from services.secret_key import SecretKeys

_L = LetterKind
_S = LetterState
_TO_PARTIES = {_L.N6_THIRD_PARTY, _L.N8_AGENCY, _L.N13_DISCLOSURE}
_NO_REPLY = {Outcome.O1_NOT_CORRECTED, Outcome.O2_NOT_PAID}


async def draft(
    actor: Actor, application_id: int, kind: LetterKind, *, outcome: Outcome | None = None,
    consultation_id: int | None = None, facts: Mapping[str, str] | None = None, keys: SecretKeys,
    now: datetime,
) -> OfficialLetter:  # fmt: skip
    """Begin a letter in the agency's wording, what the case tells filled in.

    `facts` are further placeholders, such as 补正事项. What nobody knows yet is a blank 【…】. Raises
    NotFound, NotAllowed, Invalid, WrongState.
    """
    application = await application_access.require_work(actor, application_id)
    actor.require(Permission.WORK_ON_APPLICATIONS)
    _, case, _ = await applications.case_of(actor, application_id)
    outcome = _outcome_of(kind, outcome, case.outcome)
    if (kind in _TO_PARTIES) != (consultation_id is not None):
        raise Invalid("Letters to parties have one.", sentence="请选择这份文书发给哪一方。")
    if consultation_id is not None and not await Consultation.exists(
        id=consultation_id, application_id=application_id
    ):
        raise NotFound(f"There is no consultation {consultation_id} in this case.")
    sender = await Sender.of(application.agency_id)
    template = await letter_templates.one(application.agency_id, kind, outcome)
    values = await early_values(
        application, case, sender, outcome, consultation_id,
        calendar=await calendar_for(application.agency_id), today=zone_day(now), keys=keys,
    )  # fmt: skip
    given = {name: text.strip() for name, text in (facts or {}).items() if text.strip()}
    body = with_blanks(fill(template.wording.body, values | given))
    letter_templates.require_readable(template.wording.title, body)
    async with in_transaction() as database:
        letter = await OfficialLetter.create(
            application_id=application_id,
            agency_id=application.agency_id,
            kind=kind,
            outcome=outcome,
            consultation_id=consultation_id,
            title=template.wording.title,
            encrypted_body=keys.encrypt(body),
            drafted_by_id=actor.staff_id,
            writer_ids=with_writer([], actor),
            using_db=database,
        )
        await record_letter(actor, application, letter, "drafted", database)
    return letter


async def save(
    actor: Actor, letter_id: int, *, title: str, body: str, edits: int, keys: SecretKeys
) -> OfficialLetter:
    """Keep a changed draft. Raises NotFound, NotAllowed, Invalid, WrongState, EditedMeanwhile."""
    letter, application = await theirs(actor, letter_id)
    title, body = title.strip(), body.replace("\r\n", "\n").strip()
    letter_templates.require_readable(title, body)
    await applicants.require_unnamed(application, title, keys=keys)
    async with in_transaction() as database:
        await move(
            letter, _S.DRAFT, database, edits=edits, title=title, encrypted_body=keys.encrypt(body),
            writer_ids=with_writer(letter.writer_ids, actor),
        )  # fmt: skip
        await record_letter(actor, application, letter, "saved", database)
    return await OfficialLetter.get(id=letter_id)


async def send_for_review(
    actor: Actor, letter_id: int, *, edits: int, case_edits: int, keys: SecretKeys, now: datetime,
    note: str = "",
) -> OfficialLetter:  # fmt: skip
    """Send a reply to the secrecy check (Article 17). `note` is for the file alone: on what a secret
    rests, why nobody was asked.

    Raises LetterDefective where it could not be issued as it is, and what applications.act raises.
    """
    letter, application = await theirs(actor, letter_id)
    if letter.kind is not _L.N12_REPLY or letter.outcome is None:
        raise WrongState("Only replies are checked.", sentence="只有答复书要送保密审查。")
    async with case_of_letter(actor, application, case_edits, keys, now) as one:
        event = e.SentForReview(on=zone_day(now), letter_id=letter.id, outcome=letter.outcome)
        await one.add(event, note)
        reader = await LetterReader.of(letter, one.row, one.case, keys=keys, using_db=one.database)
        refuse(reader.findings(await reader.text(number="待编", on=event.on)))
        await move(
            letter, _S.DRAFT, one.database, edits=edits, state=_S.IN_REVIEW,
            writer_ids=with_writer(letter.writer_ids, actor),
        )  # fmt: skip
        await record(one, event)
    return await OfficialLetter.get(id=letter_id)


async def pass_review(
    actor: Actor, letter_id: int, *, edits: int, case_edits: int, keys: SecretKeys, now: datetime,
    note: str = "",
) -> OfficialLetter:  # fmt: skip
    """Let a reply pass. Raises SecondPersonNeeded for whoever wrote in it or sent it."""
    letter, application = await seen(actor, letter_id)
    if actor.staff_id is not None and actor.staff_id in letter.writer_ids:
        raise SecondPersonNeeded(f"Staff {actor.staff_id} wrote in letter {letter_id}.")
    async with case_of_letter(actor, application, case_edits, keys, now) as one:
        event = e.ReviewPassed(on=zone_day(now), letter_id=letter.id)
        await one.add(event, note)
        await move(
            letter, _S.IN_REVIEW, one.database, edits=edits, state=_S.CLEARED,
            reviewed_by_id=actor.staff_id,
        )  # fmt: skip
        await record(one, event)
    return await OfficialLetter.get(id=letter_id)


async def return_from_review(
    actor: Actor, letter_id: int, *, why: str, edits: int, case_edits: int, keys: SecretKeys,
    now: datetime,
) -> OfficialLetter:  # fmt: skip
    """Give a reply back to whoever drafts it, with the reason; also one that had passed."""
    letter, application = await seen(actor, letter_id)
    if not why.strip():
        raise Invalid("No reason.", sentence="请写明退回的原因。")
    async with case_of_letter(actor, application, case_edits, keys, now) as one:
        event = e.ReviewReturned(on=zone_day(now), letter_id=letter.id)
        await one.add(event, why)
        state = letter.state if letter.state is _S.CLEARED else _S.IN_REVIEW
        await move(letter, state, one.database, edits=edits, state=_S.DRAFT, reviewed_by_id=None)
        await record(one, event)
    return await OfficialLetter.get(id=letter_id)


async def void(actor: Actor, letter_id: int, *, edits: int) -> OfficialLetter:
    """Put a letter away that is not to be used. The reply that a case rests on stays."""
    letter, application = await theirs(actor, letter_id)
    _, case, _ = await applications.case_of(actor, application.id)
    if letter.state is _S.SERVED or case.letter_id == letter.id:
        raise WrongState(sentence="已经送达的，或者正在审查、送达的答复书不能作废。")
    async with in_transaction() as database:
        await move(letter, letter.state, database, edits=edits, state=_S.VOID)
        await record_letter(actor, application, letter, "void", database)
    return await OfficialLetter.get(id=letter_id)


def _outcome_of(
    kind: LetterKind, outcome: Outcome | None, of_case: Outcome | None
) -> Outcome | None:
    if kind is _L.N12_REPLY:
        if outcome is None:
            raise Invalid("No outcome.", sentence="请选择答复的种类。")
        if outcome in _NO_REPLY:
            raise Invalid(
                "It lapsed.", sentence="逾期不补正、逾期未缴费的，用不再处理告知书，不用答复书。"
            )
        return outcome
    if kind is _L.N3_NO_FURTHER_PROCESSING:
        if of_case is None:
            raise WrongState(sentence="申请还在办理，不能告知不再处理。")
        return of_case
    return None
