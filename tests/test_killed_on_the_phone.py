"""Kill -9 between any two writes of what a phone sends: all of it is there, or nothing of it."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tortoise import Tortoise
from tortoise.transactions import in_transaction

from models.application import Application, ApplicationState, Channel
from models.application_draft import ApplicationDraft
from models.application_event import ApplicationEvent
from models.application_message import ApplicationMessage
from models.citizen import Citizen
from models.citizen_tie import CitizenApplication
from models.database import close_database, open_database, tortoise_config
from models.sqlite_moments import keep_moments_in_order
from models.venue import Venue
from services import (
    applicant_acts,
    application_acts,
    application_drafts,
    application_sending,
    applications,
    audit,
    citizen_cases,
)
from services.access import system
from services.application_events import case_from, read
from services.secret_key import SecretKeys
from tests.application_office import KEYS, PERSON, REQUEST, ApplicationOffice, filing
from tests.databases import database_url
from tests.test_killed_while_filing import STATEMENTS

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
_DONE = 7
Act = Callable[[], Awaitable[object]]


async def sending(office: ApplicationOffice, keys: SecretKeys, citizen_id: int) -> Act:
    """Prepare a draft on the phone; return what sends it."""
    content = application_sending.content_of(office.agency_id, PERSON, REQUEST, "2026-2")
    venue = await Venue.get(id=office.venue_id)
    draft = await application_drafts.begin(
        venue, at_kiosk=False, keys=keys, now=NOW, citizen_id=citizen_id, content=content
    )
    return lambda: application_sending.send(
        draft, venue=venue, channel=Channel.ONLINE, keys=keys, now=NOW
    )


async def _filed(office: ApplicationOffice, keys: SecretKeys, citizen_id: int) -> int:
    filed = await applications.file(
        filing(office), keys=keys, now=NOW, actor=None, also=citizen_cases.tying(citizen_id)
    )
    return filed.application_id


async def correcting(office: ApplicationOffice, keys: SecretKeys, citizen_id: int) -> Act:
    """Prepare a case in which a correction is waited for; return what corrects it."""
    id_ = await _filed(office, keys, citizen_id)
    await application_acts.ask_correction(
        system(keys.sealing), id_, "请写明年份", days=15, sent_on=NOW.date(), served_on=NOW.date(),
        edits=(await Application.get(id=id_)).edits, keys=keys, now=NOW,
    )  # fmt: skip
    return lambda: applicant_acts.correct(citizen_id, id_, "2024年", key="k", keys=keys, now=SOON)


async def revising(office: ApplicationOffice, keys: SecretKeys, citizen_id: int) -> Act:
    """Prepare a case that was just sent; return what withdraws it to be changed."""
    id_ = await _filed(office, keys, citizen_id)
    return lambda: applicant_acts.withdraw(
        citizen_id, id_, to_revise=True, key="k", keys=keys, now=SOON
    )


PREPARED_BY = {"sending": sending, "correcting": correcting, "revising": revising}


def act_and_die(
    url: str, office: ApplicationOffice, keys: SecretKeys, name: str, before: int
) -> None:
    """Do something and be killed before the so-manieth write; leave with _DONE after all."""

    async def work() -> None:
        keep_moments_in_order()
        await Tortoise.init(config=tortoise_config(url))
        citizen = await Citizen.create(
            app_id="wx1", openid_hash=f"{before:064d}", encrypted_openid=b"", last_active_at=NOW
        )
        act = await PREPARED_BY[name](office, keys, citizen.id)
        async with in_transaction() as database:
            client = type(database)
        count = itertools.count(1)

        def deadly(original: Callable[..., Any]) -> Callable[..., Any]:
            async def statement(*given: Any, **named: Any) -> Any:
                reads = len(given) > 1 and str(given[1]).startswith("SELECT")
                if not reads and next(count) == before:
                    os.kill(os.getpid(), signal.SIGKILL)
                return await original(*given, **named)

            return statement

        for statement in STATEMENTS:
            setattr(client, statement, deadly(getattr(client, statement)))
        await act()
        os._exit(_DONE)

    asyncio.run(work())


def kill_before_each_write(url: str, office: ApplicationOffice, name: str) -> int:
    """Return before how many writes it was killed, once each."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    for before in itertools.count(1):
        worker = context.Process(target=act_and_die, args=(url, office, KEYS, name, before))
        worker.start()
        worker.join(60)
        if worker.exitcode == _DONE:
            return before
        assert worker.exitcode == -signal.SIGKILL, worker.exitcode
    raise AssertionError("It never ended.")


@pytest.mark.parametrize(("name", "writes"), [("sending", 9), ("correcting", 6), ("revising", 6)])
async def test_it_is_whole_or_not_there(tmp_path: Path, name: str, writes: int) -> None:
    url = database_url(tmp_path)
    await open_database(url)
    office = await ApplicationOffice.opened()
    await close_database()
    rounds = await asyncio.to_thread(kill_before_each_write, url, office, name)
    assert rounds >= writes, "It has more writes than that"
    await open_database(url)
    try:
        assert (await audit.verify(KEYS.sealing)).broken_at is None
        rows = await Application.all()
        for row in rows:
            case = case_from(await read(row.id))
            assert (case.state, case.last_position) == (row.state, row.edits)
        if name == "sending":
            await assert_sent_whole(rows)
        else:
            await assert_one_message(rows)
            assert len(rows) == rounds
    finally:
        await close_database()


async def assert_sent_whole(rows: list[Application]) -> None:
    sent = await ApplicationDraft.exclude(application_id=None)
    assert [draft.application_id for draft in sent] == [row.id for row in rows]
    assert len(rows) == 1, "only the one that nobody killed is there"
    ties = await CitizenApplication.all()
    assert [(tie.application_id, tie.citizen_id) for tie in ties] == [
        (rows[0].id, sent[0].citizen_id)
    ]
    # Whoever heard nothing sends it again, and it is one case, and theirs.
    for draft in await ApplicationDraft.filter(application_id=None):
        found = application_drafts.draft_in(draft, KEYS.decrypt(draft.encrypted_code or b""), KEYS)
        ids = [
            await application_sending.send(
                found, venue=await application_drafts.venue_of(found), channel=Channel.ONLINE,
                keys=KEYS, now=NOW,
            )
            for _ in range(2)
        ]  # fmt: skip
        assert ids[0] == ids[1]
        assert found.citizen_id is not None
        assert (await citizen_cases.own(found.citizen_id, ids[0])).may_act
    assert await Application.all().count() == await ApplicationDraft.all().count()


async def assert_one_message(rows: list[Application]) -> None:
    (message,) = await ApplicationMessage.all()
    took_effect = await ApplicationEvent.filter(kind__in=["correction_received", "withdrawn"])
    assert [event.application_id for event in took_effect] == [message.application_id]
    drafts = await ApplicationDraft.all()
    assert [draft.id for draft in drafts] == [one for one in [message.draft_id] if one is not None]
    withdrawn = [row.id for row in rows if row.state is ApplicationState.WITHDRAWN]
    assert len(withdrawn) == len(drafts)
