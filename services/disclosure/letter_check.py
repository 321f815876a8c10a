"""What is wrong with a letter, before it is issued: a defect here loses a lawsuit.

The same reading serves templates, in which placeholders stand for names and days. Source: as
services/disclosure/remedies.py; the 2019 revision of the regulation replaced that of 2007, whose
numbers and whose 15 working days are still found in many samples.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from models.application import DeliveryWay
from models.disclosure_office import AgencyStanding
from models.official_letter import LetterKind
from models.outcome import Outcome
from services.disclosure.findings import Finding
from services.disclosure.letter_fields import PLACEHOLDERS
from services.disclosure.letter_reading import LetterText
from services.disclosure.old_law import old_law_findings
from services.disclosure.outcomes import GROUNDS_OF_REFUSAL, RemedyGroup, law_of
from services.disclosure.remedies import RemedyData, remedy_block
from services.errors import Invalid

REMEDY = "救济途径"
"""The placeholder that the remedy block stands for."""
WITH_REMEDY = {LetterKind.N3_NO_FURTHER_PROCESSING, LetterKind.N12_REPLY, LetterKind.N13_DISCLOSURE}
"""Letters that decide something and must tell of remedies."""
TO_OTHERS = {LetterKind.N6_THIRD_PARTY, LetterKind.N8_AGENCY, LetterKind.N13_DISCLOSURE}
"""Letters to others than the applicant, who is not named in them."""
_ABOUT_APPLICANT = re.compile(r"\{(申请人|申请人地址|申请人电话|查询码)\}")
_SHORTEST_QUOTATION = 6
_PLACEHOLDER = re.compile(r"\{[^{}\n]{1,20}\}")
_BLANK = re.compile(r"【[^】\n]{0,60}】")
_SUPERIOR = re.compile(
    r"上级[^。;,\n]{0,6}(?:部门|机关|单位)|上一级[^。;,\n]{0,6}(?:部门|机关|单位)"
)


class LetterDefective(Invalid):
    """A letter must not go out as it is. `findings` say why."""

    code = "letter_defective"
    sentence = "文书还有问题，不能制发。"

    def __init__(self, findings: tuple[Finding, ...], undone: str = "不能制发") -> None:
        super().__init__(
            ", ".join(finding.code for finding in findings),
            sentence=f"{undone}：" + " ".join(finding.sentence for finding in findings),
        )
        self.findings = findings

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the stable codes of what is wrong."""
        return tuple(finding.code for finding in self.findings)


@dataclass(frozen=True)
class LetterFacts:
    """What a letter is, besides its text."""

    kind: LetterKind
    outcome: Outcome | None
    """What a reply decides; for a letter that ends a case without one, what it ends with."""
    remedy: RemedyData
    way: DeliveryWay
    never_named: tuple[str, ...] = ()
    """Who must not be named: the applicant towards others, a third party towards the applicant."""
    quoted: str = ""
    """What the applicant asked for, in their words: a question about old law is no defect."""


def check_letter(text: str, facts: LetterFacts) -> tuple[Finding, ...]:
    """Return everything that keeps a whole text from being issued."""
    read = LetterText(_without_quotation(text, facts.quoted))
    found = [*_left_open(text), *old_law_findings(read, facts.outcome), *_named(text, facts)]
    if facts.kind in WITH_REMEDY:
        found += [*_empty_data(facts.remedy), *_reviewer(read, facts.remedy)]
        found += _ways_to_court(read, group_of(facts.kind, facts.outcome, read))
        if facts.way.is_electronic and not _gives_channel(read, facts.remedy):
            found.append(
                Finding(
                    "no_online_review_channel",
                    "电子方式送达的答复，要同时写明网上提交行政复议申请的渠道（复议法第二十二条）。",
                )
            )
    if facts.outcome is not None and facts.kind is not LetterKind.N13_DISCLOSURE:
        found += _articles(read, facts.outcome)
    return _each_once(found)


