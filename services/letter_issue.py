"""Letters go out: they get their number and last words (制发), and are served (送达).

Source: Regulation on Open Government Information (2019 revision), Articles 33 to 36; 国办公开办函〔2016〕235号.
"""

from __future__ import annotations

from datetime import date, datetime

from models.application import DeliveryWay
from models.official_letter import LetterKind, LetterState, OfficialLetter
from services.access import Actor
from services.applications import record
from services.clock import zone_day
from services.disclosure import events as e
from services.disclosure.serving import answered_on
from services.errors import Invalid, SecondPersonNeeded
from services.letter_keeping import (
    case_of_letter,
    move,
    record_letter,
    refuse,
    theirs,
)
from services.letter_reader import LetterReader, finished
from services.secret_key import SecretKeys

_L = LetterKind
_S = LetterState
_LONGEST_PROOF = 200


async def issue(
    actor: Actor, letter_id: int, *, edits: int, case_edits: int, keys: SecretKeys, now: datetime,
    way: DeliveryWay | None = None,
) -> OfficialLetter:  # fmt: skip
    """Give a letter its number and its last words (制发). `way` is how it goes out.

    Raises LetterDefective for everything that must not go out, SecondPersonNeeded for a reply that
    nobody else checked, and what applications.act raises.
    """
    letter, application = await theirs(actor, letter_id)
    is_reply = letter.kind is _L.N12_REPLY
    async with case_of_letter(actor, application, case_edits, keys, now) as one:
        letter.delivery_way = way or application.delivery_way
        reader = await LetterReader.of(letter, one.row, one.case, keys=keys, using_db=one.database)
        today = zone_day(now)
        if is_reply:
            if letter.state is _S.DRAFT:
                raise SecondPersonNeeded(f"Letter {letter.id} was not checked.")
            assert letter.outcome is not None
            event = e.Issued(on=today, letter_id=letter.id, outcome=letter.outcome)
            await one.add(event)
        number = await reader.next_number(today.year)
        text = await reader.text(number=number or "", on=today)
        refuse(reader.findings(text))
        await move(
            letter, _S.CLEARED if is_reply else _S.DRAFT, one.database, edits=edits,
            state=_S.ISSUED, number=number, encrypted_body=keys.encrypt(text), issued_on=today,
            delivery_way=letter.delivery_way,
        )  # fmt: skip
        if is_reply:
            await record(one, event)
        else:
            await record_letter(actor, application, letter, "issued", one.database)
    return await OfficialLetter.get(id=letter_id)


async def serve(
    actor: Actor, letter_id: int, *, way: DeliveryWay, sent_on: date, arrived_on: date | None = None,
    proof: str, edits: int, case_edits: int, keys: SecretKeys, now: datetime,
) -> OfficialLetter:  # fmt: skip
    """Note that a letter was served; which of the days counts is decided by the way (235号).

    Raises NotServed, Invalid, LetterDefective where it goes out by the internet without the channel for
    a review, and what applications.act raises.
    """
    letter, application = await theirs(actor, letter_id)
    served_on = answered_on(way, sent_on=sent_on, arrived_on=arrived_on)
    today = zone_day(now)
    if letter.issued_on is not None and sent_on < letter.issued_on:
        raise Invalid("Sent before issued.", sentence="送达的日期早于制发日期，请核对。")
    if max(sent_on, served_on) > today:
        raise Invalid("In the future.", sentence="送达的日期在今天之后，请核对。")
    proof = proof.strip()
    if not proof or len(proof) > _LONGEST_PROOF:
        raise Invalid(
            "No proof.", sentence="请写上送达凭证：签收人、邮件号码或者发送记录，不超过200个字。"
        )
    async with case_of_letter(actor, application, case_edits, keys, now) as one:
        letter.delivery_way = way
        reader = await LetterReader.of(letter, one.row, one.case, keys=keys, using_db=one.database)
        if way.is_electronic:
            reader.require_agreed()
            refuse(reader.text_findings(finished(letter, keys)))
        await move(
            letter, _S.ISSUED, one.database, edits=edits, state=_S.SERVED, served_on=served_on,
            delivery_way=way,
        )  # fmt: skip
        if letter.kind is _L.N12_REPLY and letter.outcome is not None:
            event = e.Served(on=served_on, letter_id=letter.id, outcome=letter.outcome, way=way)
            await one.add(event, proof)
            await record(one, event)
        else:
            noted = e.Noted(on=served_on)
            await one.add(noted, f"{letter.title}（{letter.number or '未编号'}）已送达：{proof}")
            await record(one, noted)
    return await OfficialLetter.get(id=letter_id)
