"""Kill -9 at any moment: nothing published is lost, nothing unpublished appears."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from models.database import close_database, open_database
from models.document import Document, Paragraph
from models.index_change import Subject
from models.publishable import Publication, VersionState
from models.version import Version
from search.index import SearchIndex
from services import audit, documents, publication
from services.document_content import DocumentContent, ParagraphContent
from services.errors import NotFound
from services.index_following import follow
from services.venues import ensure_first
from services.version_contents import content_of
from tests.command_line import SEAL
from tests.databases import database_url
from tests.doors import Doors, settings_below
from tests.offices import Office

_FEWEST, _MOST = 80, 400
"""Bytes of notes after which a round ends: counted in work, a slow machine sees as much as a fast."""


def content(item: int, edition: int) -> DocumentContent:
    return DocumentContent(
        f"第{item}号通知第{edition}版",
        (ParagraphContent(f"第{item}号通知第{edition}版的正文。"), ParagraphContent("第二段。")),
        document_number=f"示试发〔2026〕{item}号",
    )


def publish_until_killed(url: str, index_dir: str, notes: str, first_item: int) -> None:
    """Publish, replace and withdraw one thing after the other, noting each before and after."""

    async def work() -> None:
        await open_database(url)
        office = await Office.opened(SEAL, f"-{first_item}")
        index = SearchIndex(Path(index_dir))
        with open(notes, "ab", buffering=0) as written:  # noqa: ASYNC230 - each line at once.

            def note(*words: object) -> None:
                written.write((" ".join(map(str, words)) + "\n").encode())

            for item in range(first_item, first_item + 10_000):
                note("drafting", item)
                draft = await publication.create(
                    office.clerk,
                    content(item, 1),
                    venue_id=office.venue_id,
                    external_id=f"item-{item}",
                )
                note("drafted", item)
                if item % 4 == 3:
                    continue  # This one stays a draft.
                note("publishing", item, 1)
                await office.lets_out(draft)
                note("published", item, 1)
                if item % 4 == 1:
                    draft = await publication.begin_editing(
                        office.clerk, Subject.DOCUMENT, draft.subject_id
                    )
                    draft = await publication.save(
                        office.clerk, draft.id, content(item, 2), edits=draft.edits
                    )
                    note("publishing", item, 2)
                    await office.lets_out(draft)
                    note("published", item, 2)
                if item % 4 == 2:
                    note("withdrawing", item)
                    await office.withdraws(Subject.DOCUMENT, draft.subject_id)
                    note("withdrawn", item)
                await follow(index)

    asyncio.run(work())


@dataclass
class Told:
    """What the notes tell of one thing: what surely is so, and what may have come after."""

    certain: str = "nothing"
    possible: set[str] = field(default_factory=set)

    def hear(self, what: str, edition: str) -> None:
        following = {
            "drafting": "draft", "drafted": "draft", "publishing": f"published {edition}",
            "published": f"published {edition}", "withdrawing": "withdrawn",
            "withdrawn": "withdrawn",
        }[what]  # fmt: skip
        if what.endswith("ing"):
            self.possible = {following}
        else:
            self.certain, self.possible = following, set()


def read_notes(notes: Path) -> dict[int, Told]:
    told: defaultdict[int, Told] = defaultdict(Told)
    for line in notes.read_text("utf-8").splitlines():
        what, item, *edition = line.split()
        told[int(item)].hear(what, *edition or [""])
    return told


def kill_again_and_again(rounds: int, url: str, index_dir: Path, notes: Path) -> None:
    # A server of forks has imported everything already: a round takes no longer than its work.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    moments = random.Random(20210611)
    for turn in range(rounds):
        before = notes.stat().st_size
        worker = context.Process(
            target=publish_until_killed, args=(url, str(index_dir), str(notes), 100 * turn + 1)
        )
        worker.start()
        deadline = time.monotonic() + 60
        enough = before + moments.randint(_FEWEST, _MOST)
        while notes.stat().st_size < enough:
            assert worker.is_alive(), "It stopped by itself"
            assert time.monotonic() < deadline, "It does not get on"
            time.sleep(0.002)
        # The moment is what is tested; there is no condition to wait for.
        time.sleep(moments.uniform(0.0, 0.05))
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        assert worker.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("rounds", [4, pytest.param(20, marks=pytest.mark.soak)])
async def test_after_kills_index_pages_and_database_agree(tmp_path: Path, rounds: int) -> None:
    settings = settings_below(tmp_path)
    url, notes = database_url(settings.data_dir), tmp_path / "notes"
    notes.touch()
    await open_database(url)
    await ensure_first()
    await close_database()
    await asyncio.to_thread(kill_again_and_again, rounds, url, settings.index_dir, notes)
    told = read_notes(notes)
    assert len(told) > rounds
    await open_database(url)
    try:
        rows = {int(row.external_id.rpartition("-")[2]): row for row in await Document.all()}
        lost = [item for item, tells in told.items() if tells.certain != "nothing"]
        assert set(lost) <= set(rows), "nothing acknowledged is lost"
        assert set(rows) <= set(told), "nothing came from nowhere"
        index = SearchIndex(settings.index_dir)
        await follow(index)
        finder = index.within(None)
        for item, row in rows.items():
            state = await state_of(row)
            assert state in told[item].possible | {told[item].certain}, (item, told[item])
            await assert_public_agrees(item, row, state)
            heads = [
                candidate
                for number in documents.find_numbers(f"示试发〔2026〕{item}号")
                for candidate in finder.documents_numbered(number)
            ]
            assert bool(heads) == state.startswith("published"), (item, state)
            assert all(row.title in head.payload for head in heads)
        assert (await audit.verify(SEAL)).broken_at is None
        states = {item: await state_of(row) for item, row in rows.items()}
        ids = {item: row.id for item, row in rows.items()}
    finally:
        await close_database()
    await asyncio.to_thread(assert_doors_agree, settings, states, ids)
    assert {state.split()[0] for state in states.values()} == {"draft", "published", "withdrawn"}


async def state_of(row: Document) -> str:
    """Return what the database says of a document, in the words of the notes."""
    if row.publication is Publication.UNPUBLISHED:
        return "draft"
    if row.publication is Publication.WITHDRAWN:
        return "withdrawn"
    return f"published {row.title[-2]}"


async def assert_public_agrees(item: int, row: Document, state: str) -> None:
    """Compare what the public sees with the versions it comes from."""
    versions = await Version.filter(subject=Subject.DOCUMENT, subject_id=row.id)
    shown = [version for version in versions if version.state is VersionState.PUBLISHED]
    paragraphs = await Paragraph.filter(document_id=row.id).order_by("position")
    if state.startswith("published"):
        assert [version.number for version in shown] == [row.published_version]
        said = content_of(shown[0])
        assert said == content(item, int(state[-1]))
        assert isinstance(said, DocumentContent)
        assert [p.text for p in paragraphs] == [p.text for p in said.paragraphs]
        assert (await documents.show(str(row.id))).title == said.title
    else:
        assert shown == []
        try:
            await documents.show(str(row.id))
        except NotFound:
            return
        raise AssertionError(f"{item} is shown, though it is {state}")


def assert_doors_agree(settings: object, states: dict[int, str], ids: dict[int, int]) -> None:
    """Compare what the HTTP API shows and finds with the database."""
    with Doors(settings, None, imports=[]) as doors, doors.client() as client:  # type: ignore[arg-type]
        for item, state in states.items():
            reply = client.get(f"/api/v1/documents/{ids[item]}")
            assert (reply.status_code == 200) == state.startswith("published"), (item, state)
            hits = client.get("/api/v1/search", params={"q": f"示试发〔2026〕{item}号"}).json()
            found = {hit["id"] for hit in hits["hits"]}
            assert (ids[item] in found) == state.startswith("published"), (item, state)
