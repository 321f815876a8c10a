"""A database that is stolen alone, with its log and everything else but the key, tells of nobody."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import structlog

from models.agency import Agency
from models.application import Application, Channel
from models.application_draft import ApplicationDraft
from models.application_file import FilePurpose
from models.consultation import Consultation, PartyKind, PartyView
from models.staff import Role, Staff
from models.venue import Venue
from services import application_acts as acts
from services import application_files, applications
from services.access import Actor, actor_of
from services.applicants import Reason, find, shown
from services.application_status import look_up
from services.clock import zone_day
from services.disclosure import events as e
from tests.applicants import AtThePages
from tests.databases import everything_kept
from tests.doors import Doors, open_doors
from tests.people import at_the_console, hire
from tests.phones_of_citizens import phone_of_citizen, scripted_wechat_of
from tests.test_application_files import pieces

AGENCY = "示例区档案馆筹备处"
TYPED = {
    "name": "欧阳碧落·艾山", "identity_number": "440524188001010014", "phone": "13912348765",
    "address": "示例市示例区槐荫里弄七号半", "postcode": "409876", "email": "biluo.ouyang@example.org",
    "fax": "023-68761234", "agent_name": "司徒长风", "agent_phone": "13812349876",
    "help_wanted": "看不见小字要念",
    "title": "槐荫里弄拆迁补偿评估原始底稿", "features": "七号半那一户评估两次的记录",
    "period": "二〇二四年槐月", "check_note": "",
}  # fmt: skip
SAID = {
    "note": "申请人老欧阳说夜里方便接电话", "third party": "慕容记酱园", "opinion": "不许公开本园配方",
    "subject": "酱园的评估单价", "file": "欧阳碧落户口簿.txt", "content": "户主欧阳碧落住槐荫里弄",
    "question": "我姓欧阳的评估为什么有两次", "suggestion": "槐荫里弄的老人盼着早点开门",
}  # fmt: skip
AT_THE_KIOSK = {
    "information": "梧桐坡古井迁移论证会纪要", "features": "梧桐坡那口甜水井", "name": "上官若水",
    "identity": "11010519491231002X", "phone": "13698761234", "address": "示例市示例区梧桐坡三十三号",
    "email": "ruoshui.sg@example.org",
}  # fmt: skip
ON_THE_PHONE = {
    "openid": "oQ5cH4j8dX2mKp7Rw1Yt3Zs6Vb9N", "phone": "13587651298",
    "unionid": "oU9nI2onQ7sX5kLm3Pz8Wv4Jt6Rb", "session_key": "HyVFkGl5F5OQWJZZaNzBBg==",
}  # fmt: skip
UNSENT = {"name": "诸葛未央", "phone": "13787654321"}


def traces(words: str) -> set[bytes]:
    """Return every form in which words could lie about: encoded, escaped, hashed without a key."""
    found: set[bytes] = set()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        plain = words.encode(encoding)
        found |= {plain, plain.hex().encode(), plain.hex().upper().encode()}
        # Base64 of them at each of the three places within a group; the ends depend on neighbours.
        for before in range(3):
            encoded = base64.b64encode(bytes(before) + plain)
            found.add(encoded[4 * (before > 0) : (len(before * b"." + plain) // 3) * 4])
        found.add(hashlib.sha256(plain).hexdigest().encode())
        found.add(hashlib.md5(plain).hexdigest().encode())
    escaped = words.encode("ascii", "backslashreplace")
    found |= {escaped, escaped.replace(b"\\", b"\\\\")}
    found.add("".join(f"%{byte:02X}" for byte in words.encode()).encode())
    return {trace for trace in found if len(trace) >= 8}


def leaks(words: str, kept: bytes) -> list[bytes]:
    return [trace for trace in traces(words) if trace in kept]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("stolen")) as opened:
        yield opened


async def _furnish() -> tuple[int, int]:
    hall = await Venue.all().order_by("id").first()
    assert hall is not None
    agency = await Agency.create(name=AGENCY)
    await hall.accepts_for.add(agency)
    return hall.id, agency.id


async def _work_on_it(doors: Doors, staff_id: int) -> None:
    """Do in a case everything that takes words."""
    keys, now = doors.context.parts.keys, datetime.now(UTC)
    officer: Actor = await actor_of(await Staff.get(id=staff_id), keys.sealing)
    row = await Application.all().order_by("id").first()
    assert row is not None and row.received_on is not None
    on: date = row.received_on
    common = {"keys": keys, "now": now}
    row = await applications.act(
        officer, row.id, e.Noted(on=on), edits=row.edits, note=SAID["note"], **common
    )
    asked: Consultation = await acts.consult(
        officer, row.id, PartyKind.THIRD_PARTY, name=SAID["third party"], subject=SAID["subject"],
        address=TYPED["address"], phone=TYPED["phone"], sent_on=on, edits=row.edits, **common,
    )  # fmt: skip
    row = await Application.get(id=row.id)
    await acts.delivered(officer, row.id, asked.id, on=on, edits=row.edits, **common)
    row = await Application.get(id=row.id)
    await acts.returned(
        officer, row.id, asked.id, PartyView.OBJECTS, on=on, opinion=SAID["opinion"],
        edits=row.edits, **common,
    )  # fmt: skip
    await application_files.store(
        officer, row.id, FilePurpose.ATTACHMENT, SAID["file"],
        pieces(SAID["content"].encode() * 50), keys=keys,
    )  # fmt: skip
    person = await shown(officer, row.id, Reason.CONTACT, keys=keys)
    assert person.name == TYPED["name"]
    assert await find(officer, keys=keys, phone=TYPED["phone"]) == [row.id]
    assert await look_up(row.query_code, TYPED["phone"][-4:], keys=keys, now=now)


def _use_everything(doors: Doors) -> None:
    """Let people come through the doors, and staff work on what they left."""
    venue_id, agency_id = doors.run(_furnish())
    form = {
        **TYPED, "key": "stolen-form-key-of-twenty", "venue_id": str(venue_id),
        "agency_id": str(agency_id), "channel": Channel.COUNTER.value,
        "arrived_on": zone_day(datetime.now(UTC)).isoformat(), "delivery_way": "in_person",
        "carrier": "paper", "kind": "natural_person", "identity_kind": "resident_id",
        "identity_check": "document_seen", "told_notice": "on",
    }  # fmt: skip
    with at_the_console(doors, Role.CLERK) as clerk:
        taken = clerk.sends("/console/application-intake", **form)
        assert taken.status_code == 303, taken.text
        clerk.sees(taken.headers["location"])
    _, officer = hire(doors, Role.AGENCY_OFFICER, venues=[], agencies=[agency_id])
    doors.run(_work_on_it(doors, officer))
    with doors.client() as client:
        kiosk = AtThePages(client)
        kiosk.begins()
        kiosk.fills_in(**AT_THE_KIOSK)
        kiosk.sends("/apply/check")
        for path, words in (("questions", "question"), ("suggestions", "suggestion")):
            sent = client.post(f"/api/v1/{path}", json={"text": SAID[words], "venue": "zone"})
            assert sent.is_success, sent.text
    _use_the_mini_program(doors)
    with doors.client() as client:
        unsent = AtThePages(client)
        unsent.begins()
        unsent.fills_in(**UNSENT)


def _use_the_mini_program(doors: Doors) -> None:
    """Let somebody sign in on their phone, and give their number."""
    wechat = scripted_wechat_of(doors)
    wechat.session_key, wechat.unionid = ON_THE_PHONE["session_key"], ON_THE_PHONE["unionid"]
    with phone_of_citizen(doors, ON_THE_PHONE["openid"]) as phone:
        phone.agrees()
        code = wechat.phone_code_for(ON_THE_PHONE["phone"])
        given = phone.client.put("/mp/v1/me/phone", json={"code": code}).raise_for_status().json()
        assert given == {"phone": "135****1298"}
        phone.renew()
        refused = phone.client.put("/mp/v1/me/phone", json={"code": code})
        assert refused.json()["code"] == "wechat_code_refused"
        TOKENS.update(token=phone.session["token"], refresh=phone.session["refresh_token"])


TOKENS: dict[str, str] = {}


async def _count() -> tuple[int, int]:
    return await Application.all().count(), await ApplicationDraft.filter(application=None).count()


EVERYTHING = {
    *filter(None, TYPED.values()), *SAID.values(), *AT_THE_KIOSK.values(), *UNSENT.values(),
    *("碧落", "槐荫里", "评估原始", "18800101001", "12348765"),
}  # fmt: skip


def test_nothing_that_tells_of_somebody_is_on_disk_or_in_the_logs(
    doors: Doors, capfd: pytest.CaptureFixture[str]
) -> None:
    structlog.reset_defaults()  # A command that ran before in this process has made logs scarce.
    _use_everything(doors)
    assert doors.run(_count()) == (2, 1)
    on_disk = everything_kept(doors.context.parts.settings.data_dir)
    logged = "".join(capfd.readouterr()).encode()
    # What is no secret is found: otherwise the search would be worth nothing.
    assert AGENCY.encode() in on_disk and b"/console/application-intake" in logged
    for token in TOKENS.values():  # Their SHA-256 is there: of 256 bits that nobody can guess.
        assert token.encode() not in on_disk
        assert token.encode() not in logged
    for words in sorted({*EVERYTHING, *ON_THE_PHONE.values()}):
        assert leaks(words, on_disk) == [], words
        assert leaks(words, logged) == [], words


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("before", ["", "a", "ab", "某"])
def test_words_are_found_however_they_lie_about(encoding: str, before: str) -> None:
    words = "欧阳碧落"
    plain = f"{before}{words}后".encode(encoding)
    for lying in (plain, plain.hex().encode(), base64.b64encode(plain)):
        assert leaks(words, b"..." + lying + b"..."), lying
    assert leaks(words, f'"{words}"'.encode("ascii", "backslashreplace"))
    assert leaks(words, hashlib.sha256(words.encode()).hexdigest().encode())
    assert not leaks(words, "别人的名字".encode(encoding))
