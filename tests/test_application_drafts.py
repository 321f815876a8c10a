"""What is filled in and not yet sent: kept for a day behind a code, encrypted, and then gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from models.application import ApplicantKind
from models.application_draft import ApplicationDraft
from models.database import close_database, open_database
from models.venue import Venue, VenueLevel, VenueType
from services import application_drafts
from services.application_drafts import KEPT, KEPT_AT_A_KIOSK, Draft, WrongDraftCode
from services.disclosure.draft_answers import LONGEST, answer
from services.disclosure.draft_content import DraftContent, FoundDocument, Step
from services.errors import AreaMissing, Invalid
from services.secret_key import SecretKeys
from tests.databases import database_url

KEYS = SecretKeys.of(Fernet.generate_key())
NAME = "阿依古丽·买买提"


@pytest.fixture(autouse=True)
async def database(tmp_path: Path) -> AsyncIterator[None]:
    await open_database(database_url(tmp_path))
    yield
    await close_database()


async def venue(kind: VenueType = VenueType.SERVICE_HALL) -> Venue:
    return await Venue.create(code=kind.value, place="某地", type=kind, level=VenueLevel.DISTRICT)


def now() -> datetime:
    return datetime.now(UTC)


async def begun(*, at_kiosk: bool = False) -> Draft:
    return await application_drafts.begin(await venue(), at_kiosk=at_kiosk, keys=KEYS, now=now())


async def named(draft: Draft, name: str, *, at_kiosk: bool = False) -> Draft:
    def change(content: DraftContent) -> DraftContent:
        return answer(content, Step.NAME, name)

    return await application_drafts.save(draft, change, at_kiosk=at_kiosk, keys=KEYS, now=now())


async def test_what_is_filled_in_is_found_by_its_code_however_it_is_typed() -> None:
    draft = await named(await begun(), NAME)
    for typed in (draft.code, f" {draft.code[:4]}-{draft.code[4:8]} {draft.code[8:]}"):
        found = await application_drafts.find(typed, keys=KEYS, now=now())
        assert found.content.name == NAME
    wide = draft.code.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
    assert (await application_drafts.find(wide, keys=KEYS, now=now())).id == draft.id
    for wrong in ("", "1", "x" * 12, f"{int(draft.code) ^ 1:012d}", "9" * 5000):
        with pytest.raises(WrongDraftCode):
            await application_drafts.find(wrong, keys=KEYS, now=now())


async def test_a_draft_outlives_a_change_of_keys() -> None:
    first, second = Fernet.generate_key(), Fernet.generate_key()
    before = SecretKeys.of(first)
    draft = await application_drafts.begin(await venue(), at_kiosk=False, keys=before, now=now())
    meanwhile = SecretKeys.of(second, first)
    assert (await application_drafts.find(draft.code, keys=meanwhile, now=now())).id == draft.id


async def test_neither_code_nor_content_can_be_read_in_the_database() -> None:
    draft = await named(await begun(), NAME)
    row = await ApplicationDraft.get(id=draft.id)
    kept = f"{row.code_hash} {bytes(row.encrypted_content)!r}"
    assert draft.code not in kept
    assert NAME not in kept
    other = SecretKeys.of(Fernet.generate_key())
    with pytest.raises(WrongDraftCode):
        await application_drafts.find(draft.code, keys=other, now=now())


async def test_a_draft_ends_after_a_day_and_soon_where_its_code_was_not_taken_along() -> None:
    draft = await named(await begun(at_kiosk=True), NAME, at_kiosk=True)
    soon = now() + KEPT_AT_A_KIOSK + timedelta(minutes=1)
    with pytest.raises(WrongDraftCode):
        await application_drafts.find(draft.code, keys=KEYS, now=soon)

    def take_along(content: DraftContent) -> DraftContent:
        return DraftContent(name=content.name, is_taken_along=True)

    draft = await application_drafts.save(draft, take_along, at_kiosk=True, keys=KEYS, now=now())
    assert (await application_drafts.find(draft.code, keys=KEYS, now=soon)).content.name == NAME
    later = now() + KEPT + timedelta(seconds=1)
    with pytest.raises(WrongDraftCode):
        await application_drafts.find(draft.code, keys=KEYS, now=later)
    assert await application_drafts.remove_ended(soon) == 0
    assert await application_drafts.remove_ended(later) == 1
    assert await ApplicationDraft.all().count() == 0


async def test_what_is_filled_in_at_two_places_is_kept_from_both() -> None:
    """The second saves over what it has not seen; only its own answer changes."""
    draft = await begun()
    await named(draft, NAME)

    def phone(content: DraftContent) -> DraftContent:
        return answer(content, Step.PHONE, "１３８ ００１３ ８０００")

    both = await application_drafts.save(draft, phone, at_kiosk=False, keys=KEYS, now=now())
    assert (both.content.name, both.content.phone) == (NAME, "13800138000")


async def test_a_zone_that_takes_no_applications_begins_none() -> None:
    with pytest.raises(AreaMissing):
        await application_drafts.begin(
            await venue(VenueType.LIBRARY), at_kiosk=False, keys=KEYS, now=now()
        )
    assert await ApplicationDraft.all().count() == 0


@pytest.mark.parametrize(
    ("step", "given"),
    [
        pytest.param(Step.NAME, NAME, id="a name with a dot"),
        pytest.param(Step.NAME, "Maria O'Connor-García", id="a Latin name"),
        pytest.param(Step.IDENTITY, "E12345678", id="a passport"),
        pytest.param(Step.ADDRESS, "街" * 500, id="an address of 500 characters"),
        pytest.param(Step.PHONE, "", id="no telephone"),
    ],
)
async def test_what_people_really_have_is_taken(step: Step, given: str) -> None:
    content = answer(DraftContent(), step, given)
    assert step in content.answered
    assert given in {content.name, content.identity_number, content.address, content.phone}


@pytest.mark.parametrize("step", LONGEST, ids=lambda step: step.value)
async def test_what_is_too_long_is_refused_with_the_length_that_is_not(step: Step) -> None:
    with pytest.raises(Invalid) as refused:
        answer(DraftContent(), step, "9@" + "9" * LONGEST[step])
    assert f"不要超过 {LONGEST[step]} 个字" in refused.value.sentence
    with pytest.raises(Invalid):
        answer(DraftContent(), step, "a\0b")


async def test_questions_follow_from_the_answers() -> None:
    content = DraftContent()
    assert Step.CATEGORY not in content.steps()
    content = answer(content, Step.KIND, "legal_or_other")
    assert {Step.CATEGORY, Step.CONTACT} <= set(content.steps())
    content = answer(content, Step.WAY, "online")
    assert Step.ADDRESS in content.steps(), "whoever has no telephone is reached by letter"
    content = answer(answer(content, Step.PHONE, "13800138000"), Step.WAY, "post")
    assert {Step.ADDRESS, Step.POSTCODE} <= set(content.steps())
    content = answer(content, Step.WAY, "email")
    assert {Step.ADDRESS, Step.EMAIL} & set(content.steps()) == {Step.EMAIL}


async def test_changing_who_applies_asks_for_the_document_anew() -> None:
    content = answer(DraftContent(), Step.KIND, "natural_person")
    content = answer(answer(content, Step.NAME, NAME), Step.IDENTITY_KIND, "resident_id")
    content = answer(content, Step.IDENTITY, "11010519491231002x")
    changed = answer(content, Step.KIND, "legal_or_other")
    assert (changed.kind, changed.identity_number) == (ApplicantKind.LEGAL_OR_OTHER, "")
    assert not {Step.NAME, Step.IDENTITY_KIND, Step.IDENTITY} & set(changed.answered)
    with pytest.raises(Invalid):
        answer(changed, Step.IDENTITY_KIND, "resident_id")


async def test_the_search_is_told_as_evidence() -> None:
    found = (FoundDocument(7, "老旧小区改造实施方案"),)
    content = DraftContent(title="小区改造预算", found=found, searched_on=now().date())
    assert "老旧小区改造实施方案" in content.search_evidence()
    assert "小区改造预算" in content.search_evidence()
    assert DraftContent().search_evidence() == ""
