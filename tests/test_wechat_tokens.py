"""One access token for all processes: fetched once, renewed in time, given up without a loop."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from miniprogram_api.wechat import apis
from miniprogram_api.wechat.account import WeChatAccount
from miniprogram_api.wechat.gateway import WeChatGateway, make_gateway
from models.database import close_database, open_database
from models.wechat_alarm import WeChatAlarm
from models.wechat_token import WeChatToken
from services.secret_key import SecretKeys
from services.wechat import Card, Reaction, WeChatFailed
from services.wechat_tokens import FORCED_A_DAY, AccessToken, TokenStore
from tests.databases import ROOT, database_url
from tests.patience import BUSY
from tests.scripted_answers import Asked, ScriptedAnswers, Told, told

APP_ID = "wx0123456789abcdef"
SECRET = "0123456789abcdef0123456789abcdef"
CARD = Card("oSOMEBODY", "T1", {"thing1": "公开"}, "pages/home/home")
NOW = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)


class Clock:
    """The time as the gateway sees it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Platform:
    """Gives tokens, and takes them or not."""

    def __init__(self) -> None:
        self.given = 0
        self.expires_in: object = 7200
        self.refuses: set[str] = set()
        self.errcode = 40001
        self.is_stuck = False
        """Whether the ordinary way goes on giving the same token."""
        self.token_answer: Told | None = None
        self.api_answer = told(errcode=0, errmsg="ok", msgid=1)

    def __call__(self, asked: Asked) -> Told:
        if asked.path == apis.STABLE_TOKEN.path:
            return self.token_answer or self.token(asked.json()["force_refresh"])
        if self.refuses & {asked.query.get("access_token", ""), "*"}:
            return told(errcode=self.errcode, errmsg=f"invalid credential {asked.query}")
        return self.api_answer

    def token(self, is_forced: bool) -> Told:
        if not self.is_stuck or is_forced or self.given == 0:
            self.given += 1
        return told(access_token=f"TOKEN{self.given}", expires_in=self.expires_in)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def server(platform: Platform) -> Iterator[ScriptedAnswers]:
    with ScriptedAnswers(platform) as scripted:
        yield scripted


@pytest.fixture
def keys() -> SecretKeys:
    return SecretKeys.of(Fernet.generate_key())


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[str]:
    url = database_url(tmp_path)
    await open_database(url)
    yield url
    await close_database()


@pytest.fixture
async def gateway(
    database: str, server: ScriptedAnswers, keys: SecretKeys, clock: Clock
) -> AsyncIterator[WeChatGateway]:
    made = make_gateway(WeChatAccount(APP_ID, SECRET, root=server.root), keys, now=clock)
    yield made
    await made.close()


def another(server: ScriptedAnswers, keys: SecretKeys, clock: Clock) -> WeChatGateway:
    """Return the gateway of another process on the same database."""
    return make_gateway(WeChatAccount(APP_ID, SECRET, root=server.root), keys, now=clock)


def token_calls(server: ScriptedAnswers) -> int:
    return server.paths().count(apis.STABLE_TOKEN.path)


def sent_with(server: ScriptedAnswers) -> list[str]:
    return [asked.query["access_token"] for asked in server.asked if "access_token" in asked.query]


async def test_the_secret_goes_in_the_body_and_the_token_is_kept_encrypted(
    gateway: WeChatGateway, server: ScriptedAnswers, keys: SecretKeys
) -> None:
    await gateway.send_card(CARD)
    first = server.asked[0]
    assert (first.method, first.query) == ("POST", {})
    assert first.json() == {
        "grant_type": "client_credential",
        "appid": APP_ID,
        "secret": SECRET,
        "force_refresh": False,
    }
    row = await WeChatToken.get()
    assert row.encrypted_token is not None
    assert b"TOKEN1" not in row.encrypted_token
    assert keys.decrypt(row.encrypted_token) == "TOKEN1"
    assert row.ends_at == NOW + timedelta(seconds=7200 - 60)
    assert (row.fetched_by, row.fetching_until) == ("", None)


