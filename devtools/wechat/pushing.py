"""Events on their way to the developer's server: signed, repeated until they are answered, recorded."""

from __future__ import annotations

from devtools.wechat.accounts import Account
from devtools.wechat.push_letters import Letter, Trick, letter, signed_anew, signed_query
from devtools.wechat.push_messages import Event
from devtools.wechat.push_post import NoAnswer, ask
from devtools.wechat.pushed import Attempt, Pushed
from devtools.wechat.world import World

RETRY_AFTER = 5.0
"""Virtual seconds from one attempt to the next, unless waiting for the answer took longer."""


def push(world: World, account: Account, event: Event, *, after: float = 0.0) -> None:
    """Send an event, `after` virtual seconds from now, as often and as late as the account says."""
    settings = account.push
    if not settings.url:
        return
    for _ in range(settings.copies):
        wait = after + settings.delay + world.dice.random() * settings.shuffled_over
        world.later(deliver(world, account, event, at=world.clock.now() + wait))


async def deliver(
    world: World,
    account: Account,
    event: Event,
    *,
    at: float,
    trick: Trick | None = None,
    is_replayed: bool = False,
) -> None:
    """Send one event at a time of the virtual clock, again where it is not answered.

    `is_replayed` sends the very same request a second time after it was answered.
    """
    await world.clock.wait_until(at)
    pushed = Pushed(
        number=len(world.pushed) + 1, appid=account.appid, event=event.as_dict(), trick=trick
    )
    world.pushed.append(pushed)
    sent = letter(
        event,
        account.push,
        appid=account.appid,
        original_id=account.original_id,
        timestamp=int(world.clock.now()),
        nonce=_nonce(world),
        trick=trick,
    )
    for _ in range(1 + account.push.retries):
        begun = world.clock.now()
        if await _attempt(world, account, pushed, sent):
            if is_replayed:
                await _attempt(world, account, pushed, sent)
            return
        if trick is not None:
            return
        await world.clock.wait_until(begun + RETRY_AFTER)
        sent = signed_anew(
            sent, account.push.token, timestamp=int(world.clock.now()), nonce=_nonce(world)
        )


def _nonce(world: World) -> str:
    return world.random_text(10, "0123456789")


async def _attempt(world: World, account: Account, pushed: Pushed, sent: Letter) -> bool:
    attempt = Attempt(at=world.clock.now(), query=sent.query)
    pushed.attempts.append(attempt)
    settings = account.push
    try:
        async with world.push_lines:
            answered = await ask(
                "POST",
                settings.url,
                sent.query,
                sent.body,
                headers={"Content-Type": sent.content_type},
                patience=settings.patience,
            )
    except NoAnswer as error:
        attempt.problem = str(error)
        return False
    attempt.status, attempt.answer = answered.status, answered.body.decode(errors="replace")[:200]
    if not 200 <= answered.status < 300:
        attempt.problem = "refused"
    elif attempt.answer.strip() not in ("", "success"):
        attempt.problem = "neither empty nor success"
    pushed.is_answered = not attempt.problem
    return pushed.is_answered


async def check_address(world: World, account: Account, *, is_forged: bool = False) -> bool:
    """Ask the developer's server whether it knows the token, as mp.weixin.qq.com does on saving."""
    echo = world.random_text(19, "123456789")
    query = signed_query(
        account.push.token + ("x" if is_forged else ""),
        timestamp=int(world.clock.now()),
        nonce=_nonce(world),
    )
    try:
        answered = await ask(
            "GET", account.push.url, query | {"echostr": echo}, patience=account.push.patience
        )
    except NoAnswer:
        return False
    return answered.status == 200 and answered.body == echo.encode()
