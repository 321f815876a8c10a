"""One call to WeChat: bounded in time, in threads and in tries, and silent about what is secret."""

from __future__ import annotations

import asyncio
import dataclasses
import gzip
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from miniprogram_api.wechat import apis, reactions
from miniprogram_api.wechat.apis import Api
from miniprogram_api.wechat.breaker import TOLERATED, Breaker, WeChatDown
from miniprogram_api.wechat.calling import Caller
from miniprogram_api.wechat.client import LARGEST_ANSWER, Lines, Question, failure_of, refusal
from miniprogram_api.wechat.gate import DeadlinePassed, Gate, GateFull
from miniprogram_api.wechat.retrying import Tries
from services.wechat import Reaction, WeChatFailed
from tests.patience import BUSY
from tests.scripted_answers import ScriptedAnswers, Told, told
from tests.wechat_codes import TABLE

QUICK = dataclasses.replace(apis.SEND, read_s=0.3, deadline_s=0.6, patience_s=3)
SECRET = "5ecre75ecre75ecre75ecre75ecre7ff"
RID = "617682e0-0a1b2c3d-4e5f6071"


@pytest.fixture
def wechat() -> Iterator[ScriptedAnswers]:
    with ScriptedAnswers() as scripted:
        yield scripted


@pytest.fixture
async def caller(wechat: ScriptedAnswers) -> AsyncIterator[Caller]:
    made = Caller(Lines("wx1", wechat.root))
    yield made
    made.close()


def question(api: Api = QUICK) -> Question:
    return Question(api, {"access_token": SECRET}, {"touser": "oSECRET", "text": "公开"})


def failure(wechat: ScriptedAnswers, answer: Told, api: Api = QUICK) -> WeChatFailed:
    """Return how one exchange fails."""
    wechat.script = lambda _asked: answer
    lines = Lines("wx1", wechat.root)
    with pytest.raises(WeChatFailed) as caught:
        lines.ask(question(api))
    lines.close()
    assert len(wechat.asked) == 1
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "SECRET" not in repr(caught.value)
    assert SECRET not in repr(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Told(b'{"errcode'), id="truncated JSON"),
        pytest.param(Told(b"<html>bad gateway</html>"), id="HTML with status 200"),
        pytest.param(Told(b"<html>", status=502), id="HTML with status 502"),
        pytest.param(Told(b""), id="empty"),
        pytest.param(Told(b"null"), id="null"),
        pytest.param(Told(b"[]"), id="a list"),
        pytest.param(Told(b"7"), id="a number"),
        pytest.param(Told(b'{"errcode":"x"}'), id="errcode is a word"),
        pytest.param(Told(b'{"errcode":null}'), id="errcode is null"),
        pytest.param(Told(b'{"a":"\xff\xfe"}'), id="invalid UTF-8"),
        pytest.param(Told(headers={"Content-Length": "9999"}), id="too short for its length"),
        pytest.param(Told(b"zz", headers={"Content-Encoding": "gzip"}), id="gzip garbage"),
        pytest.param(Told(cut=3), id="reset in the middle"),
        pytest.param(Told(is_reset=True), id="reset after reading"),
        pytest.param(Told(wait_s=1), id="silence"),
        pytest.param(Told(drip_s=0.1), id="dripping"),
        pytest.param(Told(b"[" * 100_000), id="nested too deep"),
        pytest.param(Told(b" " * (LARGEST_ANSWER + 1)), id="too large"),
    ],
)
def test_an_answer_that_cannot_be_used_leaves_the_fate_unknown(
    wechat: ScriptedAnswers, answer: Told
) -> None:
    began = time.monotonic()
    failed = failure(wechat, answer)
    assert failed.reaction is Reaction.RETRY
    assert failed.is_fate_unknown
    assert failed.errcode is None
    assert time.monotonic() - began < 1.5 * BUSY


