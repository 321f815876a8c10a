"""Begun at a kiosk, gone on with on the phone, finished at the counter: one case, by codes for one use."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from models.agency import Agency
from models.application import Application
from models.application_draft import ApplicationDraft
from models.audit_record import AuditRecord
from models.citizen_tie import CitizenApplication
from models.scan_code import HandOver
from models.staff import Role
from models.venue import Venue
from server.growing_delay import GrowingDelay
from server.rate_limit import RateLimit
from services import handovers
from services.wechat import WeChatFailed
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen, scripted_wechat_of

INTAKE = "/console/application-intake"
ELSEWHERE = {"X-Forwarded-For": "198.51.100.7", "Accept": "text/html"}
"""The browser of a phone: it is not on this machine, so that it is no kiosk."""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("handovers"), speaking=False) as opened:
        for name in (
            *("applications_limit", "citizens_limit", "look_up_limit", "drafts_limit"),
            "sign_in_limit",
        ):
            setattr(opened.context, name, RateLimit(10_000))
        yield opened


@pytest.fixture(scope="module")
def agency_id(doors: Doors) -> int:
    async def made() -> int:
        venue = await Venue.all().order_by("id").first()
        assert venue is not None
        agency = await Agency.create(name="示例区住建委")
        await venue.accepts_for.add(agency)
        return agency.id

    return doors.run(made())


@pytest.fixture(autouse=True)
def no_mistakes_so_far(doors: Doors) -> None:
    doors.context.draft_delay = GrowingDelay()
    scripted_wechat_of(doors).failing = None


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as opened:
        yield opened


@pytest.fixture
def kiosk(doors: Doors) -> Iterator[httpx.Client]:
    with doors.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK) as person:
        yield person


def begun_at(kiosk: httpx.Client, agency_id: int) -> None:
    kiosk.post("/apply")
    for step, given in (("agency", str(agency_id)), ("information", "独角兽养殖补贴规划")):
        answered = kiosk.post(f"/apply/steps/{step}", data={"answer": given})
        assert answered.status_code == 303, answered.text


def answers(agency_id: int) -> dict[str, str]:
    return {
        "agency": str(agency_id), "information": "独角兽养殖补贴规划", "features": "", "number": "",
        "period": "", "kind": "natural_person", "name": "阿依古丽·买买提",
        "identity-kind": "passport", "identity": "E12345678", "phone": "13800001234",
        "way": "online", "carrier": "electronic", "other-form": "yes", "help": "",
        "notice": "2026-2", "public": "none",
    }  # fmt: skip


def filled(phone: PhoneOfCitizen, agency_id: int, draft_id: int = 0) -> int:
    """Fill a draft in on the phone, all at once."""
    if not draft_id:
        draft_id = phone.sends("/drafts", {}).json()["id"]
    sent = phone.client.patch(f"/mp/v1/drafts/{draft_id}", json={"answers": answers(agency_id)})
    assert (sent.status_code, sent.json().get("next")) == (200, "check"), sent.text
    return draft_id


def offered_by(phone: PhoneOfCitizen, draft_id: int) -> dict[str, Any]:
    answer = phone.sends(f"/drafts/{draft_id}/handover", None)
    assert answer.status_code == 201, answer.text
    offered: dict[str, Any] = answer.json()
    return offered


def offered_at(kiosk: httpx.Client, doors: Doors) -> tuple[str, str, str]:
    """Return what a kiosk shows: the scene of its code, its short form, what the page asks after."""
    page = kiosk.post("/apply/phone")
    assert page.status_code == 200, page.text
    spoken = re.search(r'id="spoken">([^<]+)<', page.text)
    state = re.search(r'data-state="([^"]+)"', page.text)
    assert spoken and state
    return scripted_wechat_of(doors).drawn[-1][0], spoken[1], html.unescape(state[1])


def number_of(doors: Doors, model: Any) -> int:
    async def counted() -> int:
        return int(await model.all().count())

    return doors.run(counted())


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


def test_a_draft_goes_to_the_phone_and_the_kiosk_forgets_it(
    doors: Doors, kiosk: httpx.Client, phone: PhoneOfCitizen, agency_id: int
) -> None:
    begun_at(kiosk, agency_id)
    scene, _, state = offered_at(kiosk, doors)
    assert re.fullmatch(r"h[0-9A-Za-z_-]{22,31}", scene) and len(scene) <= 32
    assert scripted_wechat_of(doors).drawn[-1] == (scene, "pages/draft/draft")
    assert kiosk.get(state).json() == {"taken": False}
    taken = phone.sends("/handovers", {"scene": scene})
    assert taken.status_code == 201, taken.text
    said = {one["step"]: one["answer"] for one in taken.json()["questions"]}
    assert said["information"] == "独角兽养殖补贴规划"
    assert kiosk.get(state).json() == {"taken": True}
    done = kiosk.get(state.replace("/state", "/done"))
    assert "已经转到手机" in done.text
    assert "openzone_draft" not in kiosk.cookies
    assert kiosk.get("/apply/next").headers["location"] == "/apply"
    # The answer was lost on the way: the same phone asks again, and another one in vain.
    assert phone.sends("/handovers", {"scene": scene}).json() == taken.json()
    with phone_of_citizen(doors) as other:
        refused = other.sends("/handovers", {"scene": scene})
        assert (refused.status_code, code_of(refused)) == (404, "hand_over_used")


def test_a_kiosk_that_still_holds_the_old_code_opens_nothing(
    doors: Doors, kiosk: httpx.Client, phone: PhoneOfCitizen, agency_id: int
) -> None:
    begun_at(kiosk, agency_id)
    scene, _, _ = offered_at(kiosk, doors)
    phone.sends("/handovers", {"scene": scene}).raise_for_status()
    for path in ("/apply/steps/information", "/apply/check", "/apply/later"):
        assert kiosk.get(path).headers["location"] == "/apply"


def test_from_the_kiosk_to_the_phone_to_the_counter_it_is_one_case(
    doors: Doors, kiosk: httpx.Client, phone: PhoneOfCitizen, clerk: AtTheConsole, agency_id: int
) -> None:
    begun_at(kiosk, agency_id)
    scene, _, _ = offered_at(kiosk, doors)
    draft_id = filled(phone, agency_id, phone.sends("/handovers", {"scene": scene}).json()["id"])
    offered = offered_by(phone, draft_id)
    before = number_of(doors, Application)
    page = clerk.sends(f"{INTAKE}/handover", code=offered["code"].lower().replace("-", " "))
    assert page.status_code == 200, page.text
    for shown in ("阿依古丽·买买提", "E12345678", "独角兽养殖补贴规划", "已经填入申请人交来的草稿"):
        assert shown in page.text
    form = values_in(page.text)
    filed = clerk.sends(INTAKE, **form)
    assert filed.status_code == 303, filed.text
    # Pressed twice, and sent from the phone besides.
    assert clerk.sends(INTAKE, **form).headers["location"] == filed.headers["location"]
    sent = phone.sends(f"/drafts/{draft_id}/application", None)
    assert sent.status_code == 200
    assert filed.headers["location"] == f"{INTAKE}/{sent.json()['id']}"
    assert number_of(doors, Application) == before + 1
    (mine,) = phone.gets("/applications")["applications"]
    assert (mine["id"], mine["reason"], mine["may_act"]) == (
        sent.json()["id"], "handed_over", True
    )  # fmt: skip
    # Another form that the same draft was put into makes no second case.
    again = clerk.sends(INTAKE, **(form | {"key": "another form"}))
    assert again.status_code == 409
    assert "没有重复登记" in again.text
    assert number_of(doors, Application) == before + 1

    async def seen() -> int:
        return await AuditRecord.filter(
            action="applicant_seen", subject=f"draft:{draft_id}"
        ).count()

    assert doors.run(seen()) == 1


def values_in(page: str) -> dict[str, str]:
    """Return the form of an intake as a browser would send it."""
    form = page[
        page.rindex('<form class="form" method="post" action="/console/application-intake">') :
    ]
    form = form[: form.index("</form>")]
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            values[name[1]] = html.unescape(value[1]) if value else ""
    for name_, inner in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', inner)
        first = re.search(r'<option value="([^"]*)"', inner)
        values[name_] = (chosen or first)[1]  # type: ignore[index]
    for name_, inner in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        values[name_] = html.unescape(inner).strip()
    return {name: value for name, value in values.items() if name != "form_token"}


def test_a_form_with_somebody_elses_hand_over_is_not_filed(
    doors: Doors, phone: PhoneOfCitizen, clerk: AtTheConsole, agency_id: int
) -> None:
    offered = offered_by(phone, filled(phone, agency_id))
    form = values_in(clerk.sends(f"{INTAKE}/handover", code=offered["token"]).text)
    before = number_of(doors, Application)
    with at_the_console(doors, Role.CLERK) as other:
        for sealed in (form["handed_over"], "forged", "gAAAAA"):
            refused = other.sends(INTAKE, **(form | {"handed_over": sealed}))
            assert refused.status_code == 422
    assert number_of(doors, Application) == before


def test_two_phones_scan_one_code_and_one_has_it(
    doors: Doors, kiosk: httpx.Client, agency_id: int
) -> None:
    for _ in range(5):
        begun_at(kiosk, agency_id)
        scene, _, _ = offered_at(kiosk, doors)
        with (
            phone_of_citizen(doors) as one,
            phone_of_citizen(doors) as two,
            ThreadPoolExecutor(2) as at_once,
        ):
            phones = (one, two)
            scans = [at_once.submit(p.sends, "/handovers", {"scene": scene}) for p in phones]
            got = [scan.result() for scan in scans]
            assert sorted(answer.status_code for answer in got) == [201, 404]
            drafts = [len(p.gets("/drafts")["drafts"]) for p in phones]
            assert sorted(drafts) == [0, 1]
            assert (got[0].status_code == 201) == (drafts[0] == 1)


def test_sent_from_the_phone_and_filed_at_the_counter_at_once_it_is_one_case(
    doors: Doors, phone: PhoneOfCitizen, clerk: AtTheConsole, agency_id: int
) -> None:
    for _ in range(3):
        draft_id = filled(phone, agency_id)
        offered = offered_by(phone, draft_id)
        form = values_in(clerk.sends(f"{INTAKE}/handover", code=offered["code"]).text)
        before = number_of(doors, Application)
        with ThreadPoolExecutor(3) as at_once:
            counter = at_once.submit(clerk.sends, INTAKE, **form)
            sends = [
                at_once.submit(phone.sends, f"/drafts/{draft_id}/application", None)
                for _ in range(2)
            ]
            ids = {one.result().json()["id"] for one in sends}
        assert counter.result().status_code in {303, 409}
        assert len(ids) == 1
        assert number_of(doors, Application) == before + 1

        async def ties(application_id: int = next(iter(ids))) -> int:
            return await CitizenApplication.filter(application_id=application_id).count()

        assert doors.run(ties()) == 1


def test_the_phone_goes_on_at_a_kiosk_and_keeps_what_it_had(
    doors: Doors, kiosk: httpx.Client, phone: PhoneOfCitizen, agency_id: int
) -> None:
    draft_id = filled(phone, agency_id)
    offered = offered_by(phone, draft_id)
    resumed = kiosk.post("/apply/resume", data={"code": offered["code"]})
    assert resumed.headers["location"] == "/apply/check"
    used = kiosk.post("/apply/resume", data={"code": offered["token"]})
    assert (used.status_code, "已经用过了" in used.text) == (404, True)
    # Whoever gives up at the kiosk leaves it on the phone.
    kiosk.post("/apply/leave")
    assert phone.gets(f"/drafts/{draft_id}")["next"] == "check"
    again = offered_by(phone, draft_id)
    kiosk.post("/apply/resume", data={"code": again["token"]})
    # Another phone cannot have it by the code that this kiosk shows.
    scene, _, _ = offered_at(kiosk, doors)
    with phone_of_citizen(doors) as other:
        refused = other.sends("/handovers", {"scene": scene})
        assert (refused.status_code, code_of(refused)) == (404, "hand_over_foreign")
    assert kiosk.post("/apply/check").headers["location"] == "/apply/receipt"
    (mine,) = phone.gets("/applications")["applications"]
    assert (mine["reason"], mine["may_act"]) == ("handed_over", True)
    sent = phone.sends(f"/drafts/{draft_id}/application", None)
    assert (sent.status_code, sent.json()["id"]) == (200, mine["id"])
    gone = phone.sends(f"/drafts/{draft_id}/handover", None)
    assert (gone.status_code, code_of(gone)) == (409, "draft_sent")


@pytest.mark.parametrize("is_failing", [False, True], ids=["no AppID", "WeChat is down"])
def test_without_wechat_a_plain_code_leads_the_phones_browser_there(
    doors: Doors, kiosk: httpx.Client, agency_id: int, is_failing: bool
) -> None:
    wechat = scripted_wechat_of(doors)
    wechat.failing = WeChatFailed("down") if is_failing else None
    doors.context.parts.wechat = wechat if is_failing else None
    begun_at(kiosk, agency_id)
    tokens: list[str] = []
    offer = handovers.offer

    async def noted(*given: Any, **named: Any) -> Any:
        offered = await offer(*given, **named)
        tokens.append(offered.token)
        return offered

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(handovers, "offer", noted)
        page = kiosk.post("/apply/phone")
    doors.context.parts.wechat = wechat
    assert "data:image/svg+xml" in page.text and "用手机扫一扫" in page.text
    with doors.client(headers=ELSEWHERE) as browser:
        shown = browser.get("/apply/resume", params={"code": tokens[0]})
        assert tokens[0] in shown.text, "Only sending it takes the draft over"
        assert kiosk.get("/apply/steps/information").status_code == 200
        resumed = browser.post("/apply/resume", data={"code": tokens[0]})
        assert resumed.status_code == 303
        assert "独角兽" in browser.get("/apply/steps/information").text
    assert kiosk.get("/apply/steps/information").headers["location"] == "/apply"


def test_a_plain_browser_cannot_have_what_a_phone_offers(
    doors: Doors, phone: PhoneOfCitizen, agency_id: int
) -> None:
    offered = offered_by(phone, filled(phone, agency_id))
    with doors.client(headers=ELSEWHERE) as browser:
        refused = browser.post("/apply/resume", data={"code": offered["token"]})
        assert (refused.status_code, "没有这个接续码" in refused.text) == (404, True)
    with phone_of_citizen(doors) as other:
        refused = other.sends("/handovers", {"scene": offered["token"]})
        assert (refused.status_code, code_of(refused)) == (404, "hand_over_unknown")


def test_a_newer_code_voids_the_one_before_and_ten_minutes_void_every_one(
    doors: Doors, kiosk: httpx.Client, phone: PhoneOfCitizen, agency_id: int
) -> None:
    begun_at(kiosk, agency_id)
    first, _, _ = offered_at(kiosk, doors)
    second, _, _ = offered_at(kiosk, doors)

    async def eleven_minutes_pass() -> None:
        row = await HandOver.all().order_by("-id").first()
        assert row is not None
        row.ends_at -= timedelta(minutes=11)
        await row.save()

    assert code_of(phone.sends("/handovers", {"scene": first})) == "hand_over_expired"
    doors.run(eleven_minutes_pass())
    expired = phone.sends("/handovers", {"scene": second})
    assert (expired.status_code, code_of(expired)) == (404, "hand_over_expired")
    assert "过期" in expired.json()["sentence"]
    assert kiosk.get("/apply/steps/information").status_code == 200, "The kiosk still has it"

    async def tomorrow() -> int:
        return await handovers.remove_ended(datetime.now(UTC) + timedelta(days=2))

    assert doors.run(tomorrow()) >= 2


@pytest.mark.parametrize(
    "scene",
    [
        pytest.param("", id="empty"),
        pytest.param("h" + "x" * 22, id="forged"),
        pytest.param("h" + "x" * 32, id="33 characters"),
        pytest.param("h" + "x" * 5_000, id="long"),
        pytest.param("草稿", id="Chinese"),
        pytest.param("23456789", id="a short code that nobody made"),
        pytest.param("\x00" * 23, id="zero bytes"),
    ],
)
def test_what_is_no_code_is_said_to_be_none(phone: PhoneOfCitizen, scene: str) -> None:
    refused = phone.sends("/handovers", {"scene": scene})
    assert (refused.status_code, code_of(refused)) == (404, "hand_over_unknown")


def test_guessing_gets_slow_on_the_phone_and_at_the_counter(
    phone: PhoneOfCitizen, clerk: AtTheConsole
) -> None:
    said = [code_of(phone.sends("/handovers", {"scene": f"h{n:030d}"})) for n in range(6)]
    assert said[-1] == "must_wait"
    tries = [clerk.sends(f"{INTAKE}/handover", code=f"2345678{n}") for n in range(3, 9)]
    assert [one.status_code for one in tries] == [404] * 4 + [429] * 2


def test_a_kiosk_says_nothing_of_other_hand_overs(kiosk: httpx.Client) -> None:
    for reference in ("", "1", "gAAAA", "草"):
        for path in ("state", "done"):
            assert kiosk.get(f"/apply/phone/{path}", params={"ref": reference}).status_code == 404


def test_the_code_is_nowhere_in_the_database(
    doors: Doors, phone: PhoneOfCitizen, agency_id: int
) -> None:
    offered = offered_by(phone, filled(phone, agency_id))

    async def kept() -> str:
        rows = await HandOver.all().values()
        return str(rows) + str(await ApplicationDraft.all().values())

    text = doors.run(kept())
    assert offered["token"] not in text
    assert offered["code"].replace("-", "") not in text
    assert parse_qs(urlsplit(offered["image"]).query) == {}
