"""Asking on a phone: typed, recorded, and while speaking; the kiosk says the same."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from miniprogram_api.mp import recordings
from models.stored_file import StoredFile
from services.voice_places import VoiceLimits
from speech.recognition import BYTES_PER_SECOND, SAMPLE_RATE
from speech.scripted_recognition import ScriptedRecogniser
from speech.vosk_recognition import VoskRecogniser
from tests.doors import PATIENCE_S, Doors, open_doors, tone
from tests.phones_of_citizens import PhoneOfCitizen, phone_of_citizen
from tests.sounds import Clip, clips
from tests.voice_page import SILENCE, BrokenRecogniser, Watched, page_of

QUESTION = "申请政府信息公开要收费吗？"
UNCLEAR = "申请公开要交费吗"
NOTHING = "附近哪家火锅店最好吃"

KINDS = {
    "mp3": ("mp3", "libmp3lame", "s16p"),
    "aac": ("adts", "aac", "fltp"),
    "wav": ("wav", "pcm_s16le", "s16"),
}


def recorded(pcm: bytes, kind: str, *, rate: int = 16_000, channels: int = 1) -> bytes:
    """Return 16 kHz PCM as the recorder of a phone would have written it."""
    container_format, codec, sample_format = KINDS[kind]
    layout = "mono" if channels == 1 else "stereo"
    samples = np.frombuffer(pcm, dtype="<i2").reshape(1, -1)
    frame = AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    frame.sample_rate = SAMPLE_RATE
    file = io.BytesIO()
    with av.open(file, mode="w", format=container_format) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout
        resampler = AudioResampler(format=sample_format, layout=layout, rate=rate)
        for made in [*resampler.resample(frame), *resampler.resample(None)]:
            made.pts = None
            container.mux(stream.encode(made))
        container.mux(stream.encode(None))
    return file.getvalue()


def upload(
    phone: PhoneOfCitizen, recording: bytes, *, name: str = "recording", **fields: str
) -> httpx.Response:
    """Send a recording as wx.uploadFile does."""
    files = {name: ("tmp_5f0c.mp3", recording, "audio/mpeg")}
    return phone.client.post("/mp/v1/ask/recording", files=files, data=fields)


class Streaming:
    """A phone's end of the connection on which it speaks."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def sound(self, pcm: bytes, size: int = 5120) -> None:
        for start in range(0, len(pcm), size):
            self.connection.send(pcm[start : start + size])

    def until(self, kind: str) -> list[dict[str, Any]]:
        received: list[dict[str, Any]] = []
        while not received or received[-1]["type"] != kind:
            received.append(json.loads(self.connection.recv(PATIENCE_S)))
        return received


@contextmanager
def streaming(doors: Doors, phone: PhoneOfCitizen) -> Iterator[Streaming]:
    address = f"ws://127.0.0.1:{doors.port}/mp/v1/ask/stream"
    headers = {"Authorization": phone.client.headers["Authorization"]}
    with connect(address, additional_headers=headers) as connection:
        yield Streaming(connection)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """An installation that hears the same question whatever is said."""
    with open_doors(tmp_path_factory.mktemp("mp-asking"), ScriptedRecogniser([QUESTION])) as opened:
        yield opened


@pytest.fixture
def phone(doors: Doors) -> Iterator[PhoneOfCitizen]:
    with phone_of_citizen(doors) as somebody:
        yield somebody


def asks(phone: PhoneOfCitizen, **body: Any) -> dict[str, Any]:
    response = phone.client.post("/mp/v1/ask", json=body)
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_a_typed_question_gets_what_the_kiosk_says(doors: Doors, phone: PhoneOfCitizen) -> None:
    for text in (QUESTION, UNCLEAR, NOTHING):
        reply = asks(phone, text=text)
        with page_of(doors) as page:
            page.send(type="ask", text=text)
            at_kiosk = page.until("reply")[-1]
        assert reply["outcome"] == at_kiosk["decision"]
        assert reply["answers"] == at_kiosk["answers"]
        assert [one["text"] for one in reply["spoken"]] == [p["text"] for p in at_kiosk["speech"]]
        assert [[one["text"] for one in more] for more in reply["more"]] == [
            [piece["text"] for piece in more] for more in at_kiosk["more"]
        ]