async def test_many_at_once_fetch_one_token(
    gateway: WeChatGateway, server: ScriptedAnswers, keys: SecretKeys, clock: Clock
) -> None:
    other = another(server, keys, clock)
    await asyncio.gather(*(door.send_card(CARD) for door in (gateway, other) for _ in range(12)))
    await other.close()
    assert token_calls(server) == 1
    assert set(sent_with(server)) == {"TOKEN1"}


async def test_two_processes_without_a_token_fetch_one(
    database: str, server: ScriptedAnswers, keys: SecretKeys, tmp_path: Path
) -> None:
    code = (
        "import asyncio, sys\n"
        "from miniprogram_api.wechat.account import WeChatAccount\n"
        "from miniprogram_api.wechat.gateway import make_gateway\n"
        "from models.database import close_database, open_database\n"
        "from services.secret_key import SecretKeys\n"
        "from services.wechat import Card\n"
        "async def work():\n"
        "    await open_database(sys.argv[1])\n"
        "    account = WeChatAccount(sys.argv[3], sys.argv[4], root=sys.argv[2])\n"
        "    gateway = make_gateway(account, SecretKeys.of(sys.argv[5].encode()))\n"
        "    card = Card('oX', 'T1', {}, '')\n"
        "    await asyncio.gather(*(gateway.send_card(card) for _ in range(8)))\n"
        "    await gateway.close()\n"
        "    await close_database()\n"
        "asyncio.run(work())\n"
    )
    command = [sys.executable, "-c", code, database, server.root, APP_ID, SECRET]
    command.append(keys.encryption.decode())
    working = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(3)]
    for process in working:
        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert token_calls(server) == 1
    assert sent_with(server) == ["TOKEN1"] * 24


async def test_it_is_renewed_before_it_ends(
    gateway: WeChatGateway, server: ScriptedAnswers, clock: Clock, keys: SecretKeys
) -> None:
    await gateway.send_card(CARD)
    clock.now += timedelta(seconds=7200 - 360)
    other = another(server, keys, clock)
    await other.send_card(CARD)
    assert token_calls(server) == 1
    clock.now += timedelta(seconds=70)
    await other.close()
    other = another(server, keys, clock)
    await other.send_card(CARD)
    assert token_calls(server) == 2
    assert sent_with(server) == ["TOKEN1", "TOKEN1", "TOKEN2"]
    await other.close()


async def test_while_one_renews_it_the_others_use_the_old_one(
    gateway: WeChatGateway, server: ScriptedAnswers, keys: SecretKeys, clock: Clock
) -> None:
    store = TokenStore(APP_ID, keys, "somebody else")
    assert await store.lease(clock.now, 30)
    await store.keep(AccessToken("OLD", clock.now + timedelta(seconds=100)))
    assert await store.lease(clock.now, 30)
    await gateway.send_card(CARD)
    assert sent_with(server) == ["OLD"]


async def test_where_it_cannot_be_renewed_the_old_one_serves_to_its_end(
    gateway: WeChatGateway,
    server: ScriptedAnswers,
    platform: Platform,
    keys: SecretKeys,
    clock: Clock,
) -> None:
    store = TokenStore(APP_ID, keys, "somebody else")
    await store.lease(clock.now, 30)
    await store.keep(AccessToken("OLD", clock.now + timedelta(seconds=100)))
    platform.token_answer = told(errcode=-1, errmsg="system error")
    await gateway.send_card(CARD)
    assert sent_with(server) == ["OLD"]


async def test_whoever_dies_while_fetching_is_waited_for_only_so_long(
    gateway: WeChatGateway, server: ScriptedAnswers, keys: SecretKeys, clock: Clock
) -> None:
    dead = TokenStore(APP_ID, keys, "killed")
    assert await dead.lease(clock.now, 30)
    sending = asyncio.create_task(gateway.send_card(CARD))
    await asyncio.sleep(0.4)
    assert server.asked == []
    clock.now += timedelta(seconds=31)
    await sending
    assert token_calls(server) == 1
    # What the dead one brings late is not taken.
    assert not await dead.keep(AccessToken("LATE", clock.now + timedelta(hours=1)))


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
async def test_a_worn_out_token_is_replaced_once(
    gateway: WeChatGateway, server: ScriptedAnswers, platform: Platform, errcode: int
) -> None:
    platform.refuses, platform.errcode = {"TOKEN1"}, errcode
    assert await gateway.send_card(CARD) == "1"
    assert sent_with(server) == ["TOKEN1", "TOKEN2"]
    assert token_calls(server) == 2
    assert await gateway.send_card(CARD) == "1"
    assert sent_with(server)[2:] == ["TOKEN2"]


