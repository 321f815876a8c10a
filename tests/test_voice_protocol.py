"""The voice connection, as docs/voice-protocol.md promises it, kept and broken."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from models.index_change import Subject
from services.access import system
from services.publication import withdraw
from services.replies import Reply
from services.voice_places import VoiceLimits, VoicePlaces
from speech.recognition import Heard, Recogniser
from speech.scripted_recognition import ScriptedRecogniser, ScriptedUtterance
from tests.doors import PATIENCE_S, Doors, open_doors, tone
from tests.voice_page import SILENCE, BrokenRecogniser, Watched, page_of

QUESTION = "申请政府信息公开要收费吗？"
UNCLEAR = "申请公开要交费吗"
_LIMITS = VoiceLimits()


@pytest.fixture(scope="module")
def doors_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """What every test that leaves the library as it is speaks to."""
    with open_doors(tmp_path_factory.mktemp("voice")) as doors:
        yield doors


@pytest.fixture
def opened(doors_of_all: Doors) -> Iterator[Callable[..., Doors]]:
    """Let the doors that are open listen with a recogniser; whoever spoke leaves nothing behind."""
    context = doors_of_all.context

    def open_with(recogniser: Recogniser | None, limits: VoiceLimits = _LIMITS) -> Doors:
        context.parts.recogniser, context.voice_limits = recogniser, limits
        context.places = VoicePlaces(limits, context._note_places)
        return doors_of_all

    yield open_with
    # Who vanished is not gone at once, and gives back a place among those of the next test.
    wait_until(lambda: context.places.taken == context.places.waiting == 0)


Open = Callable[..., Doors]


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for something that happens in the server's own time."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "It did not happen in time"
        time.sleep(0.01)


def listening(doors: Doors) -> int:
    with doors.client() as client:
        page = client.get("/metrics").text
    return int(float(page.rpartition("openzone_listening ")[2].split()[0]))


def test_a_spoken_question_is_shown_while_it_is_spoken_and_answered(opened: Open) -> None:
    doors = opened(ScriptedRecogniser([QUESTION]))
    with page_of(doors) as page:
        page.say()
        assert page.receive() == {"type": "listening", "streams": True}
        partials = page.until("ended")
        texts = [message["text"] for message in partials[:-1]]
        assert texts == sorted(texts, key=len)
        assert len(texts) > 3
        assert partials[-1] == {"type": "ended", "reason": "silence"}
        assert page.receive() == {"type": "heard", "text": QUESTION}
        reply = page.receive()
    assert reply["type"] == "reply"
    assert reply["decision"] == "answer"
    assert reply["transcript"] == QUESTION
    assert "不收取费用" in reply["answers"][0]["text"]
    assert "".join(piece["text"] for piece in reply["speech"]) == reply["spoken"]
    with doors.client() as client:
        for piece in [*reply["speech"], *(p for group in reply["more"] for p in group)]:
            sound = client.get(piece["url"]).raise_for_status()
            assert sound.content.startswith(b"RIFF")


class Pausing(ScriptedRecogniser):
    """Tells that nobody speaks any more, as soon as all words are there."""

    def begin(self, phrases: Sequence[str] = ()) -> ScriptedUtterance:
        return PausingUtterance(QUESTION, 800, ())


class PausingUtterance(ScriptedUtterance):
    async def hear(self, pcm: bytes) -> Heard:
        heard = await super().hear(pcm)
        return replace(heard, pause_ms=400 if heard.text == QUESTION else 0)


def test_the_answer_is_looked_up_before_the_silence_is_over(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    doors = opened(Pausing([]))
    library, speaking = doors.context.library, []
    ask = library.ask

    async def watched(text: str, venue: int | None = None, *, spoken: bool = False) -> Reply:
        speaking.append((text, doors.context.places.taken))
        return await ask(text, venue, spoken=spoken)

    monkeypatch.setattr(library, "ask", watched)
    with page_of(doors) as page:
        page.say()
        assert page.until("reply")[-1]["decision"] == "answer"
    assert speaking == [(QUESTION, 1)], "once, while they are still listened to"


def test_stop_answers_what_was_said_so_far(opened: Open) -> None:
    with page_of(opened(ScriptedRecogniser([QUESTION]))) as page:
        page.send(type="start")
        page.sound(tone(1.0))
        page.send(type="stop")
        assert page.until("ended")[-1]["reason"] == "stop"
        assert page.until("reply")[-1]["decision"] == "answer"


def test_a_typed_question_is_answered_the_same(opened: Open) -> None:
    with page_of(opened(None)) as page:
        page.send(type="ask", text=QUESTION)
        assert page.receive()["decision"] == "answer"


@pytest.mark.parametrize("sound", [SILENCE, b""], ids=["silence", "nothing"])
def test_no_sound_is_told_apart_from_no_words(opened: Open, sound: bytes) -> None:
    with page_of(opened(ScriptedRecogniser([QUESTION]))) as page:
        page.send(type="start")
        page.sound(sound)
        page.send(type="stop")
        message = page.until("not_heard")[-1]
    assert message["sentence"].startswith("我没有听到声音")
    assert message["reason"] == "silence"
    assert message["speech"][0]["url"] == "/kiosk/speech/nothing-heard"


def test_spoken_commands_are_for_the_page(opened: Open) -> None:
    with page_of(opened(ScriptedRecogniser(["在说一边", "请工作人员帮忙"]))) as page:
        page.say()
        assert page.until("command")[-1]["command"] == "repeat"
        page.say()
        assert page.until("command")[-1]["command"] == "help"


def test_swearing_is_never_shown_and_what_is_asked_beside_it_is_answered(opened: Open) -> None:
    doors = opened(ScriptedRecogniser(["王八蛋", f"王八蛋，{QUESTION}"]))
    with page_of(doors) as page:
        page.say()
        received = page.until("not_heard")
        assert received[-1]["reason"] == "swearing"
        assert received[-1]["offers_staff"]
        page.say()
        received += page.until("reply")
    assert received[-1]["transcript"] == QUESTION
    assert received[-1]["decision"] == "answer"
    assert "王八蛋" not in json.dumps(received, ensure_ascii=False)


def test_a_choice_is_made_by_tapping_or_by_saying_it(opened: Open) -> None:
    with page_of(opened(ScriptedRecogniser(["第二个"]))) as page:
        page.send(type="ask", text=UNCLEAR)
        choices = page.receive()
        assert choices["decision"] == "clarify"
        page.say()
        said = page.until("reply")[-1]
        assert said["decision"] == "answer"
        assert said["answers"][0]["external_id"] == choices["answers"][1]["external_id"]

        page.send(type="ask", text=UNCLEAR)
        choices = page.receive()
        page.send(type="choose", place=0)
        tapped = page.receive()
        assert tapped["answers"][0]["external_id"] == choices["answers"][0]["external_id"]
        assert tapped["spoken"]

        page.send(type="choose", place=0)
        assert page.receive()["type"] == "error", "the choices are gone once one was made"


def test_a_choice_that_was_withdrawn_meanwhile_is_not_read_out(tmp_path: Path) -> None:
    with open_doors(tmp_path) as doors, page_of(doors) as page:
        page.send(type="ask", text=UNCLEAR)
        first, second, *_ = page.receive()["answers"]
        assert (first["kind"], second["kind"]) == ("qa", "qa")
        machine = system(doors.context.parts.keys.sealing)
        doors.run(
            withdraw(machine, Subject.QUESTION, first["id"], reason="有误", now=datetime.now(UTC))
        )
        page.send(type="choose", place=0)
        reply = page.receive()
        assert (reply["type"], reply["code"]) == ("error", "not_found")
        page.send(type="choose", place=1)
        assert page.receive()["answers"][0]["id"] == second["id"]


def test_one_visitor_never_gets_the_choices_of_another(opened: Open) -> None:
    doors = opened(None)
    with page_of(doors) as one, page_of(doors) as other:
        one.send(type="ask", text=UNCLEAR)
        assert one.receive()["decision"] == "clarify"
        other.send(type="choose", place=0)
        assert other.receive()["type"] == "error"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        pytest.param("no json", "malformed", id="text that is no JSON"),
        pytest.param("[]", "invalid", id="a list"),
        pytest.param('{"type": "dance"}', "invalid", id="an unknown message"),
        pytest.param('{"type": "ask"}', "invalid", id="a question without text"),
        pytest.param('{"type": "ask", "text": 5}', "invalid", id="a number for a text"),
        pytest.param('{"type": "ask", "text": ""}', "invalid", id="an empty question"),
        pytest.param('{"type": "start", "rate": 99}', "invalid", id="a rate beyond all"),
        pytest.param('{"type": "choose", "place": 0}', "invalid", id="a choice of nothing"),
        pytest.param(
            json.dumps({"type": "ask", "text": "问" * 3000}), "question_too_long", id="long"
        ),
        pytest.param(b"\x00\x01", "invalid", id="sound before start"),
        pytest.param('{"type": "start"}', "engine_missing", id="speech without a recogniser"),
    ],
)
def test_what_cannot_be_used_is_told_and_the_connection_goes_on(
    opened: Open, frame: str | bytes, code: str
) -> None:
    with page_of(opened(None)) as page:
        page.connection.send(frame)
        message = page.receive()
        assert message["type"] == "error"
        assert message["code"] == code
        assert message["sentence"].endswith("。")
        page.send(type="ask", text=QUESTION)
        assert page.receive()["decision"] == "answer"


def test_a_huge_frame_ends_the_connection_and_nothing_else(opened: Open) -> None:
    doors = opened(ScriptedRecogniser([QUESTION]))
    with page_of(doors) as page:
        page.send(type="start")
        page.receive()
        page.connection.send(bytes(1_000_000))
        with pytest.raises(ConnectionClosed) as closed:
            page.receive()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    wait_until(lambda: listening(doors) == 0)
    with page_of(doors) as page:
        page.send(type="ask", text=QUESTION)
        assert page.receive()["decision"] == "answer"


def test_sound_may_be_cut_anywhere(opened: Open) -> None:
    with page_of(opened(ScriptedRecogniser([QUESTION]))) as page:
        page.send(type="start")
        sound = tone(2.0) + SILENCE
        for start in range(0, len(sound), 2001):
            page.connection.send(sound[start : start + 2001])
        assert page.until("reply")[-1]["decision"] == "answer"


def test_starting_again_forgets_what_came_before(opened: Open) -> None:
    recogniser = Watched(ScriptedRecogniser(["第一次", QUESTION]))
    with page_of(opened(recogniser)) as page:
        page.send(type="start")
        page.sound(tone(1.0))
        page.say()
        assert page.until("heard")[-1]["text"] == QUESTION
    assert recogniser.abandoned == 1


def test_cancel_forgets_what_was_said(opened: Open) -> None:
    recogniser = Watched(ScriptedRecogniser([QUESTION]))
    with page_of(opened(recogniser)) as page:
        page.send(type="start")
        page.sound(tone(1.0))
        page.send(type="cancel")
        page.send(type="ask", text="公积金怎么提取")
        assert page.until("reply")[-1]["decision"] == "handoff"
    assert recogniser.abandoned == 1


def test_an_utterance_ends_when_its_time_is_up(opened: Open) -> None:
    doors = opened(ScriptedRecogniser([QUESTION]), limits=VoiceLimits(utterance_s=2.0))
    with page_of(doors) as page:
        page.send(type="start")
        page.sound(tone(4.0))
        assert page.until("ended")[-1]["reason"] == "too_long"
        assert page.until("reply")[-1]["decision"] == "answer"
        page.send(type="ask", text=QUESTION)
        assert page.receive()["type"] == "reply", "sound that came too late is no error"


def test_a_page_that_sends_no_sound_is_asked_again(opened: Open) -> None:
    recogniser = Watched(ScriptedRecogniser([QUESTION]))
    doors = opened(recogniser, limits=VoiceLimits(no_sound_s=0.2))
    with page_of(doors) as page:
        page.send(type="start")
        assert page.until("ended")[-1]["reason"] == "no_sound"
        assert page.receive()["type"] == "not_heard"
    assert recogniser.abandoned == 1


def test_a_page_that_says_nothing_is_let_go(opened: Open) -> None:
    doors = opened(None, limits=VoiceLimits(idle_s=0.2))
    with page_of(doors) as page, pytest.raises(ConnectionClosed):
        page.receive()


def test_a_page_that_vanishes_leaves_nothing_behind(opened: Open) -> None:
    recogniser = Watched(ScriptedRecogniser([QUESTION]))
    doors = opened(recogniser)
    with page_of(doors) as page:
        page.send(type="start")
        page.sound(tone(1.0))
        page.receive()
        assert listening(doors) == 1
        page.connection.socket.close()  # No farewell: the cable was pulled.
    wait_until(lambda: recogniser.abandoned == 1)
    assert listening(doors) == 0


def test_one_speaker_too_many_waits_and_one_more_is_refused(opened: Open) -> None:
    limits = VoiceLimits(listening_at_once=1, waiting_at_once=2)
    doors = opened(ScriptedRecogniser([QUESTION]), limits=limits)
    with ExitStack() as stack:
        one, two, three, four = (stack.enter_context(page_of(doors)) for _ in range(4))
        one.send(type="start")
        one.until("listening")
        for page in (two, three):
            page.send(type="start")
            waiting = page.receive()
            assert waiting["type"] == "waiting"
            assert "请稍等" in waiting["sentence"]
            assert waiting["speech"][0]["url"] == "/kiosk/speech/please-wait"
        four.send(type="start")
        refused = four.receive()
        assert refused["code"] == "unavailable"
        assert "请稍等" in refused["sentence"]
        two.send(type="cancel")  # Whoever gives up lets the next one come sooner.
        one.send(type="cancel")
        assert three.receive()["type"] == "listening"
        three.sound(tone(3.0) + SILENCE)
        assert three.until("reply")[-1]["decision"] == "answer"
        two.say()
        assert two.until("reply")[-1]["decision"] == "answer"
    assert listening(doors) == 0


def test_stop_while_waiting_hears_nothing(opened: Open) -> None:
    doors = opened(ScriptedRecogniser([QUESTION]), limits=VoiceLimits(listening_at_once=1))
    with page_of(doors) as one, page_of(doors) as two:
        one.send(type="start")
        one.until("listening")
        two.send(type="start")
        two.until("waiting")
        two.sound(tone(0.5))
        two.send(type="stop")
        assert [message["type"] for message in two.until("not_heard")] == ["ended", "not_heard"]
        assert doors.context.places.waiting == 0


def test_nobody_waits_for_ever(opened: Open) -> None:
    limits = VoiceLimits(listening_at_once=1, waiting_s=0.0)
    doors = opened(ScriptedRecogniser([QUESTION]), limits=limits)
    with page_of(doors) as one, page_of(doors) as two:
        one.send(type="start")
        one.until("listening")
        two.send(type="start")
        assert two.until("error")[-1]["code"] == "unavailable"
        assert doors.context.places.waiting == 0


@pytest.mark.parametrize("state", ["waiting", "listening", "speaking", "ended", "answered"])
def test_whoever_vanishes_in_any_state_leaves_no_place_taken(opened: Open, state: str) -> None:
    recogniser = Watched(ScriptedRecogniser([QUESTION]))
    doors = opened(recogniser, limits=VoiceLimits(listening_at_once=1))
    with page_of(doors) as one, page_of(doors) as two:
        if state == "waiting":
            two.send(type="start")
            two.until("listening")
        one.send(type="start")
        one.until("waiting" if state == "waiting" else "listening")
        if state in {"speaking", "ended", "answered"}:
            one.sound(tone(1.0))
            one.until("partial")
        if state in {"ended", "answered"}:
            one.sound(SILENCE)
            one.until("ended" if state == "ended" else "reply")
        one.connection.socket.close()
        if state == "waiting":
            wait_until(lambda: doors.context.places.waiting == 0)
            two.send(type="cancel")
        wait_until(lambda: doors.context.places.taken == 0)
        two.say()
        assert two.until("reply")[-1]["decision"] == "answer"
    assert recogniser.left_open == 0


def test_an_engine_that_breaks_down_is_told_and_the_connection_goes_on(opened: Open) -> None:
    doors = opened(BrokenRecogniser())
    with page_of(doors) as page:
        page.say()
        message = page.until("error")[-1]
        assert message["code"] == "error"
        page.send(type="ask", text=QUESTION)
        assert page.until("reply")[-1]["decision"] == "answer"
    assert listening(doors) == 0


def test_other_sites_cannot_listen(opened: Open) -> None:
    doors = opened(None)
    with pytest.raises(InvalidStatus) as refused, page_of(doors, origin="http://example.org"):
        pass
    assert refused.value.response.status_code == 403
    with page_of(doors, origin=doors.url) as page:
        page.send(type="ask", text=QUESTION)
        assert page.receive()["type"] == "reply"


def test_a_plain_request_to_the_voice_address_is_a_problem(opened: Open) -> None:
    response = httpx.get(f"{opened(None).url}/kiosk/voice", trust_env=False)
    assert response.status_code == 426
    assert response.json()["sentence"]


def test_without_a_synthesiser_the_reply_has_words_only(tmp_path: Path) -> None:
    with open_doors(tmp_path, speaking=False) as doors, page_of(doors) as page:
        page.send(type="ask", text=QUESTION)
        assert {piece["url"] for piece in page.receive()["speech"]} == {""}