def test_what_is_said_can_be_played(phone: PhoneOfCitizen) -> None:
    reply = asks(phone, text=QUESTION, rate=0.8)
    for one in [*reply["spoken"], *(one for more in reply["more"] for one in more)]:
        sound = phone.client.get(one["sound"], params={"rate": "0.8"})
        assert sound.status_code == 200
        assert sound.headers["content-type"] == "audio/mpeg"


def test_asking_needs_no_account(doors: Doors) -> None:
    with phone_of_citizen(doors, is_signed_in=False) as stranger:
        assert asks(stranger, text=QUESTION)["outcome"] == "answer"
        assert upload(stranger, b"x").status_code == 401


def test_a_choice_is_made_by_place_and_whichever_process_answers(phone: PhoneOfCitizen) -> None:
    offered = asks(phone, text=UNCLEAR)
    assert offered["outcome"] == "clarify"
    assert {step["step"] for step in offered["next_steps"]} >= {"choose", "ask_again"}
    chosen = asks(phone, place=1, turn=offered["turn"])
    assert chosen["outcome"] == "answer"
    assert chosen["answers"][0]["external_id"] == offered["answers"][1]["external_id"]
    assert chosen["transcript"] == offered["answers"][1]["title"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param({"place": 0}, "invalid", id="a choice of nothing"),
        pytest.param({"place": 0, "turn": "gAAAAAnonsense"}, "turn_unknown", id="a forged turn"),
        pytest.param({"place": 0, "turn": "选项"}, "turn_unknown", id="a turn that is no turn"),
        pytest.param({"place": 10}, "invalid", id="a place beyond all"),
        pytest.param({}, "invalid", id="nothing"),
        pytest.param({"text": "  "}, "invalid", id="blanks"),
        pytest.param({"text": "？！"}, "invalid", id="no words"),
        pytest.param({"text": "字" * 2001}, "question_too_long", id="too long"),
        pytest.param({"text": QUESTION, "rate": 9}, "invalid", id="an impossible rate"),
        pytest.param({"text": QUESTION, "openid": "o1"}, "invalid", id="a field of nobody"),
    ],
)
def test_what_cannot_be_asked_is_said_so(
    phone: PhoneOfCitizen, body: dict[str, Any], code: str
) -> None:
    response = phone.client.post("/mp/v1/ask", json=body)
    assert response.status_code == 422
    assert response.json()["code"] == code
    assert response.json()["sentence"]


def test_a_turn_of_another_zone_or_for_a_choice_not_offered_is_refused(
    phone: PhoneOfCitizen,
) -> None:
    offered = asks(phone, text=UNCLEAR)
    beyond = phone.client.post("/mp/v1/ask", json={"place": 9, "turn": offered["turn"]})
    assert beyond.status_code == 422
    nowhere = phone.client.post("/mp/v1/ask", json={"text": QUESTION, "venue": "nowhere"})
    assert nowhere.status_code == 404


def test_no_answer_leads_to_the_staff(phone: PhoneOfCitizen) -> None:
    reply = asks(phone, text=NOTHING)
    assert reply["outcome"] == "handoff"
    steps = [step["step"] for step in reply["next_steps"]]
    assert steps == ["leave_question", "apply", "call_for_help", "ask_again"]
    assert reply["elsewhere"] == []


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (16_000, 1), (44_100, 2)])
def test_whatever_the_recorder_makes_is_heard(
    phone: PhoneOfCitizen, kind: str, rate: int, channels: int
) -> None:
    response = upload(phone, recorded(tone(3), kind, rate=rate, channels=channels))
    assert response.status_code == 200, response.text
    assert response.json()["transcript"] == QUESTION
    assert response.json()["outcome"] == "answer"


