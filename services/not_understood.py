"""What is said when nothing was understood: gently first, then with an example, then a person.

Where the third attempt in a row fails too, it is not for the visitor to try harder: a member of
staff is offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.spoken_commands import command_phrases
from services.spoken_digits import agreement_in, agreement_phrases

_OFFERED_AT = 3
"""Attempts in a row in which nothing was understood, after which a person is offered."""

_WANTED = ("要", "要的", "要啊", "需要", "请吧", "请来", "请他来", "麻烦了")


class Missed(StrEnum):
    """Why nothing was understood."""

    SILENCE = "silence"
    """There was no sound to speak of."""
    UNCLEAR = "unclear"
    DEAD_MICROPHONE = "dead_microphone"
    """Nothing moves, as it does in the quietest room: the microphone is broken or switched off."""
    TOO_LOUD = "too_loud"
    """The sound is cut off at the top, and the words with it."""
    TOO_QUIET = "too_quiet"
    SWEARING = "swearing"
    """There was nothing else in what was said."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is said and shown, and whether a person is offered with it."""

    name: str
    """Its sound is fetched by this name."""
    sentence: str
    offers_staff: bool = False


NOT_HEARD = Prompt("not-heard", "没有听清，请再说一遍。")
NOTHING_HEARD = Prompt("nothing-heard", "我没有听到声音，请靠近一点，再说一遍。")
DEAD_MICROPHONE = Prompt(
    "dead-microphone",
    "麦克风没有声音，可能坏了。请打字提问，或者请工作人员帮忙。",
    offers_staff=True,
)
TOO_LOUD = Prompt("too-loud", "声音太大，听不清了。请离麦克风远一点，慢慢再说一遍。")
TOO_QUIET = Prompt("too-quiet", "声音太小了。请靠近一点，大声再说一遍。")
CALM = Prompt(
    "calm",
    "您别着急，慢慢说您想问的事。也可以请工作人员帮忙。",
    offers_staff=True,
)
EXAMPLE = Prompt("ask-like-this", "不着急，慢慢说。您可以这样问：申请政府信息公开要收费吗？")
OFFER = Prompt(
    "offer-staff",
    "还是没有听清。要不要请工作人员帮忙？要就说“是”，或者点下面的按钮。",
    offers_staff=True,
)
FORM_SLOWLY = Prompt("form-slowly", "不着急，请慢一点再说一遍，也可以点屏幕填写。")
FORM_OFFER = Prompt(
    "form-offer-staff",
    # 是 may be the answer to what the form asks.
    "还是没有听清。要人帮忙，就说“请工作人员帮忙”，或者点屏幕上的按钮。",
    offers_staff=True,
)
AGAIN = Prompt("say-again", "好的，请再说一遍。")
_FIRST = {
    Missed.SILENCE: NOTHING_HEARD,
    Missed.UNCLEAR: NOT_HEARD,
    Missed.TOO_LOUD: TOO_LOUD,
    Missed.TOO_QUIET: TOO_QUIET,
}
_ALWAYS = {Missed.DEAD_MICROPHONE: DEAD_MICROPHONE, Missed.SWEARING: CALM}
"""What trying again does not change."""
PROMPTS = (
    DEAD_MICROPHONE,
    TOO_LOUD,
    TOO_QUIET,
    CALM,
    AGAIN,
    NOT_HEARD,
    NOTHING_HEARD,
    EXAMPLE,
    OFFER,
    FORM_SLOWLY,
    FORM_OFFER,
)


class Patience:
    """Counts, on one connection, how often in a row nothing was understood."""

    def __init__(self) -> None:
        self._missed = 0
        self._asked = False

    def wants_staff(self, text: str) -> bool | None:
        """Return what is answered to 要不要请工作人员帮忙; None where that was not asked last, or the
        words answer something else.
        """
        if not self._asked:
            return None
        # 要 alone is no yes elsewhere: a one (幺) sounds the same.
        return True if text.strip("。，！ ") in _WANTED else agreement_in(text)

    def expected_phrases(self) -> tuple[str, ...]:
        """Return what is likely to be said next, () for anything at all."""
        return (*agreement_phrases(), *_WANTED, *command_phrases()) if self._asked else ()

    def understood(self) -> None:
        """Begin to count anew."""
        self._missed, self._asked = 0, False

    def missed(self, why: Missed = Missed.UNCLEAR, *, in_form: bool = False) -> Prompt:
        """Count one more attempt and return what is said to it."""
        self._missed += 1
        prompt = self._prompt(why, in_form)
        self._asked = prompt is OFFER
        return prompt

    def _prompt(self, why: Missed, in_form: bool) -> Prompt:
        if why in _ALWAYS:
            return _ALWAYS[why]
        if self._missed >= _OFFERED_AT:
            return FORM_OFFER if in_form else OFFER
        if self._missed == 1:
            return _FIRST[why]
        return FORM_SLOWLY if in_form else EXAMPLE
