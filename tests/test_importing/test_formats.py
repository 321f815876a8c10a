"""One made-up notice in every format a document comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from models.category import Category
from models.document import Document, Validity
from services.documents import ShownDocument, show
from tests.command_line import import_paths

TITLE = "某区人民政府关于做好社区助餐服务工作的通知"
NUMBER = "某府发〔2024〕12号"
ADDRESSEES = "各镇人民政府、街道办事处，区政府有关部门："
BODY = [
    "为让老年人就近吃上热饭，现就做好社区助餐服务工作通知如下：",
    "一、总体要求",
    (
        "（一）工作目标。到年底前，每个社区都有一处助餐点，每个助餐点每天至少供应午餐和晚餐，"
        "并为行动不便的老年人送餐上门。"
    ),
    "（二）基本原则。政府引导，市场运作，自愿选择。",
    "二、服务内容",
    "1．堂食。助餐点应当设置无障碍通道。",
    "2．送餐。送餐时间不超过三十分钟。",
    "本通知自2024年6月1日起施行。",
]
ATTACHMENTS = ["附件：1．助餐点建设标准", "2．助餐服务协议（样本）"]
SIGNATURE = ["某区人民政府", "2024年5月20日"]
LINES = [TITLE, NUMBER, ADDRESSEES, *BODY, *ATTACHMENTS, *SIGNATURE, "（此件公开发布）"]

PARAGRAPHS = [
    (0, "为让老年人就近吃上热饭，现就做好社区助餐服务工作通知如下："),
    (1, "一、总体要求"),
    (2, "（一）工作目标。"),
    (0, BODY[2].partition("。")[2]),
    (2, "（二）基本原则。"),
    (0, "政府引导，市场运作，自愿选择。"),
    (1, "二、服务内容"),
    (3, "1．堂食。"),
    (0, "助餐点应当设置无障碍通道。"),
    (3, "2．送餐。"),
    (0, "送餐时间不超过三十分钟。"),
    (0, "本通知自2024年6月1日起施行。"),
]


def as_text(path: Path) -> None:
    path.write_text("\n".join(LINES), "utf-8")


def as_gbk_text(path: Path) -> None:
    path.write_bytes("\r\n".join(f"　　{line}" for line in LINES).encode("gb18030"))


def as_one_line(path: Path) -> None:
    path.write_text("".join(LINES), "utf-8")


def as_markdown(path: Path) -> None:
    path.write_text(f"# {TITLE}\n\n" + "\n\n".join(LINES[1:]), "utf-8")


def as_html(path: Path) -> None:
    paragraphs = "".join(f"<p>　　{line}</p>" for line in LINES[2:])
    path.write_bytes(
        f"""<!DOCTYPE html><html><head><meta charset="gb2312"><title>某区人民政府网</title>
        <meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2024-05-22 10:00">
        <script>var x = "不是正文";</script></head><body>
        <nav><ul><li>首页</li><li>政务公开</li></ul></nav>
        <div class="info"><p>发文字号：{NUMBER}</p><p>字体：大 中 小</p></div>
        <div id="zoom">{paragraphs}</div><footer>版权所有 某区人民政府办公室</footer>
        </body></html>""".encode("gb18030")
    )


def as_word(path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TITLE, style="Title")
    for line in LINES[1:]:
        style = "Heading 1" if line in {"一、总体要求", "二、服务内容"} else None
        document.add_paragraph(line, style=style)
    document.save(str(path))


def as_pdf(path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=A4)
    for page, rows in enumerate((LINES[:6], LINES[6:]), 1):
        canvas.setFont("STSong-Light", 16)
        height = 780
        for line in rows:
            for start in range(0, len(line), 28):
                canvas.drawString(70, height, line[start : start + 28])
                height -= 28
        canvas.drawString(280, 40, f"— {page} —")
        canvas.showPage()
    canvas.save()


async def imported(path: Path) -> ShownDocument:
    report = await import_paths([path])
    assert (report.imported, report.failed) == (1, [])
    return await show(NUMBER)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("通知.txt", as_text),
        ("国标码.txt", as_gbk_text),
        ("一行.txt", as_one_line),
        ("通知.md", as_markdown),
        ("通知.html", as_html),
        ("通知.docx", as_word),
        ("通知.pdf", as_pdf),
        ("其实是网页.txt", as_html),
        ("其实是PDF.txt", as_pdf),
        ("其实是Word.pdf", as_word),
    ],
)
async def test_a_notice_is_the_same_whatever_its_format(
    name: str, make: Callable[[Path], None], database: None, tmp_path: Path
) -> None:
    make(tmp_path / name)
    notice = await imported(tmp_path / name)
    assert (notice.title, notice.document_number) == (TITLE, NUMBER)
    assert notice.agency == "某区人民政府"
    assert notice.addressees == ADDRESSEES.rstrip("：")
    assert notice.signed_on == date(2024, 5, 20)
    assert notice.published_on == (date(2024, 5, 22) if make is as_html else None)
    assert notice.effective_on == date(2024, 6, 1)
    assert notice.attachments == ("助餐点建设标准", "助餐服务协议（样本）")
    if make is as_one_line:
        # Nothing says where the last item of the list ends.
        expected = [*PARAGRAPHS[:10], (0, PARAGRAPHS[10][1] + PARAGRAPHS[11][1])]
    else:
        expected = PARAGRAPHS
    assert [(p.level, p.text) for p in notice.outline] == expected
    assert notice.outline[8].heading_path == "二、服务内容 / 1．堂食"


async def test_a_date_in_chinese_numerals_is_a_date(database: None, tmp_path: Path) -> None:
    text = "\n".join(LINES).replace("2024年5月20日", "二〇二四年五月二十日")
    (tmp_path / "通知.txt").write_text(text, "utf-8")
    assert (await imported(tmp_path / "通知.txt")).signed_on == date(2024, 5, 20)


async def test_an_annex_in_the_file_is_kept_under_its_heading(
    database: None, tmp_path: Path
) -> None:
    annex = ["附件1", "助餐点建设标准", "每处助餐点面积不少于五十平方米。"]
    (tmp_path / "通知.txt").write_text("\n".join([*LINES, *annex]), "utf-8")
    notice = await imported(tmp_path / "通知.txt")
    assert [p.text for p in notice.outline][-3:] == annex
    assert notice.outline[-1].heading_path == "附件1"
    assert notice.signed_on == date(2024, 5, 20)


async def test_numbers_that_word_draws_are_read(database: None, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("办事指南", style="Title")
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:lvl w:ilvl="0">'
            '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/>'
            "</w:lvl></w:abstractNum>"
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )
    for text in ("办理条件", "年满六十周岁的本区居民可以申请。", "办理材料"):
        paragraph = document.add_paragraph(text)
        if not text.endswith("。"):
            paragraph._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>'
                )
            )
    document.add_paragraph("身份证原件。")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "窗口", "三号"
    document.save(str(tmp_path / "指南.docx"))
    assert (await import_paths([tmp_path / "指南.docx"])).imported == 1
    guide = await show("办事指南")
    assert [(p.level, p.text) for p in guide.outline] == [
        (1, "一、办理条件"),
        (0, "年满六十周岁的本区居民可以申请。"),
        (1, "二、办理材料"),
        (0, "身份证原件。"),
        (0, "窗口 | 三号"),
    ]


async def test_a_page_s_tables_and_lists_become_lines(database: None, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "<h1>办事指南</h1><h2>材料</h2><ol><li>身份证</li><li>户口<b>簿</b></li></ol>"
        "<h2>时间</h2><table><tr><th>窗口</th><th>时间</th></tr><tr><td>一号</td><td>上午</td></tr>"
        "</table><p>请按时<br>前来</p>",
        "utf-8",
    )
    assert (await import_paths([tmp_path / "page.html"])).imported == 1
    guide = await show("办事指南")
    assert [(p.level, p.text) for p in guide.outline] == [
        (1, "材料"), (0, "1. 身份证"), (0, "2. 户口簿"),
        (1, "时间"), (0, "窗口 | 时间"), (0, "一号 | 上午"), (0, "请按时"), (0, "前来"),
    ]  # fmt: skip


async def test_front_matter_states_what_the_text_does_not(database: None, tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(
        "---\ntitle: 办事指南\nagency: 某区政务服务局\nsigned_on: 2024-03-01\nvalidity: 已废止\n---\n"
        "\n## 材料\n\n- 身份证\n- 户口簿\n\n一段文字在\n下一行继续，\n仍是一段。\n",
        "utf-8",
    )
    assert (await import_paths([tmp_path / "guide.md"])).imported == 1
    guide = await Document.get()
    assert (guide.title, guide.agency) == ("办事指南", "某区政务服务局")
    assert guide.external_id == "办事指南(2024-03-01)"
    assert guide.validity is Validity.REPEALED
    texts = [p.text for p in (await show(str(guide.id))).outline]
    assert texts == ["材料", "身份证", "户口簿", "一段文字在下一行继续，仍是一段。"]


@pytest.mark.usefixtures("database")
async def test_a_category_is_taken_as_stated_and_what_staff_sorted_stays(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"

    async def imported(*stated: str, last: str = "") -> Category:
        path.write_text("\n".join([TITLE, NUMBER, *stated, ADDRESSEES, *BODY, last]), "utf-8")
        await import_paths([path])
        return (await Document.get(document_number=NUMBER)).category

    assert await imported() is Category.UNSORTED
    assert await imported("公开类别：规划") is Category.PLANS
    assert await imported("信息类别：财政预算、决算信息") is Category.BUDGETS
    assert await imported(last="补充一句。") is Category.BUDGETS
    assert await imported("公开类别：没有这一类", last="再补充一句。") is Category.BUDGETS
    shown = await show(NUMBER)
    assert not any("类别" in p.text for p in shown.outline)
