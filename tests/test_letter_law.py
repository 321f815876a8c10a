"""The law of letters: for every outcome and way of delivery, and the mistakes that lose lawsuits."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from models.application import DeliveryWay
from models.disclosure_office import AgencyStanding
from models.official_letter import LetterKind
from models.outcome import Outcome
from services.disclosure.letter_check import (
    LetterFacts,
    check_letter,
    lint_template,
)
from services.disclosure.letter_fields import PLACEHOLDERS, fill, with_blanks
from services.disclosure.letter_wording import wording
from services.disclosure.outcomes import LAW, RemedyGroup, law_of, withholds
from services.disclosure.remedies import RemedyData, remedy_block, remedy_group

DATA = RemedyData(
    AgencyStanding.DEPARTMENT,
    "示例区住房城乡建设委员会",
    "示例区人民政府",
    "示例路1号（2号楼）",
    "https://review.example.invalid/apply",
    "示例区人民法院",
)
REFUSALS = [
    outcome for outcome in Outcome if outcome.value in {"D1", "D2", "D3", "D4", "D5", "D6", "D7"}
]
OPEN = [outcome for outcome in Outcome if outcome not in {*REFUSALS, Outcome.P1_PARTLY}]
POST = DeliveryWay.POST


def _facts(outcome: Outcome, way: DeliveryWay = POST, data: RemedyData = DATA) -> LetterFacts:
    return LetterFacts(LetterKind.N12_REPLY, outcome, data, way)


def _reply(outcome: Outcome, data: RemedyData = DATA) -> str:
    """Return a reply as it is issued, all its blanks filled in."""
    values = {name: "示例" for name in PLACEHOLDERS} | {
        "依据": law_of(outcome).basis,
        "救济途径": remedy_block(law_of(outcome).remedy, data),
    }
    text = fill(wording(LetterKind.N12_REPLY, outcome).body, values)
    reason = "《示例保密条例》第八条。" if outcome is Outcome.D2_FORBIDDEN_BY_LAW else "已经写明"
    if outcome is Outcome.P1_PARTLY:
        reason = "其中的身份证号码，依照《中华人民共和国政府信息公开条例》第十五条不予公开"
    return re.sub(r"【[^】]*】", reason, text)


def _codes(text: str, facts: LetterFacts) -> set[str]:
    return {finding.code for finding in check_letter(text, facts)}


@pytest.mark.parametrize("way", DeliveryWay)
@pytest.mark.parametrize("outcome", Outcome)
def test_our_own_reply_may_go_out(outcome: Outcome, way: DeliveryWay) -> None:
    text = _reply(outcome)
    assert check_letter(text, _facts(outcome, way)) == ()
    for article in law_of(outcome).articles:
        assert article.label in text
    assert "60日内向示例区人民政府" in text and "示例区人民法院" in text


@pytest.mark.parametrize("outcome", REFUSALS)
def test_a_refusal_asks_for_a_review_first_and_offers_no_suit_beside_it(outcome: Outcome) -> None:
    assert remedy_group(outcome) is RemedyGroup.REVIEW_FIRST and withholds(outcome)
    text = _reply(outcome)
    assert "应当先申请行政复议" in text and "决定书之日起15日内" in text
    assert "6个月" not in text


@pytest.mark.parametrize("outcome", OPEN)
def test_every_other_reply_leaves_the_choice(outcome: Outcome) -> None:
    assert remedy_group(outcome) is RemedyGroup.REVIEW_OR_SUIT
    text = _reply(outcome)
    assert "应当先申请行政复议" not in text and "或者自收到之日起6个月内" in text


def test_an_inquiry_regime_is_no_refusal_though_the_report_counts_it_there() -> None:
    assert remedy_group(Outcome.D8_OWN_INQUIRY_REGIME) is RemedyGroup.REVIEW_OR_SUIT
    assert not withholds(Outcome.D8_OWN_INQUIRY_REGIME)


def test_a_reply_in_part_gives_both_ways_in_two_sentences() -> None:
    lines = remedy_block(RemedyGroup.BOTH, DATA).splitlines()
    assert "不予公开的部分" in lines[0] and "应当先申请行政复议" in lines[0]
    assert "其他部分" in lines[1] and "6个月" in lines[1] and "应当先" not in lines[1]


def test_every_outcome_has_its_law() -> None:
    assert set(LAW) == set(Outcome)
    assert law_of(Outcome.D5_INTERNAL_AFFAIRS).basis == "第十六条第一款、第三十六条第（三）项"
    assert law_of(Outcome.G1_ALREADY_PUBLIC).basis == "第三十六条第（一）项"


@pytest.mark.parametrize("outcome", REFUSALS)
def test_a_refusal_with_the_words_of_another_reply_is_refused(outcome: Outcome) -> None:
    text = _reply(outcome).replace(
        remedy_block(RemedyGroup.REVIEW_FIRST, DATA), remedy_block(RemedyGroup.REVIEW_OR_SUIT, DATA)
    )
    found = _codes(text, _facts(outcome))
    assert {"review_first_missing", "direct_suit_on_refusal"} <= found


@pytest.mark.parametrize("outcome", OPEN)
def test_another_reply_with_the_words_of_a_refusal_is_refused(outcome: Outcome) -> None:
    text = _reply(outcome).replace(
        remedy_block(RemedyGroup.REVIEW_OR_SUIT, DATA), remedy_block(RemedyGroup.REVIEW_FIRST, DATA)
    )
    assert {"review_first_on_open_reply", "suit_missing"} <= _codes(text, _facts(outcome))


@pytest.mark.parametrize("group", [RemedyGroup.REVIEW_FIRST, RemedyGroup.REVIEW_OR_SUIT])
def test_a_reply_in_part_with_one_way_alone_is_refused(group: RemedyGroup) -> None:
    text = _reply(Outcome.P1_PARTLY).replace(
        remedy_block(RemedyGroup.BOTH, DATA), remedy_block(group, DATA)
    )
    missing = "suit_missing" if group is RemedyGroup.REVIEW_FIRST else "review_first_missing"
    assert missing in _codes(text, _facts(Outcome.P1_PARTLY))


def test_leaving_out_what_is_no_government_information_is_no_refusal() -> None:
    text = _reply(Outcome.P1_PARTLY).replace(
        remedy_block(RemedyGroup.BOTH, DATA), remedy_block(RemedyGroup.REVIEW_OR_SUIT, DATA)
    )
    text = re.sub(r"其中的身份证号码[^\n]*", "其余内容不属于政府信息", text)
    assert check_letter(text, _facts(Outcome.P1_PARTLY)) == ()


@pytest.mark.parametrize("way", [DeliveryWay.EMAIL, DeliveryWay.ONLINE])
@pytest.mark.parametrize("outcome", Outcome)
def test_a_reply_over_the_internet_needs_the_channel_for_a_review(
    outcome: Outcome, way: DeliveryWay
) -> None:
    data = replace(DATA, review_channel="")
    text = _reply(outcome, data)
    assert _codes(text, _facts(outcome, way, data)) == {"no_online_review_channel"}
    assert _codes(text, _facts(outcome, POST, data)) == set()
    # On record, and yet not in the letter.
    assert _codes(text, _facts(outcome, way)) == {"no_online_review_channel"}


@pytest.mark.parametrize("field", ["review_body", "review_address", "court"])
def test_nothing_goes_out_while_remedy_data_are_empty(field: str) -> None:
    data = replace(DATA, **{field: ""})
    assert "remedy_data_empty" in _codes(
        _reply(Outcome.G2_GIVEN, data), _facts(Outcome.G2_GIVEN, data=data)
    )


@pytest.mark.parametrize(
    ("outcome", "wrong", "code"),
    [
        (Outcome.G2_GIVEN, "依照条例，本机关应当自收到申请之日起15个工作日内予以答复。", "fifteen_day_reply"),
        (Outcome.G2_GIVEN, "本机关在１５个工作日内答复。", "fifteen_day_reply"),
        (Outcome.G2_GIVEN, "本机关于十五个工作日内答复。", "fifteen_day_reply"),
        (Outcome.U2_NOT_OURS, "根据《政府信息公开条例》第二十一条第（三）项的规定答复。", "old_article"),
        (Outcome.U2_NOT_OURS, "根据条例第21条第3项的规定答复。", "old_article"),
        (Outcome.N2_REPEATED, "根据《条例》第十三条的规定，不予提供。", "old_article"),
        (Outcome.N2_REPEATED, "根据条例第二十条的规定，申请应当采用书面形式。", "old_article"),
        (Outcome.N2_REPEATED, "根据条例第二十四条的规定答复。", "old_article"),
        (Outcome.N2_REPEATED, "根据条例第三十三条可以申请行政复议。", "old_article"),
        (Outcome.G2_GIVEN, "《政府信息公开条例》（国务院令第492号）", "old_law"),
        (Outcome.D6_PROCESS, "与您自身生产、生活、科研等特殊需要无关，不予公开。", "purpose_demanded"),
        (Outcome.G2_GIVEN, "请您说明所需信息的用途。", "purpose_demanded"),
        (Outcome.G2_GIVEN, "您可以向上级主管部门申请行政复议。", "superior_department_reviewer"),
        (Outcome.D6_PROCESS, "或向上一级行政主管部门提出行政复议。", "superior_department_reviewer"),
        (Outcome.G2_GIVEN, "也可以向示例市住房城乡建设委员会申请行政复议。", "wrong_reviewer"),
        (Outcome.G2_GIVEN, "【请写附件】", "blank_left"),
        (Outcome.G2_GIVEN, "答复期限{答复期限}", "blank_left"),
        (Outcome.D6_PROCESS, "您也可以依法向人民法院提起行政诉讼。", "direct_suit_on_refusal"),
        (Outcome.D6_PROCESS, "或者自收到之日起六个月内起诉。", "direct_suit_on_refusal"),
        (Outcome.D6_PROCESS, "可自收到之日起六十日内复议或三个月内直接诉讼。", "direct_suit_on_refusal"),
        (Outcome.G2_GIVEN, "或者自收到之日起三个月内向法院提起行政诉讼。", "wrong_suit_period"),
        (Outcome.G2_GIVEN, "可以自收到之日起三十日内向示例区人民政府申请行政复议。", "wrong_review_period"),
        (Outcome.G2_GIVEN, "可以自收到之日起60个工作日内向示例区人民政府申请行政复议。", "wrong_review_period"),
        (Outcome.G2_GIVEN, "您应当先向示例区人民政府申请行政复议。", "review_first_on_open_reply"),
    ],
)  # fmt: skip
def test_what_old_samples_say_is_found(outcome: Outcome, wrong: str, code: str) -> None:
    assert code in _codes(f"{_reply(outcome)}\n{wrong}", _facts(outcome))


@pytest.mark.parametrize(
    "right",
    [
        "本机关已征求第三方意见，第三方在15个工作日内没有提出意见。",
        "您在15个工作日的补正期限内补正。",
        "该文件属于条例第二十条第（一）项规定的主动公开内容。",
        "依据《物业管理条例》第十三条、第二十一条的规定，由街道办事处负责。",
        "依据《中华人民共和国政府信息公开条例》（以下简称《条例》）第三十三条的规定，期限已经延长。",
        "条例第十三条规定，除不予公开的以外，政府信息应当公开。",
        "对行政复议决定不服的，可以自收到复议决定书之日起15日内向示例区人民法院提起行政诉讼。",
        "您不需要先申请行政复议。",
    ],
)
def test_what_is_right_is_not_taken_for_the_old_law(right: str) -> None:
    assert _codes(f"{_reply(Outcome.G2_GIVEN)}\n{right}", _facts(Outcome.G2_GIVEN)) == set()


def test_no_remedies_at_all_are_found() -> None:
    text = _reply(Outcome.G2_GIVEN).replace(remedy_block(RemedyGroup.REVIEW_OR_SUIT, DATA), "")
    assert "remedy_missing" in _codes(text, _facts(Outcome.G2_GIVEN))


@pytest.mark.parametrize("outcome", [one for one in Outcome if law_of(one).articles])
def test_a_reply_without_its_article_is_refused(outcome: Outcome) -> None:
    text = _reply(outcome)
    for article in law_of(outcome).articles:
        text = text.replace(article.label, "有关条款")
    assert "article_missing" in _codes(text, _facts(outcome))


def test_a_paragraph_that_is_another_does_not_do() -> None:
    text = _reply(Outcome.D6_PROCESS).replace("第十六条第二款", "第十六条第一款")
    assert _codes(text, _facts(Outcome.D6_PROCESS)) == {"article_missing"}


def test_articles_are_read_in_figures_and_in_words() -> None:
    text = _reply(Outcome.U1_DOES_NOT_EXIST).replace("第三十六条第（四）项", "第36条第四项")
    assert check_letter(text, _facts(Outcome.U1_DOES_NOT_EXIST)) == ()


def test_a_law_that_forbids_must_be_named() -> None:
    text = _reply(Outcome.D2_FORBIDDEN_BY_LAW).replace("《示例保密条例》第八条。", "有关规定。")
    assert _codes(text, _facts(Outcome.D2_FORBIDDEN_BY_LAW)) == {"law_missing"}


@pytest.mark.parametrize(
    ("standing", "body", "codes"),
    [
        (AgencyStanding.DEPARTMENT, "示例市住房城乡建设委员会", {"superior_department_reviewer"}),
        (AgencyStanding.GOVERNMENT, "示例市政府", set()),
        (AgencyStanding.GOVERNMENT, "示例市司法局", {"superior_department_reviewer"}),
        (AgencyStanding.VERTICAL, "国家税务总局示例市税务局", set()),
        (AgencyStanding.PROVINCE_OR_MINISTRY, "示例部", set()),
    ],
)
def test_who_reviews_follows_from_what_the_agency_is(
    standing: AgencyStanding, body: str, codes: set[str]
) -> None:
    data = replace(DATA, standing=standing, review_body=body)
    assert _codes(_reply(Outcome.G2_GIVEN, data), _facts(Outcome.G2_GIVEN, data=data)) == codes


def test_a_superior_body_may_review_a_tax_office() -> None:
    data = replace(DATA, standing=AgencyStanding.VERTICAL, review_body="国家税务总局示例市税务局")
    text = f"{_reply(Outcome.G2_GIVEN, data)}\n国家税务总局示例市税务局是本机关的上一级机关，负责行政复议。"
    assert check_letter(text, _facts(Outcome.G2_GIVEN, data=data)) == ()


@pytest.mark.parametrize("kind", LetterKind)
def test_our_own_wording_passes_the_linter(kind: LetterKind) -> None:
    outcomes: list[Outcome | None] = [None]
    if kind is LetterKind.N12_REPLY:
        outcomes = list(Outcome)
    for outcome in outcomes:
        text = wording(kind, outcome)
        assert lint_template(text.body, kind, outcome) == ()
        assert text.title and "{" not in text.title


@pytest.mark.parametrize(
    ("kind", "outcome", "body", "code"),
    [
        (
            LetterKind.N12_REPLY, Outcome.D6_PROCESS,
            "依照条例{依据}不予公开。如不服，可以自收到之日起60日内向{复议机关}申请行政复议，或者6个月内提起诉讼。",
            "direct_suit_on_refusal",
        ),
        (
            LetterKind.N12_REPLY, Outcome.D6_PROCESS,
            "依照条例{依据}不予公开。可向上级主管部门或者{复议机关}申请行政复议。",
            "superior_department_reviewer",
        ),
        (LetterKind.N12_REPLY, Outcome.G2_GIVEN, "依照条例{依据}公开。", "remedy_missing"),
        (LetterKind.N12_REPLY, Outcome.G2_GIVEN, "予以公开。{救济途径}", "article_missing"),
        (LetterKind.N5_EXTENSION, None, "本应在15个工作日内答复，现延长15个工作日。", "fifteen_day_reply"),
        (LetterKind.N2_CORRECTION, None, "请补正所需信息的用途，并说明用途。", "purpose_demanded"),
        (LetterKind.N6_THIRD_PARTY, None, "{申请人}申请公开：{征求内容}。", "applicant_named"),
        (LetterKind.N2_CORRECTION, None, "{甲}请补正。", "unknown_placeholder"),
    ],
)  # fmt: skip
def test_templates_are_refused_for_what_makes_letters_defective(
    kind: LetterKind, outcome: Outcome | None, body: str, code: str
) -> None:
    assert code in {finding.code for finding in lint_template(body, kind, outcome)}


@pytest.mark.parametrize("kind", [LetterKind.N2_CORRECTION, LetterKind.N6_THIRD_PARTY])
def test_fifteen_days_of_other_periods_stay(kind: LetterKind) -> None:
    body = wording(kind).body.replace("{补正工作日}", "15")
    assert "15个工作日" in body and lint_template(body, kind, None) == ()


def test_who_must_not_be_named_is_not_named() -> None:
    facts = replace(
        LetterFacts(LetterKind.N6_THIRD_PARTY, None, DATA, POST), never_named=("买买提·吐尔逊",)
    )
    assert _codes("买买提·吐尔逊 申请公开贵公司的合同", facts) == {"named_to_others"}
    assert _codes("有人申请公开贵公司的合同", facts) == set()


def test_brackets_of_an_applicant_are_no_blanks() -> None:
    text = fill("您申请公开：{申请内容}。", {"申请内容": "【2024】3号文件和{救济途径}"})
    assert text == "您申请公开：〔2024〕3号文件和（救济途径）。"


def test_what_is_not_known_becomes_a_blank_and_what_comes_late_stays() -> None:
    assert with_blanks("{补正事项}{申请人}{救济途径}") == "【补正事项】{申请人}{救济途径}"
