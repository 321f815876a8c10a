"""What is left of a case when it is archived, and when its years are over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from models.applicant import Applicant
from models.application import Application, ApplicationState
from models.application_event import ApplicationEvent
from models.application_file import ApplicationFile, ApplicationFilePart, FilePurpose
from models.audit_record import AuditRecord
from models.consultation import Consultation, PartyKind
from models.official_letter import LetterKind, OfficialLetter
from models.outcome import Outcome
from models.remedy import Remedy, RemedyKind, RemedyResult
from models.staff import Role
from services import applicants, application_files, applications, audit
from services.access import system
from services.application_retention import do_what_is_due
from services.key_rotation import encrypted_columns
from tests.test_application_files import picture, pieces
from tests.towns import PERSON, Town, town_below

ARCHIVED_ON = date(2026, 3, 2)
KEEP_UNTIL = date(2056, 3, 2)
LAST_DAY = datetime(2056, 3, 2, 15, 59, tzinfo=UTC)
"""One minute before midnight in China."""
TOO_LATE = LAST_DAY + timedelta(minutes=1)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_below(tmp_path) as made:
        yield made


async def archived(town: Town) -> int:
    """Give the case everything that can tell of a person, and archive it."""
    id_, keys = town.application.id, town.keys
    await ApplicationEvent.create(
        application_id=id_, position=1, kind="noted", at=LAST_DAY, staff_name="某人",
        content='{"type":"noted","on":"2026-02-02"}', encrypted_note=keys.encrypt("打过她的电话"),
    )  # fmt: skip
    await Consultation.create(
        application_id=id_, party=PartyKind.THIRD_PARTY,
        encrypted_name=keys.encrypt("李四"), encrypted_opinion=keys.encrypt("不同意"),
    )  # fmt: skip
    await OfficialLetter.create(
        application_id=id_, agency_id=town.ours.id, kind=LetterKind.N12_REPLY,
        title="关于阿依古丽的答复", encrypted_body=keys.encrypt("阿依古丽：……"), number="1 号",
    )  # fmt: skip
    for purpose in (FilePurpose.IDENTITY, FilePurpose.ATTACHMENT):
        await application_files.store(
            town.clerk, id_, purpose, "阿依古丽.png", pieces(picture()), keys=keys
        )
    await Application.filter(id=id_).update(
        state=ApplicationState.ARCHIVED, archived_on=ARCHIVED_ON, keep_until=KEEP_UNTIL,
        outcome=Outcome.P1_PARTLY, closed_on=date(2026, 3, 1), idempotency_hash="x",
    )  # fmt: skip
    return id_


async def passes(town: Town, now: datetime) -> int:
    return await do_what_is_due(system(town.keys.sealing), now, keys=town.keys)


async def test_images_of_documents_go_when_a_case_is_archived_and_nothing_else(town: Town) -> None:
    id_ = await archived(town)
    assert await passes(town, datetime(2026, 3, 3, tzinfo=UTC)) == 0
    proof, added = await ApplicationFile.filter(application_id=id_).order_by("id")
    assert proof.removed_at is not None and added.removed_at is None
    parts = await ApplicationFilePart.all()
    assert [part.file_id for part in parts] == [added.id]
    assert await passes(town, datetime(2026, 3, 4, tzinfo=UTC)) == 0
    removals = await AuditRecord.filter(action="case_file_removed").count()
    assert removals == 1, "Once, however often it is looked at"


async def test_an_open_case_keeps_the_images(town: Town) -> None:
    await archived(town)
    await Application.all().update(state=ApplicationState.REPLIED)
    await passes(town, TOO_LATE)
    assert not await ApplicationFile.exists(removed_at__not_isnull=True)
    assert (await applicants.person_of(town.application, keys=town.keys)) == PERSON


async def test_after_the_last_day_nothing_tells_of_anybody_and_figures_are_the_same(
    town: Town,
) -> None:
    id_ = await archived(town)
    before = await Application.get(id=id_)
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    assert await passes(town, LAST_DAY) == 0, "The last day counts in full"
    assert (await applicants.person_of(before, keys=town.keys)).name == PERSON.name
    assert await passes(town, TOO_LATE) == 1

    row = await Application.get(id=id_)
    changed = {"encrypted_request", "idempotency_hash", "anonymised_at"}
    for field in Application._meta.db_fields - changed:
        assert getattr(row, field) == getattr(before, field), field
    person = await Applicant.get(application_id=id_)
    kept = {"id", "application_id", "identity_kind", "identity_check"}
    assert not any(getattr(person, field) for field in Applicant._meta.db_fields - kept)
    left = applications.request_in(row, town.keys)
    assert (left.title, left.features, left.suggests_publication) == ("", "", True)
    (event,) = await ApplicationEvent.filter(application_id=id_)
    assert event.encrypted_note is None and event.kind == "noted"
    consulted = await Consultation.get(application_id=id_)
    assert consulted.encrypted_name is None and consulted.encrypted_opinion is None
    letter = await OfficialLetter.get(application_id=id_)
    assert (letter.title, town.keys.decrypt(letter.encrypted_body)) == ("答复书", "")
    assert letter.number == "1 号"
    assert not await ApplicationFilePart.exists()
    shown = await applicants.masked(officer, row, keys=town.keys)
    assert shown.is_anonymised and shown.name == shown.phone == ""
    names = {town.keys.decrypt(file.encrypted_name) for file in await ApplicationFile.all()}
    assert names == {""}
    assert await applicants.find(officer, keys=town.keys, phone=PERSON.phone) == []

    assert await passes(town, TOO_LATE) == 0
    assert await AuditRecord.filter(action="case_anonymised").count() == 1
    assert (await audit.verify(town.keys.sealing)).broken_at is None


async def test_whatever_table_keeps_words_of_a_case_is_emptied(town: Town) -> None:
    """A column that somebody adds later is met here before it is forgotten there."""
    await archived(town)
    await passes(town, TOO_LATE)
    of_cases = {
        model: columns
        for model, columns in encrypted_columns().items()
        if "application_id" in model._meta.db_fields
    }
    assert len(of_cases) >= 6
    for model, columns in of_cases.items():
        for row in await model.all().values(*columns):
            for column, value in row.items():
                assert not value or town.keys.decrypt(value) == "", (model, column)


async def test_a_case_in_court_is_kept_until_it_is_decided(town: Town) -> None:
    id_ = await archived(town)
    suit = await Remedy.create(
        application_id=id_, kind=RemedyKind.DIRECT_SUIT, lodged_on=ARCHIVED_ON
    )
    assert await passes(town, TOO_LATE) == 0
    await Remedy.filter(id=suit.id).update(result=RemedyResult.UPHELD)
    assert await passes(town, TOO_LATE) == 1
