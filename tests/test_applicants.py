"""Who applies: kept so that nobody reads it, found again, shown to whom it concerns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from models.agency import Agency
from models.applicant import Applicant
from models.application import ApplicantKind, Application, ApplicationState, OrgCategory
from models.audit_record import AuditRecord
from models.staff import Role
from models.venue import Venue
from services import applicants, application_access, audit
from services.applicants import Reason
from services.disclosure import person_keys
from services.disclosure.request import Person
from services.errors import NotAllowed, NotFound
from tests.towns import PERSON, Town, town_below


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with town_below(tmp_path) as made:
        yield made


async def test_every_field_comes_back_as_it_was_given(town: Town) -> None:
    assert await applicants.person_of(town.application, keys=town.keys) == PERSON


async def test_somebody_is_found_however_it_is_typed(town: Town) -> None:
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    again = await town.files(PERSON)
    await town.files(msgspec.structs.replace(PERSON, name="别人", identity_number="", phone=""))
    both = [again.id, town.application.id]
    find = applicants.find
    assert await find(officer, keys=town.keys, name="阿依古丽 • 买买提") == both
    assert (
        await find(officer, keys=town.keys, identity="１１０１０５１９４９１２３１００２Ｘ") == both
    )
    assert await find(officer, keys=town.keys, phone="+86 138-1234-5678") == both
    assert await find(officer, keys=town.keys, name="阿依古丽·买买提", phone="13800000000") == []
    assert await find(officer, keys=town.keys, name="阿依古丽") == [], "Whole names alone"
    assert await find(officer, keys=town.keys) == []
    assert await find(officer, keys=town.keys, phone="没有") == [], "Not those without a phone"


async def test_who_may_not_see_somebody_does_not_find_them_either(town: Town) -> None:
    elsewhere = await town.person(Role.AGENCY_OFFICER, town.theirs)
    supervisor = await town.person(Role.SUPERVISOR, town.zone)
    for actor in (elsewhere, supervisor):
        assert await applicants.find(actor, keys=town.keys, phone=PERSON.phone) == []


@pytest.mark.parametrize(
    ("fact", "is_right"),
    [
        ("002X", True), ("002x", True), ("００２ｘ", True), (PERSON.identity_number, True),
        ("5678", True), ("138 1234 5678", True),
        (PERSON.name, True), ("阿依古丽 • 买买提", True), ("阿依古丽", False),
        ("678", False), ("0000", False), ("", False), ("1111", False),
    ],
)  # fmt: skip
async def test_the_second_fact_is_the_end_of_identity_or_phone_or_the_whole_name(
    town: Town, fact: str, is_right: bool
) -> None:
    row = await Applicant.get(application_id=town.application.id)
    code = town.application.query_code
    assert applicants.knows_second_fact(row, code, fact, keys=town.keys) is is_right
    assert not applicants.knows_second_fact(row, "OTHER", fact, keys=town.keys)


async def test_an_officer_sees_a_masked_applicant(town: Town) -> None:
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    seen = await applicants.masked(officer, town.application, keys=town.keys)
    assert (seen.name, seen.identity_number, seen.phone, seen.address, seen.agent_name) == (
        "阿**·*", "110***********002X", "138****5678", "重庆市渝北区***", "张*",
    )  # fmt: skip
    company = msgspec.structs.replace(
        PERSON, kind=ApplicantKind.LEGAL_OR_OTHER, org_category=OrgCategory.BUSINESS,
        name="示例市某某科技有限公司",
    )  # fmt: skip
    seen = await applicants.masked(officer, await town.files(company), keys=town.keys)
    assert (seen.name, seen.org_category) == ("示例****公司", OrgCategory.BUSINESS)


async def test_what_is_shown_in_full_is_on_the_record_with_its_reason(town: Town) -> None:
    head = await town.person(Role.OFFICE_HEAD, town.ours)
    id_ = town.application.id
    assert await applicants.shown(head, id_, Reason.LETTER, keys=town.keys) == PERSON
    seen = await applicants.contact_shown(town.clerk, id_, Reason.CONTACT, keys=town.keys)
    assert seen.phone == PERSON.phone
    assert seen.identity_number == "" and seen.agent and seen.agent.identity_number == ""
    views = await AuditRecord.filter(subject=f"application:{id_}").order_by("number")
    assert [(view.action, view.detail, view.staff_id) for view in views] == [
        ("applicant_seen", '{"reason":"letter"}', head.staff_id),
        ("contact_seen", '{"reason":"contact"}', town.clerk.staff_id),
    ]
    assert (await audit.verify(town.keys.sealing)).broken_at is None


@pytest.mark.parametrize(
    ("title", "tells"),
    [
        ("关于阿依古丽·买买提政府信息公开申请的答复书", True),
        ("关于 阿依古丽 • 买买提 的答复书", True),
        ("关于张三代为申请的答复书", True),
        ("答复书（138-1234-5678）", True),
        ("答复书 11010519491231002x", True),
        ("政府信息公开申请答复书", False),
        ("答复书（2026）5678", False),
        ("", False),
    ],
)
def test_a_title_tells_who_applies_or_does_not(title: str, tells: bool) -> None:
    assert person_keys.tells_of(PERSON, title) is tells


def test_a_latin_name_is_seen_in_a_chinese_title() -> None:
    somebody = Person(name="John Smith")
    assert person_keys.tells_of(somebody, "关于John Smith申请的答复书")
    assert person_keys.tells_of(somebody, "关于ＪＯＨＮ　ＳＭＩＴＨ申请的答复书")
    assert not person_keys.tells_of(Person(name="黄"), "黄桷坪片区答复书"), (
        "no name of one character"
    )


NO, YES, HIDDEN = "no", "yes", "out of sight"


@pytest.mark.parametrize(
    ("role", "where", "state", "identity", "contact", "words", "masked"),
    [
        pytest.param(Role.CLERK, "here", "received", NO, YES, YES, YES, id="clerk who filed it"),
        pytest.param(Role.CLERK, "here", "processing", NO, NO, YES, YES, id="handed over"),
        pytest.param(Role.CLERK, "colleague", "received", NO, YES, NO, YES, id="colleague"),
        pytest.param(Role.CLERK, "there", "received", *[HIDDEN] * 4, id="clerk of another zone"),
        pytest.param(Role.AGENCY_OFFICER, "here", "processing", *[YES] * 4, id="officer"),
        pytest.param(Role.AGENCY_OFFICER, "there", "processing", *[HIDDEN] * 4, id="another's"),
        pytest.param(Role.AGENCY_OFFICER, "", "processing", *[HIDDEN] * 4, id="of no agency"),
        pytest.param(Role.OFFICE_HEAD, "here", "archived", *[YES] * 4, id="head"),
        pytest.param(Role.OFFICE_HEAD, "there", "archived", *[HIDDEN] * 4, id="another head"),
        pytest.param(Role.REVIEWER, "here", "review", NO, NO, YES, NO, id="reviewer"),
        pytest.param(Role.REVIEWER, "here", "processing", *[HIDDEN] * 4, id="not in review"),
        pytest.param(Role.REVIEWER, "there", "review", *[HIDDEN] * 4, id="another reviewer"),
        pytest.param(Role.SUPERVISOR, "here", "processing", *[NO] * 4, id="supervisor"),
        pytest.param(Role.SUPERVISOR, "there", "processing", *[HIDDEN] * 4, id="another's"),
        pytest.param(Role.ADMINISTRATOR, "", "processing", *[HIDDEN] * 4, id="administrator"),
    ],
)
async def test_who_sees_what(
    town: Town, role: Role, where: str, state: str, identity: str, contact: str, words: str,
    masked: str,
) -> None:  # fmt: skip
    id_, keys = town.application.id, town.keys
    await Application.filter(id=id_).update(state=ApplicationState(state))
    is_of_agency = role in {Role.AGENCY_OFFICER, Role.OFFICE_HEAD}
    bound: dict[str, list[Venue | Agency]] = {
        "here": [town.ours if is_of_agency else town.zone], "colleague": [town.zone],
        "there": [town.theirs if is_of_agency else town.other_zone], "": [],
    }  # fmt: skip
    is_filer = role is Role.CLERK and where == "here"
    actor = town.clerk if is_filer else await town.person(role, *bound[where])

    for wanted, show in ((identity, applicants.shown), (contact, applicants.contact_shown)):
        if wanted == YES:
            assert (await show(actor, id_, Reason.VERIFY, keys=keys)).name == PERSON.name
        else:
            with pytest.raises(NotFound if wanted == HIDDEN else NotAllowed):
                await show(actor, id_, Reason.VERIFY, keys=keys)
    row = await Application.get(id=id_)
    if words != HIDDEN:
        assert application_access.may_see_words(actor, row) is (words == YES)
    in_sight = await Application.filter(application_access.sight(actor), id=id_).exists()
    assert in_sight is (masked != HIDDEN)
    name = (await applicants.masked(actor, row, keys=keys)).name
    assert name == ("阿**·*" if masked == YES else "")


async def test_what_comes_in_once_more_is_with_the_agency_already(town: Town) -> None:
    row = town.application
    await Application.filter(id=row.id).update(
        state=ApplicationState.RECEIVED, received_on=date(2026, 3, 9),
        first_received_on=date(2026, 3, 2),
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        await applicants.contact_shown(town.clerk, row.id, Reason.CONTACT, keys=town.keys)


async def test_only_the_agency_works_on_it(town: Town) -> None:
    id_ = town.application.id
    officer = await town.person(Role.AGENCY_OFFICER, town.ours)
    assert (await application_access.require_work(officer, id_)).id == id_
    with pytest.raises(NotAllowed):
        await application_access.require_work(town.clerk, id_)
    with pytest.raises(NotFound):
        stranger = await town.person(Role.OFFICE_HEAD, town.theirs)
        await application_access.require_work(stranger, id_)
