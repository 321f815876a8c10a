"""What can happen to an application. Each event is a fact with its legal day.

The days are days in China. Nothing here tells of a person: words go into the encrypted note that is
stored beside an event.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from models.application import ApplicantKind, Channel, DeliveryWay, OrgCategory
from models.consultation import PartyKind, PartyView
from models.outcome import Outcome
from models.remedy import RemedyKind, RemedyResult


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened."""

    label: ClassVar[str] = ""
    """What the page of a case calls it."""
    on: date
    """The day that the law counts from."""


class Submitted(Event, frozen=True, tag="submitted"):
    """申请提交. In itself no receipt (Article 31)."""

    label = "提交申请"
    channel: Channel


class ContactTried(Event, frozen=True, tag="contact_tried"):
    """The office tried to reach the applicant to confirm, in vain or not (207号)."""

    label = "联系申请人"
    reached: bool


class Received(Event, frozen=True, tag="received"):
    """收到: `on` is day zero as the channel decides it."""

    label = "确认收到"


class Assigned(Event, frozen=True, tag="assigned"):
    label = "分派经办人"
    staff_id: int


class Began(Event, frozen=True, tag="began"):
    """The officer begins to search and examine."""

    label = "开始办理"


class Searched(Event, frozen=True, tag="searched"):
    """A search was made; systems, words and days are in the note (evidence for U1)."""

    label = "检索记录"


class CorrectionAsked(Event, frozen=True, tag="correction_asked"):
    """补正告知书 sent; `on` is the day it was sent (Article 30)."""

    label = "通知补正"
    served_on: date
    days: int
    """Working days that the applicant has, from the day it was served."""
    limit_on: date
    by_head: bool = False
    """Given after the seventh working day, on the word of the head."""
    restarts: bool = True
    """Whether the period begins anew with the correction. Given late: as the agency has set it."""


class CorrectionReceived(Event, frozen=True, tag="correction_received"):
    """补正 came: the period starts anew with `on` as day zero."""

    label = "收到补正"
    with_good_reason: bool = False
    """Came after the limit, and a good reason was accepted."""


class CorrectionLapsed(Event, frozen=True, tag="correction_lapsed"):
    """逾期不补正: regarded as given up (Article 30)."""

    label = "逾期不补正"


class ConsultationSent(Event, frozen=True, tag="consultation_sent"):
    """征求意见书 sent on `on`: the days after it do not count (Article 33)."""

    label = "发出征求意见"
    consultation_id: int
    party: PartyKind


class ConsultationDelivered(Event, frozen=True, tag="consultation_delivered"):
    """The party has the letter: its 15 working days run from `on` (Articles 32, 34)."""

    label = "征求意见送达"
    consultation_id: int
    limit_on: date


class ConsultationReturned(Event, frozen=True, tag="consultation_returned"):
    """The opinion came, or the 15 days are over (view SILENT, `on` the last of them)."""

    label = "收到意见"
    consultation_id: int
    view: PartyView


class ExtensionProposed(Event, frozen=True, tag="extension_proposed"):
    label = "提请延期"
    days: int


class ExtensionRefused(Event, frozen=True, tag="extension_refused"):
    label = "不同意延期"


class ExtensionApproved(Event, frozen=True, tag="extension_approved"):
    """The head of the office approved (Article 33 paragraph 2)."""

    label = "批准延期"
    days: int


class ExtensionTold(Event, frozen=True, tag="extension_told"):
    """延期答复告知书 sent: only now the extension holds."""

    label = "告知延期"


class ReasonsAsked(Event, frozen=True, tag="reasons_asked"):
    """说明理由告知书, because number or frequency is plainly excessive (Article 35)."""

    label = "要求说明理由"
    applications_counted: int


class ReasonsGiven(Event, frozen=True, tag="reasons_given"):
    label = "收到理由说明"
    reasonable: bool


class Delayed(Event, frozen=True, tag="delayed"):
    """延迟答复 with the day told (Article 35)."""

    label = "延迟答复"
    until: date


class FeeAsked(Event, frozen=True, tag="fee_asked"):
    """收费通知书; `on` is the day the applicant received it (109号)."""

    label = "通知缴费"
    yuan: int
    pay_by: date


class FeePaid(Event, frozen=True, tag="fee_paid"):
    label = "收到缴费"
    receipt_number: str = ""
    restarts: bool = True
    """Whether the period begins anew, as the agency has set it."""


class FeeLapsed(Event, frozen=True, tag="fee_lapsed"):
    label = "逾期未缴费"


class SentForReview(Event, frozen=True, tag="sent_for_review"):
    """The draft reply goes to the secrecy check (保密审查, Article 17)."""

    label = "送审"
    letter_id: int
    outcome: Outcome


class ReviewReturned(Event, frozen=True, tag="review_returned"):
    label = "审查退回"
    letter_id: int


class ReviewPassed(Event, frozen=True, tag="review_passed"):
    label = "审查通过"
    letter_id: int


class Issued(Event, frozen=True, tag="issued"):
    """The reply was signed and numbered (制发)."""

    label = "制发答复"
    letter_id: int
    outcome: Outcome


class Served(Event, frozen=True, tag="served"):
    """The reply was served; `on` counts as the day of the answer (235号)."""

    label = "送达答复"
    letter_id: int
    outcome: Outcome
    way: DeliveryWay


class Withdrawn(Event, frozen=True, tag="withdrawn"):
    """申请人撤回, in writing."""

    label = "申请人撤回"


class CategoryChanged(Event, frozen=True, tag="category_changed"):
    """The applicant's category was mended; why is in the note."""

    label = "变更申请人类别"
    applicant_kind: ApplicantKind
    org_category: OrgCategory | None


class RemedyLodged(Event, frozen=True, tag="remedy_lodged"):
    label = "提起复议或诉讼"
    remedy_id: int
    remedy: RemedyKind


class RemedyDecided(Event, frozen=True, tag="remedy_decided"):
    label = "复议或诉讼结果"
    remedy_id: int
    result: RemedyResult


class RedoOrdered(Event, frozen=True, tag="redo_ordered"):
    """责令重新答复, within the period that the decision sets."""

    label = "责令重新答复"
    due_on: date


class Archived(Event, frozen=True, tag="archived"):
    label = "归档"
    archive_number: str


class DatesMoved(Event, frozen=True, tag="dates_moved"):
    """A calendar came in and the last day for the reply moved. The shown days stay on record."""

    label = "期限重新计算"
    calendar_version: str
    reply_due_before: date | None
    reply_due_after: date | None


class Noted(Event, frozen=True, tag="noted"):
    """A note of the office; its words are beside it."""

    label = "备注"


AnyEvent = (
    Submitted
    | ContactTried
    | Received
    | Assigned
    | Began
    | Searched
    | CorrectionAsked
    | CorrectionReceived
    | CorrectionLapsed
    | ConsultationSent
    | ConsultationDelivered
    | ConsultationReturned
    | ExtensionProposed
    | ExtensionRefused
    | ExtensionApproved
    | ExtensionTold
    | ReasonsAsked
    | ReasonsGiven
    | Delayed
    | FeeAsked
    | FeePaid
    | FeeLapsed
    | SentForReview
    | ReviewReturned
    | ReviewPassed
    | Issued
    | Served
    | Withdrawn
    | CategoryChanged
    | RemedyLodged
    | RemedyDecided
    | RedoOrdered
    | Archived
    | DatesMoved
    | Noted
)