@pytest.mark.parametrize("status", [301, 302, 307, 404, 204])
def test_a_redirect_is_not_followed_and_a_strange_status_is_nobodys_success(
    wechat: ScriptedAnswers, status: int
) -> None:
    failed = failure(wechat, Told(b"", status, {"Location": "/elsewhere"}))
    assert failed.reaction is Reaction.ALARM
    assert not failed.is_fate_unknown


def test_what_could_not_be_reached_was_surely_not_done() -> None:
    with pytest.raises(WeChatFailed) as caught:
        Lines("wx1", "http://127.0.0.1:9").ask(question())
    assert caught.value.reaction is Reaction.RETRY
    assert not caught.value.is_fate_unknown
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(told(errcode=0, msgid=3395159288267931652), id="plain"),
        pytest.param(told(errcode="0", more={"x": [1]}), id="zero as text and more fields"),
        pytest.param(told(openid="o"), id="no errcode"),
        pytest.param(Told(b'\xef\xbb\xbf{"errcode":0}'), id="with a mark of byte order"),
        pytest.param(
            Told(gzip.compress(b'{"errcode":0}'), headers={"Content-Encoding": "gzip"}), id="gzip"
        ),
        pytest.param(
            Told(b'{"errcode":0}', headers={"Content-Type": "text/plain"}), id="as plain text"
        ),
    ],
)
def test_a_success_is_an_object(wechat: ScriptedAnswers, answer: Told) -> None:
    wechat.script = lambda _asked: answer
    assert isinstance(Lines("wx1", wechat.root).ask(question()), dict)


def test_a_picture_is_told_by_its_bytes(wechat: ScriptedAnswers) -> None:
    picture = b"\x89PNG\r\n" + bytes(50_000)
    wechat.script = lambda _asked: Told(picture, headers={"Content-Type": "image/jpeg"})
    assert Lines("wx1", wechat.root).ask(question()) == picture


def test_what_goes_out_is_raw_utf8_with_the_token_that_was_given(wechat: ScriptedAnswers) -> None:
    Lines("wx1", wechat.root).ask(question())
    (asked,) = wechat.asked
    assert "公开".encode() in asked.body
    assert asked.query == {"access_token": SECRET}
    assert asked.path == apis.SEND.path


def test_a_connection_is_used_again(wechat: ScriptedAnswers) -> None:
    lines = Lines("wx1", wechat.root)
    for _ in range(3):
        lines.ask(question())
    wechat.script = lambda _asked: told(errcode=43101, errmsg="no")
    for _ in range(2):
        with pytest.raises(WeChatFailed):
            lines.ask(question())
    assert len(lines._idle) == 1
    lines.close()


@pytest.mark.parametrize(
    ("code", "reaction"),
    [(int(code), reaction) for reaction, codes in TABLE.items() for code in codes.split()],
)
def test_every_code_has_its_reaction(
    wechat: ScriptedAnswers, code: int, reaction: Reaction
) -> None:
    failed = failure(wechat, told(errcode=code, errmsg=f"some text rid: {RID}"))
    assert (failed.errcode, failed.reaction, failed.rid) == (code, reaction, RID)
    assert not failed.is_fate_unknown
    assert "some text" not in str(failed)


def test_the_table_is_whole() -> None:
    named = {int(code) for codes in TABLE.values() for code in codes.split()}
    assert named == reactions.known_codes()


@pytest.mark.parametrize(
    ("api", "code", "reaction"),
    [
        (apis.STABLE_TOKEN, 40001, Reaction.ALARM),
        (apis.PHONE, 40013, Reaction.TELL_USER),
        (apis.CHECK_TEXT, 40003, Reaction.MEND),
        (apis.CODE_IMAGE, 45009, Reaction.RETRY_NEXT_MINUTE),
        (apis.SEND, 99999, Reaction.ALARM),
    ],
    ids=str,
)
def test_some_codes_mean_something_else_elsewhere(api: Api, code: int, reaction: Reaction) -> None:
    assert refusal(api.path, code, "").reaction is reaction