def lint_template(body: str, kind: LetterKind, outcome: Outcome | None) -> tuple[Finding, ...]:
    """Return everything that keeps a wording from being used as a template."""
    read = LetterText(_with_model_remedy(body, kind, outcome))
    found = [*_unknown_placeholders(body), *old_law_findings(read, outcome)]
    if kind in TO_OTHERS and _ABOUT_APPLICANT.search(body):
        found.append(
            Finding(
                "applicant_named", "发给第三方或者其他机关的文书，不能写申请人的姓名和联系方式。"
            )
        )
    if kind in WITH_REMEDY:
        found += _ways_to_court(read, group_of(kind, outcome, read))
        found += _superior(read, AgencyStanding.DEPARTMENT)
    if outcome is not None and kind is LetterKind.N12_REPLY:
        found += _articles(read, outcome)
    return _each_once(found)


def group_of(kind: LetterKind, outcome: Outcome | None, read: LetterText) -> RemedyGroup:
    """Return which way leads to court after what a text decides.

    A reply in part that withholds nothing under Articles 14 to 16, only what is no government
    information, is not a refusal.
    """
    if kind is LetterKind.N13_DISCLOSURE or outcome is None:
        return RemedyGroup.REVIEW_OR_SUIT
    group = law_of(outcome).remedy
    if group is RemedyGroup.BOTH and not _cites_grounds(read) and _is_no_information(read):
        return RemedyGroup.REVIEW_OR_SUIT
    return group


def _with_model_remedy(body: str, kind: LetterKind, outcome: Outcome | None) -> str:
    """Return a template as it is read once the law has filled in its part of it."""
    names = RemedyData(
        AgencyStanding.DEPARTMENT,
        "{机关}",
        "{复议机关}",
        "{复议机关地址}",
        "{复议网上渠道}",
        "{法院}",
    )
    if outcome is not None:
        body = body.replace("{依据}", law_of(outcome).basis)
    group = group_of(kind, outcome, LetterText(body))
    return body.replace("{" + REMEDY + "}", remedy_block(group, names))


def _without_quotation(text: str, quoted: str) -> str:
    """Return a text without the applicant's words where they are told first.

    A word or two are left: they may stand anywhere.
    """
    return text.replace(quoted, "所申请的信息", 1) if len(quoted) >= _SHORTEST_QUOTATION else text


def _left_open(text: str) -> Iterator[Finding]:
    for found in [*_BLANK.findall(text), *_PLACEHOLDER.findall(text)]:
        yield Finding("blank_left", f"还有没填的地方：{found}。")


def _unknown_placeholders(body: str) -> Iterator[Finding]:
    for found in _PLACEHOLDER.findall(body):
        if found[1:-1] not in PLACEHOLDERS:
            yield Finding("unknown_placeholder", f"不认识的占位符：{found}。")


def _named(text: str, facts: LetterFacts) -> Iterator[Finding]:
    for name in facts.never_named:
        if len(_plain(name)) > 1 and _plain(name) in _plain(text):
            yield Finding(
                "named_to_others",
                "文书里出现了不能告诉收件人的姓名或名称：发给第三方的不写申请人，发给申请人的不写第三方。",
            )


def _empty_data(remedy: RemedyData) -> Iterator[Finding]:
    needed = {
        "复议机关名称": remedy.review_body,
        "复议机关地址": remedy.review_address,
        "管辖法院": remedy.court,
    }
    missing = [name for name, text in needed.items() if not text]
    if missing:
        yield Finding(
            "remedy_data_empty",
            f"本机关的救济信息还没有填全：{'、'.join(missing)}。请先在机关资料里填写。",
        )


def reviewer_findings(
    standing: AgencyStanding, review_body: str, agency_name: str
) -> tuple[Finding, ...]:
    """Return why a body cannot be the one that reviews an agency's decisions (复议法 Article 24)."""
    found = []
    governed = {AgencyStanding.DEPARTMENT, AgencyStanding.GOVERNMENT}
    if standing in governed and "政府" not in review_body:
        found.append(Finding("superior_department_reviewer", _WRONG_REVIEWER[standing]))
    if standing in governed and _plain(review_body) == _plain(agency_name):
        found.append(Finding("own_reviewer", _WRONG_REVIEWER[standing]))
    return tuple(found)


