"""Whether a call that failed is made again, and after how long. wechatpy's own repeats never end."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from miniprogram_api.wechat.apis import Api
from services.wechat import Reaction, WeChatFailed

_FIRST_PAUSE_S = 0.3
_SOON_S = 1.0
SHORTEST_TRY_S = 0.5
"""Less is not worth another try."""


@dataclass
class Tries:
    """The tries of one call, bounded in number and in time."""

    api: Api
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    """From 0 to 1: pauses differ, so that many callers do not come back at once."""
    made: int = 0
    lost: int = 0
    has_renewed: bool = False
    _began_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._began_at = self.clock()

    @property
    def left_s(self) -> float:
        """Seconds that are left for everything."""
        return self._began_at + self.api.patience_s - self.clock()

    def pause_after(self, failure: WeChatFailed) -> float | None:
        """Return the seconds to wait before asking again, None to let it be."""
        self.made += 1
        if failure.reaction is Reaction.REFRESH:
            return self._renewing()
        if failure.is_fate_unknown:
            self.lost += 1
            may_repeat = self.lost < self.api.tries_after_loss
        else:
            may_repeat = failure.reaction in {Reaction.RETRY, Reaction.RETRY_SOON}
        if not may_repeat or self.made >= self.api.tries:
            return None
        if failure.reaction is Reaction.RETRY_SOON:
            pause = _SOON_S * (1 + self.chance() / 2)
        else:
            pause = _FIRST_PAUSE_S * 2 ** (self.made - 1) * (0.5 + self.chance())
        return pause if self.left_s - pause >= SHORTEST_TRY_S else None

    def _renewing(self) -> float | None:
        """Once in a call's life, and it is not one of its tries."""
        if self.has_renewed:
            return None
        self.has_renewed = True
        self.made -= 1
        return 0.0