def test_what_helps_is_taken_out_of_the_text() -> None:
    seen = refusal(
        "/x", 40164, f"invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in rid: {RID}"
    )
    assert (seen.told, seen.rid) == ("203.0.113.9", RID)
    assert refusal("/x", 40164, "invalid ip abc:::..").told == ""
    named = refusal("/x", 47003, "argument invalid! data.thing23.value invalid")
    assert named.field_name == "thing23"
    assert refusal("/x", 47003, "argument invalid!").field_name == ""
    assert refusal("/x", 40001, "access_token=" + SECRET).args == ("/x answered 40001.",)


def test_a_failure_says_nothing_of_a_strange_exception() -> None:
    failed = failure_of(apis.SEND, RuntimeError(f"https://…?secret={SECRET}"))
    assert SECRET not in repr(failed)
    assert failed.is_fate_unknown


async def test_a_place_comes_free_when_its_thread_ends() -> None:
    gate = Gate("test", 2)
    ending = threading.Event()
    for _ in range(2):
        with pytest.raises(DeadlinePassed):
            await gate.run(ending.wait, deadline_s=0.05)
    with pytest.raises(GateFull):
        await gate.run(lambda: True, deadline_s=0.05)
    ending.set()
    assert await gate.run(lambda: 7, deadline_s=1) == 7


async def test_whoever_gives_up_leaves_the_place_to_the_thread() -> None:
    gate = Gate("test", 1)
    ending = threading.Event()
    waiting = asyncio.create_task(gate.run(ending.wait, deadline_s=5))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(GateFull):
        await gate.run(lambda: 1, deadline_s=0.05)
    ending.set()
    assert await gate.run(lambda: 1, deadline_s=1) == 1


