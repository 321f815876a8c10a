"""What people see, settle, agree to and take back of themselves; and that forgetting them is real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise import Tortoise

from models.application_draft import ApplicationDraft
from models.audit_record import AuditRecord
from models.card_template import CardGrant, CardTemplate
from models.category import Category
from models.citizen import Citizen, CitizenSession
from models.citizen_tie import CitizenInquiry, Follow
from models.left_question import LeftQuestion
from models.venue import Venue
from server.rate_limit import RateLimit
from services import application_drafts, citizen_forgetting, citizen_sessions, left_questions
from services.access import system
from services.citizen_agreement import NOTICE_VERSION
from services.wechat import WeChatFailed
from tests.databases import everything_kept
from tests.doors import Doors, open_doors
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen, scripted_wechat_of

NUMBER = "13800001234"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-me"), speaking=False) as opened:
        opened.context.citizens_limit = RateLimit(1000)
        yield opened


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as opened:
        yield opened


def gives_number(doors: Doors, phone: PhoneOfCitizen, number: str = NUMBER) -> Any:
    code = scripted_wechat_of(doors).phone_code_for(number)
    return phone.client.put("/mp/v1/me/phone", json={"code": code})


def test_settings_are_kept_for_all_phones_of_one_person(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    chosen = {"is_large": True, "text_px": 24, "speech_rate": 0.8, "replies_aloud": True}
    assert phone.client.put("/mp/v1/me/settings", json=chosen).json() == chosen
    with phone_of_citizen(doors, phone.openid) as other:
        assert other.session["settings"] == chosen
        assert other.gets("/me/settings") == chosen


@pytest.mark.parametrize(
    "wrong",
    [
        {"text_px": 16}, {"text_px": 41}, {"text_px": 17.5}, {"text_px": "20"},
        {"speech_rate": 0.49}, {"speech_rate": 2.01}, {"speech_rate": None},
        {"is_large": 1}, {"colour": "red"}, [],
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_no_phone_can_follow_are_refused(phone: PhoneOfCitizen, wrong: Any) -> None:
    response = phone.client.put("/mp/v1/me/settings", json=wrong)
    assert (response.status_code, response.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("rate", [0.5, 2, 1.25])
def test_speech_may_be_half_as_fast_or_twice(phone: PhoneOfCitizen, rate: float) -> None:
    body = {"text_px": 40, "speech_rate": rate}
    kept = phone.client.put("/mp/v1/me/settings", json=body).raise_for_status().json()
    assert (kept["speech_rate"], kept["text_px"]) == (rate, 40)


def test_agreement_is_to_the_present_notice_and_can_be_taken_back(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    assert phone.gets("/agreement")["version"] == NOTICE_VERSION
    old = phone.client.put("/mp/v1/me/agreement", json={"version": "mp-2025-9"})
    assert (old.status_code, old.json()["code"]) == (409, "notice_changed")
    phone.agrees()
    phone.agrees()
    shown = phone.gets("/me")
    assert shown["has_agreed"] and shown["agreed_version"] == NOTICE_VERSION and shown["agreed_at"]
    assert phone.renew()["has_agreed"] is True
    gives_number(doors, phone).raise_for_status()
    assert phone.client.delete("/mp/v1/me/agreement").status_code == 204
    shown = phone.gets("/me")
    assert (shown["has_agreed"], shown["phone"], shown["agreed_at"]) == (False, "", None)


def test_a_number_needs_agreement_and_a_code_of_its_own(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    refused = gives_number(doors, phone)
    assert (refused.status_code, refused.json()["code"]) == (403, "agreement_needed")
    phone.agrees()
    login_code = scripted_wechat_of(doors).code_for(phone.openid)
    refused = phone.client.put("/mp/v1/me/phone", json={"code": login_code})
    assert (refused.status_code, refused.json()["code"]) == (422, "wechat_code_refused")
    assert gives_number(doors, phone).json() == {"phone": "138****1234"}
    assert phone.gets("/me")["phone"] == "138****1234"
    odd = gives_number(doors, phone, "没有号码")
    assert (odd.status_code, odd.json()["code"]) == (422, "odd_phone")
    assert phone.client.delete("/mp/v1/me/phone").status_code == 204
    assert phone.client.delete("/mp/v1/me/phone").status_code == 204
    assert phone.gets("/me")["phone"] == ""


def test_wechat_being_down_keeps_nobody_from_what_is_ours(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    phone.agrees()
    wechat = scripted_wechat_of(doors)
    wechat.failing = WeChatFailed("down")
    try:
        assert gives_number(doors, phone).status_code == 503
        assert phone.gets("/me") and phone.gets("/me/kept") and phone.renew()
    finally:
        wechat.failing = None


async def _leave_something(doors: Doors, citizen_id: int) -> int:
    """Tie a question, a zone, a subject and two drafts to somebody; return the question's id."""
    keys, now = doors.context.parts.keys, datetime.now(UTC)
    venue = await Venue.all().order_by("id").first()
    assert venue is not None
    await left_questions.leave("路灯三个月不亮了", venue=venue, keys=keys, now=now)
    question = await LeftQuestion.all().order_by("-id").first()
    assert question is not None
    await CitizenInquiry.create(citizen_id=citizen_id, question=question)
    await Follow.create(citizen_id=citizen_id, venue=venue)
    await Follow.create(citizen_id=citizen_id, category=next(iter(Category)))
    for _ in range(2):
        draft = await application_drafts.begin(venue, at_kiosk=False, keys=keys, now=now)
        await ApplicationDraft.filter(id=draft.id).update(
            citizen_id=citizen_id, encrypted_code=keys.encrypt(draft.code)
        )
    return question.id


