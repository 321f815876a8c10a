"""The scraped Chongqing notice: repeated and interleaved, and put in order again."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from services.documents import ShownDocument, show
from tests.command_line import import_paths

# Each paragraph of the notice by its first characters, in the order of the notice. The scraped
# copies lost the headings of the third requirement and of two measures, so that their texts follow
# the paragraph before them.
PARAGRAPHS = [
    "为深入贯彻落实《中华人民共和国政府信息公开条例》",
    "一、提高政治站位，充分认识建设政务公开专区的重要意义",
    "政务公开专区是集政府信息查询、政府信息公开申请",
    "建设政务公开专区是全面贯彻党的十九大",
    "二、科学合理规划，积极有序推进政务公开专区建设",
    "（一）建设范围。",
    "全市各级政务服务场所〔包含",
    "（二）建设内容。",
    "政务服务场所政务公开专区分为自助查询区",
    "1．自助查询区。",
    "提供自助查询设备",
    "2．资料阅览区。",
    "摆放政府信息公开指南",
    "3．申请接收区。",
    "提供《政府信息公开申请表》及样表",
    "4．政策咨询区。",
    "依托政策咨询问答库",
    "（三）建设要求。",
    "1．资源集约，避免浪费。",
    "按照“分区合理、风格统一、便民实用”的原则",
    "2．标准统一，规范管理。",
    "政务公开专区统一命名为“政务公开专区”",
    "紧紧围绕群众需求",
    "（四）完成时限。",
    "2021年年底前",
    "三、加强组织保障，确保政务公开专区建设取得实效",
    "（一）强化组织领导。",
    "各区县政府、市政府有关部门要按照",
    "严格执行《重庆市人民政府办公厅关于加强已公开现行文件移交工作的通知》（渝办〔2010〕85号）",
    "（三）强化工作保障。",
    "根据工作需要安排1名专职或兼职工作人员",
    "政务服务场所政务公开专区工作人员应熟悉",
    "各区县政府、市政府有关部门要加强监督检查",
]


@pytest.fixture
def scraped(shared: Path) -> Path:
    return next((shared / "corpus" / "notice").glob("*.txt"))


@pytest.fixture
async def notice(database: None, scraped: Path) -> ShownDocument:
    report = await import_paths([scraped.parent])
    assert (report.imported, report.failed) == (1, [])
    return await show("渝府办发〔2021〕100号")


async def test_its_head_and_its_signature_are_read(notice: ShownDocument) -> None:
    assert notice.title == "重庆市人民政府办公厅关于建设政务公开专区的通知"
    assert notice.agency == "重庆市人民政府办公厅"
    assert notice.document_number == notice.external_id == "渝府办发〔2021〕100号"
    assert notice.signed_on == date(2021, 9, 23)
    assert notice.published_on == date(2021, 9, 28)
    assert notice.addressees == "各区县（自治县）人民政府，市政府有关部门，有关单位"
    assert notice.attachments == (
        "政务服务场所政务公开专区建设规范",
        "国家档案馆、公共图书馆政务公开专区建设规范",
    )


async def test_every_paragraph_stands_once_and_in_its_place(notice: ShownDocument) -> None:
    texts = [paragraph.text for paragraph in notice.outline]
    assert [text[: len(head)] for text, head in zip(texts, PARAGRAPHS, strict=True)] == PARAGRAPHS


async def test_no_sentence_is_lost_or_repeated(notice: ShownDocument, scraped: Path) -> None:
    raw = scraped.read_text("utf-8")
    body = raw[raw.index("为深入贯彻落实") : raw.index("附件：")]
    head = r"重庆市人民政府办公厅关于建设政务公开专区的通知发布日期.*?有关单位："
    sentences = set(re.split(r"(?<=。)|\n", re.sub(head, "", body)))
    stored = "".join(paragraph.text for paragraph in notice.outline)
    assert len(sentences) > 30
    for sentence in sentences - {""}:
        assert stored.count(sentence) == 1, sentence


async def test_what_is_no_part_of_the_text_is_left_out(notice: ShownDocument) -> None:
    stored = "".join(paragraph.text for paragraph in notice.outline)
    for furniture in ("文件下载", ".doc", "<BR>", "发布日期", "此件公开发布"):
        assert furniture not in stored


async def test_headings_have_levels_and_paragraphs_know_what_is_above_them(
    notice: ShownDocument,
) -> None:
    by_head = {paragraph.text[:8]: paragraph for paragraph in notice.outline}
    assert by_head["二、科学合理规划"].level == 1
    assert by_head["（二）建设内容。"].level == 2
    assert by_head["2．资料阅览区。"].level == by_head["2．标准统一，规"].level == 3
    reading = by_head["摆放政府信息公开"]
    assert reading.level == 0
    assert reading.heading_path == (
        "二、科学合理规划，积极有序推进政务公开专区建设 / （二）建设内容 / 2．资料阅览区"
    )
    # The trap: one of the copies puts the purpose under the reading area.
    assert by_head["建设政务公开专区"].heading_path == (
        "一、提高政治站位，充分认识建设政务公开专区的重要意义"
    )


async def test_importing_it_from_another_place_changes_nothing(
    notice: ShownDocument, scraped: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "别处" / "下载.txt"
    copy.parent.mkdir()
    copy.write_bytes(scraped.read_bytes())
    report = await import_paths([copy])
    assert (report.imported, report.unchanged, report.failed) == (0, 1, [])
