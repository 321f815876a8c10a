"""What a question gets back: an answer with its source, a choice, or a person; never a near miss."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from models.database import close_database, open_database
from models.document import Document, Paragraph, Validity
from models.index_change import Subject
from models.question_entry import QuestionEntry
from services.errors import Invalid, QuestionTooLong
from services.index_changes import record
from services.index_following import follow
from services.library import Library
from services.replies import Decision
from services.spoken_answers import LONGEST_PIECE
from tests.databases import database_url

PARKING = "停车场对外开放应当公示收费标准。车主提取车辆时凭票缴费，停放不足半小时的免费。"


async def add_question(external_id: str, question: str, answer: str, **more: object) -> None:
    row = await QuestionEntry.create(
        external_id=external_id,
        library="示例问答",
        question=question,
        answer=answer,
        content_hash=external_id,
        **more,
    )
    await record(Subject.QUESTION, [row.id])


async def add_document(external_id: str, title: str, paragraphs: list[str], **more: object) -> None:
    row = await Document.create(external_id=external_id, title=title, content_hash="x", **more)
    await Paragraph.bulk_create(
        [
            Paragraph(document=row, position=n, text=text, article=f"第{'一二三四五'[n]}条")
            for n, text in enumerate(paragraphs)
        ]
    )
    await record(Subject.DOCUMENT, [row.id])


@pytest_asyncio.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    await open_database(database_url(tmp_path))
    await add_question(
        "allowance",
        "高龄津贴每个月发多少钱？",
        "八十周岁以上老人每月发给高龄津贴，标准由区民政局公布。",
        variants=["八十岁以上老人每月能领好多津贴"],
        source_title="示例区高龄津贴办法",
        article="第三条",
        validity=Validity.IN_FORCE,
        dated_on=date(2026, 1, 5),
    )
    await add_question("permit", "居住证在哪里办理？", "请到居住地派出所办理居住证。")
    await add_question("beijing", "北京市小微企业房租减免政策是什么？", "减免三个月房租。")
    await add_document(
        "parking",
        "示例区停车场管理办法",
        [PARKING, "停车场经营者应当保持出入口畅通，不得占用消防通道。"],
        document_number="示例区府发〔2025〕7号",
        validity=Validity.REPEALED,
        agency="示例区人民政府",
        published_on=date(2025, 3, 1),
    )
    yield await Library.open(tmp_path / "index")
    await close_database()


async def test_an_answer_names_its_source_and_whether_it_still_holds(library: Library) -> None:
    reply = await library.ask("高龄津贴每个月发多少钱")
    assert reply.decision is Decision.ANSWER
    source = reply.answers[0].source
    assert (source.title, source.article) == ("示例区高龄津贴办法", "第三条")
    assert (source.date, source.validity) == ("2026-01-05", "现行有效")
    assert reply.spoken.startswith("根据《示例区高龄津贴办法》第三条，")


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        pytest.param("请问一下，高龄津贴每个月发多少钱啊", "allowance", id="with talk around it"),
        pytest.param("八十岁以上老人每月能领好多津贴", "allowance", id="another way of asking"),
        pytest.param("高龄金贴每个月发多少钱", "allowance", id="one character misheard"),
        pytest.param("居驻证在哪里办理", "permit", id="misheard, same sound"),
        pytest.param("居住證在哪裏辦理", "permit", id="traditional characters"),
        pytest.param("居住证在哪里办理？😀 <b>", "permit", id="emoji and markup"),
    ],
)
async def test_the_right_entry_answers(library: Library, asked: str, entry: str) -> None:
    reply = await library.ask(asked)
    assert reply.decision is Decision.ANSWER
    assert reply.answers[0].external_id == entry


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("公积金怎么提取", id="the parking rules only share a verb"),
        pytest.param("今天天气怎么样", id="nothing to do with the zone"),
        pytest.param("房产税怎么交", id="another tax"),
        pytest.param("高龄老人怎么打疫苗", id="half of the words"),
        pytest.param("上海市小微企业房租减免政策是什么", id="another city"),
        pytest.param("你好", id="a greeting"),
        pytest.param("怎么办", id="no content"),
    ],
)
async def test_a_near_miss_is_not_answered(library: Library, asked: str) -> None:
    assert (await library.ask(asked)).decision is not Decision.ANSWER


async def test_near_misses_with_nothing_behind_them_offer_a_person(library: Library) -> None:
    reply = await library.ask("公积金怎么提取")
    assert (reply.decision, reply.answers) == (Decision.HANDOFF, ())
    assert "工作人员" in reply.spoken


async def test_a_passage_is_quoted_word_for_word(library: Library) -> None:
    reply = await library.ask("停车场停放多长时间免费")
    assert reply.decision is Decision.ANSWER
    answer = reply.answers[0]
    assert (answer.kind, answer.text) == ("document", PARKING)
    assert answer.source.validity == "已废止"
    assert answer.source.document_number == "示例区府发〔2025〕7号"


@pytest.mark.parametrize(
    ("heard", "decision"),
    [
        pytest.param("停车场停放多长时间免费", Decision.ANSWER, id="all of it is about parking"),
        pytest.param("我在停车场停放多长时间免费呢", Decision.ANSWER, id="with talk around it"),
        pytest.param("就将是停车场停放多长时间免费", Decision.CLARIFY, id="九江市, misheard"),
        pytest.param("涪陵区停车场停放多长时间免费", Decision.HANDOFF, id="a town, heard"),
    ],
)
async def test_a_passage_does_not_answer_what_was_heard_and_is_not_in_it(
    library: Library, heard: str, decision: Decision
) -> None:
    assert (await library.ask(heard, spoken=True)).decision is decision


async def test_what_was_typed_was_meant(library: Library) -> None:
    reply = await library.ask("就将是停车场停放多长时间免费")
    assert reply.decision is Decision.ANSWER


@pytest.mark.parametrize(
    "number", ["示例区府发2025 7号", "示例区府发二零二五年七号讲什么", "[2025]7", "二零二五年七号"]
)
async def test_a_document_is_found_by_its_number(library: Library, number: str) -> None:
    reply = await library.ask(number)
    assert reply.decision is Decision.ANSWER
    assert reply.answers[0].title == "示例区停车场管理办法"
    assert (await library.search(number))[0].external_id == "parking"


async def test_two_that_fit_alike_are_a_choice(library: Library) -> None:
    await add_question("north", "养老服务中心北区怎么走？", "往北。")
    await add_question("south", "养老服务中心南区怎么走？", "往南。")
    await follow(library._index)
    reply = await library.ask("养老服务中心怎么走")
    assert reply.decision is Decision.CLARIFY
    assert {answer.external_id for answer in reply.answers[:2]} == {"north", "south"}
    assert 2 <= len(reply.answers) <= 3


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        pytest.param(
            "中风险地区要落实什么策略？", "高风险地区要落实什么策略？", id="the other level"
        ),
        pytest.param("2020年养老金涨多少？", "2024年养老金涨多少？", id="another year"),
        pytest.param(
            "养老金每个月发多少钱？", "养老金每个月什么时候发？", id="when is not how much"
        ),
    ],
)
async def test_the_other_side_of_a_contrast_is_not_answered(
    library: Library, kept: str, asked: str
) -> None:
    await add_question("contrast", kept, "这是另一边的答案。")
    await follow(library._index)
    assert (await library.ask(kept)).decision is Decision.ANSWER
    assert (await library.ask(asked)).decision is not Decision.ANSWER


async def test_speech_is_short_first_and_loses_nothing(library: Library) -> None:
    reply = await library.ask("停车场停放多长时间免费")
    pieces = [reply.spoken, *reply.spoken_more]
    assert all(0 < len(piece) <= LONGEST_PIECE for piece in pieces)
    assert PARKING in "".join(pieces)


async def test_a_question_is_only_ever_text(library: Library) -> None:
    reply = await library.ask("居住证'; DROP TABLE document;-- <script>alert(1)</script>")
    assert reply.decision in Decision
    assert await Document.all().count() == 1


async def test_a_question_that_is_too_long_or_empty_is_refused(library: Library) -> None:
    with pytest.raises(QuestionTooLong):
        await library.ask("长" * 100_000)
    for empty in ("", "   ", "？！。", "\x00\x07"):
        with pytest.raises(Invalid):
            await library.ask(empty)


async def test_what_is_removed_is_found_no_more(library: Library) -> None:
    row = await QuestionEntry.get(external_id="permit")
    await row.delete()
    await record(Subject.QUESTION, [row.id])
    assert await follow(library._index)
    assert (await library.ask("居住证在哪里办理")).decision is not Decision.ANSWER
    assert await library.search("居住证") == [] or all(
        hit.external_id != "permit" for hit in await library.search("居住证")
    )
