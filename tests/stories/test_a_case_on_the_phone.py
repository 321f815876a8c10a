"""Somebody scans the code in the hall, asks by voice, applies, and is told by card what came of it.

Everything runs as `make run` starts it: the server with the process that delivers, and the try-out
WeChat beside it. The phone is WeChat's client simulator, the officer and the administrator use the
console.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from devtools.wechat.starting import LoopbackWeChat
from tests.browser.conftest import PATIENCE_S, ROOT, hire, openzone, prepared
from tests.databases import environment_of, free_port
from tests.people import AtTheConsole
from tests.phones import Phone

CLIP = "k005.wav"
"""Somebody says 鹰潭市对受疫情影响的企业有什么政策？"""
AGENCY = "示例区人民政府办公室"
PERSON = {
    "name": "王秀英",
    "identity_number": "11010519491231002X",
    "phone": "13800138000",
    "address": "示例区示例路9号",
}


@dataclass
class Town:
    """A running installation, and the WeChat beside it."""

    url: str
    wechat: LoopbackWeChat
    logged: list[str] = field(default_factory=list)

    @contextmanager
    def at_the_console(self, username: str) -> Iterator[AtTheConsole]:
        with httpx.Client(base_url=self.url, timeout=PATIENCE_S, trust_env=False) as client:
            person = AtTheConsole(client, username, 0)
            assert person.sign_in().status_code == 303
            yield person


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[Town]:
    data_dir = prepared(tmp_path_factory.mktemp("on-the-phone"))
    hire(data_dir, "admin", "administrator")
    hire(data_dir, "chen", "agency_officer", "--agency", AGENCY)
    serve = openzone("serve", "--port", str(free_port()))
    environment = {
        **os.environ,
        **environment_of(data_dir),
        "OPENZONE_OFFLINE": "1",
        "OPENZONE_SYNTHESISER": "silent",
        "OPENZONE_RECOGNISER": "vosk",
        "OPENZONE_VOSK_MODEL_DIR": str(vosk_test_model),
    }
    with ExitStack() as ending:
        server = ending.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "devtools.wechat", "beside", "--", *serve],
                cwd=ROOT, env=environment, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        ending.callback(server.terminate)
        assert server.stdout is not None and server.stderr is not None
        logged: list[str] = []
        reader = threading.Thread(target=lambda: logged.extend(server.stderr or []))
        reader.start()
        ending.callback(reader.join)
        ending.callback(server.terminate)
        watchdog = threading.Timer(PATIENCE_S, server.kill)
        watchdog.start()
        wechat = LoopbackWeChat.at(_found(r"http://\S+(?=/phone)", server.stdout.readline()))
        ending.callback(wechat.stop)
        url = _found(r"http://\S+(?=/kiosk)", server.stdout.readline())
        watchdog.cancel()
        yield Town(url, wechat, logged)
        assert server.poll() is None, "".join(logged[-20:])


def _found(pattern: str, line: str) -> str:
    found = re.search(pattern, line)
    assert found, line
    return found[0]


class Person:
    """Somebody with a phone, in the mini-program."""

    def __init__(self, town: Town, phone: Phone) -> None:
        self.phone = phone
        self.client = httpx.Client(base_url=town.url, timeout=PATIENCE_S, trust_env=False)
        self._sent = 0

    async def opens(self) -> None:
        """Sign in, and agree to what is done with personal information."""
        session = self.sends("/session", {"code": await self.phone.login()})
        self.client.headers["Authorization"] = f"Bearer {session['token']}"
        version = self.gets("/agreement")["version"]
        agreed = self.client.put("/mp/v1/me/agreement", json={"version": version})
        assert agreed.is_success, agreed.text

    def leaves(self) -> None:
        self.client.close()

    def gets(self, path: str, **query: Any) -> Any:
        reply = self.client.get(f"/mp/v1{path}", params=query)
        assert reply.status_code == 200, (path, reply.status_code, reply.text[:500])
        return reply.json()

    def sends(self, path: str, body: Any = None, **more: Any) -> Any:
        self._sent += 1
        headers = {"Idempotency-Key": f"sent-{self._sent}"}
        what = more or {"json": body}
        reply = self.client.post(f"/mp/v1{path}", headers=headers, **what)
        assert reply.is_success, (path, reply.status_code, reply.text[:500])
        return reply.json() if reply.content else None

    async def allows_cards(self) -> None:
        """Press the button that asks whether cards may be sent, and say yes to all."""
        for call in self.gets("/subscriptions", **{"for": "application"})["calls"]:
            asked = call["template_ids"]
            answers = await self.phone.subscribe(dict.fromkeys(asked, "accept"))
            told = {one: answers[one] for one in asked}
            self.sends("/subscriptions", {"occasion": "application", "answers": told})

    async def card(self, number: int) -> dict[str, Any]:
        """Return a card, by the order in which they arrived, as soon as it is there."""
        for _ in range(int(PATIENCE_S / 0.2)):
            cards = await self.phone.cards()
            if len(cards) >= number:
                return cards[number - 1]
            await asyncio.sleep(0.2)
        raise AssertionError(f"Card {number} did not arrive: {await self.phone.cards()}")


def settle_cards(admin: AtTheConsole, purpose: str, title: str) -> None:
    """Say at the console by which template something is told, and what fills its fields."""
    listed = admin.sees(f"/console/cards/use?purpose={purpose}")
    option = re.search(rf'<option value="(\d+)"[^>]*>\s*{title}', listed)
    assert option, f"{title} is not offered"
    chosen = admin.sees(f"/console/cards/use?purpose={purpose}&template={option[1]}")
    filling = {"thing1": "what", "character_string2": "number", "phrase3": "state"}
    filling |= {"thing4": "agency", "time5": "when", "date3": "until"}
    if "补正" in title:
        filling["thing4"] = "note"
    fields = re.findall(r'<select[^>]* name="(\w+)"', chosen)
    wanted = {name: filling[name] for name in fields if name in filling}
    edits = re.search(r'name="edits" value="(\d+)"', chosen)
    assert edits
    sent = admin.sends(
        "/console/cards/use", purpose=purpose, template=option[1], edits=edits[1], **wanted
    )
    assert sent.status_code == 303, sent.text[sent.text.find("mistakes") :][:800]


def does(officer: AtTheConsole, page: str, act: str, **fields: str) -> None:
    """Send the form of an act as the page of the case shows it, with what is filled in already."""
    shown = LexborHTMLParser(officer.sees(page))
    form = shown.css_first(f'form[action="{page}/{act}"]')
    assert form is not None, f"{act} is not offered"
    filled = {
        str(entry.attributes["name"]): entry.attributes.get("value") or ""
        for entry in form.css("input[name]")
        if entry.attributes.get("type") not in {"checkbox", "radio"}
    }
    sent = officer.client.post(f"{page}/{act}", data=filled | fields)
    assert sent.status_code == 303, sent.text[sent.text.find("mistakes") :][:600]


async def test_from_the_code_in_the_hall_to_the_card_on_the_phone(town: Town, shared: Path) -> None:
    with town.at_the_console("admin") as admin:
        assert admin.sends("/console/cards/refresh").status_code == 303
        settle_cards(admin, "application_accepted", "申请进度通知")
        settle_cards(admin, "correction_wanted", "补正材料提醒")
        picture = picture_of_the_hall(admin)

    person = Person(town, await Phone.of(town.wechat, phone="13800138000"))
    # Scan: the code on the wall opens the home of the zone.
    opened = await person.phone.scan_picture(picture)
    assert opened["path"] == "pages/home/home"
    home = person.gets("/home", scene=opened["options"]["scene"])
    assert "apply" in {deed["deed"] for deed in home["deeds"] if deed["is_here"]}
    venue = home["venue"]["code"]
    await person.opens()

    # Ask by voice: nothing here answers it, so that it becomes an application.
    wav = (shared / "speech" / "questions" / "wav" / CLIP).read_bytes()
    files = {"recording": ("question.wav", wav, "audio/wav")}
    asked = person.sends("/ask/recording", files=files, data={"venue": venue})
    assert "鹰潭市" in asked["transcript"] and "企业" in asked["transcript"]
    assert asked["outcome"] == "handoff"

    await person.allows_cards()
    listed = person.gets("/agencies", venue=venue)["agencies"]
    (agency,) = [one for one in listed if one["name"] == AGENCY]
    filed = person.sends(
        "/applications",
        {
            "agency_id": agency["id"],
            "venue": venue,
            "person": PERSON,
            "request": {
                "title": asked["transcript"],
                "delivery_way": "in_person",
                "carrier": "paper",
            },
            "notice_version": person.gets("/agreement")["version"],
        },
    )

    # The agency counts it as received at once, and a card arrives that names the case and nothing of
    # what it is about.
    page = f"/console/applications/{filed['id']}"
    with town.at_the_console("chen") as officer:
        accepted = await person.card(1)
        assert filed["receipt"]["number"] in str(accepted["values"])
        assert "鹰潭" not in str(accepted) and "王秀英" not in str(accepted)

        # Open the card: it leads to the case, and the message is read.
        case = person.gets(f"/applications/{_found(r'(?<=id=)[0-9]+', accepted['page'])}")
        assert case["application"]["status"]["received_on"], case["application"]
        (message,) = person.gets("/messages")["messages"]
        person.sends(f"/messages/{message['id']}/read")
        assert person.gets("/messages")["unread"] == 0

        # A correction is wanted: a second card; it is given on the phone, and the office has it.
        does(officer, page, "begin")
        does(officer, page, "ask-correction", note="请写明是哪一年的政策。")
        wanted = await person.card(2)
        assert "补正" in str(wanted["values"])
        person.sends(f"/applications/{filed['id']}/correction", {"text": "2024年的政策。"})
        assert "2024年的政策。" in officer.sees(page)

        titles = [message["title"] for message in person.gets("/messages")["messages"]]
        assert titles == ["申请需要补正", "申请已确认收到"]
    await asyncio.sleep(2)
    assert len(await person.phone.cards()) == 2, "none is sent twice"

    person.sends("/ratings", {"score": 3, "venue": venue})
    person.leaves()
    log = "".join(town.logged)
    assert "request answered" in log
    for secret in (person.phone.openid, "王秀英", "13800138000", "鹰潭", "access_token="):
        assert secret not in log


def picture_of_the_hall(admin: AtTheConsole) -> Image.Image:
    """Return the mini-program code of the zone as its sheet shows it."""
    zone = _found(r"/console/scan-codes/venues/\d+", admin.sees("/console/scan-codes"))
    address = _found(rf"{zone}/\d+/picture[^\"]*", admin.sees(zone))
    reply = admin.client.get(address)
    assert reply.status_code == 200
    return Image.open(io.BytesIO(reply.content))
