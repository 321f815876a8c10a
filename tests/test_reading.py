"""A document laid out for reading: sentences, contents list, what is found in it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.document import Paragraph, Validity
from services.documents import ShownDocument
from services.reading import Layout, lay_out, position_of


def document(*paragraphs: Paragraph, title: str = "示例区养老服务办法") -> ShownDocument:
    for position, paragraph in enumerate(paragraphs):
        paragraph.position = position
    return ShownDocument(
        id=1, external_id="x", title=title, agency="", document_number="", signed_on=None,
        published_on=None, effective_on=None, validity=Validity.IN_FORCE, expires_on=None,
        addressees="", attachments=(), file_id=None, file_name="", is_searchable=True,
        version="1-", outline=paragraphs,
    )  # fmt: skip


def heading(text: str, level: int) -> Paragraph:
    return Paragraph(text=text, level=level)


def article(number: str, text: str) -> Paragraph:
    return Paragraph(text=text, article=number)


LAW = (
    heading("第一章 总则", 2),
    article("第一条", "第一条 为了方便老年人，制定本办法。老年人是指六十周岁以上的公民。"),
    article("第一条", "前款规定的年龄，以身份证件为准。"),
    article("第二条", "第二条 本办法自２０２６年１月１日起施行。"),
    heading("附则", 4),
)


def written(layout: Layout, position: int) -> str:
    return "".join(run.text for p in layout.blocks[position].pieces for run in p.runs)


def marked(layout: Layout) -> list[str]:
    hits = [""] * layout.hits
    for block in (layout.title, *layout.blocks):
        for piece in block.pieces:
            for run in piece.runs:
                if run.hit:
                    hits[run.hit - 1] += run.text
    return hits


def test_every_sentence_has_a_name_and_nothing_is_lost() -> None:
    layout = lay_out(document(*LAW))
    assert [written(layout, n) for n in range(len(LAW))] == [p.text for p in LAW]
    names = [piece.name for piece in layout.blocks[1].pieces]
    assert names == ["1-0", "1-1"]
    assert layout.title.pieces[0].name == "title-0"


def test_the_contents_list_has_headings_and_each_article_once() -> None:
    lines = lay_out(document(*LAW)).contents
    assert [(line.text, line.anchor) for line in lines] == [
        ("第一章 总则", "p0"), ("第一条", "p1"), ("第二条", "p3"), ("附则", "p4"),
    ]  # fmt: skip


def test_headings_step_down_one_at_a_time_whatever_the_file_had() -> None:
    levels = [2, 4, 6, 4, 2, 1, 3]
    layout = lay_out(document(*(heading(f"标题{n}", level) for n, level in enumerate(levels))))
    assert [block.level for block in layout.blocks] == [1, 2, 3, 2, 1, 1, 2]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        pytest.param("老年人", ["老年人", "老年人"], id="each place"),
        pytest.param("老年人，制定本办法。老年人", ["老年人，制定本办法。老年人"], id="over two sentences"),
        pytest.param("2026年1月", ["２０２６年１月"], id="full width in the text"),
        pytest.param("老 年人", ["老年人", "老年人"], id="with a blank"),
        pytest.param("養老服務", ["养老服务"], id="traditional characters, in the title"),
        pytest.param("第二条 本", ["第二条 本"], id="the text has the blank"),
        pytest.param("公积金", [], id="not there"),
        pytest.param("", [], id="nothing sought"),
        pytest.param("<b>", [], id="markup"),
    ],
)  # fmt: skip
def test_what_is_sought_is_marked(sought: str, found: Sequence[str]) -> None:
    layout = lay_out(document(*LAW), sought)
    assert marked(layout) == list(found)
    assert [written(layout, n) for n in range(len(LAW))] == [p.text for p in LAW]


@pytest.mark.parametrize(
    ("place", "position"),
    [("第二条", 3), ("附则", 4), ("p2", 2), ("p99", None), ("第九条", None), ("", None)],
)
def test_a_place_is_an_article_a_heading_or_a_paragraph(place: str, position: int | None) -> None:
    assert position_of(document(*LAW), place) == position