async def test_what_the_work_raises_is_raised() -> None:
    gate = Gate("test", 1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await gate.run(lambda: 1 // 0, deadline_s=1)


async def test_the_loop_goes_on_while_wechat_hangs(wechat: ScriptedAnswers, caller: Caller) -> None:
    wechat.script = lambda _asked: Told(wait_s=1)
    gate = Gate("test", 4)
    turns = 0
    calls = [asyncio.create_task(caller.ask_once(question(), gate)) for _ in range(12)]
    while not all(call.done() for call in calls):
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 3 * len(calls), "one turn a call, had each held the loop up"
    assert all(isinstance(call.exception(), WeChatFailed) for call in calls)


async def test_a_busy_wechat_is_asked_three_times(wechat: ScriptedAnswers, caller: Caller) -> None:
    wechat.script = lambda _asked: told(errcode=-1, errmsg="system error")
    with pytest.raises(WeChatFailed) as caught:
        await caller.ask(question(), Gate("test", 1))
    assert caught.value.errcode == -1
    assert len(wechat.asked) == 3


async def test_busy_once_is_no_failure(wechat: ScriptedAnswers, caller: Caller) -> None:
    answers = iter([told(errcode=-1), told(errcode=0)])
    wechat.script = lambda _asked: next(answers)
    assert await caller.ask(question(), Gate("test", 1)) == {"errcode": 0}


async def test_a_card_whose_fate_is_unknown_is_never_sent_again(
    wechat: ScriptedAnswers, caller: Caller
) -> None:
    wechat.script = lambda _asked: Told(is_reset=True)
    with pytest.raises(WeChatFailed) as caught:
        await caller.ask(question(), Gate("test", 1))
    assert caught.value.is_fate_unknown
    assert len(wechat.asked) == 1


@pytest.mark.parametrize(
    ("api", "times"),
    [
        (apis.SIGN_IN, 1), (apis.PHONE, 1), (apis.SEND, 1),
        (apis.CHECK_TEXT, 2), (apis.STABLE_TOKEN, 2), (apis.CODE_IMAGE, 3), (apis.TEMPLATES, 3),
    ],
    ids=str,
)  # fmt: skip
async def test_how_often_a_lost_answer_is_asked_for_again(
    wechat: ScriptedAnswers, caller: Caller, api: Api, times: int
) -> None:
    wechat.script = lambda _asked: Told(is_reset=True)
    with pytest.raises(WeChatFailed):
        await caller.ask(question(api), Gate("test", 1))
    assert len(wechat.asked) == times


@pytest.mark.parametrize(
    "code", [40029, 40037, 40125, 43101, 45009, 45011, 44991, 47003, 48001, 61010]
)
async def test_what_repeating_does_not_help_is_asked_once(
    wechat: ScriptedAnswers, caller: Caller, code: int
) -> None:
    wechat.script = lambda _asked: told(errcode=code, errmsg="x")
    with pytest.raises(WeChatFailed):
        await caller.ask(question(), Gate("test", 1))
    assert len(wechat.asked) == 1


def test_two_calls_about_one_person_come_apart_by_a_second() -> None:
    tries = Tries(apis.SEND, clock=lambda: 0.0, chance=lambda: 0.5)
    busy = refusal(apis.SEND.path, 43108, "")
    assert tries.pause_after(busy) == pytest.approx(1.25)
    assert tries.pause_after(busy) is not None
    assert tries.pause_after(busy) is None


def test_pauses_grow_and_end_with_the_time() -> None:
    now = [0.0]
    tries = Tries(apis.SIGN_IN, clock=lambda: now[0], chance=lambda: 0.5)
    busy = refusal(apis.SIGN_IN.path, -1, "")
    now[0] = 5.6
    assert tries.pause_after(busy) is None
    patient = Tries(apis.TEMPLATES, clock=lambda: 0.0, chance=lambda: 0.5)
    first, second = patient.pause_after(busy), patient.pause_after(busy)
    assert first is not None
    assert second == pytest.approx(2 * first)


async def test_a_silent_wechat_is_not_waited_for_again(
    wechat: ScriptedAnswers, caller: Caller
) -> None:
    wechat.script = lambda _asked: Told(is_reset=True)
    gate = Gate("test", 1)
    for _ in range(TOLERATED):
        with pytest.raises(WeChatFailed):
            await caller.ask(question(), gate)
    began = time.monotonic()
    for _ in range(50):
        with pytest.raises(WeChatDown):
            await caller.ask(question(), gate)
    assert time.monotonic() - began < 0.5 * BUSY
    assert len(wechat.asked) == TOLERATED
    # Another path is not held responsible.
    wechat.script = lambda _asked: Told()
    await caller.ask(question(apis.CHECK_TEXT), gate)


def test_after_a_pause_one_goes_first() -> None:
    now = [100.0]
    breaker = Breaker("/x", clock=lambda: now[0])
    for _ in range(TOLERATED + 3):
        breaker.failed()
    with pytest.raises(WeChatDown):
        breaker.check()
    now[0] += 5.1
    breaker.check()
    with pytest.raises(WeChatDown):
        breaker.check()
    breaker.failed()
    now[0] += 5.1
    with pytest.raises(WeChatDown):
        breaker.check()
    now[0] += 5.1
    breaker.check()
    breaker.worked()
    breaker.check()
    breaker.check()


async def test_business_answers_do_not_trip_the_breaker(
    wechat: ScriptedAnswers, caller: Caller
) -> None:
    wechat.script = lambda _asked: told(errcode=43101, errmsg="no")
    for _ in range(TOLERATED * 2):
        with pytest.raises(WeChatFailed) as caught:
            await caller.ask(question(), Gate("test", 1))
        assert caught.value.errcode == 43101


def test_nothing_secret_is_logged_even_where_debugging_is_on(
    wechat: ScriptedAnswers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lines = Lines("wx1", wechat.root)
    for answer in (
        Told(),
        Told(b"<html>"),
        Told(is_reset=True),
        Told(status=302),
        told(errcode=40001),
    ):
        wechat.script = lambda _asked, answer=answer: answer
        try:
            lines.ask(question())
        except WeChatFailed:
            logging.getLogger("tests").exception("failed")
    lines.close()
    assert "failed" in caplog.text
    assert SECRET not in caplog.text
    assert "oSECRET" not in caplog.text
