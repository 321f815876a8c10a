"""An installation from before there were versions goes on as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from tortoise import Tortoise, connections
from tortoise.migrations.api import migrate

from models.database import close_database, open_database, tortoise_config
from models.help_call import HelpCall
from models.index_change import Subject
from models.version import Version
from search.index import SearchIndex
from services import documents, question_entries
from services.answering import reply_to
from services.document_content import DocumentContent, ParagraphContent
from services.index_following import follow
from services.question_content import QuestionContent
from services.version_contents import content_of
from tests.databases import empty_database_url

WRITTEN = "2026-01-05 09:00:00+08:00"


BEFORE = (
    "INSERT INTO index_head (id, revision, lineage) VALUES (1, 2, 'before')",
    "INSERT INTO index_change (revision, subject, subject_id) VALUES (1, 'document', 1)",
    "INSERT INTO index_change (revision, subject, subject_id) VALUES (2, 'question', 1)",
    f"""INSERT INTO document (
        id, external_id, title, agency, document_number, number_key, signed_on, validity,
        addressees, attachments, content_hash, imported_at, changed_at
    ) VALUES (
        1, '示府发〔2025〕7号', '供暖办法', '示例区政府', '示府发〔2025〕7号', '示府发2025-7',
        '2025-03-04', 'in_force', '', '["附表"]', 'hash of the file', '{WRITTEN}', '{WRITTEN}'
    )""",
    """INSERT INTO paragraph (id, document_id, position, level, article, heading_path, text)
    VALUES
        (1, 1, 0, 1, '', '', '第一章 总则'),
        (2, 1, 1, 0, '第一条', '第一章 总则', '每年十一月开始供暖。')""",
    f"""INSERT INTO question_entry (
        id, external_id, library, question, variants, short_answer, answer, source_title,
        document_number, article, agency, validity, content_hash, imported_at, changed_at
    ) VALUES (
        1, 'q1', '供暖问答', '几月开始供暖？', '["供暖几月份开始"]', '', '每年十一月开始供暖。',
        '供暖办法', '', '第一条', '', 'in_force', 'hash of the row', '{WRITTEN}', '{WRITTEN}'
    )""",
    f"""INSERT INTO help_call (id, kiosk_name, called_at, taken_at)
    VALUES (1, '一号', '{WRITTEN}', '{WRITTEN}'), (2, '二号', '{WRITTEN}', NULL)""",
)


async def fill_as_before(url: str) -> None:
    """Build the tables of the first release and put in a document, an entry and two calls."""
    await migrate(config=tortoise_config(url), target="models.0001_initial")
    await Tortoise.close_connections()
    await Tortoise.init(config=tortoise_config(url))
    database = connections.get("default")
    for statement in BEFORE:
        await database.execute_query(statement)
    await Tortoise.close_connections()


async def test_what_was_published_before_stays_found_and_has_its_first_version(
    tmp_path: Path,
) -> None:
    url = empty_database_url(tmp_path)
    await fill_as_before(url)
    await open_database(url)
    try:
        index = SearchIndex(tmp_path / "index")
        await follow(index)
        assert reply_to("几月开始供暖？", index.within(None)).answers[0].external_id == "q1"
        assert [p.text for p in (await documents.show("示府发〔2025〕7号")).outline] == [
            "第一章 总则",
            "每年十一月开始供暖。",
        ]
        assert (await question_entries.find(1)).variants == ["供暖几月份开始"]
        versions = {v.subject: v for v in await Version.all()}
        document = content_of(versions[Subject.DOCUMENT])
        assert isinstance(document, DocumentContent)
        assert document.paragraphs == (
            ParagraphContent("第一章 总则", 1),
            ParagraphContent("每年十一月开始供暖。", 0, "第一条", "第一章 总则"),
        )
        assert (document.signed_on, document.attachments) == (date(2025, 3, 4), ("附表",))
        assert document.imported_hash == "hash of the file"
        question = content_of(versions[Subject.QUESTION])
        assert isinstance(question, QuestionContent)
        assert (question.question, question.imported_hash) == ("几月开始供暖？", "hash of the row")
        assert {v.number for v in versions.values()} == {1}
        taken, waiting = await HelpCall.all().order_by("id")
        assert (taken.closed_at, waiting.closed_at) == (taken.taken_at, None)
        assert taken.taken_at == datetime(2026, 1, 5, 1, tzinfo=UTC)
    finally:
        await close_database()
