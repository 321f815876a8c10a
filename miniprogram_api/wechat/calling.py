"""One exchange with WeChat from asyncio: through a gate, behind a breaker, within a deadline."""

from __future__ import annotations

import asyncio
from functools import partial

from miniprogram_api.wechat.breaker import Breaker, WeChatDown
from miniprogram_api.wechat.client import Answer, Lines, Question
from miniprogram_api.wechat.gate import DeadlinePassed, Gate, GateFull
from miniprogram_api.wechat.retrying import SHORTEST_TRY_S, Tries
from services.wechat import Reaction, WeChatFailed


class Caller:
    """Everything that one process asks of WeChat passes here."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._breakers: dict[str, Breaker] = {}

    async def ask_once(
        self, question: Question, gate: Gate, *, deadline_s: float | None = None
    ) -> Answer:
        """Return what WeChat answers. Raises WeChatFailed, WeChatDown."""
        api = question.api
        longest = api.deadline_s if deadline_s is None else min(api.deadline_s, deadline_s)
        if longest < SHORTEST_TRY_S:
            raise WeChatDown(f"There is no time left for {api.path}.", reaction=Reaction.RETRY)
        breaker = self._breaker(api.path)
        breaker.check()
        failure: WeChatFailed
        try:
            answer = await gate.run(partial(self._lines.ask, question), deadline_s=longest)
        except GateFull:
            failure = WeChatDown(f"{api.path} has no place free.", reaction=Reaction.RETRY)
        except DeadlinePassed:
            failure = WeChatFailed(
                f"{api.path} took too long.", reaction=Reaction.RETRY, is_fate_unknown=True
            )
            breaker.failed()
        except WeChatFailed as refused:
            failure = refused
            # Busy, silent or senseless. A business answer shows that WeChat is there.
            if refused.reaction is Reaction.RETRY:
                breaker.failed()
            else:
                breaker.worked()
        else:
            breaker.worked()
            return answer
        raise failure

    async def ask(self, question: Question, gate: Gate, *, tries: Tries | None = None) -> Answer:
        """Ask, and again where that helps. A worn out token is the caller's to renew.

        Raises WeChatFailed.
        """
        tries = tries or Tries(question.api)
        while True:
            try:
                return await self.ask_once(question, gate, deadline_s=tries.left_s)
            except WeChatDown:
                raise
            except WeChatFailed as failure:
                if failure.reaction is Reaction.REFRESH:
                    raise
                pause = tries.pause_after(failure)
                if pause is None:
                    raise
            await asyncio.sleep(pause)

    def close(self) -> None:
        """Close the connections."""
        self._lines.close()

    def _breaker(self, path: str) -> Breaker:
        return self._breakers.setdefault(path, Breaker(path))
