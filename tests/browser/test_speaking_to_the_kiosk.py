"""A visitor speaks, sees the words, and hears the answer: once with each recogniser."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    BREATH_S,
    ListenTo,
    after_a_breath,
    clip_of,
    murmur,
    recorded,
    visiting,
    wait_until,
)

CLIP_FOR_VOSK = "k005.wav"
CLIP_FOR_WHISPER = "k028.wav"


def seconds_of(recording: Path) -> float:
    with wave.open(str(recording), "rb") as file:
        return file.getnframes() / file.getframerate()


def answer_in(shared: Path, qa_id: str) -> str:
    for row in (shared / "corpus" / "policy-qa.tsv").read_text(encoding="utf-8").splitlines():
        fields = row.split("\t")
        if fields[0] == qa_id:
            return fields[3].strip()
    raise AssertionError(f"No row {qa_id}")


def expect_answer(page: Page, text: str) -> None:
    body = page.locator("body")
    expect(body).to_have_attribute("data-state", "answer", timeout=30_000)
    shown = page.locator("#answer .answer-text").all_inner_texts()
    assert "".join("".join(shown).split()) == "".join(text.split())


def expect_to_be_heard(page: Page) -> None:
    """The answer is really played: something comes out of the loudspeaker, then it ends."""
    wait_until(page, "watched.loudest > 0.05")
    expect(page.locator("body")).to_have_attribute("data-speaking", "false", timeout=30_000)


def test_words_appear_while_they_are_spoken_and_the_answer_is_heard(
    hearing: ListenTo,
    vosk_kiosk: str,
    shared: Path,
    spoken: dict[str, dict[str, str]],
    tmp_path: Path,
) -> None:
    recording = after_a_breath(
        shared / "speech" / "questions" / "wav" / CLIP_FOR_VOSK, tmp_path / "asked.wav"
    )
    with visiting(hearing(recording), f"{vosk_kiosk}/kiosk") as page:
        page.evaluate(
            """() => {
              const stop = MediaStreamTrack.prototype.stop;
              MediaStreamTrack.prototype.stop = function () {
                watched.stopped = (watched.stopped ?? 0) + 1;
                return stop.call(this);
              };
            }"""
        )
        page.locator("#talk").click()
        wait_until(page, "watched.firstPartial > 0")
        heard_after = page.evaluate("watched.firstPartial - watched.opened") / 1000
        assert heard_after < seconds_of(recording), "words appear before the clip has ended"
        expect_answer(page, answer_in(shared, spoken[CLIP_FOR_VOSK]["qa_id"]))
        expect(page.locator("#answer .source")).to_contain_text("出处")
        expect_to_be_heard(page)
        expect(page.locator("body")).to_have_attribute("data-hearing", "closed")
        assert page.evaluate("watched.stopped") == 1, "the microphone is closed"


def test_whisper_answers_a_whole_utterance(
    hearing: ListenTo,
    whisper_kiosk: str,
    shared: Path,
    spoken: dict[str, dict[str, str]],
    tmp_path: Path,
) -> None:
    recording = after_a_breath(
        shared / "speech" / "questions" / "wav" / CLIP_FOR_WHISPER, tmp_path / "asked.wav"
    )
    with visiting(hearing(recording), f"{whisper_kiosk}/kiosk") as page:
        page.locator("#talk").click()
        expect(page.locator("#listening-title")).to_be_visible()
        expect_answer(page, answer_in(shared, spoken[CLIP_FOR_WHISPER]["qa_id"]))
        expect_to_be_heard(page)


def test_a_second_question_is_asked_into_the_answer_of_the_first(
    hearing: ListenTo, vosk_kiosk: str, shared: Path, tmp_path: Path
) -> None:
    """Nobody presses the button twice: the real recogniser hears what interrupts the real voice."""
    first, second = (
        clip_of(shared / "speech" / "questions" / "wav" / name)
        for name in (CLIP_FOR_VOSK, CLIP_FOR_WHISPER)
    )
    sounds = first + (murmur(6) + second) * 4 + murmur(30)
    with visiting(hearing(recorded(tmp_path / "talk.wav", sounds)), f"{vosk_kiosk}/kiosk") as page:
        page.locator("#talk").click()
        asked = page.locator("#asked, #choices-asked, #handoff-asked, #confirm-asked")
        shown = asked.locator("visible=true")
        expect(shown).not_to_be_empty(timeout=30_000)
        before = shown.inner_text()
        expect(page.locator("body")).to_have_attribute("data-speaking", "true", timeout=30_000)
        expect(page.locator("body")).to_have_attribute("data-state", "listening", timeout=40_000)
        assert page.evaluate("document.body.dataset.speaking") == "false"
        wait_until(
            page,
            f"""[...document.querySelectorAll('[id$=asked]')].some((node) =>
                  node.offsetParent && node.textContent && node.textContent !== {json.dumps(before)})""",
        )


def test_what_was_heard_in_part_is_asked_about_and_answered_on_yes(
    hearing: ListenTo,
    vosk_kiosk: str,
    shared: Path,
    spoken: dict[str, dict[str, str]],
    tmp_path: Path,
) -> None:
    """The button was pressed too late: the town is cut off, and another might have been meant."""
    whole = clip_of(shared / "speech" / "questions" / "wav" / CLIP_FOR_VOSK)
    late = whole[2 * int(0.75 * 16_000) :]
    sounds = murmur(BREATH_S) + late + murmur(30)
    with visiting(hearing(recorded(tmp_path / "late.wav", sounds)), f"{vosk_kiosk}/kiosk") as page:
        page.locator("#talk").click()
        expect(page.locator("body")).to_have_attribute("data-state", "confirm", timeout=30_000)
        meant = spoken[CLIP_FOR_VOSK]["transcript"]
        expect(page.locator("[data-view=confirm] h1")).to_contain_text(meant.rstrip("？"))
        expect(page.locator("#confirm-asked")).not_to_contain_text(meant[:3])
        expect_to_be_heard(page)
        page.get_by_role("button", name="是的").click()
        expect_answer(page, answer_in(shared, spoken[CLIP_FOR_VOSK]["qa_id"]))


@pytest.mark.parametrize("kiosk", ["vosk_kiosk", "whisper_kiosk"])
def test_silence_is_not_made_into_words(
    hearing: ListenTo, silence: Path, kiosk: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(kiosk)
    with visiting(hearing(silence), f"{url}/kiosk") as page:
        page.locator("#talk").click()
        expect(page.locator("#listening-title")).to_be_visible()
        expect(page.locator("#level-words")).to_contain_text("还没有听到声音")
        page.locator("#talk").click()
        expect(page.locator("#notice")).to_contain_text("我没有听到声音")
        expect_to_be_heard(page)


def test_holding_the_button_speaks_until_it_is_let_go(
    hearing: ListenTo, vosk_kiosk: str, shared: Path
) -> None:
    recording = shared / "speech" / "questions" / "wav" / CLIP_FOR_VOSK
    with visiting(hearing(recording), f"{vosk_kiosk}/kiosk") as page:
        page.locator("#talk").hover()
        page.mouse.down()
        wait_until(page, "watched.firstPartial > 0")
        page.mouse.up()
        expect(page.locator("body")).not_to_have_attribute("data-state", "listening")
        # What is heard of a clip that is let go within it decides which of them: Vosk may miss its start.
        asked = page.locator("#asked, #choices-asked, #handoff-asked, #confirm-asked")
        expect(asked.locator("visible=true")).not_to_be_empty(timeout=30_000)


def test_a_refused_microphone_is_explained_with_a_way_on(
    hearing: ListenTo, silence: Path, vosk_kiosk: str
) -> None:
    with visiting(hearing(silence), f"{vosk_kiosk}/kiosk") as page:
        page.evaluate(
            """() => { navigator.mediaDevices.getUserMedia = () =>
                 Promise.reject(new DOMException('refused', 'NotAllowedError')); }"""
        )
        with page.expect_request("**/kiosk/faults") as told:
            page.locator("#talk").click()
        assert told.value.post_data_json == {"fault": "microphone"}, "staff are told too"
        expect(page.locator("#notice")).to_contain_text("没有使用麦克风的许可")
        expect(page.locator("#ask-text")).to_be_focused()
