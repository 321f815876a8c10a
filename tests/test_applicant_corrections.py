"""What was mistyped of an applicant is put right: found by the right one, no longer by the wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.applicant import Applicant, IdentityCheck
from models.application import Application
from models.application_event import ApplicationEvent
from services import applicants
from services.access import Actor
from services.applicant_corrections import correct
from services.errors import EditedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from tests.application_office import KEYS, PERSON, open_office
from tests.application_story import Story


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    async with open_office(tmp_path) as office:
        yield await Story.begin(office, date(2026, 3, 2))


async def mends(
    story: Story, given: dict[str, str], why: str = "申请人来电", **more: Any
) -> Application:
    row = await story.row()
    actor: Actor = more.get("actor", story.office.officer)
    return await correct(
        actor, row.id, given, why, edits=more.get("edits", row.edits), keys=KEYS, now=story.now
    )


async def test_what_is_right_is_found_and_what_was_wrong_is_not(story: Story) -> None:
    row = await mends(story, {"phone": "139 0000 9876", "address": "", "name": ""})
    person = await applicants.person_of(row, keys=KEYS)
    assert (person.name, person.phone, person.address) == (PERSON.name, "139 0000 9876", "")
    assert person.identity_number == PERSON.identity_number
    officer = story.office.officer
    assert await applicants.find(officer, keys=KEYS, phone="13900009876") == [row.id]
    assert await applicants.find(officer, keys=KEYS, phone=PERSON.phone) == []
    kept = await Applicant.get(application_id=row.id)
    assert applicants.knows_second_fact(kept, row.query_code, "9876", keys=KEYS)
    assert not applicants.knows_second_fact(kept, row.query_code, PERSON.phone[-4:], keys=KEYS)

    event = await ApplicationEvent.filter(application_id=row.id).order_by("-position").first()
    assert event and event.encrypted_note and event.staff_id == officer.staff_id
    note = KEYS.decrypt(event.encrypted_note)
    assert note == "更正申请人的联系电话、通信地址。原因：申请人来电"


@pytest.mark.parametrize(
    ("number", "kept", "check"),
    [
        ("44052418800101 0014", "440524188001010014", IdentityCheck.CHECKSUM),
        ("440524188001010015", "440524188001010015", IdentityCheck.NONE),
    ],
)
async def test_a_number_is_checked_anew(
    story: Story, number: str, kept: str, check: IdentityCheck
) -> None:
    row = await mends(story, {"identity_number": number})
    person = await applicants.person_of(row, keys=KEYS)
    assert (person.identity_number, person.identity_check) == (kept, check)


async def test_what_cannot_be_changes_nothing(story: Story) -> None:
    office, row = story.office, await story.row()
    before = await applicants.person_of(row, keys=KEYS)
    nobody_reached = {"phone": "", "address": ""}
    for given, why in (
        ({}, "x"), ({"phone": PERSON.phone}, "x"), (nobody_reached, "x"),
        ({"phone": "1"}, " "), ({"address": "长" * 501}, "x"), ({"phone": "1\0"}, "x"),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            await mends(story, given, why)
    with pytest.raises(EditedMeanwhile):
        await mends(story, {"phone": "1390000"}, edits=row.edits - 1)
    with pytest.raises(NotAllowed):
        await mends(story, {"phone": "1390000"}, actor=office.clerk)
    with pytest.raises(NotFound):
        await mends(story, {"phone": "1390000"}, actor=office.reviewer)
    assert await applicants.person_of(row, keys=KEYS) == before
    assert (await story.row()).edits == row.edits
    await Application.filter(id=row.id).update(anonymised_at=story.now)
    with pytest.raises(WrongState):
        await mends(story, {"phone": "1390000"})
