"""Applications for tests of pages, made in an installation before it serves, by its own services.

Run as a program: the database of an installation is opened by one loop only.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import segno

from models.agency import Agency
from models.application import Channel
from models.application_file import FilePurpose
from models.consultation import PartyKind
from models.database import close_database, open_database
from models.official_letter import LetterKind
from models.outcome import Outcome
from models.staff import Role, Staff
from models.venue import Venue
from server.settings import read_settings
from services import application_acts, application_files, applications, letters
from services import staff as accounts
from services.access import Actor, actor_of, system
from services.applications import Filing
from services.clock import zone_day
from services.disclosure import events as e
from services.secret_key import SecretKeys, obtain_keys
from tests.application_office import PERSON, REQUEST
from tests.databases import environment_of

OFFICER, HEAD = "sun", "qian"


def make_cases(data_dir: Path, password: str) -> None:
    """Hire an officer and a head for the first agency, and give them cases."""
    subprocess.run(
        [sys.executable, "-m", "tests.browser.made_cases"],
        env={**os.environ, **environment_of(data_dir), "MADE_CASES_PASSWORD": password},
        check=True,
        timeout=60,
    )


async def _make() -> None:
    settings = read_settings(dict(os.environ))
    keys = obtain_keys(settings.key_file)
    await open_database(settings.database_url)
    try:
        await _cases(keys, os.environ["MADE_CASES_PASSWORD"])
    finally:
        await close_database()


async def _cases(keys: SecretKeys, password: str) -> None:
    venue = await Venue.all().order_by("id").first()
    assert venue is not None
    agency = await venue.accepts_for.all().order_by("id").first()
    assert agency is not None
    people = [
        await _hired(keys, name, role, agency, password)
        for name, role in ((OFFICER, Role.AGENCY_OFFICER), (HEAD, Role.OFFICE_HEAD))
    ]
    officer, now = people[0], datetime.now(UTC)
    today = zone_day(now)
    first, second, third = [
        await applications.file(
            Filing(
                agency_id=agency.id, venue_id=venue.id, channel=channel, person=PERSON,
                request=REQUEST,
            ),
            keys=keys, now=now, actor=None,
        )
        for channel in (Channel.COUNTER, Channel.FAX, Channel.COUNTER)
    ]  # fmt: skip
    one = first.application_id
    await application_acts.consult(
        officer, one, PartyKind.THIRD_PARTY, name="某某公司", subject="合同价款", sent_on=today,
        edits=2, keys=keys, now=now,
    )  # fmt: skip
    await applications.act(
        officer, one, e.ExtensionProposed(on=today, days=10), edits=3, keys=keys, now=now,
        note="第三方材料多",
    )  # fmt: skip
    picture = io.BytesIO()
    segno.make("身份证明").save(picture, kind="png")
    for purpose, name, content in (
        (FilePurpose.EVIDENCE, "检索.txt", "检索结果：无。\n".encode()),
        (FilePurpose.IDENTITY, "证件.png", picture.getvalue()),
    ):
        await application_files.store(officer, one, purpose, name, _only(content), keys=keys)
    for filed in (first, second):
        # The pages are found by their links, from whichever case is opened.
        await letters.draft(
            officer, filed.application_id, LetterKind.N2_CORRECTION, keys=keys, now=now
        )
    await _sends_a_reply_to_the_check(officer, third.application_id, keys, now)


async def _sends_a_reply_to_the_check(
    officer: Actor, application_id: int, keys: SecretKeys, now: datetime
) -> None:
    letter = await letters.draft(
        officer, application_id, LetterKind.N12_REPLY, outcome=Outcome.U3_WOULD_HAVE_TO_BE_MADE,
        keys=keys, now=now,
    )  # fmt: skip
    body = re.sub(r"【[^】]*】", "只有分年的数据，没有汇总。", keys.decrypt(letter.encrypted_body))
    letter = await letters.save(
        officer, letter.id, title=letter.title, body=body, edits=letter.edits, keys=keys
    )
    await letters.send_for_review(
        officer, letter.id, edits=letter.edits, case_edits=2, keys=keys, now=now
    )


async def _only(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _hired(
    keys: SecretKeys, username: str, role: Role, agency: Agency, password: str
) -> Actor:
    made: Staff = await accounts.create(
        system(keys.sealing), username=username, display_name=username, role=role,
        password=password, venue_ids=[], agency_ids=[agency.id], must_change_password=False,
    )  # fmt: skip
    return await actor_of(made, keys.sealing)


if __name__ == "__main__":
    asyncio.run(_make())
