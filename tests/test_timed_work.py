"""What happens because its time has come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.database import close_database, open_database
from models.document import Document, Validity
from models.index_change import IndexChange
from models.question_entry import QuestionEntry
from search.index import SearchIndex
from services.answering import reply_to
from services.document_content import DocumentContent, ParagraphContent
from services.index_following import follow
from services.publication import publish_directly
from services.question_content import QuestionContent
from services.timed_work import begin_day
from tests.command_line import MACHINE
from tests.databases import database_url

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def database(tmp_path: Path) -> AsyncIterator[None]:
    await open_database(database_url(tmp_path))
    yield
    await close_database()


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "in_time"),
    [
        pytest.param(None, None, [True, True, True], id="for good"),
        pytest.param(date(2026, 3, 3), None, [False, True, True], id="begins tomorrow"),
        pytest.param(None, date(2026, 3, 3), [True, True, False], id="ends tomorrow"),
        pytest.param(date(2026, 3, 3), date(2026, 3, 3), [False, True, False], id="one day"),
        pytest.param(date(2026, 3, 1), date(2026, 3, 9), [True, True, True], id="around"),
    ],
)
async def test_an_entry_is_an_answer_on_its_days_only(
    tmp_path: Path, valid_from: date | None, valid_to: date | None, in_time: list[bool]
) -> None:
    content = QuestionContent(
        "供暖补贴怎么申请？", "到社区申请。", valid_from=valid_from, valid_to=valid_to
    )
    await publish_directly(MACHINE, content, external_id="q", now=NOW)
    index = SearchIndex(tmp_path / "index")
    seen = []
    for day in (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)):
        await begin_day(day)
        await follow(index)
        seen.append(bool(reply_to("供暖补贴怎么申请？", index.within(None)).answers))
        assert await begin_day(day) == 0, "again, it is so already"
    assert seen == in_time
    assert (await QuestionEntry.get(external_id="q")).is_in_time is in_time[-1]


async def test_a_document_expires_after_its_last_day_and_what_is_repealed_stays_so() -> None:
    for name, validity in (("甲", Validity.IN_FORCE), ("乙", Validity.REPEALED)):
        content = DocumentContent(
            name,
            (ParagraphContent("正文。"),),
            validity=validity,
            expires_on=date(2026, 3, 3),
        )
        await publish_directly(MACHINE, content, external_id=name, now=NOW)
    before = await IndexChange.all().count()
    assert await begin_day(date(2026, 3, 3)) == 0
    assert await IndexChange.all().count() == before
    assert await begin_day(date(2026, 3, 4)) == 1
    assert await IndexChange.all().count() == before + 1
    kept = {d.title: d.validity for d in await Document.all()}
    assert kept == {"甲": Validity.EXPIRED, "乙": Validity.REPEALED}
