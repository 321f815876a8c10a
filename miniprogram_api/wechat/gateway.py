"""What the installation asks of WeChat, asked of WeChat."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog

from miniprogram_api.wechat import answers, apis
from miniprogram_api.wechat.account import WeChatAccount
from miniprogram_api.wechat.apis import Api
from miniprogram_api.wechat.breaker import WeChatDown
from miniprogram_api.wechat.calling import Caller
from miniprogram_api.wechat.client import Answer, Lines, Question, check_library
from miniprogram_api.wechat.gate import Gate
from miniprogram_api.wechat.retrying import Tries
from miniprogram_api.wechat.texts import parts_of, whole
from miniprogram_api.wechat.tokens import Tokens
from miniprogram_api.wechat.watching import Watch
from services.secret_key import SecretKeys
from services.wechat import (
    Card,
    CardTemplate,
    CodeImage,
    Reaction,
    SignedIn,
    Suggestion,
    TextVerdict,
    WeChatCodeRefused,
    WeChatFailed,
    WeChatUserBlocked,
)
from services.wechat_tokens import TokenStore

log = structlog.get_logger(__name__)

_SCENE_OF_TEXTS = 2
"""Comments (评论): what people write to the office."""
_WIDTHS = (280, 1280)
_BLOCKED = 40226
_AT_THE_DOOR, _IN_BULK, _OTHERWISE, _FOR_TOKENS = 8, 16, 8, 2
"""How many calls of a kind may be under way at once: the person who signs in waits for no card."""


class WeChatGateway:
    """services.wechat.WeChat, by wechatpy. Belongs to one event loop."""

    def __init__(
        self,
        account: WeChatAccount,
        keys: SecretKeys,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.app_id = account.app_id
        self._account = account
        self._caller = Caller(Lines(account.app_id, account.root))
        self._watch = Watch(account.app_id, now)
        by = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        store = TokenStore(account.app_id, keys, by)
        self._tokens = Tokens(account, store, self._ask_for_token, now)
        self._at_the_door = Gate("sign-in", _AT_THE_DOOR)
        self._in_bulk = Gate("bulk", _IN_BULK)
        self._otherwise = Gate("other", _OTHERWISE)
        self._for_tokens = Gate("token", _FOR_TOKENS)

    async def sign_in(self, code: str) -> SignedIn:
        """Exchange a login code, once. Raises WeChatCodeRefused, WeChatUserBlocked."""
        query: dict[str, str | None] = {
            "appid": self._account.app_id,
            "secret": self._account.app_secret,
            "js_code": whole(code),
            "grant_type": "authorization_code",
        }
        try:
            answer = await self._ask(Question(apis.SIGN_IN, query), self._at_the_door)
        except WeChatFailed as failure:
            refused = _refused_code(failure)
            if refused is None:
                raise
        else:
            return answers.signed_in(answer)
        raise refused

    async def phone_number(self, code: str, openid: str) -> str:
        """Return the number of whoever pressed the button. Raises WeChatCodeRefused."""
        body = {"code": whole(code), "openid": openid}
        try:
            answer = await self._ask_as_us(Question(apis.PHONE, body=body), self._at_the_door)
        except WeChatFailed as failure:
            refused = _refused_code(failure)
            if refused is None:
                raise
        else:
            return answers.phone_number(answer, self.app_id)
        raise refused

    async def send_card(self, card: Card) -> str:
        """Send a card; return its msgid, "" where WeChat names none.

        Never repeated where its fate is unknown (is_fate_unknown).
        """
        body: dict[str, Any] = {
            "touser": card.openid,
            "template_id": card.template_id,
            "data": {key: {"value": whole(value)} for key, value in card.values.items()},
            "miniprogram_state": self._account.card_state,
            "lang": "zh_CN",
        }
        if card.page:
            body["page"] = card.page.lstrip("/")
        answer = await self._ask_as_us(
            Question(apis.SEND, body=body), self._in_bulk, about=card.template_id
        )
        return answers.msgid(answer)

    async def check_text(self, text: str, openid: str) -> TextVerdict:
        """Have a text of any length checked; the worst part's verdict counts."""
        worst: TextVerdict | None = None
        for part in parts_of(text):
            body = {
                "content": part,
                "version": 2,
                "scene": _SCENE_OF_TEXTS,
                "openid": openid,
            }
            answer = await self._ask_as_us(Question(apis.CHECK_TEXT, body=body), self._otherwise)
            verdict = answers.verdict(answer)
            if worst is None or answers.is_worse(verdict, worst):
                worst = verdict
            if verdict.suggestion is Suggestion.RISKY:
                break
        # Nothing but spaces: WeChat refuses to look at that, and nobody can take offence.
        return worst or TextVerdict(Suggestion.PASS, 100, "")

    async def code_image(self, scene: str, page: str, *, width: int = 430) -> CodeImage:
        """Return the code that opens a page with a scene."""
        body = {
            "scene": scene,
            "page": page.lstrip("/"),
            # Pages of a version that is not released are known to nobody.
            "check_path": self._account.version == "release",
            "env_version": self._account.version,
            "width": min(max(width, _WIDTHS[0]), _WIDTHS[1]),
        }
        answer = await self._ask_as_us(
            Question(apis.CODE_IMAGE, body=body), self._otherwise, about=page.lstrip("/")
        )
        return answers.code_image(answer)

    async def templates(self) -> list[CardTemplate]:
        """Return the templates that the account has."""
        answer = await self._ask_as_us(Question(apis.TEMPLATES), self._otherwise)
        return answers.templates(answer)

    async def close(self) -> None:
        """Let go of threads and connections."""
        await self._tokens.close()
        self._caller.close()

    async def _ask_as_us(self, question: Question, gate: Gate, *, about: str = "") -> Answer:
        """Ask with an access token, with a new one once where WeChat does not take it."""
        await self._watch.require(question.api)
        tries = Tries(question.api)
        while True:
            token = await self._token(tries)
            try:
                answer = await self._caller.ask(question.with_token(token), gate, tries=tries)
            except WeChatFailed as failure:
                failed = failure
            else:
                await self._watch.worked(question.api, about)
                return answer
            if failed.reaction is not Reaction.REFRESH:
                break
            await self._tokens.reject(token)
            if tries.pause_after(failed) is None:
                failed = WeChatFailed(
                    str(failed), reaction=Reaction.ALARM, errcode=failed.errcode, rid=failed.rid
                )
                self._tokens.pause(failed)
                break
        await self._note(question.api, failed, about)
        raise failed

    async def _ask(self, question: Question, gate: Gate) -> Answer:
        """Ask without an access token."""
        await self._watch.require(question.api)
        try:
            answer = await self._caller.ask(question, gate)
        except WeChatFailed as failure:
            failed = failure
        else:
            await self._watch.worked(question.api)
            return answer
        await self._note(question.api, failed, "")
        raise failed

    async def _ask_for_token(self, question: Question) -> Answer:
        await self._watch.require(question.api)
        is_forced = bool(question.body and question.body.get("force_refresh"))
        try:
            answer = await self._caller.ask_once(question, self._for_tokens)
        except WeChatFailed as failure:
            failed = failure
        else:
            await self._watch.worked(question.api)
            return answer
        if is_forced and failed.reaction is Reaction.STOP_FOR_TODAY:
            # Only forcing has run out. The ordinary way to a token stays open.
            failed = WeChatFailed(
                str(failed), reaction=Reaction.ALARM, errcode=failed.errcode, rid=failed.rid
            )
        await self._note(question.api, failed, "")
        raise failed

    async def _token(self, tries: Tries) -> str:
        try:
            async with asyncio.timeout(max(tries.left_s, 0)):
                return await self._tokens.get()
        except TimeoutError:
            failed = WeChatDown("There was no access token in time.", reaction=Reaction.RETRY)
        except WeChatFailed as failure:
            # Whatever became of the token: what it was wanted for was surely not done. That it was
            # too busy to give one is nothing that this call was answered.
            failed = WeChatDown(
                str(failure),
                reaction=failure.reaction,
                errcode=failure.errcode if failure.reaction is not Reaction.RETRY else None,
                rid=failure.rid,
                told=failure.told,
            )
        raise failed

    async def _note(self, api: Api, failed: WeChatFailed, about: str) -> None:
        # What was not asked tells nothing new.
        if not isinstance(failed, WeChatDown):
            await self._watch.failed(api, failed, about)


def make_gateway(
    account: WeChatAccount,
    keys: SecretKeys,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> WeChatGateway:
    """Return the gateway to WeChat of one process. Raises RuntimeError for a strange wechatpy."""
    check_library()
    return WeChatGateway(account, keys, now=now)


def _refused_code(failure: WeChatFailed) -> WeChatCodeRefused | WeChatUserBlocked | None:
    if failure.reaction is not Reaction.TELL_USER:
        return None
    if failure.errcode == _BLOCKED:
        return WeChatUserBlocked("WeChat does not let this person sign in.")
    return WeChatCodeRefused(f"WeChat answered {failure.errcode}.")
