"""Acts in a case that are more than one event: with a row of their own, or days to be counted.

Each is one transaction, and raises what applications.act raises.
"""

from __future__ import annotations

from datetime import date, datetime

from models.application import Application
from models.consultation import Consultation, PartyKind, PartyView
from models.remedy import Remedy, RemedyKind, RemedyResult
from models.staff import Staff
from services import applications
from services.access import Actor
from services.applications import record, taken
from services.disclosure import deadlines
from services.disclosure import events as e
from services.disclosure.fees import Charge
from services.errors import Invalid, NotFound
from services.secret_key import SecretKeys

_LONGEST = 4_000


async def assign(
    actor: Actor, application_id: int, staff_id: int, *, edits: int, keys: SecretKeys, now: datetime,
    on: date,
) -> Application:  # fmt: skip
    """Give a case to somebody of the agency. Raises Invalid for anybody else."""
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        if staff_id not in {staff.id for staff in await handlers(one.row.agency_id)}:
            raise Invalid(f"Staff {staff_id} is not there.", sentence="请选择本机关的经办人。")
        event = e.Assigned(on=on, staff_id=staff_id)
        await one.add(event)
        await record(one, event)
    return one.row


async def handlers(agency_id: int) -> list[Staff]:
    """Return those who may work on the applications of an agency, by name."""
    found = Staff.filter(agencies__id=agency_id, is_active=True).order_by("display_name", "id")
    return [staff for staff in await found if staff.role.value in {"agency_officer", "office_head"}]


async def ask_correction(
    actor: Actor, application_id: int, what: str, *, days: int, sent_on: date, served_on: date,
    by_head: bool = False, edits: int, keys: SecretKeys, now: datetime,
) -> Application:  # fmt: skip
    """Ask for a correction, naming everything at once; the applicant's last day is counted here."""
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        event = e.CorrectionAsked(
            on=sent_on, served_on=served_on, days=days, by_head=by_head,
            limit_on=deadlines.correction_limit(served_on, days, one.calendar),
        )  # fmt: skip
        await one.add(event, what)
        await record(one, event)
    return one.row


async def ask_fee(
    actor: Actor, application_id: int, asked: Charge, *, on: date, edits: int, keys: SecretKeys,
    now: datetime, note: str = "",
) -> Application:  # fmt: skip
    """Ask for a fee that a tariff gives (services.application_fees), never another; the last day to
    pay is counted from the day the notice came.
    """
    note = f"{asked.sentence}。{note}"
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        event = e.FeeAsked(on=on, yuan=asked.yuan, pay_by=deadlines.fee_due(on, one.calendar))
        await one.add(event, note)
        await record(one, event)
    return one.row


async def consult(
    actor: Actor, application_id: int, party: PartyKind, *, name: str, address: str = "",
    phone: str = "", subject: str, sent_on: date, edits: int, keys: SecretKeys, now: datetime,
) -> Consultation:  # fmt: skip
    """Ask a third party or another agency: from the next day on no working day counts."""
    if not name.strip() or not subject.strip():
        raise Invalid("Nobody is asked.", sentence="请写上征求谁的意见，以及就哪些内容征求意见。")
    _require_short(name, address, phone, subject)
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        row = await Consultation.create(
            application_id=application_id,
            party=party,
            encrypted_name=keys.encrypt(name.strip()),
            encrypted_address=keys.encrypt(address.strip()) if address.strip() else None,
            encrypted_phone=keys.encrypt(phone.strip()) if phone.strip() else None,
            encrypted_subject=keys.encrypt(subject.strip()),
            using_db=one.database,
        )
        event = e.ConsultationSent(on=sent_on, consultation_id=row.id, party=party)
        await one.add(event)
        await record(one, event)
    return row


async def delivered(
    actor: Actor, application_id: int, consultation_id: int, *, on: date, edits: int,
    keys: SecretKeys, now: datetime,
) -> Application:  # fmt: skip
    """Note that a party has the letter: its 15 working days are counted from there."""
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        event = e.ConsultationDelivered(
            on=on, consultation_id=consultation_id,
            limit_on=deadlines.consultation_limit(on, one.calendar),
        )  # fmt: skip
        await one.add(event)
        await record(one, event)
    return one.row


async def returned(
    actor: Actor, application_id: int, consultation_id: int, view: PartyView, *, on: date,
    opinion: str = "", edits: int, keys: SecretKeys, now: datetime,
) -> Application:  # fmt: skip
    """Note a party's opinion, or that it let its time pass (SILENT, with the last day of it)."""
    _require_short(opinion)
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        event = e.ConsultationReturned(on=on, consultation_id=consultation_id, view=view)
        await one.add(event)
        if opinion.strip():
            await (
                Consultation.filter(id=consultation_id)
                .using_db(one.database)
                .update(encrypted_opinion=keys.encrypt(opinion.strip()))
            )
        await record(one, event)
    return one.row


async def lodge_remedy(
    actor: Actor, application_id: int, kind: RemedyKind, *, on: date, edits: int, keys: SecretKeys,
    now: datetime, note: str = "",
) -> Remedy:  # fmt: skip
    """Note that a review or a lawsuit was begun."""
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        row = await Remedy.create(
            application_id=application_id, kind=kind, lodged_on=on, using_db=one.database
        )
        event = e.RemedyLodged(on=on, remedy_id=row.id, remedy=kind)
        await one.add(event, note)
        await record(one, event)
    return row


async def decide_remedy(
    actor: Actor, application_id: int, remedy_id: int, result: RemedyResult, *, on: date,
    redo_by: date | None = None, edits: int, keys: SecretKeys, now: datetime, note: str = "",
) -> Application:  # fmt: skip
    """Note how a review or lawsuit ended, and by when a new reply was ordered, if one was."""
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        row = await Remedy.get_or_none(
            id=remedy_id, application_id=application_id, using_db=one.database
        )
        if row is None:
            raise NotFound(f"There is no remedy {remedy_id} in this case.")
        event = e.RemedyDecided(on=on, remedy_id=remedy_id, result=result)
        await one.add(event, note)
        row.update_from_dict({"result": result, "closed_on": on})
        await row.save(using_db=one.database)
        if redo_by is not None:
            await one.add(e.RedoOrdered(on=on, due_on=redo_by))
        await record(one, event)
    return one.row


async def archive(
    actor: Actor, application_id: int, archive_number: str, *, on: date, edits: int,
    keys: SecretKeys, now: datetime,
) -> Application:  # fmt: skip
    """Put the file away (归档, Article 45): the years that it is kept begin."""
    archive_number = archive_number.strip()
    if len(archive_number) > 60:
        raise Invalid("The number is too long.", sentence="归档编号最多 60 个字。")
    event = e.Archived(on=on, archive_number=archive_number)
    return await applications.act(actor, application_id, event, edits=edits, keys=keys, now=now)


def _require_short(*texts: str) -> None:
    if any(len(text) > _LONGEST or "\0" in text for text in texts):
        raise Invalid("A text is too long.", sentence=f"有一栏太长了，每栏最多 {_LONGEST} 个字。")
