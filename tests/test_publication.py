"""Writing, checking, publishing and withdrawing, through the services and a real index."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from models.database import close_database, open_database
from models.document import Document, Validity
from models.index_change import IndexChange, Subject
from models.publishable import Publication, VersionState
from models.question_entry import QuestionEntry
from models.staff import Role
from models.stored_file import StoredFile
from models.version import Version
from search.index import SearchIndex
from services import audit, documents, publication, question_entries
from services.answering import reply_to
from services.document_content import DocumentContent, ParagraphContent
from services.errors import (
    EditedMeanwhile,
    Invalid,
    NotAllowed,
    NotFound,
    SecondPersonNeeded,
    Withdrawn,
    WrongState,
)
from services.index_following import follow
from services.question_content import QuestionContent
from tests.command_line import MACHINE, SEAL, import_paths
from tests.databases import database_url
from tests.offices import NOW, Office, person, venue

NOTICE = DocumentContent(
    "高龄津贴发放办法",
    (ParagraphContent("八十周岁以上老年人每月领取高龄津贴一百元。"),),
    agency="示例区民政局",
    document_number="示民发〔2026〕8号",
)
ENTRY = QuestionContent(
    "高龄津贴每月多少钱？", "八十周岁以上老年人每月一百元。", library="民政问答"
)


@pytest.fixture(autouse=True)
async def database(tmp_path: Path) -> AsyncIterator[None]:
    await open_database(database_url(tmp_path))
    yield
    await close_database()


@pytest.fixture
async def office(database: None) -> Office:
    return await Office.opened()


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return SearchIndex(tmp_path / "index")


async def found(index: SearchIndex, text: str) -> set[int]:
    await follow(index)
    return {answer.id for answer in reply_to(text, index.within(None)).answers}


async def test_a_draft_is_seen_by_nobody_until_a_second_person_lets_it_out(
    office: Office, index: SearchIndex
) -> None:
    draft = await publication.create(office.clerk, NOTICE, venue_id=office.venue_id)
    assert draft.state is VersionState.DRAFT
    for _ in range(2):
        with pytest.raises(NotFound):
            await documents.show(str(draft.subject_id))
        with pytest.raises(NotFound):
            await documents.show("示民发〔2026〕8号")
        assert not await found(index, "示民发〔2026〕8号")
        if draft.state is VersionState.DRAFT:
            draft = await publication.submit(office.clerk, draft.id, edits=draft.edits)
    checked = await publication.approve(office.reviewer, draft.id, edits=draft.edits, now=NOW)
    assert checked.state is VersionState.PUBLISHED
    shown = await documents.show("示民发〔2026〕8号")
    assert [p.text for p in shown.outline] == [p.text for p in NOTICE.paragraphs]
    assert shown.published_on == date(2026, 3, 2)
    assert await found(index, "示民发〔2026〕8号") == {draft.subject_id}


async def test_whoever_wrote_or_submitted_does_not_check(office: Office) -> None:
    draft = await publication.create(office.clerk, NOTICE, venue_id=office.venue_id)
    other = await person("小王", Role.CLERK, office.venue_id)
    draft = await publication.save(
        other, draft.id, replace_title(NOTICE, "高龄津贴办法"), edits=draft.edits
    )
    draft = await publication.submit(other, draft.id, edits=draft.edits)
    for writer in (office.clerk, other):
        promoted = replace(writer, role=Role.REVIEWER)
        with pytest.raises(SecondPersonNeeded):
            await publication.approve(promoted, draft.id, edits=draft.edits, now=NOW)
    with pytest.raises(NotAllowed):
        await publication.approve(office.clerk, draft.id, edits=draft.edits, now=NOW)
    with pytest.raises(SecondPersonNeeded):
        await publication.approve(MACHINE, draft.id, edits=draft.edits, now=NOW)
    assert await Document.filter(publication=Publication.PUBLISHED).count() == 0
    done = await publication.approve(office.reviewer, draft.id, edits=draft.edits, now=NOW)
    assert done.state is VersionState.PUBLISHED


def replace_title(content: DocumentContent, title: str) -> DocumentContent:
    return DocumentContent(title, content.paragraphs, content.agency, content.document_number)


async def test_of_two_who_edit_the_second_is_told_and_nothing_is_overwritten(
    office: Office,
) -> None:
    draft = await publication.create(office.clerk, NOTICE, venue_id=office.venue_id)
    shown = draft.edits
    await publication.save(office.clerk, draft.id, replace_title(NOTICE, "第一人"), edits=shown)
    with pytest.raises(EditedMeanwhile):
        await publication.save(office.clerk, draft.id, replace_title(NOTICE, "第二人"), edits=shown)
    with pytest.raises(EditedMeanwhile):
        await publication.submit(office.clerk, draft.id, edits=shown)
    kept = await publication.version(office.clerk, draft.id)
    assert publication.content_of(kept) == replace_title(NOTICE, "第一人")
    assert (await Document.get(id=draft.subject_id)).title == "第一人"


async def test_a_new_version_replaces_and_the_old_one_is_kept(
    office: Office, index: SearchIndex
) -> None:
    first = await office.publishes(NOTICE)
    draft = await publication.begin_editing(office.clerk, Subject.DOCUMENT, first.subject_id)
    assert publication.content_of(draft) != NOTICE, "the day it was published is known now"
    again = await publication.begin_editing(office.clerk, Subject.DOCUMENT, first.subject_id)
    assert again.id == draft.id
    draft = await publication.save(
        office.clerk, draft.id, replace_title(NOTICE, "高龄津贴新办法"), edits=draft.edits
    )
    shown = await documents.show(str(first.subject_id))
    assert shown.title == NOTICE.title, "what is worked on changes nothing for the public"
    await office.lets_out(draft, NOW + timedelta(days=5))
    shown = await documents.show(str(first.subject_id))
    assert (shown.title, shown.published_on) == ("高龄津贴新办法", date(2026, 3, 2))
    versions = await publication.versions_of(office.clerk, Subject.DOCUMENT, first.subject_id)
    assert [(v.number, v.state) for v in versions] == [
        (2, VersionState.PUBLISHED),
        (1, VersionState.REPLACED),
    ]
    assert publication.content_of(versions[1]) == NOTICE
    row = await Document.get(id=first.subject_id)
    assert (row.published_version, row.open_state) == (2, None)


async def test_what_is_withdrawn_is_gone_and_says_what_replaced_it(
    office: Office, index: SearchIndex
) -> None:
    old, new = (
        await office.publishes(NOTICE),
        await office.publishes(
            DocumentContent("津贴新办法", NOTICE.paragraphs, document_number="示民发〔2026〕9号")
        ),
    )
    with pytest.raises(Invalid):
        await publication.withdraw(
            office.clerk, Subject.DOCUMENT, old.subject_id, reason=" ", now=NOW
        )
    await publication.withdraw(
        office.clerk,
        Subject.DOCUMENT,
        old.subject_id,
        reason="已有新办法",
        replaced_by=new.subject_id,
        now=NOW,
    )
    assert not await found(index, "示民发〔2026〕8号")
    for wanted in (str(old.subject_id), "示民发〔2026〕8号"):
        with pytest.raises(Withdrawn) as caught:
            await documents.show(wanted)
        assert caught.value.replaced_by == new.subject_id
        assert "《津贴新办法》（示民发〔2026〕9号）" in caught.value.sentence
    kept = await publication.version(office.clerk, old.id)
    assert (kept.state, kept.retire_reason) == (VersionState.WITHDRAWN, "已有新办法")
    with pytest.raises(WrongState):
        await publication.withdraw(
            office.clerk, Subject.DOCUMENT, old.subject_id, reason="再撤", now=NOW
        )
    draft = await publication.begin_editing(office.clerk, Subject.DOCUMENT, old.subject_id)
    await office.lets_out(draft)
    assert (await documents.show(str(old.subject_id))).title == NOTICE.title


async def test_what_is_scheduled_appears_at_its_time_and_once(
    office: Office, index: SearchIndex
) -> None:
    draft = await publication.create(office.clerk, ENTRY, venue_id=office.venue_id)
    later = NOW + timedelta(hours=3)
    waiting = await office.lets_out(draft, publish_at=later)
    assert waiting.state is VersionState.SCHEDULED
    assert await publication.publish_due(NOW, MACHINE) == 0
    assert not await found(index, ENTRY.question)
    assert await publication.publish_due(later, MACHINE) == 1
    assert await publication.publish_due(later, MACHINE) == 0
    assert await found(index, ENTRY.question) == {draft.subject_id}
    entry = await question_entries.find(draft.subject_id)
    assert entry.reviewer_id == office.reviewer.staff_id


async def test_a_scheduled_one_can_be_called_back(office: Office) -> None:
    draft = await publication.create(office.clerk, ENTRY, venue_id=office.venue_id)
    waiting = await office.lets_out(draft, publish_at=NOW + timedelta(hours=3))
    back = await publication.give_back(office.clerk, waiting.id, "还要改", edits=waiting.edits)
    assert back.state is VersionState.DRAFT
    assert await publication.publish_due(NOW + timedelta(days=1), MACHINE) == 0
    given_up = await publication.abandon(office.clerk, back.id, edits=back.edits)
    assert given_up.state is VersionState.ABANDONED
    with pytest.raises(NotFound):
        await question_entries.find(draft.subject_id)


async def test_another_zones_things_are_not_found(office: Office) -> None:
    elsewhere = await venue("elsewhere")
    stranger = await person("外人", Role.CLERK, elsewhere)
    checker = await person("外审", Role.REVIEWER, elsewhere)
    draft = await publication.create(office.clerk, NOTICE, venue_id=office.venue_id)
    subject = (Subject.DOCUMENT, draft.subject_id)
    with pytest.raises(NotFound):
        await publication.version(stranger, draft.id)
    with pytest.raises(NotFound):
        await publication.versions_of(stranger, *subject)
    with pytest.raises(NotFound):
        await publication.begin_editing(stranger, *subject)
    with pytest.raises(NotFound):
        await publication.save(stranger, draft.id, NOTICE, edits=draft.edits)
    with pytest.raises(NotFound):
        await publication.submit(stranger, draft.id, edits=draft.edits)
    with pytest.raises(NotFound):
        await publication.abandon(stranger, draft.id, edits=draft.edits)
    with pytest.raises(NotFound):
        await publication.give_back(checker, draft.id, "", edits=draft.edits)
    with pytest.raises(NotFound):
        await publication.approve(checker, draft.id, edits=draft.edits, now=NOW)
    with pytest.raises(NotFound):
        await publication.withdraw(stranger, *subject, reason="不要了", now=NOW)
    with pytest.raises(NotFound):
        await publication.create(stranger, NOTICE, venue_id=office.venue_id)


async def test_importing_again_makes_a_draft_only_of_what_is_new(office: Office) -> None:
    def again(content: DocumentContent) -> object:
        return publication.create(
            office.clerk, content, venue_id=office.venue_id, external_id="示民发〔2026〕8号"
        )

    first = await publication.create(
        office.clerk, NOTICE, venue_id=office.venue_id, external_id="示民发〔2026〕8号"
    )
    assert (await again(NOTICE)).id == first.id  # type: ignore[misc]
    with pytest.raises(WrongState):
        await again(replace_title(NOTICE, "改过的"))  # type: ignore[misc]
    await office.lets_out(first)
    assert (await again(NOTICE)).id == first.id  # type: ignore[misc]
    second = await again(replace_title(NOTICE, "改过的"))  # type: ignore[misc]
    assert (second.number, second.state) == (2, VersionState.DRAFT)
    assert second.subject_id == first.subject_id


async def test_a_scan_is_found_by_title_and_number_alone(
    office: Office, index: SearchIndex
) -> None:
    scan = DocumentContent("旧城改造公告", document_number="示府〔2026〕3号")
    with pytest.raises(Invalid):
        await publication.create(office.clerk, scan, venue_id=office.venue_id)
    file = await StoredFile.create(sha256="0" * 64, size_bytes=9, media_type="application/pdf")
    draft = await publication.create(
        office.clerk, scan, venue_id=office.venue_id, file=file, file_name="公告.pdf"
    )
    assert not draft.is_searchable
    await office.lets_out(draft)
    row = await Document.get(id=draft.subject_id)
    assert (row.file_id, row.file_name, row.is_searchable) == (file.id, "公告.pdf", False)
    assert await found(index, "示府〔2026〕3号") == {draft.subject_id}
    assert len(index) == 1


async def test_what_a_database_cannot_keep_is_refused_in_chinese(office: Office) -> None:
    for bad in (
        DocumentContent("", NOTICE.paragraphs),
        DocumentContent("长" * 501, NOTICE.paragraphs),
        DocumentContent("题", (ParagraphContent("坏\0字"),)),
        DocumentContent("题", (ParagraphContent("坏\ud800字"),)),
        QuestionContent("问", "答", short_answer="说" * 61),
        QuestionContent("问", "答", valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1)),
    ):
        with pytest.raises(Invalid) as caught:
            await publication.create(office.clerk, bad, venue_id=office.venue_id)
        assert caught.value.sentence.endswith("。")
    assert await Version.all().count() == 0


async def test_a_draft_says_no_more_of_an_unpublished_entry_than_its_question(
    office: Office,
) -> None:
    draft = await publication.create(office.clerk, ENTRY, venue_id=office.venue_id)
    row = await QuestionEntry.get(id=draft.subject_id)
    assert (row.question, row.answer) == (ENTRY.question, "")
    assert row.open_state is VersionState.DRAFT
    assert await IndexChange.all().count() == 0


async def test_every_deed_is_recorded_by_name(office: Office) -> None:
    version = await office.publishes(NOTICE)
    await publication.withdraw(
        office.clerk, Subject.DOCUMENT, version.subject_id, reason="错了", now=NOW
    )
    rows = await audit.AuditRecord.all().order_by("number")
    assert [(row.staff_name, row.action) for row in rows] == [
        ("小陈", "draft_saved"),
        ("小陈", "submitted"),
        ("老李", "review_passed"),
        ("老李", "published"),
        ("小陈", "withdrawn"),
    ]
    assert (await audit.verify(SEAL)).broken_at is None


async def test_a_document_past_its_last_day_is_published_as_expired(office: Office) -> None:
    over = DocumentContent(
        "临时办法", NOTICE.paragraphs, validity=Validity.IN_FORCE, expires_on=date(2026, 3, 1)
    )
    version = await office.publishes(over)
    assert (await documents.show(str(version.subject_id))).validity is Validity.EXPIRED


async def test_publishing_directly_leaves_a_draft_alone(office: Office) -> None:
    direct = await publication.publish_directly(MACHINE, NOTICE, external_id="八号", now=NOW)
    draft = await publication.begin_editing(office.clerk, Subject.DOCUMENT, direct.subject_id)
    await publication.publish_directly(
        MACHINE, replace_title(NOTICE, "新题"), external_id="八号", now=NOW
    )
    assert (await documents.show("八号")).title == "新题"
    row = await Document.get(external_id="八号")
    assert (row.open_state, row.published_version) == (VersionState.DRAFT, 3)
    assert (await publication.version(office.clerk, draft.id)).state is VersionState.DRAFT


async def test_what_is_imported_by_command_is_a_version_and_recorded(tmp_path: Path) -> None:
    table, notice = tmp_path / "库.csv", tmp_path / "通知.md"
    table.write_text("id,question,answer\nq1,怎么办证？,带身份证。\n", "utf-8")
    notice.write_text("# 关于供暖的通知\n\n每年十一月开始供暖。\n", "utf-8")
    assert (await import_paths([table, notice])).imported == 2
    table.write_text("id,question,answer\nq1,怎么办证？,带身份证和照片。\n", "utf-8")
    report = await import_paths([table, notice])
    assert (report.imported, report.unchanged) == (1, 1)
    kept = await Version.filter(subject=Subject.QUESTION).order_by("number")
    assert [(v.number, v.state) for v in kept] == [
        (1, VersionState.REPLACED),
        (2, VersionState.PUBLISHED),
    ]
    entry = await QuestionEntry.get(external_id="q1")
    assert publication.content_of(kept[1]) == QuestionContent.of_row(entry)
    deeds = await audit.AuditRecord.all().order_by("number")
    assert [(row.staff_name, row.action) for row in deeds] == [
        ("命令行", "imported"),
        ("命令行", "published"),
        ("命令行", "imported"),
    ]


async def test_importing_the_same_file_undoes_nothing_that_staff_have_done(
    office: Office, tmp_path: Path
) -> None:
    table, notice = tmp_path / "库.csv", tmp_path / "通知.md"
    table.write_text("id,question,answer\nq1,怎么办证？,带身份证。\n", "utf-8")
    notice.write_text("# 关于供暖的通知\n\n每年十一月开始供暖。\n", "utf-8")
    await import_paths([table, notice])
    entry, document = await QuestionEntry.get(external_id="q1"), await Document.all().first()
    assert document is not None
    draft = await publication.begin_editing(office.clerk, Subject.QUESTION, entry.id)
    written = QuestionContent("怎么办证？", "带身份证，上午办。", library="库")
    draft = await publication.save(office.clerk, draft.id, written, edits=draft.edits)
    await office.lets_out(draft)
    await publication.withdraw(
        office.clerk, Subject.DOCUMENT, document.id, reason="要重新核对", now=NOW
    )
    assert (await import_paths([table, notice])).unchanged == 2
    assert (await question_entries.find(entry.id)).answer == "带身份证，上午办。"
    with pytest.raises(Withdrawn):
        await documents.show(str(document.id))
