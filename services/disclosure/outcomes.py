"""What the law says of each outcome: its article, its way to a remedy, what a reply must say.

Source: Regulation on Open Government Information (2019 revision), Articles 14 to 16, 30 and 35 to 42;
which row of the annual report it is counted in is in services/disclosure/report_tables.py. That row
and the way to a remedy are two things: 行政查询事项 stands among the refusals of the report, and is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.outcome import Outcome


class RemedyGroup(StrEnum):
    """Which way leads to court."""

    REVIEW_FIRST = "review_first"
    """复议前置: a refusal under Articles 14 to 16 (复议法 Article 23(1)(4))."""
    REVIEW_OR_SUIT = "review_or_suit"
    BOTH = "both"
    """区分处理: one for the part withheld, the other for the rest."""

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "review_first": "先复议，后诉讼",
            "review_or_suit": "复议或者诉讼",
            "both": "不予公开部分先复议，其余部分复议或者诉讼",
        }[self.value]


class Evidence(StrEnum):
    """What has to be in the file before a reply is issued."""

    RELEASE = "release"
    REDACTION_LOG = "redaction_log"
    CONSULTATION = "consultation"
    SECRECY_REFERENCE = "secrecy_reference"
    SEARCH_LOG = "search_log"
    EARLIER_CASE = "earlier_case"
    CORRECTION = "correction"
    REASONS = "reasons"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "release": "提供的信息文件",
            "redaction_log": "区分处理记录",
            "consultation": "第三方意见已收到或者期限已过",
            "secrecy_reference": "定密依据（只在内部留存）",
            "search_log": "检索记录",
            "earlier_case": "之前的申请",
            "correction": "已经补正过",
            "reasons": "已要求说明理由，理由不合理",
        }[self.value]


@dataclass(frozen=True)
class Article:
    """A place in the regulation."""

    number: int
    paragraph: int | None = None
    """款, counted from 1."""
    item: int | None = None
    """项, counted from 1."""

    @property
    def label(self) -> str:
        """How letters cite it."""
        paragraph = f"第{_in_words(self.paragraph)}款" if self.paragraph else ""
        item = f"第（{_in_words(self.item)}）项" if self.item else ""
        return f"第{_in_words(self.number)}条{paragraph}{item}"


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    if tens == 0:
        return digits[ones]
    return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")


@dataclass(frozen=True)
class OutcomeLaw:
    """What goes with one outcome."""

    label: str
    articles: tuple[Article, ...]
    """What a reply must cite, each of them. () where no single article is known."""
    remedy: RemedyGroup
    must_say: str
    """What the reply has to say besides, for who drafts it."""
    evidence: tuple[Evidence, ...] = ()
    grounds: tuple[Article, ...] = ()
    """Of these at least one must be cited, too."""

    @property
    def basis(self) -> str:
        """Return the articles in one line, "" where there is none."""
        return "、".join(article.label for article in self.articles)


GROUNDS_OF_REFUSAL = (14, 15, 16)
"""The articles of which a refusal asks for a review first."""
_A, _B = RemedyGroup.REVIEW_FIRST, RemedyGroup.REVIEW_OR_SUIT
_E = Evidence
_O = Outcome
_WHY_DISCRETION = "为什么行使“可以不予公开”的裁量"
_ART = Article

LAW: dict[Outcome, OutcomeLaw] = {
    _O.G1_ALREADY_PUBLIC: OutcomeLaw(
        "已主动公开", (_ART(36, item=1),), _B, "准确的网址、地点等获取方式和途径"
    ),
    _O.G2_GIVEN: OutcomeLaw(
        "予以公开", (_ART(36, item=2),), _B,
        "提供的信息，或者获取的方式、途径和时间", (_E.RELEASE,),
    ),
    _O.P1_PARTLY: OutcomeLaw(
        "部分公开", (_ART(37),), RemedyGroup.BOTH,
        "公开的部分，以及每一处不予公开部分的理由", (_E.RELEASE, _E.REDACTION_LOG),
        grounds=tuple(_ART(number) for number in GROUNDS_OF_REFUSAL),
    ),
    _O.D1_STATE_SECRET: OutcomeLaw(
        "属于国家秘密", (_ART(14), _ART(36, item=3)), _A, "依据，但不能透露秘密本身",
        (_E.SECRECY_REFERENCE,),
    ),
    _O.D2_FORBIDDEN_BY_LAW: OutcomeLaw(
        "其他法律行政法规禁止公开", (_ART(14), _ART(36, item=3)), _A, "禁止公开的法律、行政法规及条款"
    ),
    _O.D3_SAFETY_AND_STABILITY: OutcomeLaw(
        "危及“三安全一稳定”", (_ART(14), _ART(36, item=3)), _A, "会危及哪一方面以及理由"
    ),
    _O.D4_THIRD_PARTY: OutcomeLaw(
        "保护第三方合法权益", (_ART(15), _ART(32), _ART(36, item=3)), _A,
        "已征求第三方意见、第三方不同意且理由合理、不公开不会对公共利益造成重大影响",
        (_E.CONSULTATION,),
    ),
    _O.D5_INTERNAL_AFFAIRS: OutcomeLaw(
        "属于三类内部事务信息", (_ART(16, 1), _ART(36, item=3)), _A, _WHY_DISCRETION
    ),
    _O.D6_PROCESS: OutcomeLaw(
        "属于四类过程性信息", (_ART(16, 2), _ART(36, item=3)), _A, _WHY_DISCRETION
    ),
    _O.D7_ENFORCEMENT_FILE: OutcomeLaw(
        "属于行政执法案卷", (_ART(16, 2), _ART(36, item=3)), _A,
        _WHY_DISCRETION + "，并且没有法律、法规、规章规定应当公开",
    ),
    _O.D8_OWN_INQUIRY_REGIME: OutcomeLaw(
        "属于行政查询事项", (_ART(36, item=7),), _B, "应当依照哪部法律、到哪里查询"
    ),
    _O.U1_DOES_NOT_EXIST: OutcomeLaw(
        "本机关不掌握：信息不存在", (_ART(36, item=4),), _B, "已经检索：查了哪些系统、用了什么词、哪一天",
        (_E.SEARCH_LOG,),
    ),
    _O.U2_NOT_OURS: OutcomeLaw(
        "本机关不掌握：非本机关负责", (_ART(36, item=5),), _B, "理由，以及负责机关的名称、联系方式（能确定的）"
    ),
    _O.U3_WOULD_HAVE_TO_BE_MADE: OutcomeLaw(
        "没有现成信息需要另行制作", (_ART(38),), _B, "为什么需要另行加工、分析"
    ),
    _O.U4_STILL_UNCLEAR: OutcomeLaw(
        "补正后申请内容仍不明确", (_ART(30),), _B, "补正之后还有什么不明确", (_E.CORRECTION,)
    ),
    _O.N1_PETITION: OutcomeLaw(
        "信访举报投诉类申请", (_ART(39, 1),), _B, "不作为政府信息公开申请处理，以及合适的渠道"
    ),
    _O.N2_REPEATED: OutcomeLaw(
        "重复申请", (_ART(36, item=6),), _B, "之前答复的文号和日期", (_E.EARLIER_CASE,)
    ),
    _O.N3_PUBLICATION: OutcomeLaw(
        "要求提供公开出版物", (_ART(39, 2),), _B, "在哪里可以得到出版物"
    ),
    _O.N4_EXCESSIVE: OutcomeLaw(
        "无正当理由大量反复申请", (_ART(35),), _B, "已要求说明理由，以及理由为什么不合理", (_E.REASONS,)
    ),
    _O.N5_CONFIRMATION: OutcomeLaw(
        "要求行政机关确认或重新出具已获取信息", (), _B, "之前已经怎样获取了这项信息"
    ),
    _O.O1_NOT_CORRECTED: OutcomeLaw(
        "逾期不补正，不再处理", (_ART(30),), _B, "补正告知书何时送达、期限何时届满、怎样重新申请"
    ),
    _O.O2_NOT_PAID: OutcomeLaw(
        "逾期未缴费，不再处理", (_ART(42),), _B, "收费通知书何时送达、期限何时届满、怎样重新申请"
    ),
    _O.O3_OTHER: OutcomeLaw("其他处理", (), _B, "处理的方式和理由（撤回、并案等）"),
}  # fmt: skip


def law_of(outcome: Outcome) -> OutcomeLaw:
    """Return what the law says of an outcome."""
    return LAW[outcome]


def withholds(outcome: Outcome) -> bool:
    """Return whether something is withheld that has to be looked at again (Article 18)."""
    return LAW[outcome].remedy is not RemedyGroup.REVIEW_OR_SUIT