def test_silence_is_not_understood(phone: PhoneOfCitizen) -> None:
    reply = upload(phone, recorded(bytes(2 * BYTES_PER_SECOND), "wav")).json()
    assert reply["outcome"] == "not_heard"
    assert reply["spoken"][0]["text"] == "没有听清，请再说一遍。"


def test_recordings_that_cannot_be_used_are_told_apart(phone: PhoneOfCitizen) -> None:
    def refusal(response: httpx.Response) -> tuple[int, str]:
        assert response.json()["sentence"]
        return response.status_code, response.json()["code"]

    assert refusal(upload(phone, b"")) == (422, "unreadable_audio")
    assert refusal(upload(phone, b"this is no sound" * 100)) == (422, "unreadable_audio")
    assert refusal(upload(phone, b"RIFF", name="file")) == (422, "unreadable_audio")
    too_long = recorded(bytes(61 * BYTES_PER_SECOND), "mp3")
    assert refusal(upload(phone, too_long)) == (422, "unreadable_audio")
    assert upload(phone, recorded(tone(1), "wav"), rate="fast").status_code == 422
    assert upload(phone, recorded(tone(1), "wav"), turn="x").json()["code"] == "turn_unknown"
    path, client = "/mp/v1/ask/recording", phone.client
    assert refusal(client.post(path, content=b"")) == (422, "not_a_form")
    assert refusal(client.post(path, json={"recording": "x"})) == (422, "not_a_form")
    form = {"content-type": "multipart/form-data; boundary=abc"}
    for cut in (b"", b"--abc", b"--abc\r\n", b"--abc\r\nContent-Disposition: form-data\r\n\r\nx"):
        assert refusal(client.post(path, content=cut, headers=form)) == (422, "not_a_form")
    cut = b'--abc\r\nContent-Disposition: form-data; name="recording"\r\n\r\nRIFF'
    assert refusal(client.post(path, content=cut, headers=form)) == (422, "not_a_form")


