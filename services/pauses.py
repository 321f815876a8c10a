"""How long a pause must be before somebody is taken to have finished: longer for who pauses long.

The recogniser knows one silence for everybody. Whoever paused for nearly as long in the middle of what
they said, or speaks slowly, or stopped at a word after which more must come, is given more.
"""

from __future__ import annotations

from collections import deque

LONGEST_MS = 2_500
"""No pause is waited for longer, whoever speaks: others take a silent machine for a broken one."""
_PAUSE_FROM_MS = 300
"""Shorter silences are between words."""
_BEYOND = 1.4
"""A pause may be this many times the longest that was no end."""
_UNFINISHED_MS = 800
"""Added after a word that asks for another."""
_SLOW_MS = 400
"""Added for those who speak slowly."""
_SLOWLY = 2.5
"""Characters in a second of speech below which somebody speaks slowly; four is usual."""
_ENOUGH_CHARACTERS = 4
_REMEMBERED = 5
"""Utterances of a connection whose longest pauses count."""
_UNFINISHED = (
    "的", "和", "与", "及", "或", "或者", "跟", "关于", "对于", "那个", "这个", "就是", "嗯", "呃", "还有", "以及", "因为",
    "如果", "比如", "比如说", "我想", "我想问", "请问", "想问一下",
)  # fmt: skip


class Pauses:
    """The pauses of whoever speaks on one connection."""

    def __init__(self) -> None:
        self._longest_before: deque[int] = deque(maxlen=_REMEMBERED)
        self.begin()

    def begin(self) -> None:
        """An utterance begins; what was learned of the ones before stays."""
        self._longest = self._now = self._usual_ms = self._spoken_ms = 0
        self._first_words_ms = self._over_since_ms = -1

    def has_finished(
        self, text: str, pause_ms: int | None, sound_ms: int, *, engine_ended: bool
    ) -> bool:
        """Say whether somebody has finished.

        `text` is what they have said, `pause_ms` how long nobody has spoken, None where the
        recogniser does not know, `sound_ms` how much sound there was; `engine_ended` is what the
        recogniser thinks.
        """
        if pause_ms is None:
            return engine_ended
        if pause_ms < self._now and self._spoken_ms > _PAUSE_FROM_MS <= self._now:
            self._longest = max(self._longest, self._now)
        self._now, self._spoken_ms = pause_ms, sound_ms - pause_ms
        if text and self._first_words_ms < 0:
            self._first_words_ms = sound_ms
        if not engine_ended:
            self._over_since_ms = -1
            return False
        if self._over_since_ms < 0:
            self._over_since_ms, self._usual_ms = sound_ms, max(pause_ms, _PAUSE_FROM_MS)
        # Where noise hides the pause, the time since the engine thought so counts.
        waited_ms = self._usual_ms + sound_ms - self._over_since_ms
        return waited_ms >= self._wanted_ms(text)

    def end(self) -> None:
        """The utterance is over."""
        self._longest_before.append(self._longest)

    def _wanted_ms(self, text: str) -> int:
        # One long pause was a thought; in half of the utterances it is how somebody speaks.
        usual = sorted(self._longest_before, reverse=True)[len(self._longest_before) // 2 :][:1]
        wanted = max(self._usual_ms, int(max([self._longest, *usual]) * _BEYOND))
        if text.rstrip("，。、 ").endswith(_UNFINISHED):
            wanted += _UNFINISHED_MS
        elif len(text) >= _ENOUGH_CHARACTERS and self._speaks_slowly(text):
            wanted += _SLOW_MS
        return max(self._usual_ms, min(wanted, LONGEST_MS))

    def _speaks_slowly(self, text: str) -> bool:
        return len(text) < _SLOWLY * (self._spoken_ms - self._first_words_ms) / 1000
