"""The life of a letter over the real services, from the draft to the day that counts as answered."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from docx import Document
from pypdf import PdfReader

from models.application import Application, ApplicationState, DeliveryWay
from models.application_file import ApplicationFile, FilePurpose
from models.consultation import PartyKind, PartyView
from models.disclosure_office import AgencyStanding
from models.official_letter import LetterKind, LetterState, OfficialLetter
from models.outcome import Outcome
from models.staff import Role
from services import (
    application_acts,
    application_earlier,
    application_fees,
    applications,
    disclosure_offices,
    letter_files,
    letter_issue,
    letter_templates,
    letters,
)
from services.access import Actor
from services.application_work_list import reviews_waiting
from services.disclosure import events as e
from services.disclosure.fees import Charge, NotChargeable, Tariff
from services.disclosure.guards import NotLawful
from services.disclosure.letter_check import LetterDefective
from services.disclosure.serving import NotServed
from services.disclosure_offices import OfficeContent
from services.errors import (
    EditedMeanwhile,
    Invalid,
    NotAllowed,
    NotFound,
    SecondPersonNeeded,
    WrongState,
)
from services.letter_files import LetterFormat
from tests.application_office import KEYS, PERSON, REQUEST, ApplicationOffice, filing, open_office

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
OFFICE = OfficeContent(
    name="示例区住房城乡建设委办公室",
    address="示例路8号",
    phone="010-0000",
    letter_prefix="示例住建依申请",
    review_body="示例区人民政府",
    review_address="示例路1号（2号楼）",
    review_channel="https://review.example.invalid/apply",
    court="示例区人民法院",
    fee_payment="到政务服务中心财政窗口缴纳",
)
GIVEN = "随本答复提供《2024年老旧小区改造预算》1份，共3页。"

ELEVENTH = Charge(Tariff.BY_APPLICATION, 11, 100, charged_before=10)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[ApplicationOffice]:
    async with open_office(tmp_path) as opened:
        await disclosure_offices.save(opened.head, opened.agency_id, OFFICE, edits=0)
        yield opened


class Desk:
    """One case, with its letter, as the officer works on both."""

    def __init__(self, office: ApplicationOffice) -> None:
        self.office = office

    async def file(self, **changes: Any) -> Desk:
        filed = await applications.file(
            filing(self.office, **changes), keys=KEYS, now=NOW, actor=self.office.clerk
        )
        self.case_id, self.number = filed.application_id, filed.number
        await self.happens(e.Began(on=TODAY))
        return self

    async def edits(self) -> int:
        row, _, _ = await applications.case_of(self.office.officer, self.case_id)
        return row.edits

    async def state(self) -> ApplicationState:
        row, _, _ = await applications.case_of(self.office.officer, self.case_id)
        return row.state

    async def happens(self, event: e.AnyEvent, note: str = "") -> None:
        await applications.act(
            self.office.officer, self.case_id, event, edits=await self.edits(), keys=KEYS, now=NOW,
            note=note,
        )  # fmt: skip

    async def keep(self, *purposes: FilePurpose) -> None:
        for purpose in purposes:
            await ApplicationFile.create(
                application_id=self.case_id, purpose=purpose, encrypted_name=KEYS.encrypt("附件"),
                media_type="application/pdf", size_bytes=1,
            )  # fmt: skip

    async def draft(self, outcome: Outcome, text: str = "已经写明。") -> OfficialLetter:
        """Draft a reply and fill its blanks in."""
        letter = await letters.draft(
            self.office.officer, self.case_id, LetterKind.N12_REPLY, outcome=outcome, keys=KEYS,
            now=NOW,
        )  # fmt: skip
        return await self.write(letter, text)

    async def write(self, letter: OfficialLetter, text: str) -> OfficialLetter:
        body = KEYS.decrypt(letter.encrypted_body)
        while "【" in body:
            body = body[: body.index("【")] + text + body[body.index("】") + 1 :]
        return await letters.save(
            self.office.officer, letter.id, title=letter.title, body=body, edits=letter.edits,
            keys=KEYS,
        )  # fmt: skip

    async def send(self, letter: OfficialLetter, note: str = "") -> OfficialLetter:
        return await letters.send_for_review(
            self.office.officer, letter.id, edits=letter.edits, case_edits=await self.edits(),
            keys=KEYS, now=NOW, note=note,
        )  # fmt: skip

    async def passed(self, letter: OfficialLetter, by: Actor | None = None) -> OfficialLetter:
        return await letters.pass_review(
            by or self.office.reviewer, letter.id, edits=letter.edits,
            case_edits=await self.edits(), keys=KEYS, now=NOW,
        )  # fmt: skip

    async def issue(self, letter: OfficialLetter, way: DeliveryWay | None = None) -> OfficialLetter:
        return await letter_issue.issue(
            self.office.officer, letter.id, edits=letter.edits, case_edits=await self.edits(),
            keys=KEYS, now=NOW, way=way,
        )  # fmt: skip

    async def serve(self, letter: OfficialLetter, way: DeliveryWay, **days: Any) -> OfficialLetter:
        given: dict[str, Any] = {"sent_on": TODAY, "proof": "张三签收"} | days
        return await letter_issue.serve(
            self.office.officer, letter.id, way=way, edits=letter.edits,
            case_edits=await self.edits(), keys=KEYS, now=LATER, **given,
        )  # fmt: skip

    async def issued(self, outcome: Outcome, text: str, note: str = "") -> OfficialLetter:
        letter = await self.draft(outcome, text)
        return await self.issue(await self.passed(await self.send(letter, note)))


@pytest.fixture
async def desk(office: ApplicationOffice) -> Desk:
    return await Desk(office).file()


async def test_a_reply_from_its_draft_to_the_applicant(desk: Desk) -> None:
    await desk.keep(FilePurpose.RELEASE)
    letter = await desk.draft(Outcome.G2_GIVEN, GIVEN)
    letter = await desk.send(letter)
    assert (letter.state, await desk.state()) == (LetterState.IN_REVIEW, ApplicationState.REVIEW)
    letter = await desk.issue(await desk.passed(letter))
    assert (letter.number, letter.issued_on) == ("示例住建依申请〔2026〕1号", TODAY)
    text = KEYS.decrypt(letter.encrypted_body)
    for words in (
        "张三：", "2024年老旧小区改造预算", desk.number, "第三十六条第（二）项", GIVEN,
        "示例区人民政府（地址：示例路1号（2号楼））申请行政复议",
        "自收到之日起6个月内向示例区人民法院",
    ):  # fmt: skip
        assert words in text
    assert "{" not in text and "【" not in text
    letter = await desk.serve(letter, DeliveryWay.IN_PERSON, arrived_on=date(2026, 3, 5))
    row, case, _ = await applications.case_of(desk.office.officer, desk.case_id)
    assert (letter.state, row.state) == (LetterState.SERVED, ApplicationState.REPLIED)
    assert (row.closed_on, case.served_by) == (date(2026, 3, 5), DeliveryWay.IN_PERSON)
    assert row.outcome is Outcome.G2_GIVEN


async def test_numbers_run_on_and_a_refused_letter_takes_none(office: ApplicationOffice) -> None:
    for number in (1, 2):
        desk = await Desk(office).file()
        letter = await desk.draft(Outcome.U3_WOULD_HAVE_TO_BE_MADE)
        letter = await desk.passed(await desk.send(letter))
        content = OfficeContent.of(await disclosure_offices.of_agency(office.agency_id))
        empty = OfficeContent(name=content.name, letter_prefix=content.letter_prefix)
        row = await disclosure_offices.of_agency(office.agency_id)
        await disclosure_offices.save(office.head, office.agency_id, empty, edits=row.edits)
        with pytest.raises(LetterDefective) as refused:
            await desk.issue(letter)
        assert "remedy_data_empty" in refused.value.codes
        assert await desk.state() is ApplicationState.REVIEW
        await disclosure_offices.save(office.head, office.agency_id, OFFICE, edits=row.edits + 1)
        issued = await desk.issue(letter)
        assert issued.number == f"示例住建依申请〔2026〕{number}号"


async def test_a_refusal_that_offers_a_lawsuit_is_not_even_sent_for_review(desk: Desk) -> None:
    letter = await desk.draft(Outcome.D6_PROCESS)
    body = KEYS.decrypt(letter.encrypted_body).replace(
        "{救济途径}",
        "如不服，可以自收到之日起60日内向示例区人民政府申请行政复议，或者6个月内向示例区人民法院提起行政诉讼。",
    )
    letter = await letters.save(
        desk.office.officer, letter.id, title=letter.title, body=body, edits=letter.edits, keys=KEYS
    )
    before = await desk.edits()
    with pytest.raises(LetterDefective) as refused:
        await desk.send(letter)
    assert {"review_first_missing", "direct_suit_on_refusal"} <= set(refused.value.codes)
    assert "应当" in refused.value.sentence or "必须" in refused.value.sentence
    assert (await desk.edits(), (await OfficialLetter.get(id=letter.id)).state) == (
        before, LetterState.DRAFT,
    )  # fmt: skip


async def test_blanks_keep_a_reply_back(desk: Desk) -> None:
    letter = await letters.draft(
        desk.office.officer, desk.case_id, LetterKind.N12_REPLY, keys=KEYS, now=NOW,
        outcome=Outcome.U2_NOT_OURS,
    )  # fmt: skip
    with pytest.raises(LetterDefective) as refused:
        await desk.send(letter)
    assert set(refused.value.codes) == {"blank_left"}


async def test_an_applicant_may_ask_about_the_old_law(office: ApplicationOffice) -> None:
    asked = REQUEST.__class__(
        title="【2008】15号文和{救济途径}：2007年政府信息公开条例规定15个工作日内答复、向上级主管部门申请行政复议的文件",
        delivery_way=DeliveryWay.IN_PERSON, carrier=REQUEST.carrier,
    )  # fmt: skip
    desk = await Desk(office).file(request=asked)
    letter = await desk.issued(Outcome.U2_NOT_OURS, "由示例区水利局负责。")
    assert "〔2008〕15号文和（救济途径）" in KEYS.decrypt(letter.encrypted_body)
    # Said by the agency itself it is a defect.
    desk = await Desk(office).file(request=asked)
    with pytest.raises(LetterDefective) as refused:
        await desk.send(await desk.draft(Outcome.U2_NOT_OURS, "本机关在15个工作日内答复。"))
    assert refused.value.codes == ("fifteen_day_reply",)


async def test_nobody_checks_what_they_wrote(desk: Desk) -> None:
    office = desk.office
    letter = await letters.draft(
        office.head, desk.case_id, LetterKind.N12_REPLY, outcome=Outcome.U2_NOT_OURS, keys=KEYS,
        now=NOW,
    )  # fmt: skip
    letter = await desk.send(await desk.write(letter, "由示例区水利局负责。"))
    for writer in (office.head,):
        with pytest.raises(SecondPersonNeeded):
            await desk.passed(letter, by=writer)
    with pytest.raises(NotAllowed):
        await desk.passed(letter, by=await office.person(
            "小赵", Role.AGENCY_OFFICER, agency_ids={office.agency_id}
        ))  # fmt: skip
    second = await office.person("钱主任", Role.OFFICE_HEAD, agency_ids={office.agency_id})
    assert (await desk.passed(letter, by=second)).reviewed_by_id == second.staff_id


async def test_without_the_check_nothing_is_issued(desk: Desk) -> None:
    letter = await desk.draft(Outcome.U2_NOT_OURS)
    with pytest.raises(SecondPersonNeeded):
        await desk.issue(letter)
    letter = await desk.send(letter)
    with pytest.raises(WrongState):
        await desk.issue(letter)


async def test_a_returned_reply_is_written_anew(desk: Desk) -> None:
    letter = await desk.passed(await desk.send(await desk.draft(Outcome.U2_NOT_OURS)))
    with pytest.raises(Invalid):
        await letters.return_from_review(
            desk.office.reviewer, letter.id, why=" ", edits=letter.edits,
            case_edits=await desk.edits(), keys=KEYS, now=NOW,
        )  # fmt: skip
    letter = await letters.return_from_review(
        desk.office.reviewer, letter.id, why="理由不清楚", edits=letter.edits,
        case_edits=await desk.edits(), keys=KEYS, now=NOW,
    )  # fmt: skip
    assert (letter.state, letter.reviewed_by_id) == (LetterState.DRAFT, None)
    assert await desk.state() is ApplicationState.PROCESSING
    assert (await desk.send(letter)).state is LetterState.IN_REVIEW


async def test_who_saw_an_older_draft_overwrites_nothing(desk: Desk) -> None:
    letter = await desk.draft(Outcome.U2_NOT_OURS)
    with pytest.raises(EditedMeanwhile):
        await letters.save(
            desk.office.officer, letter.id, title="甲", body="乙", edits=letter.edits - 1, keys=KEYS
        )
    assert KEYS.decrypt((await OfficialLetter.get(id=letter.id)).encrypted_body) != "乙"


async def test_no_title_tells_who_applies(desk: Desk) -> None:
    """Titles stand in lists and are not encrypted; names belong into the text."""
    letter = await desk.draft(Outcome.U2_NOT_OURS)
    for title in (f"关于{PERSON.name}申请的答复书", f"答复书{PERSON.phone}"):
        with pytest.raises(Invalid, match="title"):
            await letters.save(
                desk.office.officer,
                letter.id,
                title=title,
                body="乙",
                edits=letter.edits,
                keys=KEYS,
            )


async def test_what_was_issued_stays_word_for_word(desk: Desk) -> None:
    letter = await desk.issued(Outcome.U2_NOT_OURS, "由示例区水利局负责。")
    before = bytes(letter.encrypted_body)
    with pytest.raises(WrongState):
        await letters.save(
            desk.office.officer, letter.id, title="甲", body="乙", edits=letter.edits, keys=KEYS
        )
    with pytest.raises(WrongState):
        await letters.void(desk.office.officer, letter.id, edits=letter.edits)
    moved = OfficeContent(review_body="别处人民政府", review_address="甲", court="乙")
    await disclosure_offices.save(desk.office.head, desk.office.agency_id, moved, edits=1)
    one = await letter_files.shown(desk.office.officer, letter.id, keys=KEYS, now=LATER)
    assert "示例区人民政府" in one.text and "别处" not in one.text
    assert bytes((await OfficialLetter.get(id=letter.id)).encrypted_body) == before


async def test_others_find_no_letter(desk: Desk) -> None:
    letter = await desk.draft(Outcome.U2_NOT_OURS)
    stranger = await desk.office.person(
        "小外", Role.AGENCY_OFFICER, agency_ids={desk.office.other_agency_id}
    )
    with pytest.raises(NotFound):
        await letter_files.shown(stranger, letter.id, keys=KEYS, now=NOW)
    with pytest.raises(NotFound):
        await letters.save(
            stranger, letter.id, title="甲", body="乙", edits=letter.edits, keys=KEYS
        )
    # Before it is under review, the reviewer has not seen it.
    with pytest.raises(NotFound):
        await letter_files.shown(desk.office.reviewer, letter.id, keys=KEYS, now=NOW)


async def test_who_checks_a_reply_reads_it_without_the_name(desk: Desk) -> None:
    letter = await desk.send(await desk.draft(Outcome.U2_NOT_OURS))
    checked = await letter_files.shown(desk.office.reviewer, letter.id, keys=KEYS, now=NOW)
    own = await letter_files.shown(desk.office.officer, letter.id, keys=KEYS, now=NOW)
    assert "张三" not in checked.text and "张三：" in own.text
    assert checked.findings == own.findings == ()


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.G2_GIVEN, "release_missing"),
        (Outcome.P1_PARTLY, "redaction_log_missing"),
        (Outcome.D1_STATE_SECRET, "secrecy_reference_missing"),
        (Outcome.D4_THIRD_PARTY, "consultation_missing"),
        (Outcome.N2_REPEATED, "earlier_case_missing"),
    ],
)
async def test_what_is_not_in_the_file_keeps_a_reply_back(
    desk: Desk, outcome: Outcome, code: str
) -> None:
    with pytest.raises(LetterDefective) as refused:
        await desk.send(await desk.draft(outcome, "依照条例第十五条"))
    assert code in refused.value.codes
    assert await desk.state() is ApplicationState.PROCESSING


@pytest.mark.parametrize(
    "outcome", [Outcome.U1_DOES_NOT_EXIST, Outcome.U4_STILL_UNCLEAR, Outcome.N4_EXCESSIVE]
)
async def test_what_did_not_happen_in_the_case_is_not_replied(desk: Desk, outcome: Outcome) -> None:
    with pytest.raises(NotLawful):
        await desk.send(await desk.draft(outcome))


async def test_a_reply_in_part_goes_out_with_both_ways(desk: Desk) -> None:
    await desk.keep(FilePurpose.RELEASE, FilePurpose.REDACTION_LOG)
    letter = await desk.issued(
        Outcome.P1_PARTLY, "联系人电话，依照《中华人民共和国政府信息公开条例》第十五条不予公开"
    )
    text = KEYS.decrypt(letter.encrypted_body)
    assert "应当先申请行政复议" in text and "6个月内" in text


async def test_a_secret_needs_its_ground_in_the_file_alone(desk: Desk) -> None:
    letter = await desk.issued(Outcome.D1_STATE_SECRET, "依法定密。", note="定密责任人2025年第3号")
    assert "第3号" not in KEYS.decrypt(letter.encrypted_body)


async def test_an_earlier_application_of_the_same_person_is_named(
    office: ApplicationOffice,
) -> None:
    other = await Desk(office).file(person=PERSON.__class__(name="李四", phone="1"))
    first, second = await Desk(office).file(), await Desk(office).file()
    for number in (other.number, second.number, first.number, "2026-999-00001"):
        with pytest.raises(Invalid):
            await application_earlier.name_earlier(
                office.officer, second.case_id, number, edits=await second.edits(), keys=KEYS,
                now=NOW,
            )  # fmt: skip
    await Application.filter(id=first.case_id).update(is_in_time=True)
    await application_earlier.name_earlier(
        office.officer, second.case_id, first.number, edits=await second.edits(), keys=KEYS, now=NOW
    )
    letter = await second.draft(Outcome.N2_REPEATED, "示例住建依申请〔2025〕9号")
    assert (await second.send(letter)).state is LetterState.IN_REVIEW


async def test_an_overridden_third_party_is_told_first(desk: Desk) -> None:
    await desk.keep(FilePurpose.RELEASE)
    officer = desk.office.officer
    asked = await application_acts.consult(
        officer, desk.case_id, PartyKind.THIRD_PARTY, name="示例建筑公司", subject="合同价格",
        sent_on=TODAY, edits=await desk.edits(), keys=KEYS, now=NOW,
    )  # fmt: skip
    await application_acts.returned(
        officer, desk.case_id, asked.id, PartyView.OBJECTS, on=TODAY, edits=await desk.edits(),
        keys=KEYS, now=NOW,
    )  # fmt: skip
    letter = await desk.draft(Outcome.G2_GIVEN, GIVEN)
    with pytest.raises(LetterDefective) as refused:
        await desk.send(letter)
    assert refused.value.codes == ("third_party_not_told",)
    told = await letters.draft(
        officer, desk.case_id, LetterKind.N13_DISCLOSURE, consultation_id=asked.id,
        facts={"公开内容": "合同价格"}, keys=KEYS, now=NOW,
    )  # fmt: skip
    told = await desk.issue(await desk.write(told, "不公开可能对公共利益造成重大影响"))
    text = KEYS.decrypt(told.encrypted_body)
    assert text.startswith("示例建筑公司：") and "张三" not in text and "6个月" in text
    assert (await desk.send(letter)).state is LetterState.IN_REVIEW


async def test_a_third_party_is_not_told_who_applies(desk: Desk) -> None:
    asked = await application_acts.consult(
        desk.office.officer, desk.case_id, PartyKind.THIRD_PARTY, name="示例建筑公司",
        subject="张三申请的合同", sent_on=TODAY, edits=await desk.edits(), keys=KEYS, now=NOW,
    )  # fmt: skip
    letter = await letters.draft(
        desk.office.officer, desk.case_id, LetterKind.N6_THIRD_PARTY, consultation_id=asked.id,
        keys=KEYS, now=NOW,
    )  # fmt: skip
    with pytest.raises(LetterDefective) as refused:
        await desk.issue(letter)
    assert refused.value.codes == ("named_to_others",)


async def test_a_notice_is_drafted_from_the_case_and_moves_nothing(desk: Desk) -> None:
    letter = await letters.draft(
        desk.office.officer, desk.case_id, LetterKind.N2_CORRECTION, keys=KEYS, now=NOW,
        facts={"补正事项": "请写明是哪一年的预算。", "补正期限": "2026年3月23日"},
    )  # fmt: skip
    letter = await desk.issue(letter)
    text = KEYS.decrypt(letter.encrypted_body)
    for words in ("第三十条", "请写明是哪一年的预算。", "15个工作日", "2026年3月23日", "放弃"):
        assert words in text
    assert letter.number == "示例住建依申请〔2026〕1号"
    letter = await desk.serve(letter, DeliveryWay.POST, proof="EMS 1234567890")
    assert (letter.state, letter.served_on) == (LetterState.SERVED, TODAY)
    assert await desk.state() is ApplicationState.PROCESSING


async def test_every_kind_of_letter_can_be_begun(desk: Desk) -> None:
    asked = await application_acts.consult(
        desk.office.officer, desk.case_id, PartyKind.THIRD_PARTY, name="示例建筑公司",
        subject="合同", sent_on=TODAY, edits=await desk.edits(), keys=KEYS, now=NOW,
    )  # fmt: skip
    to_parties = {LetterKind.N6_THIRD_PARTY, LetterKind.N8_AGENCY, LetterKind.N13_DISCLOSURE}
    for kind in set(LetterKind) - {LetterKind.N3_NO_FURTHER_PROCESSING}:
        letter = await letters.draft(
            desk.office.officer, desk.case_id, kind, keys=KEYS, now=NOW,
            outcome=Outcome.G1_ALREADY_PUBLIC if kind is LetterKind.N12_REPLY else None,
            consultation_id=asked.id if kind in to_parties else None,
        )  # fmt: skip
        one = await letter_files.shown(desk.office.officer, letter.id, keys=KEYS, now=NOW)
        assert desk.number in one.text or kind in to_parties


async def test_the_end_of_a_case_is_told_with_its_remedies(desk: Desk) -> None:
    with pytest.raises(WrongState):
        await letters.draft(
            desk.office.officer, desk.case_id, LetterKind.N3_NO_FURTHER_PROCESSING, keys=KEYS,
            now=NOW,
        )  # fmt: skip
    await application_acts.ask_fee(
        desk.office.officer, desk.case_id, ELEVENTH, on=TODAY, edits=await desk.edits(), keys=KEYS,
        now=NOW, note="",
    )  # fmt: skip
    late = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
    await applications.act(
        desk.office.officer, desk.case_id, e.FeeLapsed(on=date(2026, 5, 6)),
        edits=await desk.edits(), keys=KEYS, now=late,
    )  # fmt: skip
    letter = await letters.draft(
        desk.office.officer, desk.case_id, LetterKind.N3_NO_FURTHER_PROCESSING, keys=KEYS, now=late
    )
    assert letter.outcome is Outcome.O2_NOT_PAID
    text = KEYS.decrypt((await desk.issue(letter)).encrypted_body)
    assert "第四十二条" in text and "6个月内向示例区人民法院" in text


async def test_the_eleventh_application_of_a_month_may_cost_and_its_notice_says_why(
    office: ApplicationOffice,
) -> None:
    for _ in range(10):
        desk = await Desk(office).file()
    with pytest.raises(NotChargeable):
        await application_fees.by_number(office.officer, desk.case_id)
    await Desk(office).file(person=PERSON.__class__(name="李四", phone="13900001234"))
    desk = await Desk(office).file()
    asked = await application_fees.by_number(office.officer, desk.case_id)
    assert (asked.counted, asked.yuan) == (11, 100)
    assert (await application_fees.by_pages(office.officer, desk.case_id, 31)).yuan == 10
    letter = await letters.draft(
        office.officer, desk.case_id, LetterKind.N9_FEE, facts=application_fees.facts_of(asked),
        keys=KEYS, now=NOW,
    )  # fmt: skip
    text = KEYS.decrypt((await desk.issue(letter)).encrypted_body)
    for words in ("第四十二条", "按件计收", "第11件", "应缴金额：100元", "20个工作日", "财政窗口"):
        assert words in text


@pytest.mark.parametrize("restarts", [True, False])
async def test_a_payment_is_confirmed_with_what_the_agency_settled(
    desk: Desk, restarts: bool
) -> None:
    settled = msgspec.structs.replace(OFFICE, fee_restarts=restarts)
    await disclosure_offices.save(desk.office.head, desk.office.agency_id, settled, edits=1)
    letter = await letters.draft(
        desk.office.officer, desk.case_id, LetterKind.N10_PAID, keys=KEYS, now=NOW
    )
    text = KEYS.decrypt(letter.encrypted_body)
    assert ("重新计算" in text, "继续计算" in text) == (restarts, not restarts)


@pytest.mark.parametrize(
    ("way", "days", "counts"),
    [
        (DeliveryWay.POST, {}, TODAY),
        (DeliveryWay.POST, {"arrived_on": date(2026, 3, 6)}, TODAY),
        (DeliveryWay.IN_PERSON, {"arrived_on": date(2026, 3, 6)}, date(2026, 3, 6)),
        (DeliveryWay.EMAIL, {"arrived_on": date(2026, 3, 3)}, date(2026, 3, 3)),
        (DeliveryWay.INSPECTION, {"arrived_on": date(2026, 3, 4)}, date(2026, 3, 4)),
    ],
)
async def test_which_day_counts_as_answered(
    desk: Desk, way: DeliveryWay, days: dict[str, date], counts: date
) -> None:
    letter = await desk.issued(Outcome.U2_NOT_OURS, "由示例区水利局负责。")
    letter = await desk.serve(letter, way, **days)
    row, _, _ = await applications.case_of(desk.office.officer, desk.case_id)
    assert letter.served_on == row.closed_on == counts


async def test_a_letter_that_waits_at_the_desk_is_no_answer(desk: Desk) -> None:
    letter = await desk.issued(Outcome.U2_NOT_OURS, "由示例区水利局负责。")
    with pytest.raises(NotServed):
        await desk.serve(letter, DeliveryWay.IN_PERSON)
    for wrong in (
        {"sent_on": date(2026, 3, 1)},
        {"arrived_on": date(2026, 3, 1)},
        {"arrived_on": date(2026, 4, 1)},
        {"proof": " "},
    ):
        with pytest.raises(Invalid):
            await desk.serve(letter, DeliveryWay.IN_PERSON, **({"arrived_on": TODAY} | wrong))
    assert await desk.state() is ApplicationState.ISSUED


async def test_over_the_internet_the_channel_for_a_review_goes_with_it(desk: Desk) -> None:
    row = await disclosure_offices.of_agency(desk.office.agency_id)
    no_channel = OfficeContent(
        review_body="示例区人民政府", review_address="示例路1号", court="示例区人民法院"
    )
    await disclosure_offices.save(
        desk.office.head, desk.office.agency_id, no_channel, edits=row.edits
    )
    letter = await desk.passed(await desk.send(await desk.draft(Outcome.U2_NOT_OURS)))
    with pytest.raises(LetterDefective) as refused:
        await desk.issue(letter, DeliveryWay.EMAIL)
    assert refused.value.codes == ("no_online_review_channel",)
    letter = await desk.issue(letter, DeliveryWay.POST)
    assert letter.number == "依申请公开〔2026〕1号"
    # Issued for the post, it may not go by e-mail after all.
    with pytest.raises(LetterDefective):
        await desk.serve(letter, DeliveryWay.EMAIL, arrived_on=TODAY)


async def test_who_wants_paper_is_not_served_by_the_internet(office: ApplicationOffice) -> None:
    request = REQUEST.__class__(
        title="预算", delivery_way=DeliveryWay.POST, carrier=REQUEST.carrier,
        accepts_other_form=False,
    )  # fmt: skip
    desk = await Desk(office).file(request=request)
    letter = await desk.issued(Outcome.U2_NOT_OURS, "由示例区水利局负责。")
    with pytest.raises(NotLawful):
        await desk.serve(letter, DeliveryWay.EMAIL, arrived_on=TODAY)


async def test_files_of_a_letter_can_be_read(desk: Desk) -> None:
    letter = await desk.issued(Outcome.D6_PROCESS, "属于过程稿。")
    officer = desk.office.officer
    name, pdf = await letter_files.file_of(
        officer, letter.id, LetterFormat.PDF, keys=KEYS, now=LATER
    )
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    _, word = await letter_files.file_of(
        officer, letter.id, LetterFormat.DOCX, keys=KEYS, now=LATER, large=True
    )
    written = "".join(paragraph.text for paragraph in Document(io.BytesIO(word)).paragraphs)
    for words in (
        "政府信息公开申请答复书", "示例住建依申请〔2026〕1号", "张三：", "第十六条第二款",
        "应当先申请行政复议", "决定书之日起15日内", "2026年3月2日", "（印章）",
    ):  # fmt: skip
        assert words in text and words in written
    assert name == f"{desk.number}-N12-{letter.id}.pdf"


async def test_nothing_of_a_letter_lies_in_the_clear(desk: Desk) -> None:
    letter = await desk.issued(Outcome.U2_NOT_OURS, "由示例区水利局负责。")
    row = (await OfficialLetter.filter(id=letter.id).values())[0]
    kept = "".join(str(value) for value in row.values())
    assert "张三" not in kept and "水利局" not in kept and "预算" not in kept


async def test_an_agency_words_its_letters_itself(desk: Desk) -> None:
    head, agency = desk.office.head, desk.office.agency_id
    body = "{申请人}：您申请的{申请内容}，依照条例{依据}，由【机关】负责公开。\n{救济途径}"
    kept = await letter_templates.save(
        head, agency, LetterKind.N12_REPLY, Outcome.U2_NOT_OURS, title="告知书", body=body, edits=0
    )
    letter = await desk.draft(Outcome.U2_NOT_OURS, "示例区水利局")
    assert letter.title == "告知书"
    assert (await desk.send(letter)).state is LetterState.IN_REVIEW
    with pytest.raises(EditedMeanwhile):
        await letter_templates.save(
            head, agency, LetterKind.N12_REPLY, Outcome.U2_NOT_OURS, title="甲", body=body, edits=0
        )
    in_use = await letter_templates.in_use(head, agency)
    assert [one.outcome for one in in_use if one.is_own] == [Outcome.U2_NOT_OURS]
    await letter_templates.drop(
        head, agency, LetterKind.N12_REPLY, Outcome.U2_NOT_OURS, edits=kept.edits
    )
    assert not (await letter_templates.one(agency, kept.kind, Outcome.U2_NOT_OURS)).is_own


async def test_a_template_of_the_old_law_is_not_kept(desk: Desk) -> None:
    body = (
        "{申请人}：依照条例{依据}不予公开。可以60日内向上级主管部门申请行政复议，或者3个月内起诉。"
    )
    with pytest.raises(LetterDefective) as refused:
        await letter_templates.save(
            desk.office.head, desk.office.agency_id, LetterKind.N12_REPLY, Outcome.D6_PROCESS,
            title="告知书", body=body, edits=0,
        )  # fmt: skip
    assert {
        "superior_department_reviewer", "review_first_missing", "direct_suit_on_refusal",
        "wrong_suit_period",
    } <= set(refused.value.codes)  # fmt: skip
    assert refused.value.sentence.startswith("这份模板不能保存")


async def test_who_keeps_what_an_agency_prints(desk: Desk) -> None:
    office = desk.office
    with pytest.raises(NotAllowed):
        await disclosure_offices.save(office.officer, office.agency_id, OFFICE, edits=1)
    with pytest.raises(NotFound):
        await disclosure_offices.save(office.head, office.other_agency_id, OFFICE, edits=0)
    with pytest.raises(EditedMeanwhile):
        await disclosure_offices.save(office.head, office.agency_id, OFFICE, edits=0)
    administrator = await office.person("管理员", Role.ADMINISTRATOR)
    saved = await disclosure_offices.save(administrator, office.other_agency_id, OFFICE, edits=0)
    assert saved.edits == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"review_body": "示例市住房城乡建设委"},
        {"correction_days": 4},
        {"correction_days": 31},
        {"keep_decided_years": 0},
        {"name": "长" * 201},
        {"court": "【法院】"},
    ],
)
async def test_office_data_that_would_spoil_letters_are_refused(
    desk: Desk, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        await disclosure_offices.save(
            desk.office.head, desk.office.agency_id, OfficeContent(**wrong), edits=1
        )
    kept = await disclosure_offices.of_agency(desk.office.agency_id)
    assert (kept.court, kept.edits, kept.standing) == (
        "示例区人民法院", 1, AgencyStanding.DEPARTMENT,
    )  # fmt: skip


async def test_what_was_being_written_is_void_once_the_case_is_over(
    desk: Desk, office: ApplicationOffice
) -> None:
    await desk.keep(FilePurpose.RELEASE)
    checked = await desk.send(await desk.draft(Outcome.G2_GIVEN, GIVEN))
    notice = await letters.draft(
        office.officer, desk.case_id, LetterKind.N7_CONSULTING, keys=KEYS, now=NOW
    )
    told = await letters.draft(
        office.officer, desk.case_id, LetterKind.N11_WITHDRAWN, keys=KEYS, now=NOW
    )
    assert [one.id for one in await reviews_waiting(office.reviewer)] == [checked.id]
    await desk.happens(e.Withdrawn(on=TODAY), "书面撤回")
    states = {one.id: one.state for one in await OfficialLetter.all()}
    assert states == {
        checked.id: LetterState.VOID, notice.id: LetterState.VOID, told.id: LetterState.DRAFT,
    }  # fmt: skip
    assert await reviews_waiting(office.reviewer) == []
    with pytest.raises((WrongState, EditedMeanwhile, NotFound, NotAllowed)):
        await desk.passed(checked)
    await application_acts.archive(
        office.officer, desk.case_id, "2026-1", on=TODAY, edits=await desk.edits(), keys=KEYS,
        now=NOW,
    )  # fmt: skip
    assert (await OfficialLetter.get(id=told.id)).state is LetterState.VOID
