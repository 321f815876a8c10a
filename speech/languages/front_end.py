"""What a language brings beside its models: the protocol, and where languages are found by name."""

from __future__ import annotations

from typing import Protocol


class FrontEnd(Protocol):
    """Everything about a language that an engine asks for. Plain functions of text, no state.

    Whatever is given may be 100,000 characters long and hold anything; time grows with the length.
    """

    @property
    def name(self) -> str:
        """What it is found by: "mandarin"."""
        ...

    @property
    def espeak_voice(self) -> str:
        """How the identifier of its voice ends in espeak-ng: "cmn-latn-pinyin"."""
        ...

    def spoken_form(self, text: str) -> str:
        """Return text as it is read aloud: numbers, dates and signs in words, pauses kept."""
        ...

    def for_espeak(self, spoken: str) -> str:
        """Return a spoken form in the spelling that its espeak-ng voice reads right."""
        ...

    def kokoro_symbols(self, spoken: str) -> list[str]:
        """Return a spoken form word by word in the symbols of Kokoro's vocabulary.

        A pause is a word of its own that begins with one of , . ! ? : ; and ends with a space.
        """
        ...

    def written_form(self, heard: str) -> str:
        """Return what a recogniser heard as people write it, numbers in digits."""
        ...


_KNOWN: dict[str, FrontEnd] = {}


def register(front_end: FrontEnd) -> FrontEnd:
    """Make a language known by its name, in place of another of that name."""
    _KNOWN[front_end.name] = front_end
    return front_end


def named(name: str) -> FrontEnd:
    """Return the language of a name. Raises KeyError for one that nobody registered."""
    return _KNOWN[name]


def names() -> tuple[str, ...]:
    """Return the names of the languages that are known."""
    return tuple(_KNOWN)
