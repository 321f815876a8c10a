"""How a kiosk speaks is settled in the console, and its page, its sounds and what is prepared follow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from models.device import Device
from models.notice import Audience, Notice, NoticeState
from models.staff import Role
from models.venue import Venue
from server.preparing import prepare_speech
from server.visiting import DEVICE_COOKIE
from services import devices, notice_board
from services.access import system
from services.device_voices import DeviceVoice, used_voices, voice_of
from speech.prepared import PreparedSpeech
from speech.reading_text import sentences
from tests.doors import PATIENCE_S, Doors, open_doors
from tests.people import AtTheConsole, at_the_console


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("voices")) as opened:
        yield opened


@pytest.fixture(scope="module")
def administrator(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.ADMINISTRATOR) as person:
        yield person


@pytest.fixture(scope="module")
def kiosk(doors: Doors) -> tuple[int, str]:
    """The number and the token of an enrolled kiosk."""

    async def enrolled() -> tuple[int, str]:
        keys, now = doors.context.parts.keys, datetime.now(UTC)
        venue = await Venue.first()
        assert venue is not None
        made = await devices.add(system(keys.sealing), "二号自助机", venue, keys=keys, now=now)
        found = await devices.enrol(made.code, keys=keys, now=now)
        return found.device.id, found.token

    return doors.run(enrolled())


def settled(person: AtTheConsole, device_id: int, **chosen: str) -> httpx.Response:
    form = {"voice": "", "rate_percent": "100", "volume_percent": "100"} | chosen
    return person.sends(f"/console/devices/{device_id}/voice", **form)


def test_the_page_begins_as_was_settled_and_what_it_says_is_prepared(
    doors: Doors, administrator: AtTheConsole, kiosk: tuple[int, str]
) -> None:
    device_id, token = kiosk
    synthesiser = doors.context.parts.synthesiser
    assert isinstance(synthesiser, PreparedSpeech)
    voice = synthesiser.voices[0]
    sent = settled(administrator, device_id, voice=voice, rate_percent="80", volume_percent="150")
    assert sent.status_code == 303
    with httpx.Client(base_url=doors.url, cookies={DEVICE_COOKIE: token}) as machine:
        page = machine.get("/kiosk").text
    assert 'data-rate="0.8"' in page
    assert 'data-volume="1.5"' in page

    async def prepared() -> bool:
        venue = await Venue.first()
        assert venue is not None
        notice = await Notice.create(
            venue_id=venue.id,
            author_id=administrator.staff_id,
            title="停电通知",
            text="本周六上午停电，窗口暂停服务。",
            audience=Audience.VENUE,
            state=NoticeState.PUBLISHED,
            on_kiosks=True,
            published_at=datetime.now(UTC),
        )
        owner = notice_board.owner_of(notice.id)
        pieces = sentences(notice_board.as_spoken(notice))
        doors.context.speech.wanted_at = doors.context.asked_at = -1e9
        preparing = asyncio.create_task(prepare_speech(doors.context))
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not all(  # noqa: ASYNC110 - nothing tells when it is done.
                    synthesiser.is_prepared(piece, voice=voice, rate=0.8, owner=owner)
                    for piece in pieces
                ):
                    await asyncio.sleep(0.05)
                await notice_board_withdraws(notice)
                while any(synthesiser.is_prepared(p, owner=owner) for p in pieces):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            preparing.cancel()
            await asyncio.gather(preparing, return_exceptions=True)
        return True

    assert doors.run(prepared())


async def notice_board_withdraws(notice: Notice) -> None:
    notice.state = NoticeState.WITHDRAWN
    await notice.save()


@pytest.mark.parametrize(
    "wrong",
    [
        {"voice": "nobody"},
        {"rate_percent": "59"},
        {"rate_percent": "快"},
        {"volume_percent": "251"},
    ],
)
def test_what_no_kiosk_can_do_is_refused(
    administrator: AtTheConsole, kiosk: tuple[int, str], wrong: dict[str, str]
) -> None:
    assert settled(administrator, kiosk[0], **wrong).status_code == 422


def test_the_voices_can_be_tried(administrator: AtTheConsole, kiosk: tuple[int, str]) -> None:
    page = administrator.sees(f"/console/devices/{kiosk[0]}/voice")
    assert "/kiosk/speech/voice-test?rate=" in page
    assert f"/console/devices/{kiosk[0]}/voice" in administrator.sees("/console/devices")


def test_a_voice_of_another_engine_is_left_aside() -> None:
    device = Device(voice="zf_xiaoyi", rate_percent=85, volume_percent=120)
    assert voice_of(device, ("mandarin",)) == DeviceVoice("", 85, 120)
    assert voice_of(device, ("zf_xiaoyi",)).voice == "zf_xiaoyi"
    assert voice_of(None, ()) == DeviceVoice()


def test_what_is_prepared_begins_with_the_usual_voice(doors: Doors, kiosk: tuple[int, str]) -> None:
    known = doors.context.speech.voices

    async def settle(rate: int) -> list[DeviceVoice]:
        await Device.filter(id=kiosk[0]).update(voice=known[0], rate_percent=rate)
        return await used_voices(known, 4)

    assert doors.run(settle(70)) == [DeviceVoice(), DeviceVoice(known[0], 70)]
    assert doors.run(used_voices(known, 1)) == [DeviceVoice()]
