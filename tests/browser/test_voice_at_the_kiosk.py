"""Speaking into an answer, 您是说……吗, putting right by touch, waiting, and not being heard.

The page and its microphone are real; the server's end of the voice connection is played by the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import ListenTo, clip_of, murmur, recorded, visiting, wait_until
from tests.browser.measuring import SCREENS, require_fit
from tests.browser.scripted_voice import ScriptedVoice, answer, loud, peak, piece, tone

QUESTION = "申请公开要收费吗"
OTHERS = ("申请公开要多少天", "申请公开去哪里")
ANSWER = {"decision": "answer", "answers": [answer(QUESTION, "不收取费用。")]}
SPEECH = [piece("first"), piece("second"), piece("third"), piece("fourth")]
LONG_S = 4.0
"""A sentence that takes so long gives time to speak into it, on a busy machine too."""
PATIENCE_MS = 30_000


@pytest.fixture
def quiet(hearing: ListenTo, silence: Path) -> Browser:
    return hearing(silence)


@contextmanager
def at_the_kiosk(
    browser: Browser, url: str, size: tuple[int, int] = SCREENS["wide"]
) -> Iterator[tuple[Page, ScriptedVoice]]:
    scripts: list[ScriptedVoice] = []
    with visiting(
        browser, f"{url}/kiosk", size=size, prepare=lambda p: scripts.append(ScriptedVoice(p))
    ) as page:
        yield page, scripts[0]


def expect_view(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", name, timeout=PATIENCE_MS)


def expect_hearing(page: Page, mode: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-hearing", mode, timeout=PATIENCE_MS)


def speak(page: Page, voice: ScriptedVoice) -> None:
    """Press the button, and be listened to."""
    page.locator("#talk").click()
    expect_view(page, "listening")


def test_a_visitor_who_speaks_into_an_answer_is_listened_to(
    hearing: ListenTo, vosk_kiosk: str, shared: Path, tmp_path: Path
) -> None:
    spoken = clip_of(shared / "speech" / "questions" / "wav" / "k005.wav")
    pauses = (murmur(4) + spoken) * 4
    microphone = hearing(recorded(tmp_path / "interrupting.wav", pauses))
    with at_the_kiosk(microphone, vosk_kiosk) as (page, voice):
        voice.sentence_s = LONG_S
        speak(page, voice)
        voice.hear(QUESTION, **ANSWER, speech=SPEECH)
        expect_view(page, "answer")
        expect(page.locator("#interrupt-hint")).to_be_visible(timeout=PATIENCE_MS)
        said_before = len(voice.sound)

        voice.wait_for("start", times=2)
        expect_view(page, "listening")
        assert page.evaluate("document.body.dataset.speaking") == "false"
        voice.wait_for_sound(least_peak=3000)
        began = voice.sound[: 16_000 * 2 // 10]
        assert peak(began) < 1000, "what was sent begins before the first syllable"
        assert said_before < 16_000 * 2 * 4, "nothing was sent while the kiosk spoke"
        assert set(voice.fetched) < {piece["url"].rpartition("/")[2] for piece in SPEECH}
        voice.say("partial", text="那要多久")
        voice.hear("那要多久", **ANSWER, speech=SPEECH[:1])
        expect(page.locator("#asked")).to_have_text("那要多久")


LISTENS_TO_ITSELF = """
async () => {
  const {BargeIn} = await import('/static/kiosk/barge-in.js');
  const ear = new BargeIn();
  const hears = (pieces, microphone, played) => Array.from({length: pieces})
    .map(() => ear.hears(microphone, played)).some((heard) => heard);
  const told = {};
  hears(20, 0.002, 0);
  told.soft = hears(100, 0.03, 0.2);
  told.louder = hears(100, 0.06, 0.4);
  told.visitor = hears(4, 0.2, 0.4);
  told.strong = hears(100, 0.2, 0.3);
  ear.wasWrong();
  told.strongAgain = hears(100, 0.2, 0.3);
  told.visitorStill = hears(4, 0.5, 0.3);
  return told;
}
"""
"""Echoes of 15 % and 67 % of what is played, with a visitor above each; powers from 0 to 1."""


def test_the_kiosk_learns_what_of_its_own_voice_comes_back(quiet: Browser, vosk_kiosk: str) -> None:
    with visiting(quiet, f"{vosk_kiosk}/kiosk") as page:
        assert page.evaluate(LISTENS_TO_ITSELF) == {
            **dict.fromkeys(("soft", "louder", "strongAgain"), False),
            **dict.fromkeys(("visitor", "visitorStill"), True),
            "strong": True,  # Once: it is taken for a visitor, and then never again.
        }


def test_a_knock_and_a_moment_of_noise_do_not_end_an_answer(
    hearing: ListenTo, vosk_kiosk: str, tmp_path: Path
) -> None:
    """A knock is too short; a noise interrupts, but the answer goes on where it was."""
    noise = (murmur(2) + tone(0.05, 0.9) + murmur(2) + tone(0.4, 0.5) + murmur(5)) * 3
    microphone = hearing(recorded(tmp_path / "noise.wav", noise))
    with at_the_kiosk(microphone, vosk_kiosk) as (page, voice):
        voice.sentence_s = LONG_S
        speak(page, voice)
        voice.hear(QUESTION, **ANSWER, speech=SPEECH)
        expect_view(page, "answer")
        voice.wait_for("start", times=2)
        broken_off = voice.fetched[:]
        voice.wait_for("cancel")
        expect_view(page, "answer")
        expect(page.locator("body")).to_have_attribute("data-speaking", "true")
        wait_until(page, "document.body.dataset.speaking === 'true'")
        again = voice.fetched[len(broken_off) :]
        assert again[:1] and again[0] in broken_off[-2:], "the sentence that was broken off"


def test_the_microphone_is_closed_meanwhile_where_nobody_may_interrupt(
    quiet: Browser, vosk_kiosk: str
) -> None:
    def switch_off(route: Route) -> None:
        page = route.fetch()
        route.fulfill(
            response=page, body=page.text().replace('data-barge-in="true"', 'data-barge-in="false"')
        )

    with visiting(quiet, "about:blank", prepare=lambda p: p.route("**/kiosk", switch_off)) as page:
        voice = ScriptedVoice(page)
        voice.sentence_s = LONG_S
        page.goto(f"{vosk_kiosk}/kiosk")
        speak(page, voice)
        voice.hear(QUESTION, **ANSWER, speech=SPEECH)
        expect(page.locator("body")).to_have_attribute("data-speaking", "true")
        expect_hearing(page, "closed")
        expect(page.locator("#interrupt-hint")).to_be_hidden()


def test_what_was_meant_is_asked_and_the_answer_listened_to(
    quiet: Browser, vosk_kiosk: str
) -> None:
    unsure = {"decision": "confirm", "meant": QUESTION, "alternatives": OTHERS}
    with at_the_kiosk(quiet, vosk_kiosk) as (page, voice):
        speak(page, voice)
        opening = [piece("please-confirm")]
        voice.hear("神情公开要收费吗", **unsure, opening=opening, speech=[piece("is-it")])
        expect_view(page, "confirm")
        expect(page.locator("[data-view=confirm] h1")).to_have_text(f"您是说“{QUESTION}”吗？")
        voice.wait_for("start", times=2)
        assert voice.fetched == ["please-confirm", "is-it"], "it listens once it has asked"
        expect(page.locator("#sign")).to_contain_text("请说“是的”或者“不是”")
        expect_view(page, "confirm")

        page.get_by_role("button", name="不是", exact=True).click()
        assert voice.wait_for("confirm")["agrees"] is False
        expect_hearing(page, "standby")
        voice.reply("神情公开要收费吗", speech=[piece("say-it-again")])
        expect_view(page, "correct")
        expect(page.locator("#alternatives button")).to_have_text(list(OTHERS))
        expect(page.locator("#correct-text")).to_have_value("神情公开要收费吗")
        voice.wait_for("start", times=3)
        assert voice.fetched[-1] == "say-it-again"

        voice.hear("神情公开要收费吗", **unsure, speech=[])
        expect_view(page, "confirm")
        page.get_by_role("button", name="是的").click()
        assert voice.wait_for("confirm", times=2)["agrees"] is True
        said = len(voice.fetched)
        voice.reply(QUESTION, **ANSWER, opening=[piece("found")], speech=[piece("first")])
        expect_view(page, "answer")
        voice.wait_for_fetching(said + 2)
        page.get_by_role("button", name="再说一遍").click()
        voice.wait_for_fetching(said + 3)
        assert voice.fetched[said:] == ["found", "first", "first"], "no opening is repeated"


def test_what_was_heard_is_put_right_by_touch(quiet: Browser, vosk_kiosk: str) -> None:
    with at_the_kiosk(quiet, vosk_kiosk) as (page, voice):
        speak(page, voice)
        voice.hear("生情公开要收费吗", **ANSWER, speech=SPEECH, alternatives=[QUESTION, *OTHERS])
        expect_view(page, "answer")
        asked = page.locator("[data-view=answer] .asked").inner_text()
        assert asked == "您说的是：生情公开要收费吗"
        wrong = page.locator("[data-view=answer]").get_by_role("button", name="说得不对？")
        wrong.click()
        expect_view(page, "correct")
        page.locator("#alternatives button").first.click()
        assert voice.wait_for("ask")["text"] == QUESTION
        voice.reply(QUESTION, **ANSWER, speech=[])
        expect(page.locator("#asked")).to_have_text(QUESTION)
        expect(wrong).to_be_hidden()

        page.locator("[data-follow]").first.click()
        assert voice.wait_for("ask", times=2)["text"] == "详细一点"
        voice.reply("详细一点")
        expect_view(page, "handoff")

        speak(page, voice)
        voice.hear("生情公开", speech=[])
        page.locator("[data-view=handoff] [data-correct]").click()
        page.locator("#correct-text").fill("申请公开要几天")
        page.get_by_role("button", name="问这一句").click()
        assert voice.wait_for("ask", times=3)["text"] == "申请公开要几天"


def test_who_has_to_wait_is_told_and_then_listened_to(quiet: Browser, vosk_kiosk: str) -> None:
    with at_the_kiosk(quiet, vosk_kiosk) as (page, voice):
        put_off = {"sentence": "前面有人在说话，请稍等。", "speech": [piece("wait")]}
        voice.on_start = lambda: voice.say("waiting", **put_off)
        page.locator("#talk").click()
        expect_view(page, "waiting")
        expect(page.locator("#waiting-text")).to_have_text("前面有人在说话，请稍等。")
        expect_hearing(page, "waiting")
        page.locator("#talk").click()
        page.wait_for_timeout(300)
        assert voice.sound == b""
        assert len(voice.sent) == 1, "pressing again loses no place"

        voice.listen()
        expect_view(page, "listening")
        assert voice.fetched[-1] == "your-turn"
        voice.wait_for_sound(least_peak=1)

        page.get_by_role("button", name="返回").click()
        page.locator("#talk").click()
        expect_view(page, "waiting")
        page.get_by_role("button", name="不等了").click()
        voice.wait_for("cancel", times=2)
        expect_view(page, "home")


def test_who_was_not_heard_is_listened_to_once_more_and_then_offered_a_person(
    quiet: Browser, vosk_kiosk: str
) -> None:
    not_heard = {"sentence": "没有听清，请再说一遍。", "reason": "unclear"}
    with at_the_kiosk(quiet, vosk_kiosk) as (page, voice):
        speak(page, voice)
        voice.say("ended", reason="silence")
        voice.say("not_heard", **not_heard, speech=[piece("again")], offers_staff=False)
        expect(page.locator("#notice")).to_have_text(not_heard["sentence"])
        voice.wait_for("start", times=2)
        expect_view(page, "listening")
        expect(page.locator("#notice")).to_have_text(not_heard["sentence"])
        expect(page.locator("#sign")).to_contain_text("我在听，请说")

        voice.say("ended", reason="silence")
        voice.say("not_heard", **not_heard, speech=[], offers_staff=False)
        expect_view(page, "home")
        expect_hearing(page, "closed")

        speak(page, voice)
        voice.say("ended", reason="silence")
        voice.say("not_heard", **not_heard, speech=[piece("staff")], offers_staff=True)
        expect_view(page, "unheard")
        voice.wait_for("start", times=4)
        expect(page.locator("#sign")).to_contain_text("要工作人员来，请说“是的”")
        expect_view(page, "unheard")
        offers = page.locator("[data-view=unheard]").get_by_role("button")
        expect(offers).to_have_count(3)
        offers.filter(has_text="打字提问").click()
        expect(page.locator("#correct-text")).to_be_focused()


def test_the_level_is_told_in_words_and_too_loud_is_said(
    hearing: ListenTo, vosk_kiosk: str, tmp_path: Path
) -> None:
    sounds = murmur(0.5) + tone(1.5, 0.04) + tone(1.5, 0.3) + loud(4)
    with at_the_kiosk(hearing(recorded(tmp_path / "levels.wav", sounds)), vosk_kiosk) as (page, _):
        page.evaluate(
            """() => {
              watched.words = [];
              const words = document.getElementById('level-words');
              new MutationObserver(() => watched.words.push(words.textContent))
                .observe(words, {childList: true});
            }"""
        )
        page.locator("#talk").click()
        expect(page.locator("#level-words")).to_have_text(
            "声音太大，请离麦克风远一点", timeout=PATIENCE_MS
        )
        expect(page.locator("#status")).to_have_text("声音太大，请离麦克风远一点")
        told = page.evaluate("watched.words")
        assert told.index("声音太小，请靠近一点说") < told.index("声音合适")


def test_the_new_views_are_large_clear_and_fit_for_everyone(
    quiet: Browser, vosk_kiosk: str, axe: Axe
) -> None:
    shown = {"decision": "confirm", "meant": QUESTION, "speech": [], "alternatives": OTHERS}
    with at_the_kiosk(quiet, vosk_kiosk) as (page, voice):

        def measure(name: str) -> None:
            expect_view(page, name)
            for size in SCREENS.values():
                page.set_viewport_size({"width": size[0], "height": size[1]})
                require_fit(page, f"{name} at {size}")
                for _larger in range(2):
                    page.locator("#size").click()
                require_fit(page, f"{name} at {size}, largest text")
                page.locator("#size").click()
            found = axe.run(page)
            assert found.violations_count == 0, found.generate_report()

        speak(page, voice)
        voice.hear("神情公开要收费吗", **shown)
        measure("confirm")
        page.locator("[data-view=confirm] [data-correct]").click()
        measure("correct")
        speak(page, voice)
        voice.hear(QUESTION, **ANSWER)
        measure("answer")
        speak(page, voice)
        voice.say("not_heard", sentence="没有听清。", speech=[], offers_staff=True)
        measure("unheard")
        page.get_by_role("button", name="返回").click()
        voice.on_start = lambda: voice.say("waiting", sentence="请稍等。", speech=[])
        page.locator("#talk").click()
        measure("waiting")
