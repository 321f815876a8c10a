"""The application form and the receipt: what they ask and say, read back from the files."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document
from pypdf import PdfReader

from models.applicant import IdentityKind
from models.application import ApplicantKind, Carrier, DeliveryWay, OrgCategory
from services import application_forms, application_receipts
from services.application_receipts import Receipt
from services.disclosure.form_layout import Need, blank, filled, sample
from services.disclosure.identity_numbers import check_resident_id
from services.disclosure.request import Agent, Person, Request
from services.printed_document import PrintedDocument
from services.printed_pdf import pdf_of
from services.printed_word import docx_of

RECEIPT = Receipt(
    number="2026-003-00012",
    query_code="K7QM-2WXR",
    agency="示例区住房和城乡建设委员会",
    item="2024年老旧小区改造预算",
    channel="当面提交",
    submitted_on=date(2026, 12, 7),
    received_on=date(2026, 12, 7),
    why_that_day="当面提交，提交当天为收到日（第三十一条第一项）",
    reply_due=date(2027, 1, 5),
    is_provisional=True,
    office="示例区住房和城乡建设委员会办公室",
    phone="023-00000103",
    address="示例区建设路30号",
    zone="示例区政务服务中心政务公开专区",
)


def word_text(document: PrintedDocument) -> str:
    read = Document(io.BytesIO(docx_of(document)))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "".join("\n".join([p.text for p in read.paragraphs] + cells).split())


def pdf_text(document: PrintedDocument) -> str:
    pages = PdfReader(io.BytesIO(pdf_of(document))).pages
    return "".join("".join(page.extract_text() for page in pages).split())


BOTH = pytest.mark.parametrize("read", [word_text, pdf_text])


def test_the_form_asks_for_no_purpose_and_for_nothing_that_the_law_does_not_name() -> None:
    labels = [cell.label for group in blank().groups for cell in group.cells]
    assert not [label for label in labels if "用途" in label or "职业" in label]
    needed = {
        cell.label for group in blank().groups for cell in group.cells if cell.need is Need.REQUIRED
    }
    assert {"姓名", "证件号码", "联系电话", "获取方式", "载体形式", "向哪个机关申请"} <= needed
    # At least one of the three ways to say what is wanted, none of them by itself.
    assert needed.isdisjoint({"信息名称", "文号", "其他特征描述", "需要的帮助（大字、朗读等）"})
    columns = blank().cell("单位类别").choices
    assert [choice.label for choice in columns] == [category.label for category in OrgCategory]


def test_a_person_is_not_asked_what_organisations_are_asked() -> None:
    person = Person(name="买买提·吐尔逊", phone="13800001234", agent=Agent(name="李代理"))
    request = Request(title="规划", delivery_way=DeliveryWay.EMAIL, carrier=Carrier.ELECTRONIC)
    sheet = filled("示例区水利局", person, request, date(2026, 3, 2))
    labels = [cell.label for group in sheet.groups for cell in group.cells]
    assert "统一社会信用代码" not in labels
    assert sheet.cell("姓名").value == "买买提·吐尔逊"
    assert sheet.cell("代理人姓名和电话（附授权委托书）").value == "李代理"
    assert "■电子邮件" in sheet.cell("获取方式").text
    assert "□邮寄" in sheet.cell("获取方式").text
    company = Person(
        kind=ApplicantKind.LEGAL_OR_OTHER, org_category=OrgCategory.LEGAL_SERVICE,
        name="示例律师事务所", identity_kind=IdentityKind.CREDIT_CODE,
        identity_number="91110000600037341L",
    )  # fmt: skip
    sheet = filled("示例区水利局", company, request, None)
    assert "■法律服务机构" in sheet.cell("单位类别").text
    assert sheet.cell("统一社会信用代码").value == "91110000600037341L"


@BOTH
def test_the_blank_form_can_be_printed_and_signed(read: Callable[[PrintedDocument], str]) -> None:
    text = read(application_forms.printed(blank("示例区水利局")))
    for words in ("政府信息公开申请表", "致：示例区水利局", "一、申请人信息", "□公民", "统一社会信用代码",
                  "□现场查阅、抄录", "申请人签名或盖章", "个人信息处理告知", "一次性告知"):  # fmt: skip
        assert words in text, words
    assert "■" not in text


@BOTH
def test_the_sample_says_that_it_is_one_and_its_number_passes_the_check(
    read: Callable[[PrintedDocument], str],
) -> None:
    sheet = sample()
    text = read(application_forms.printed(sheet))
    assert "（填写示例）" in text
    assert "■邮寄" in text
    assert "张示例（手写）" in text
    number = check_resident_id(sheet.cell("证件号码").value, today=date(2026, 3, 2))
    assert number.valid
    # Nobody lives there: it can be nobody's number.
    assert number.recheck


@BOTH
@pytest.mark.parametrize("large", [False, True])
def test_a_receipt_has_every_line_that_its_owner_needs(
    read: Callable[[PrintedDocument], str], large: bool
) -> None:
    document = application_receipts.printed(
        RECEIPT, "https://zone.example/apply/status", large=large
    )
    text = read(document)
    for words in ("登记回执", "2026-003-00012", "示例区住房和城乡建设委员会", "2024年老旧小区改造预算", "当面提交",
                  "2026年12月7日", "2027年1月5日（暂定）", "放假安排还没有公布", "K7QM-2WXR", "023-00000103"):  # fmt: skip
        assert words in text, words


def test_large_print_is_larger() -> None:
    def largest(document: PrintedDocument) -> float:
        read = Document(io.BytesIO(docx_of(document)))
        return max(r.font.size.pt for p in read.paragraphs for r in p.runs if r.font.size)

    usual = application_receipts.printed(RECEIPT)
    assert largest(application_receipts.printed(RECEIPT, large=True)) > largest(usual)


def test_a_receipt_without_a_confirmation_names_no_day() -> None:
    waiting = Receipt(
        **{f: getattr(RECEIPT, f) for f in RECEIPT.__struct_fields__}
        | {"received_on": None, "reply_due": None, "is_provisional": False}
    )
    lines = dict(waiting.lines)
    assert lines["收到日"] == "待双方确认"
    assert lines["最迟答复日"] == "确认收到后计算"
    assert "暂定" not in str(application_receipts.printed(waiting))