async def test_many_that_are_refused_at_once_replace_it_once(
    gateway: WeChatGateway, server: ScriptedAnswers, platform: Platform
) -> None:
    await gateway.send_card(CARD)
    platform.refuses = {"TOKEN1"}
    await asyncio.gather(*(gateway.send_card(CARD) for _ in range(10)))
    assert token_calls(server) == 2


async def test_another_process_that_still_holds_the_old_one_learns_of_the_new(
    gateway: WeChatGateway,
    server: ScriptedAnswers,
    platform: Platform,
    keys: SecretKeys,
    clock: Clock,
) -> None:
    other = another(server, keys, clock)
    await other.send_card(CARD)
    await gateway.send_card(CARD)
    platform.refuses = {"TOKEN1"}
    await gateway.send_card(CARD)
    await other.send_card(CARD)
    await other.close()
    assert token_calls(server) == 2


async def test_a_token_that_is_never_taken_makes_no_loop(
    gateway: WeChatGateway, server: ScriptedAnswers, platform: Platform
) -> None:
    platform.refuses = {"*"}
    with pytest.raises(WeChatFailed) as caught:
        await gateway.send_card(CARD)
    assert caught.value.reaction is Reaction.ALARM
    assert caught.value.errcode == 40001
    assert server.paths().count(apis.SEND.path) == 2
    assert token_calls(server) == 2
    for _ in range(20):
        with pytest.raises(WeChatFailed):
            await gateway.send_card(CARD)
    assert server.paths().count(apis.SEND.path) <= 3
    assert token_calls(server) == 2
    assert (await WeChatAlarm.get(errcode=40001)).cleared_at is None


async def test_a_token_that_is_given_again_is_forced(
    gateway: WeChatGateway, server: ScriptedAnswers, platform: Platform
) -> None:
    platform.is_stuck, platform.refuses = True, {"TOKEN1"}
    await gateway.send_card(CARD)
    assert sent_with(server) == ["TOKEN1", "TOKEN2"]
    asked = [a.json()["force_refresh"] for a in server.asked if a.path == apis.STABLE_TOKEN.path]
    assert asked == [False, False, True]


async def test_forcing_is_for_one_and_seldom(
    gateway: WeChatGateway,
    server: ScriptedAnswers,
    platform: Platform,
    keys: SecretKeys,
    clock: Clock,
) -> None:
    platform.is_stuck, platform.refuses = True, {"TOKEN1", "TOKEN2"}
    with pytest.raises(WeChatFailed) as caught:
        await gateway.send_card(CARD)
    assert caught.value.reaction is Reaction.ALARM
    other = another(server, keys, clock)
    with pytest.raises(WeChatFailed):
        await other.send_card(CARD)
    await other.close()
    forced = [a for a in server.asked if a.path == apis.STABLE_TOKEN.path and b"true" in a.body]
    assert len(forced) == 1