def test_what_announces_half_a_gigabyte_is_refused_unread(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 500_000_000:
            sent += 65_536
            yield bytes(65_536)

    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": "500000000"}
    began = time.monotonic()
    try:
        response = phone.client.post("/mp/v1/ask/recording", content=endless(), headers=headers)
        assert response.status_code == 422
        assert response.json()["code"] == "upload_too_large"
    except (httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
        pass  # The connection was closed while it was still sending.
    assert sent < 60_000_000
    assert time.monotonic() - began < 10


def test_what_grows_too_large_without_announcing_it_is_cut_off(phone: PhoneOfCitizen) -> None:
    sent = 0

    def growing() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="recording"; filename="a"\r\n\r\n'
        while sent < 200_000_000:
            sent += 65_536
            yield bytes(65_536)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    try:
        response = phone.client.post("/mp/v1/ask/recording", content=growing(), headers=headers)
        assert response.json()["code"] == "upload_too_large"
    except (httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
        pass
    assert sent < 60_000_000


def test_of_many_at_once_some_are_asked_to_wait(doors: Doors, phone: PhoneOfCitizen) -> None:
    places = doors.context.recordings
    taken = [places.taken() for _ in range(8)]
    for place in taken:
        place.__enter__()
    response = upload(phone, recorded(tone(1), "wav"))
    for place in taken:
        place.__exit__(None, None, None)
    assert response.status_code == 503
    assert "稍等" in response.json()["sentence"]
    assert upload(phone, recorded(tone(1), "wav")).status_code == 200


def test_nothing_of_a_recording_is_left(
    doors: Doors, phone: PhoneOfCitizen, tmp_path: Path
) -> None:
    assert upload(phone, recorded(tone(20), "wav", rate=44_100, channels=2)).status_code == 200

    async def kept() -> int:
        return await StoredFile.all().count()

    assert doors.context.listening == 0
    before = doors.run(kept())
    assert upload(phone, recorded(tone(3), "mp3")).status_code == 200
    assert doors.run(kept()) == before


def test_speaking_is_answered_while_it_is_heard(doors: Doors, phone: PhoneOfCitizen) -> None:
    with streaming(doors, phone) as stream:
        stream.send(type="start")
        assert stream.until("listening")[-1]["streams"]
        stream.sound(tone(3) + SILENCE)
        received = stream.until("reply")
    kinds = [message["type"] for message in received]
    assert "partial" in kinds
    assert kinds[-2:] == ["ended", "reply"]
    assert received[-2]["reason"] == "silence"
    reply = received[-1]["reply"]
    assert reply["transcript"] == QUESTION
    assert reply["outcome"] == "answer"
    assert reply == asks(phone, text=QUESTION) | {
        name: reply[name]
        for name in ("spoken", "more", "turn")  # Sealed anew each time.
    }


def test_a_phone_that_comes_back_still_knows_what_was_offered(tmp_path: Path) -> None:
    recogniser = ScriptedRecogniser([UNCLEAR, "第二个", "再说一遍"])
    with open_doors(tmp_path, recogniser) as doors, phone_of_citizen(doors) as phone:
        with streaming(doors, phone) as stream:
            stream.send(type="start")
            stream.sound(tone(2) + SILENCE)
            offered = stream.until("reply")[-1]["reply"]
        assert offered["outcome"] == "clarify"
        with streaming(doors, phone) as stream:
            stream.send(type="start", turn=offered["turn"])
            stream.sound(tone(1))
            stream.send(type="stop")
            chosen = stream.until("reply")[-1]["reply"]
            assert chosen["answers"][0]["title"] == offered["answers"][1]["title"]
            stream.send(type="start")
            stream.sound(tone(1) + SILENCE)
            repeated = stream.until("reply")[-1]["reply"]
        assert repeated["outcome"] == "command"
        assert repeated["command"] == "repeat"
        assert repeated["answers"] == []


def test_a_phone_call_in_the_middle_ends_the_utterance(tmp_path: Path) -> None:
    watched = Watched(ScriptedRecogniser([QUESTION]))
    limits = VoiceLimits(no_sound_s=0.3, idle_s=0.5)
    with (
        open_doors(tmp_path, watched, limits=limits) as doors,
        phone_of_citizen(doors) as phone,
        streaming(doors, phone) as stream,
    ):
        stream.send(type="start")
        stream.sound(tone(2))
        received = stream.until("reply")
        assert received[-2] == {"type": "ended", "reason": "no_sound"}
        assert received[-1]["reply"]["transcript"] == QUESTION
        assert doors.context.listening == 0
        with pytest.raises(ConnectionClosed):
            stream.connection.recv(PATIENCE_S)


def test_a_phone_that_vanishes_leaves_nothing(tmp_path: Path) -> None:
    watched = Watched(ScriptedRecogniser([QUESTION]))
    with open_doors(tmp_path, watched) as doors, phone_of_citizen(doors) as phone:
        with streaming(doors, phone) as stream:
            stream.send(type="start")
            stream.sound(tone(1))
            stream.until("partial")
        deadline = time.monotonic() + PATIENCE_S
        while doors.context.listening and time.monotonic() < deadline:
            time.sleep(0.02)
        assert doors.context.listening == 0
        assert watched.abandoned == 1


def test_odd_messages_are_told_and_the_connection_goes_on(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    with streaming(doors, phone) as stream:
        stream.sound(b"\0" * 3200)
        assert stream.until("error")[-1]["code"] == "invalid"
        for odd in ("{", '{"type":"sing"}', '{"type":"start","rate":9}', "[]", "null"):
            stream.connection.send(odd)
            assert stream.until("error")[-1]["sentence"]
        stream.send(type="start", turn="forged")
        assert stream.until("error")[-1]["code"] == "turn_unknown"
        stream.send(type="stop")
        stream.send(type="cancel")
        stream.send(type="start", something_new=1)
        stream.until("listening")
        stream.sound(tone(2) + SILENCE, size=60_000)
        assert stream.until("reply")[-1]["reply"]["outcome"] == "answer"
        stream.send(type="start")
        stream.until("listening")
        stream.connection.send(bytes(70_000))
        with pytest.raises(ConnectionClosed) as closed:
            stream.until("reply")
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009


def test_an_engine_that_breaks_down_is_told(tmp_path: Path) -> None:
    with open_doors(tmp_path, BrokenRecogniser()) as doors, phone_of_citizen(doors) as phone:
        with streaming(doors, phone) as stream:
            stream.send(type="start")
            stream.sound(tone(1))
            assert stream.until("error")[-1]["code"] == "error"
        assert upload(phone, recorded(tone(1), "wav")).status_code == 500
        assert doors.context.listening == 0


def test_without_an_engine_speaking_is_refused(tmp_path: Path) -> None:
    with open_doors(tmp_path) as doors, phone_of_citizen(doors) as phone:
        assert upload(phone, recorded(tone(1), "wav")).json()["code"] == "engine_missing"
        with streaming(doors, phone) as stream:
            stream.send(type="start")
            assert stream.until("error")[-1]["code"] == "engine_missing"
        assert asks(phone, text=QUESTION)["outcome"] == "answer"


def test_the_stream_is_for_those_who_signed_in_and_for_sockets(
    doors: Doors, phone: PhoneOfCitizen
) -> None:
    assert phone.client.get("/mp/v1/ask/stream").status_code == 426
    for header in ({}, {"Authorization": "Bearer forged"}):
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(f"ws://127.0.0.1:{doors.port}/mp/v1/ask/stream", additional_headers=header),
        ):
            pass
        assert refused.value.response.status_code == 401


@pytest.fixture(scope="module")
def real_clips(shared: Path) -> list[Clip]:
    return clips(shared / "speech" / "questions" / "manifest.tsv")[:4]


@pytest.fixture(scope="module")
def real_doors(tmp_path_factory: pytest.TempPathFactory, vosk_test_model: Path) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("mp-asking-really")) as opened:
        loading = VoskRecogniser.load(vosk_test_model, model="test", silence_ms=800)
        opened.context.parts.recogniser = opened.run(loading)
        yield opened


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_real_voice_gets_the_same_answer_on_phone_and_kiosk(
    real_doors: Doors, real_clips: list[Clip], kind: str
) -> None:
    with phone_of_citizen(real_doors) as phone:
        for clip in real_clips:
            with page_of(real_doors) as page:
                page.send(type="start")
                page.sound(clip.pcm)
                page.send(type="stop")
                at_kiosk = page.until("reply")[-1]
            reply = upload(phone, recorded(clip.pcm, kind)).json()
            assert reply["outcome"] == at_kiosk["decision"], clip.transcript
            assert [a["external_id"] for a in reply["answers"]] == [
                a["external_id"] for a in at_kiosk["answers"]
            ], clip.transcript


def test_a_real_voice_is_understood_while_it_speaks(
    real_doors: Doors, real_clips: list[Clip]
) -> None:
    clip = real_clips[0]
    with phone_of_citizen(real_doors) as phone, streaming(real_doors, phone) as stream:
        stream.send(type="start")
        stream.sound(clip.pcm)
        stream.send(type="stop")
        received = stream.until("reply")
        uploaded = upload(phone, recorded(clip.pcm, "wav")).json()
    assert any(message["type"] == "partial" for message in received)
    assert received[-1]["reply"]["transcript"] == uploaded["transcript"] != ""


def test_a_recording_that_trickles_in_is_given_up(
    phone: PhoneOfCitizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "_COMES_WITHIN_S", 0.5)

    def trickling() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="recording"; filename="a"\r\n\r\n'
        for _ in range(40):
            time.sleep(0.1)
            yield b"\0"

    headers = {"content-type": "multipart/form-data; boundary=x"}
    began = time.monotonic()
    try:
        response = phone.client.post("/mp/v1/ask/recording", content=trickling(), headers=headers)
        assert response.status_code == 503
    except (httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadError):
        pass  # The connection was closed while it was still sending.
    assert time.monotonic() - began < 10
