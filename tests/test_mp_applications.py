"""Applications on the phone, through its door: filed once, followed, corrected, withdrawn, answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.agency import Agency
from models.application import Application, ApplicationState, DeliveryWay
from models.application_draft import ApplicationDraft, Referral
from models.application_event import ApplicationEvent
from models.application_message import ApplicationMessage
from models.audit_record import AuditRecord
from models.citizen_tie import CitizenApplication
from models.official_letter import LetterKind, LetterState, OfficialLetter
from models.venue import Venue, VenueLevel, VenueType
from server.growing_delay import GrowingDelay
from server.rate_limit import RateLimit
from services import application_acts, applications
from services.access import system
from services.clock import zone_day
from services.disclosure import events as e
from tests.doors import Doors, open_doors
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-applications"), speaking=False) as opened:
        opened.context.applications_limit = RateLimit(1000)
        opened.context.citizens_limit = RateLimit(1000)
        opened.context.look_up_limit = RateLimit(1000)
        yield opened


@pytest.fixture(scope="module")
def agencies(doors: Doors) -> tuple[int, int]:
    async def made() -> tuple[int, int]:
        venue = await Venue.all().order_by("id").first()
        assert venue is not None
        agency = await Agency.create(name="示例区住建委")
        other = await Agency.create(name="示例区水利局", address="河边路2号")
        await venue.accepts_for.add(agency)
        await Venue.create(
            code="library", place="示例区图书馆", type=VenueType.LIBRARY, level=VenueLevel.DISTRICT
        )
        return agency.id, other.id

    return doors.run(made())


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as opened:
        yield opened


def body(agency_id: int, /, **changed: Any) -> dict[str, Any]:
    filled = {
        "agency_id": agency_id,
        "person": {
            "name": "阿依古丽·买买提", "identity_kind": "passport", "identity_number": "E12345678",
            "phone": "13800001234", "representative": "",
        },
        "request": {
            "title": "绿化规划", "place": "东街", "delivery_way": "online",
            "carrier": "electronic",
        },
        "notice_version": "2026-2",
    }  # fmt: skip
    return filled | changed


def filed(phone: PhoneOfCitizen, agency_id: int, key: str = "") -> dict[str, Any]:
    sent = phone.sends("/applications", body(agency_id), key=key)
    assert sent.status_code == 201, sent.text
    answer: dict[str, Any] = sent.json()
    return answer


def happens(doors: Doors, id_: int, event: e.AnyEvent, note: str = "") -> None:
    """Let staff do something in a case."""

    async def done() -> None:
        keys = doors.context.parts.keys
        row = await Application.get(id=id_)
        await applications.act(
            system(keys.sealing), id_, event, edits=row.edits, keys=keys, now=datetime.now(UTC),
            note=note,
        )  # fmt: skip

    doors.run(done())


def asks_correction(doors: Doors, id_: int) -> date:
    async def asked() -> date:
        keys, now = doors.context.parts.keys, datetime.now(UTC)
        row = await Application.get(id=id_)
        await application_acts.ask_correction(
            system(keys.sealing), id_, "请写明要哪一年的规划。", days=15, sent_on=zone_day(now),
            served_on=zone_day(now), edits=row.edits, keys=keys, now=now,
        )  # fmt: skip
        case = (await applications.case_of(system(keys.sealing), id_))[1]
        assert case.correction is not None
        return case.correction.limit_on

    return doors.run(asked())


def row_of(doors: Doors, id_: int) -> Application:
    async def found() -> Application:
        return await Application.get(id=id_)

    return doors.run(found())


def test_an_application_is_filed_once_and_is_theirs(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    listed = phone.gets("/agencies")["agencies"]
    assert [(one["name"], one["accepted"]) for one in listed] == [
        ("示例区住建委", True), ("示例区水利局", False)
    ]  # fmt: skip
    looked = phone.sends("/applications/search", {"title": "老旧小区改造"}).json()
    with_search = body(agencies[0], search=looked["search"])
    first = phone.sends("/applications", with_search, key="one")
    again = phone.sends("/applications", with_search, key="one")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    changed = body(
        agencies[0], request={"title": "别的", "delivery_way": "post", "carrier": "paper"}
    )
    other = phone.sends("/applications", changed, key="one")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_used")

    (mine,) = phone.gets("/applications")["applications"]
    assert (mine["id"], mine["may_act"], mine["reason"]) == (first.json()["id"], True, "filed")
    assert mine["item"] == "绿化规划"
    shown = phone.gets(f"/applications/{mine['id']}")
    assert shown["can"] == ["correct", "withdraw", "revise"]
    assert 0 < shown["revise_for"] <= 600
    assert shown["receipt"] == first.json()["receipt"]

    async def noted() -> list[str]:
        keys = doors.context.parts.keys
        rows = await ApplicationEvent.filter(application_id=mine["id"], kind="noted")
        return [keys.decrypt(row.encrypted_note or b"") for row in rows]

    assert ["老旧小区改造" in note for note in doors.run(noted())] == [True]


def test_another_phone_with_the_same_key_files_its_own(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    mine = filed(phone, agencies[0], key="the same")
    with phone_of_citizen(doors) as other:
        assert filed(other, agencies[0], key="the same")["id"] != mine["id"]
        for path in ("", "/receipt.pdf", "/letters/1/file.pdf"):
            assert other.client.get(f"/mp/v1/applications/{mine['id']}{path}").status_code == 404
        for what in ("correction", "withdrawal"):
            sent = other.sends(f"/applications/{mine['id']}/{what}", {"text": "x"})
            assert (sent.status_code, sent.json()["code"]) == (404, "not_found")
        gone = other.client.delete(f"/mp/v1/applications/{mine['id']}/tie")
        assert gone.status_code == 404


@pytest.mark.parametrize(
    ("key", "changed", "status", "code"),
    [
        pytest.param("k" * 101, {}, 422, "idempotency_key_missing", id="long key"),
        pytest.param("b", {"purpose": "研究"}, 422, "invalid", id="a purpose is not asked for"),
        pytest.param("b", {"agency_id": 999}, 422, "invalid", id="no such agency"),
        pytest.param("b", {"venue": "nowhere"}, 404, "not_found", id="no such zone"),
        pytest.param("b", {"venue": "library"}, 403, "area_missing", id="takes none"),
        pytest.param("b", {"person": {"name": "张三"}}, 422, "no_contact", id="no contact"),
        pytest.param("b", {"search": "gAAAforged"}, 422, "invalid", id="forged search"),
        pytest.param("b", {"search": "查过了"}, 422, "invalid", id="search in words"),
        pytest.param("b", {"agency_id": 10**20}, 422, "invalid", id="no row's number"),
        pytest.param("b", {"notice_version": "\0"}, 422, "invalid", id="zero byte"),
    ],
)
def test_what_cannot_be_filed_is_said_with_a_code(
    phone: PhoneOfCitizen, agencies: tuple[int, int], key: str, changed: dict[str, Any],
    status: int, code: str,
) -> None:  # fmt: skip
    refused = phone.sends("/applications", body(agencies[0], **changed), key=key)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert phone.gets("/applications")["applications"] == []


def test_an_agency_that_is_not_taken_for_gets_the_way_and_no_case(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    refused = phone.sends("/applications", body(agencies[1]))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_accepted_here")
    assert "河边路2号" in refused.json()["sentence"]

    async def referred() -> bool:
        return await Referral.filter(agency_id=agencies[1]).exists()

    assert doors.run(referred())


def test_a_correction_in_time_is_an_event_at_once_and_once(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    id_ = filed(phone, agencies[0])["id"]
    limit = asks_correction(doors, id_)
    shown = phone.gets(f"/applications/{id_}")
    assert shown["wanted"] == {"what": "请写明要哪一年的规划。", "until": limit.isoformat()}
    text = {"text": "我要的是2024年的规划。"}
    sent = phone.sends(f"/applications/{id_}/correction", text, key="c")
    again = phone.sends(f"/applications/{id_}/correction", text, key="c")
    assert sent.status_code == again.status_code == 200
    assert sent.json() == again.json()
    assert sent.json()["message"]["state"] == "done"
    other = phone.sends(f"/applications/{id_}/correction", {"text": "别的"}, key="c")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_used")
    row = row_of(doors, id_)
    assert (row.state, row.received_on) == (ApplicationState.RECEIVED, zone_day(datetime.now(UTC)))
    assert [one["text"] for one in phone.gets(f"/applications/{id_}")["messages"]] == [text["text"]]

    async def recorded() -> list[str]:
        rows = AuditRecord.filter(subject=f"application:{id_}", action="application_changed")
        return [row.staff_name for row in await rows if "correction_received" in row.detail]

    assert doors.run(recorded()) == ["申请人"]


def test_words_that_nobody_asked_for_wait_for_staff(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    id_ = filed(phone, agencies[0])["id"]
    before = row_of(doors, id_)
    sent = phone.sends(f"/applications/{id_}/correction", {"text": "补充：在东街。"}).json()
    assert sent["message"]["state"] == "waiting"
    assert "第三十条" in sent["sentence"]
    assert row_of(doors, id_).edits == before.edits


def test_a_withdrawal_ends_the_case_and_nothing_is_corrected_after_it(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    id_ = filed(phone, agencies[0])["id"]
    sent = phone.sends(f"/applications/{id_}/withdrawal", {"text": "不需要了"}, key="w")
    assert (sent.status_code, sent.json()["draft_id"]) == (200, None)
    again = phone.sends(f"/applications/{id_}/withdrawal", {"text": "不需要了"}, key="w")
    assert again.json() == sent.json()
    for what, code in (("withdrawal", "nothing_to_withdraw"), ("correction", "nothing_to_correct")):
        refused = phone.sends(f"/applications/{id_}/{what}", {"text": "x"})
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert row_of(doors, id_).state is ApplicationState.WITHDRAWN
    assert phone.gets(f"/applications/{id_}")["can"] == []


def test_withdrawn_to_be_changed_it_is_a_draft_with_the_same_contents(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    id_ = filed(phone, agencies[0])["id"]
    path = f"/applications/{id_}/withdrawal"
    sent = phone.sends(path, {"to_revise": True}, key="r").json()
    assert phone.sends(path, {"to_revise": True}, key="r").json() == sent
    (listed,) = phone.gets("/drafts")["drafts"]
    assert (listed["id"], listed["title"], listed["next"]) == (
        sent["draft_id"],
        "绿化规划",
        "check",
    )
    draft = f"/mp/v1/drafts/{sent['draft_id']}"
    changed = phone.client.patch(draft, json={"answers": {"information": "绿化规划，2024年"}})
    assert changed.status_code == 200, changed.text
    for step in (one["step"] for one in changed.json()["questions"] if not one["is_answered"]):
        phone.client.patch(draft, json={"answers": {step: "none"}}).raise_for_status()
    anew = phone.sends(f"/drafts/{sent['draft_id']}/application", None).json()
    assert anew["id"] != id_
    assert anew["receipt"]["item"] == "绿化规划，2024年"

    async def place() -> str:
        row = await Application.get(id=anew["id"])
        return applications.request_in(row, doors.context.parts.keys).place

    assert doors.run(place()) == "东街", "What no question asks for is not lost"


def test_after_ten_minutes_it_is_withdrawn_or_not_but_not_to_be_changed(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    id_ = filed(phone, agencies[0])["id"]

    async def earlier() -> None:
        then = datetime.now(UTC) - timedelta(minutes=10, seconds=1)
        await Application.filter(id=id_).update(submitted_at=then)

    doors.run(earlier())
    assert phone.gets(f"/applications/{id_}")["can"] == ["correct", "withdraw"]
    refused = phone.sends(f"/applications/{id_}/withdrawal", {"to_revise": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "revision_over")
    assert row_of(doors, id_).state is ApplicationState.RECEIVED
    assert phone.gets("/drafts")["drafts"] == []


def test_who_knows_the_code_sees_how_it_stands_and_nothing_else(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    receipt = filed(phone, agencies[0])
    code = receipt["receipt"]["query_code"]
    with phone_of_citizen(doors) as other:
        wrong = other.sends("/applications/ties", {"query_code": code, "second_fact": "0000"})
        assert (wrong.status_code, wrong.json()["code"]) == (404, "wrong_query_code")
        right = {"query_code": code.replace("-", " "), "second_fact": "1234"}
        tied = other.sends("/applications/ties", right)
        assert tied.status_code == 201, tied.text
        assert other.sends("/applications/ties", right).json() == tied.json()
        shown = other.gets(f"/applications/{receipt['id']}")
        assert shown["application"]["may_act"] is False
        assert (shown["can"], shown["receipt"], shown["letters"]) == ([], None, [])
        assert "绿化" not in str(shown)
        for what in ("correction", "withdrawal"):
            refused = other.sends(f"/applications/{receipt['id']}/{what}", {"text": "x"})
            assert (refused.status_code, refused.json()["code"]) == (403, "not_the_applicant")
        file = other.client.get(f"/mp/v1/applications/{receipt['id']}/receipt.pdf")
        assert file.json()["code"] == "not_the_applicant"
        gone = other.client.delete(f"/mp/v1/applications/{receipt['id']}/tie")
        assert gone.status_code == 204
        assert other.gets("/applications")["applications"] == []
    # Asking after one's own changes nothing of what one may do.
    mine = phone.sends("/applications/ties", {"query_code": code, "second_fact": "1234"}).json()
    assert mine["application"]["may_act"] is True


def test_guessing_gets_slow(doors: Doors, agencies: tuple[int, int]) -> None:
    doors.context.status_delay = GrowingDelay()
    with phone_of_citizen(doors) as phone:
        answers = [
            phone.sends(
                "/applications/ties", {"query_code": f"1234-5678-{n:04d}", "second_fact": "0000"}
            )
            for n in range(6)
        ]
    assert [one.status_code for one in answers].count(404) == 4
    assert answers[-1].json()["code"] == "must_wait"
    doors.context.status_delay = GrowingDelay()


def test_the_reply_is_read_on_the_phone_once_it_was_served_and_that_is_recorded(
    doors: Doors, phone: PhoneOfCitizen, agencies: tuple[int, int]
) -> None:
    id_ = filed(phone, agencies[0])["id"]

    async def written() -> dict[str, int]:
        keys = doors.context.parts.keys
        rows = {}
        for name, kind, state, consultation in (
            ("reply", LetterKind.N12_REPLY, LetterState.SERVED, None),
            ("draft", LetterKind.N5_EXTENSION, LetterState.ISSUED, None),
            ("other", LetterKind.N6_THIRD_PARTY, LetterState.SERVED, 1),
        ):
            letter = await OfficialLetter.create(
                application_id=id_, agency_id=agencies[0], kind=kind, state=state,
                consultation_id=consultation, title="答复书", number=f"示〔2026〕{id_}-{name}号",
                encrypted_body=keys.encrypt("阿依古丽·买买提：\n您申请的信息予以公开。"),
                issued_on=date(2026, 3, 20), served_on=date(2026, 3, 20),
                delivery_way=DeliveryWay.ONLINE,
            )  # fmt: skip
            rows[name] = letter.id
        return rows

    letters = doors.run(written())
    listed = phone.gets(f"/applications/{id_}")["letters"]
    assert [one["id"] for one in listed] == [letters["reply"]]
    base = f"/mp/v1/applications/{id_}"
    for kind, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        file = phone.client.get(f"{base}/letters/{letters['reply']}/file.{kind}")
        assert (file.status_code, file.content[: len(magic)]) == (200, magic)
        assert file.headers["cache-control"] == "no-store"
        receipt = phone.client.get(f"{base}/receipt.{kind}", params={"large": "1"})
        assert receipt.content[: len(magic)] == magic
    for name in ("draft", "other"):
        assert phone.client.get(f"{base}/letters/{letters[name]}/file.pdf").status_code == 404

    async def reads() -> int:
        return await AuditRecord.filter(
            subject=f"application:{id_}", action="application_seen", staff_name="申请人"
        ).count()

    assert doors.run(reads()) == 2


def test_forgetting_somebody_leaves_the_case_and_what_they_sent(
    doors: Doors, agencies: tuple[int, int]
) -> None:
    with phone_of_citizen(doors) as phone:
        id_ = filed(phone, agencies[0])["id"]
        phone.sends(f"/applications/{id_}/correction", {"text": "补充"}).raise_for_status()
        phone.sends("/drafts", {}).raise_for_status()
        citizen = phone.citizen()
        phone.client.delete("/mp/v1/me").raise_for_status()

    async def left() -> tuple[bool, bool, int, int]:
        message = await ApplicationMessage.get(application_id=id_)
        return (
            await Application.exists(id=id_),
            message.citizen_id is None,
            await CitizenApplication.filter(application_id=id_).count(),
            await ApplicationDraft.filter(citizen_id=citizen.id).count(),
        )

    assert doors.run(left()) == (True, True, 0, 0)


@pytest.mark.parametrize("number", [-1, 0, 2**31, 10**20])
def test_under_a_number_that_no_row_has_nothing_is_found(
    phone: PhoneOfCitizen, number: int
) -> None:
    for method, path in (
        ("GET", f"/applications/{number}"),
        ("GET", f"/applications/{number}/receipt.pdf"),
        ("DELETE", f"/applications/{number}/tie"),
        ("GET", f"/drafts/{number}"),
        ("DELETE", f"/drafts/{number}"),
        ("POST", f"/drafts/{number}/handover"),
    ):
        answer = phone.client.request(method, f"/mp/v1{path}")
        assert answer.status_code == 404, (method, path)


def test_a_key_that_is_no_text_is_none(phone: PhoneOfCitizen, agencies: tuple[int, int]) -> None:
    for key in (b"\xe9\xff", b"\x80"):
        refused = phone.client.post(
            "/mp/v1/applications", json=body(agencies[0]), headers={b"Idempotency-Key": key}
        )
        assert refused.json()["code"] == "idempotency_key_missing"