async def test_ten_are_forced_a_day(database: str, keys: SecretKeys) -> None:
    store = TokenStore(APP_ID, keys, "me")
    now = NOW
    await store.lease(now, 1)
    for _ in range(FORCED_A_DAY):
        assert await store.may_force(now)
        assert not await store.may_force(now + timedelta(seconds=59))
        now += timedelta(minutes=2)
    assert not await store.may_force(now)
    assert await store.may_force(now + timedelta(days=1))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(told(access_token="T", expires_in=45), id="45 seconds"),
        pytest.param(told(access_token="T", expires_in=0), id="0 seconds"),
        pytest.param(told(access_token="T", expires_in="7200"), id="seconds as text"),
        pytest.param(told(access_token="T", expires_in=True), id="seconds as true"),
        pytest.param(told(access_token="T"), id="no seconds"),
        pytest.param(told(expires_in=7200), id="no token"),
        pytest.param(told(access_token="", expires_in=7200), id="an empty token"),
        pytest.param(told(access_token=None, expires_in=7200), id="null for a token"),
        pytest.param(told(access_token="T" * 3000, expires_in=7200), id="an endless token"),
        pytest.param(told(errcode=-1), id="busy without a text"),
        pytest.param(told(errcode=45009, errmsg="quota"), id="quota"),
        pytest.param(told(errcode=40125, errmsg="invalid appsecret"), id="wrong secret"),
        pytest.param(Told(b"<html>"), id="HTML"),
        pytest.param(Told(b'{"access_token":'), id="truncated"),
        pytest.param(Told(b"[]"), id="a list"),
        pytest.param(Told(is_reset=True), id="reset"),
        pytest.param(Told(b"", 302, {"Location": "/x"}), id="redirect"),
    ],
)
async def test_a_token_that_is_none_is_a_failure_and_no_loop(
    gateway: WeChatGateway, server: ScriptedAnswers, platform: Platform, answer: Told
) -> None:
    platform.token_answer = answer
    for _ in range(5):
        with pytest.raises(WeChatFailed) as caught:
            await gateway.send_card(CARD)
        assert not caught.value.is_fate_unknown
    assert apis.SEND.path not in server.paths()
    assert token_calls(server) <= 2
    platform.token_answer = None
    row = await WeChatToken.get()
    assert (row.encrypted_token, row.fetched_by) == (None, "")


async def test_a_wrong_secret_is_an_alarm_that_the_next_token_clears(
    gateway: WeChatGateway,
    server: ScriptedAnswers,
    platform: Platform,
    keys: SecretKeys,
    clock: Clock,
) -> None:
    platform.token_answer = told(
        errcode=40164, errmsg="invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist"
    )
    with pytest.raises(WeChatFailed) as caught:
        await gateway.send_card(CARD)
    assert (caught.value.reaction, caught.value.errcode) == (Reaction.ALARM, 40164)
    alarm = await WeChatAlarm.get()
    assert (alarm.api, alarm.errcode, alarm.told) == (apis.STABLE_TOKEN.path, 40164, "203.0.113.9")
    platform.token_answer = None
    other = another(server, keys, clock)
    await other.send_card(CARD)
    await other.close()
    assert (await WeChatAlarm.get()).cleared_at is not None


async def test_a_hung_token_server_holds_nobody_up_for_long(
    gateway: WeChatGateway, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried = apis.Api(apis.STABLE_TOKEN.path, read_s=0.3, deadline_s=0.6, patience_s=2)
    monkeypatch.setattr(apis, "STABLE_TOKEN", hurried)
    platform.token_answer = Told(wait_s=3)
    began = time.monotonic()
    results = await asyncio.gather(
        *(gateway.send_card(CARD) for _ in range(10)), return_exceptions=True
    )
    assert all(isinstance(result, WeChatFailed) for result in results)
    assert time.monotonic() - began < 2 * BUSY


async def test_a_caller_that_gives_up_takes_the_token_from_nobody(
    gateway: WeChatGateway, server: ScriptedAnswers, platform: Platform
) -> None:
    platform.token_answer = Told(
        json.dumps({"access_token": "SLOW", "expires_in": 7200}).encode(), wait_s=0.4
    )
    first = asyncio.create_task(gateway.send_card(CARD))
    second = asyncio.create_task(gateway.send_card(CARD))
    await asyncio.sleep(0.15)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await second == "1"
    assert token_calls(server) == 1


async def test_nothing_secret_is_logged(
    gateway: WeChatGateway,
    platform: Platform,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    texts = []
    for refuses, answer in (
        (set(), told(errcode=43101, errmsg="user oSOMEBODY refuse")),
        ({"*"}, told()),
        (set(), Told(is_reset=True)),
    ):
        platform.refuses, platform.api_answer = refuses, answer
        with pytest.raises(WeChatFailed) as caught:
            await gateway.send_card(CARD)
        texts.append(f"{caught.value!r} {caught.value.__dict__}")
        logging.getLogger("tests").error("failed", exc_info=caught.value)
    written = capsys.readouterr()
    everything = caplog.text + written.out + written.err + "".join(texts)
    assert "wechat call failed" in everything
    for secret in ("TOKEN1", "TOKEN2", SECRET, "oSOMEBODY", "公开"):
        assert secret not in everything