def _reviewer(read: LetterText, remedy: RemedyData) -> Iterator[Finding]:
    yield from _superior(read, remedy.standing)
    if remedy.review_body:
        yield from reviewer_findings(remedy.standing, remedy.review_body, remedy.agency_name)
    body, court = _plain(remedy.review_body), _plain(remedy.court)
    named = read.reviewers
    if body and (not read.has(re.escape(body)) or any(body not in name for name in named)):
        yield Finding(
            "wrong_reviewer", f"写的复议机关与机关资料里的不一致，应当是{remedy.review_body}。"
        )
    if court and re.search("诉讼|起诉", read.plain) and not read.has(re.escape(court)):
        yield Finding("wrong_court", f"要写明管辖法院的名称：{remedy.court}。")


_WRONG_REVIEWER = {
    AgencyStanding.DEPARTMENT: (
        "政府部门的复议机关是本级人民政府，不是上级主管部门（复议法第二十四条）。"
    ),
    AgencyStanding.GOVERNMENT: "一级人民政府的复议机关是上一级人民政府（复议法第二十四条）。",
}


def _superior(read: LetterText, standing: AgencyStanding) -> Iterator[Finding]:
    if standing is AgencyStanding.DEPARTMENT and any(
        _SUPERIOR.search(sentence) and "复议" in sentence for sentence in read.sentences
    ):
        yield Finding("superior_department_reviewer", _WRONG_REVIEWER[standing])


def _ways_to_court(read: LetterText, group: RemedyGroup) -> Iterator[Finding]:
    if not read.tells_of_review:
        yield Finding("remedy_missing", "没有写救济途径：行政复议和行政诉讼。")
        return
    if any(period not in {"60日", "60天"} for period in read.review_periods):
        yield Finding("wrong_review_period", "申请行政复议的期限是60日（复议法第二十条）。")
    elif not read.review_periods:
        yield Finding("review_period_missing", "要写明申请行政复议的期限：自收到之日起60日内。")
    if any(period != "6" for period in read.suit_periods):
        yield Finding(
            "wrong_suit_period", "直接提起行政诉讼的期限是6个月（行政诉讼法第四十六条）。"
        )
    if group is not RemedyGroup.REVIEW_OR_SUIT:
        yield from _after_refusal(read, group)
    elif read.asks_for_review_first:
        yield Finding(
            "review_first_on_open_reply",
            "这类答复可以复议，也可以直接诉讼，不能写成应当先申请行政复议。",
        )
    if group is not RemedyGroup.REVIEW_FIRST and not read.offers_suit_in_six_months:
        yield Finding(
            "suit_missing", "要写明可以自收到之日起6个月内提起行政诉讼（行政诉讼法第四十六条）。"
        )


def _after_refusal(read: LetterText, group: RemedyGroup) -> Iterator[Finding]:
    if not read.asks_for_review_first:
        yield Finding(
            "review_first_missing",
            "不予公开要先申请行政复议，答复里必须告知（复议法第二十三条）。",
        )
    if not read.offers_suit_after_review:
        yield Finding(
            "suit_after_review_missing",
            "要写明对复议决定不服的，自收到复议决定书之日起15日内提起诉讼（行政诉讼法第四十五条）。",
        )
    if group is RemedyGroup.REVIEW_FIRST and read.direct_suits:
        yield Finding(
            "direct_suit_on_refusal",
            "不予公开不能写成可以直接提起行政诉讼：应当先申请行政复议（复议法第二十三条）。",
        )


def _gives_channel(read: LetterText, remedy: RemedyData) -> bool:
    return bool(remedy.review_channel) and read.has(re.escape(_plain(remedy.review_channel)))


def _articles(read: LetterText, outcome: Outcome) -> Iterator[Finding]:
    law = law_of(outcome)
    for article in law.articles:
        if not read.cites(article.number, article.paragraph, article.item):
            yield Finding("article_missing", f"没有写依据：条例{article.label}。")
    if law.grounds and not _cites_grounds(read) and not _is_no_information(read):
        yield Finding(
            "article_missing", "没有写不予公开部分的依据：条例第十四条、第十五条或者第十六条。"
        )
    if outcome is Outcome.D2_FORBIDDEN_BY_LAW and not (read.other_laws or read.has("【")):
        yield Finding("law_missing", "没有写明禁止公开的法律、行政法规的名称和条款。")


def _cites_grounds(read: LetterText) -> bool:
    return any(read.cites(number) for number in GROUNDS_OF_REFUSAL)


def _is_no_information(read: LetterText) -> bool:
    return read.has("不属于政府信息")


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _each_once(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(found))