async def _rows_that_name(citizen_id: int) -> dict[str, int]:
    """Return the tables that still name somebody."""
    assert Tortoise.apps is not None
    found = {}
    for name, model in Tortoise.apps["models"].items():
        if "citizen_id" in model._meta.fields_db_projection:
            rows = await model.filter(citizen_id=citizen_id).count()
            if rows:
                found[name] = rows
    return found


def test_what_is_kept_is_told_before_and_the_rest_is_gone(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    phone.agrees()
    gives_number(doors, phone).raise_for_status()
    row = phone.citizen()
    question_id = doors.run(_leave_something(doors, row.id))
    assert len(doors.run(_rows_that_name(row.id))) >= 4
    told = phone.gets("/me/kept")
    assert [thing["count"] for thing in told["kept"]] == [1, 1]
    assert all(thing["why"] and thing["how_long"] for thing in told["kept"])
    with phone_of_citizen(doors, phone.openid) as other:
        answer = phone.client.delete("/mp/v1/me").raise_for_status().json()
        assert answer == told
        assert other.client.get("/mp/v1/me").status_code == 401
    assert phone.client.get("/mp/v1/me").status_code == 401
    assert doors.run(_rows_that_name(row.id)) == {}

    async def left() -> tuple[bool, bool, int]:
        seen = AuditRecord.filter(action="citizen_forgotten", subject=f"citizen:{row.id}")
        return (
            await Citizen.filter(id=row.id).exists(),
            await LeftQuestion.filter(id=question_id).exists(),
            await seen.count(),
        )

    assert doors.run(left()) == (False, True, 1)
    anew = phone.sign_in()
    assert (anew["has_agreed"], anew["settings"]["is_large"]) == (False, False)
    assert phone.citizen().id != row.id


def test_not_even_what_was_encrypted_is_left_in_the_files(
    tmp_path: Any,
) -> None:
    with open_doors(tmp_path, speaking=False) as doors:
        with phone_of_citizen(doors, "oGoneForGood") as phone:
            phone.agrees()
            gives_number(doors, phone).raise_for_status()
            row = phone.citizen()
            secrets = [row.encrypted_openid, row.encrypted_session_key, row.encrypted_phone]
            hashes = [row.openid_hash.encode(), row.phone_hash.encode()]
            phone.client.delete("/mp/v1/me").raise_for_status()
        data_dir = doors.context.parts.settings.data_dir
    # The last to leave the database folds its log into it.
    kept = everything_kept(data_dir)
    for secret in [*filter(None, secrets), *hashes]:
        assert bytes(secret) not in kept


def test_whoever_refuses_everything_can_do_everything_but_be_sent_cards(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    assert phone.gets("/home")["deeds"]
    assert phone.gets("/search", q="申请公开")["hits"]
    assert phone.gets("/documents/1")["title"]
    assert phone.sends("/ask", {"text": "申请公开政府信息要交费吗？"}).is_success
    for path, text in (
        ("/questions", "门口的路灯坏了找谁？"),
        ("/suggestions", "请把字印大一些。"),
    ):
        left = phone.sends(path, {"text": text})
        assert left.status_code == 201, left.text
    begun = phone.sends("/drafts", {})
    assert begun.is_success, begun.text
    assert phone.client.put("/mp/v1/follows/venues/zone").is_success
    assert phone.gets("/messages") is not None
    settings = {"is_large": True, "text_px": 30}
    assert phone.client.put("/mp/v1/me/settings", json=settings).is_success
    assert phone.gets("/me")["has_agreed"] is False
    refused = phone.sends("/subscriptions", {"occasion": "notice", "answers": {"t": "accept"}})
    assert (refused.status_code, refused.json()["code"]) == (403, "agreement_needed")


def test_what_was_allowed_ends_with_the_agreement(doors: Doors, phone: PhoneOfCitizen) -> None:
    phone.agrees()
    citizen_id = phone.citizen().id

    async def allow() -> None:
        template = await CardTemplate.create(
            app_id="wx1",
            template_id="t" * 43,
            title="通知",
            content="",
            listed_at=datetime.now(UTC),
        )
        await CardGrant.create(
            citizen_id=citizen_id, template=template, remaining=3, is_open=True,
            changed_at=datetime.now(UTC),
        )  # fmt: skip

    async def allowed() -> tuple[int, bool]:
        grant = await CardGrant.get(citizen_id=citizen_id)
        return grant.remaining, grant.is_open

    doors.run(allow())
    phone.client.delete("/mp/v1/me/agreement").raise_for_status()
    assert doors.run(allowed()) == (0, False)


def test_whoever_does_not_come_for_two_years_is_forgotten(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    row, now = phone.citizen(), datetime.now(UTC)
    actor = system(doors.context.parts.keys.sealing)

    async def time_passes(span: timedelta) -> bool:
        await Citizen.filter(id=row.id).update(last_active_at=now - span)
        await citizen_forgetting.forget_unused(now, actor=actor)
        return await Citizen.filter(id=row.id).exists()

    assert doors.run(time_passes(timedelta(days=729)))
    assert not doors.run(time_passes(timedelta(days=731)))
    assert doors.run(_rows_that_name(row.id)) == {}


def test_using_it_is_what_keeps_somebody(doors: Doors, phone: PhoneOfCitizen) -> None:
    row, now = phone.citizen(), datetime.now(UTC)
    earlier = now - timedelta(days=29)

    async def was_away() -> None:
        await Citizen.filter(id=row.id).update(last_active_at=earlier)
        await CitizenSession.filter(citizen_id=row.id).update(last_seen_at=earlier)

    doors.run(was_away())
    phone.gets("/me")
    assert phone.citizen().last_active_at > now - timedelta(minutes=1)
    assert citizen_sessions.TOKEN_LASTS < timedelta(days=1)
