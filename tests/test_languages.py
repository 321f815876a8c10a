"""Another language is a front end and a model: here English, with the voice espeak-ng has for it."""

from __future__ import annotations

import sys

import pytest

from speech.kokoro_synthesis import KokoroSynthesiser, _Model
from speech.languages import front_end as languages
from speech.languages.front_end import FrontEnd, named, register
from speech.languages.mandarin import MANDARIN
from speech.pronunciation import letters
from speech.pyttsx3_synthesis import Pyttsx3Synthesiser


class English:
    """As small as a front end can be."""

    name = "english"
    espeak_voice = "en-us"

    def spoken_form(self, text: str) -> str:
        """Return text with its section signs in words; espeak-ng reads numbers by itself."""
        return text.replace("§", "section ")

    def for_espeak(self, spoken: str) -> str:
        """Return it as it is: espeak-ng spells English itself."""
        return spoken

    def kokoro_symbols(self, spoken: str) -> list[str]:
        """Return the letters by their names; a real one has a dictionary."""
        return [letters()[c].symbols for c in spoken.upper() if c in letters()]

    def written_form(self, heard: str) -> str:
        """Return what was heard as a sentence."""
        return heard.strip().capitalize()


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> FrontEnd:
    monkeypatch.setattr(languages, "_KNOWN", dict(languages._KNOWN))
    return register(English())


def test_a_language_is_found_by_its_name(english: FrontEnd) -> None:
    assert named("english") is english
    assert named("mandarin") is MANDARIN
    assert set(languages.names()) >= {"english", "mandarin"}


def test_no_language_is_known_that_nobody_brought() -> None:
    with pytest.raises(KeyError):
        named("english")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems choose a voice of their own")
async def test_an_engine_speaks_the_language_it_was_given(english: FrontEnd) -> None:
    speaking = Pyttsx3Synthesiser(front_end=english)
    try:
        sound = await speaking.speak("Requests are answered within twenty working days, §33.")
    finally:
        await speaking.close()
    # The Mandarin voice would spell it letter by letter, which takes thirteen seconds.
    assert 2 < sound.seconds < 8


def test_kokoro_is_given_the_symbols_of_the_language(english: FrontEnd) -> None:
    model = _Model(session=None, vocabulary={}, styles={})
    assert KokoroSynthesiser(model, english)._symbols("§ A") != KokoroSynthesiser(model)._symbols(
        "§ A"
    )
    assert KokoroSynthesiser(model, english)._symbols("a b") == [
        letters()["A"].symbols,
        letters()["B"].symbols,
    ]
