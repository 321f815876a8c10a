"""The columns of the register, and how a case fills them. Pure.

Source: Regulation on Open Government Information (2019 revision), Article 45: registering, examining,
handling, answering and filing are put on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from models.application import ApplicantKind, Application
from models.remedy import Remedy
from services.disclosure import events as e
from services.disclosure.outcomes import LAW


class Column(StrEnum):
    """A column, in the order of the register."""

    NUMBER = "number"
    AGENCY = "agency"
    CHANNEL = "channel"
    FILED_BY = "filed_by"
    CATEGORY = "category"
    NAME = "name"
    ITEM = "item"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    CORRECTION_SENT = "correction_sent"
    CORRECTION_SERVED = "correction_served"
    CORRECTION_LIMIT = "correction_limit"
    CORRECTION_GOT = "correction_got"
    CONSULTED = "consulted"
    CONSULTATION_SENT = "consultation_sent"
    CONSULTATION_GOT = "consultation_got"
    CONSULTATION_RETURNED = "consultation_returned"
    CONSULTATION_VIEW = "consultation_view"
    EXTENSION_DAYS = "extension_days"
    EXTENSION_APPROVER = "extension_approver"
    EXTENSION_TOLD = "extension_told"
    FEE_BASIS = "fee_basis"
    FEE_YUAN = "fee_yuan"
    FEE_ASKED = "fee_asked"
    FEE_PAID = "fee_paid"
    STATE = "state"
    DUE = "due"
    OUTCOME = "outcome"
    ARTICLE = "article"
    ANSWERED = "answered"
    DELIVERY = "delivery"
    IN_TIME = "in_time"
    DAYS_USED = "days_used"
    REMEDY = "remedy"
    ARCHIVE_NUMBER = "archive_number"

    @property
    def label(self) -> str:
        """What stands above it."""
        return _HEADINGS[self][1]

    @property
    def group(self) -> str:
        """What stands above that, over several columns; "" where nothing does."""
        return _HEADINGS[self][0]


_C = Column
_HEADINGS = {
    _C.NUMBER: ("", "登记编号"),
    _C.AGENCY: ("", "受理机关"),
    _C.CHANNEL: ("", "申请渠道"),
    _C.FILED_BY: ("", "填写方式"),
    _C.CATEGORY: ("", "申请人类别"),
    _C.NAME: ("", "申请人"),
    _C.ITEM: ("", "申请内容"),
    _C.SUBMITTED: ("", "提交日"),
    _C.RECEIVED: ("", "收到日"),
    _C.CORRECTION_SENT: ("补正", "通知"),
    _C.CORRECTION_SERVED: ("补正", "送达"),
    _C.CORRECTION_LIMIT: ("补正", "期限"),
    _C.CORRECTION_GOT: ("补正", "收到"),
    _C.CONSULTED: ("征求意见", "对象"),
    _C.CONSULTATION_SENT: ("征求意见", "发出"),
    _C.CONSULTATION_GOT: ("征求意见", "送达"),
    _C.CONSULTATION_RETURNED: ("征求意见", "答复"),
    _C.CONSULTATION_VIEW: ("征求意见", "意见"),
    _C.EXTENSION_DAYS: ("延期", "工作日"),
    _C.EXTENSION_APPROVER: ("延期", "批准人"),
    _C.EXTENSION_TOLD: ("延期", "告知"),
    _C.FEE_BASIS: ("收费", "依据"),
    _C.FEE_YUAN: ("收费", "金额（元）"),
    _C.FEE_ASKED: ("收费", "通知"),
    _C.FEE_PAID: ("收费", "缴费"),
    _C.STATE: ("办理", "状态"),
    _C.DUE: ("办理", "答复期限"),
    _C.OUTCOME: ("办理", "结果"),
    _C.ARTICLE: ("办理", "条款"),
    _C.ANSWERED: ("办理", "答复日"),
    _C.DELIVERY: ("办理", "送达方式"),
    _C.IN_TIME: ("办理", "按期"),
    _C.DAYS_USED: ("办理", "用时（工作日）"),
    _C.REMEDY: ("", "复议诉讼"),
    _C.ARCHIVE_NUMBER: ("", "归档号"),
}
_FEE_BASIS = "国办函〔2020〕109号"


def groups() -> list[tuple[str, list[Column]]]:
    """Return the columns by what stands above several of them."""
    return [(group, list(found)) for group, found in groupby(Column, key=lambda c: c.group)]


@dataclass(frozen=True)
class Happened:
    """An event and who of the staff noted it."""

    event: e.AnyEvent
    staff_name: str


def of_row(row: Application) -> dict[Column, str]:
    """Return the cells that the row of the application gives."""
    category = "自然人"
    if row.applicant_kind is not ApplicantKind.NATURAL_PERSON:
        category = row.org_category.label if row.org_category else "其他"
    outcome = row.outcome
    return {
        Column.NUMBER: row.number,
        Column.CHANNEL: row.channel.label,
        Column.FILED_BY: row.filed_by.label,
        Column.CATEGORY: category,
        Column.RECEIVED: _day(row.first_received_on),
        Column.STATE: row.state.label,
        Column.DUE: _day(row.reply_due) + ("（暂定）" if row.is_provisional else ""),
        Column.OUTCOME: f"{outcome.value} {LAW[outcome].label}" if outcome else "",
        Column.ARTICLE: LAW[outcome].basis if outcome else "",
        Column.ANSWERED: _day(row.closed_on),
        Column.IN_TIME: "" if row.is_in_time is None else "是" if row.is_in_time else "否",
        Column.DAYS_USED: "" if row.days_used is None else str(row.days_used),
        Column.ARCHIVE_NUMBER: row.archive_number,
    }


def of_events(happened: Sequence[Happened]) -> dict[Column, str]:
    """Return the cells that the events give; what happened several times stands side by side."""
    cells: dict[Column, list[str]] = {column: [] for column in _FROM_EVENTS}
    parties: dict[int, dict[Column, str]] = {}
    for one in happened:
        event = one.event
        if isinstance(event, e.CorrectionAsked):
            cells[_C.CORRECTION_SENT].append(_day(event.on))
            cells[_C.CORRECTION_SERVED].append(_day(event.served_on))
            cells[_C.CORRECTION_LIMIT].append(_day(event.limit_on))
        elif isinstance(event, e.CorrectionReceived):
            cells[_C.CORRECTION_GOT].append(_day(event.on))
        elif isinstance(event, e.CorrectionLapsed):
            cells[_C.CORRECTION_GOT].append("逾期未补正")
        elif isinstance(event, e.ConsultationSent):
            parties[event.consultation_id] = {
                _C.CONSULTED: event.party.label, _C.CONSULTATION_SENT: _day(event.on),
            }  # fmt: skip
        elif isinstance(event, e.ConsultationDelivered):
            parties.setdefault(event.consultation_id, {})[_C.CONSULTATION_GOT] = _day(event.on)
        elif isinstance(event, e.ConsultationReturned):
            party = parties.setdefault(event.consultation_id, {})
            party[_C.CONSULTATION_RETURNED] = _day(event.on)
            party[_C.CONSULTATION_VIEW] = event.view.label
        else:
            _further(cells, one)
    for column in _OF_PARTIES:
        cells[column] = [party.get(column, "—") for party in parties.values()]
    return {column: "；".join(found) for column, found in cells.items()}


def _further(cells: dict[Column, list[str]], one: Happened) -> None:
    event = one.event
    if isinstance(event, e.ExtensionApproved):
        cells[_C.EXTENSION_DAYS].append(str(event.days))
        cells[_C.EXTENSION_APPROVER].append(one.staff_name)
    elif isinstance(event, e.ExtensionTold):
        cells[_C.EXTENSION_TOLD].append(_day(event.on))
    elif isinstance(event, e.FeeAsked):
        cells[_C.FEE_BASIS].append(_FEE_BASIS)
        cells[_C.FEE_YUAN].append(str(event.yuan))
        cells[_C.FEE_ASKED].append(_day(event.on))
    elif isinstance(event, e.FeePaid):
        cells[_C.FEE_PAID].append(_day(event.on))
    elif isinstance(event, e.FeeLapsed):
        cells[_C.FEE_PAID].append("逾期未缴费")
    elif isinstance(event, e.Served):
        cells[_C.DELIVERY].append(event.way.label)


_OF_PARTIES = (
    *(_C.CONSULTED, _C.CONSULTATION_SENT, _C.CONSULTATION_GOT),
    *(_C.CONSULTATION_RETURNED, _C.CONSULTATION_VIEW),
)
_FROM_EVENTS = (
    *(_C.CORRECTION_SENT, _C.CORRECTION_SERVED, _C.CORRECTION_LIMIT, _C.CORRECTION_GOT),
    *_OF_PARTIES,
    *(_C.EXTENSION_DAYS, _C.EXTENSION_APPROVER, _C.EXTENSION_TOLD),
    *(_C.FEE_BASIS, _C.FEE_YUAN, _C.FEE_ASKED, _C.FEE_PAID, _C.DELIVERY),
)


def remedies(rows: Iterable[Remedy]) -> str:
    """Return how far reviews and lawsuits have come."""
    return "；".join(
        f"{row.kind.label}（{row.result.label if row.result else '尚未审结'}）" for row in rows
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
