"""The table of §7.2: who may do what in a case, which letter it makes, which clock it touches.

From where each event is possible is in services/disclosure/case_order.py; what the law asks of its days
is in services/disclosure/guards.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.consultation import PartyKind
from models.official_letter import LetterKind
from services.disclosure import events as e

_L = LetterKind


class Doer(StrEnum):
    """Who may do something in a case."""

    RECEIVER = "receiver"
    """Whoever takes applications in: clerks of the zone and the agency's own staff."""
    OFFICER = "officer"
    """The agency's staff who work on applications, their head included."""
    HEAD = "head"
    """The head of the office (公开工作机构负责人, Article 33)."""
    REVIEWER = "reviewer"
    """Who makes the secrecy check (保密审查, Article 17), or the head."""
    SYSTEM = "system"
    """Nobody: it follows from something else."""


_TAKE, _WORK, _APPROVE, _REVIEW = Doer.RECEIVER, Doer.OFFICER, Doer.HEAD, Doer.REVIEWER


class ClockEffect(StrEnum):
    """What an event does to the period for the answer."""

    NONE = "none"
    STARTS = "starts"
    STOPS = "stops"
    """The count is void; it starts anew with what is waited for."""
    RESTARTS = "restarts"
    PAUSES = "pauses"
    RESUMES = "resumes"
    LENGTHENS = "lengthens"
    ENDS = "ends"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "none": "不影响期限", "starts": "开始计算期限", "stops": "停止计算期限",
            "restarts": "重新计算期限", "pauses": "暂停计算期限", "resumes": "恢复计算期限",
            "lengthens": "延长期限", "ends": "期限终止",
        }[self.value]  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """What goes with one kind of event."""

    doer: Doer
    effect: ClockEffect = ClockEffect.NONE
    letters: tuple[LetterKind, ...] = ()
    needs_words: str = ""
    """What is to be written beside it, "" where nothing has to be."""
    article: str = ""


_E = ClockEffect
_NO_FURTHER = (_L.N3_NO_FURTHER_PROCESSING,)

RULES: dict[type[e.Event], Rule] = {
    e.Submitted: Rule(_TAKE, article="29"),
    e.ContactTried: Rule(_TAKE, article="31"),
    e.Received: Rule(_WORK, _E.STARTS, (_L.N1_RECEIPT,), article="31"),
    e.Assigned: Rule(_WORK),
    e.Began: Rule(_WORK),
    e.Searched: Rule(_WORK, needs_words="检索的系统、用词和日期", article="36(4)"),
    e.CorrectionAsked: Rule(
        _WORK, _E.STOPS, (_L.N2_CORRECTION,), needs_words="需要补正的全部事项", article="30"
    ),
    e.CorrectionReceived: Rule(_TAKE, _E.RESTARTS, (_L.N1_RECEIPT,), article="30"),
    e.CorrectionLapsed: Rule(_WORK, _E.ENDS, _NO_FURTHER, article="30"),
    e.ConsultationSent: Rule(
        _WORK, _E.PAUSES, (_L.N6_THIRD_PARTY, _L.N7_CONSULTING), article="32, 34"
    ),
    e.ConsultationDelivered: Rule(_WORK, article="32, 34"),
    e.ConsultationReturned: Rule(_WORK, _E.RESUMES, article="32, 33, 34"),
    e.ExtensionProposed: Rule(_WORK, article="33"),
    e.ExtensionRefused: Rule(_APPROVE, article="33"),
    e.ExtensionApproved: Rule(_APPROVE, article="33"),
    e.ExtensionTold: Rule(_WORK, _E.LENGTHENS, (_L.N5_EXTENSION,), article="33"),
    e.ReasonsAsked: Rule(
        _WORK, _E.NONE, (_L.N4_REASONS,), needs_words="申请数量、频次的依据", article="35"
    ),
    e.ReasonsGiven: Rule(_WORK, article="35"),
    e.Delayed: Rule(_APPROVE, _E.LENGTHENS, (_L.N4B_DELAY,), article="35"),
    e.FeeAsked: Rule(_WORK, _E.STOPS, (_L.N9_FEE,), article="42"),
    e.FeePaid: Rule(_WORK, _E.RESTARTS, (_L.N10_PAID,), article="42"),
    e.FeeLapsed: Rule(_WORK, _E.ENDS, _NO_FURTHER, article="42"),
    e.SentForReview: Rule(_WORK, article="17"),
    e.ReviewReturned: Rule(_REVIEW, article="17"),
    e.ReviewPassed: Rule(_REVIEW, article="17"),
    e.Issued: Rule(_WORK, _E.NONE, (_L.N12_REPLY,), article="33"),
    e.Served: Rule(_WORK, _E.ENDS, article="33"),
    e.Withdrawn: Rule(_TAKE, _E.ENDS, (_L.N11_WITHDRAWN,)),
    e.CategoryChanged: Rule(_WORK, needs_words="变更申请人类别的理由"),
    e.RemedyLodged: Rule(_WORK, article="51"),
    e.RemedyDecided: Rule(_WORK, article="51"),
    e.RedoOrdered: Rule(_WORK, _E.RESTARTS),
    e.Archived: Rule(_WORK, article="45"),
    e.DatesMoved: Rule(Doer.SYSTEM),
    e.Noted: Rule(_TAKE, needs_words="备注"),
}
"""One row for each kind of event."""


def doer_of(event: e.AnyEvent) -> Doer:
    """Return who may do something: what goes beyond the rule is for the head."""
    match event:
        case e.CorrectionAsked(by_head=True) | e.CorrectionReceived(with_good_reason=True):
            return Doer.HEAD
        case _:
            return RULES[type(event)].doer


def effect_of(event: e.AnyEvent) -> ClockEffect:
    """Return what an event does to the period."""
    match event:
        case e.CorrectionAsked(restarts=False):
            return ClockEffect.NONE
        case e.FeePaid(restarts=False):
            return ClockEffect.RESUMES
        case _:
            pass
    return RULES[type(event)].effect


def letters_of(event: e.AnyEvent) -> tuple[LetterKind, ...]:
    """Return the letters that go out with an event."""
    if isinstance(event, e.ConsultationSent) and event.party is not PartyKind.THIRD_PARTY:
        return (_L.N8_AGENCY, _L.N7_CONSULTING)
    return RULES[type(event)].letters
