"""Whatever is tried in whatever order, versions only move as the law of their states allows."""

from __future__ import annotations

import itertools
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.database import close_database, open_database
from models.document import Document
from models.index_change import Subject
from models.publishable import Publication, VersionState
from models.version import Version
from services import audit, publication
from services.document_content import DocumentContent, ParagraphContent
from services.errors import Conflict
from tests.command_line import MACHINE, SEAL
from tests.databases import database_url
from tests.offices import NOW, Office

ENDS = {VersionState.REPLACED, VersionState.WITHDRAWN, VersionState.ABANDONED}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[None]:
    await open_database(database_url(tmp_path))
    yield
    await close_database()


@pytest.mark.parametrize(
    ("state", "following"), list(itertools.product(VersionState, VersionState))
)
def test_what_ended_stays_ended_and_nothing_is_published_unchecked(
    state: VersionState, following: VersionState
) -> None:
    if not state.can_become(following):
        return
    assert state not in ENDS
    assert state is not following
    if following is VersionState.PUBLISHED:
        assert state in {VersionState.IN_REVIEW, VersionState.SCHEDULED}
    if following is VersionState.SCHEDULED:
        assert state is VersionState.IN_REVIEW
    if following in {VersionState.REPLACED, VersionState.WITHDRAWN}:
        assert state is VersionState.PUBLISHED


@pytest.mark.parametrize("seed", range(3))
async def test_versions_move_only_lawfully(database: None, seed: int) -> None:
    chance = random.Random(seed)
    office = await Office.opened()
    subjects = [
        (await publication.create(office.clerk, text("初稿"), venue_id=office.venue_id)).subject_id
        for _ in range(2)
    ]
    before = await states()
    seen: set[VersionState] = set()
    refused = done = 0
    for step in range(300):
        try:
            await something(office, chance, chance.choice(subjects), step)
            done += 1
        except Conflict:
            refused += 1
        after = await states()
        for version_id, state in after.items():
            earlier = before.get(version_id)
            if earlier is None:
                assert state is VersionState.DRAFT
            elif earlier is not state:
                assert earlier.can_become(state), (step, earlier, state)
        assert set(before) <= set(after), "every version is kept"
        for subject_id in subjects:
            await assert_row_tells_of_its_versions(subject_id)
        before = after
        seen |= set(after.values())
    assert refused, "some of it cannot have been lawful"
    assert done
    assert (await audit.verify(SEAL)).broken_at is None
    assert seen == set(VersionState)


def text(title: str) -> DocumentContent:
    return DocumentContent(title, (ParagraphContent("正文。"),))


async def something(office: Office, chance: random.Random, subject_id: int, step: int) -> None:
    """Try one of the deeds on any version, old ones too, or on the whole."""
    versions = await Version.filter(subject_id=subject_id).order_by("number")
    version = versions[-1] if chance.random() < 0.8 else chance.choice(versions)
    edits = version.edits - (chance.random() < 0.1)
    now = NOW + timedelta(minutes=step)
    match chance.randrange(9):
        case 0:
            await publication.begin_editing(office.clerk, Subject.DOCUMENT, subject_id)
        case 1:
            await publication.save(office.clerk, version.id, text(f"第{step}步"), edits=edits)
        case 2 | 3:
            await publication.submit(office.clerk, version.id, edits=edits)
        case 4:
            await publication.approve(office.reviewer, version.id, edits=edits, now=now)
        case 5:
            later = now + timedelta(minutes=chance.choice([5, 60]))
            await publication.approve(
                office.reviewer, version.id, edits=edits, now=now, publish_at=later
            )
        case 6:
            await publication.give_back(office.reviewer, version.id, "再改", edits=edits)
        case 7:
            await publication.publish_due(now, MACHINE)
        case _:
            dice = chance.random()
            if dice < 0.1:
                await publication.abandon(office.clerk, version.id, edits=edits)
            elif dice < 0.3:
                await publication.withdraw(
                    office.clerk, Subject.DOCUMENT, subject_id, reason="有误", now=now
                )
            else:
                await publication.begin_editing(office.clerk, Subject.DOCUMENT, subject_id)


async def states() -> dict[int, VersionState]:
    return {version.id: version.state for version in await Version.all()}


async def assert_row_tells_of_its_versions(subject_id: int) -> None:
    row = await Document.get(id=subject_id)
    versions = await Version.filter(subject=Subject.DOCUMENT, subject_id=subject_id)
    worked_on = [version.state for version in versions if version.state.is_open]
    assert worked_on == ([] if row.open_state is None else [row.open_state])
    shown = [v.number for v in versions if v.state is VersionState.PUBLISHED]
    if row.publication is Publication.PUBLISHED:
        assert shown == [row.published_version]
    else:
        assert shown == []
    ever = any(version.published_at is not None for version in versions)
    assert ever == (row.publication is not Publication.UNPUBLISHED)
