"""What the law asks of an event in a case: its days, its numbers, what must have come before it.

Whatever is asked is asked of the legal day of the event, which may have been entered later.
Source: Regulation on Open Government Information (2019 revision), Articles 30 to 36.
"""

from __future__ import annotations

from datetime import date
from functools import singledispatch

from models.application import ApplicantKind
from models.consultation import PartyKind, PartyView
from models.outcome import Outcome
from models.remedy import RemedyResult
from services.disclosure import deadlines
from services.disclosure import events as e
from services.disclosure.case import Case
from services.disclosure.deadlines import IN_FORCE_SINCE, Clock, ImpossibleDay
from services.disclosure.work_calendar import WorkCalendar
from services.errors import Conflict

CORRECTION_DAYS = range(5, 31)
"""Working days that an applicant may be given to correct (a convention of this project)."""


class NotLawful(Conflict):
    """The law does not let it be done, or not any more."""

    code = "not_lawful"
    sentence = "按照《政府信息公开条例》，现在不能这样办理。"


def check(case: Case, event: e.AnyEvent, *, calendar: WorkCalendar, today: date) -> None:
    """Raise ImpossibleDay or NotLawful unless the law lets an event follow in a case.

    The order of events is checked by Case.after, which is to be asked first.
    """
    if event.on > today:
        raise _impossible("日期在今天之后，请核对。")
    if event.on < case.submitted_on:
        raise _impossible("日期早于申请提交的日期，请核对。")
    _check(event, case, calendar, today)


def _impossible(sentence: str) -> ImpossibleDay:
    return ImpossibleDay(sentence=sentence)


def _not_before(event: e.Event, day: date | None, what: str) -> None:
    if day is not None and event.on < day:
        raise _impossible(f"日期早于{what}（{day}），请核对。")


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise NotLawful(sentence=sentence)


@singledispatch
def _check(event: e.Event, case: Case, calendar: WorkCalendar, today: date) -> None:
    """Check what has no rule of its own: that it is not before the day of receipt."""
    _not_before(event, case.received_on, "收到日")


@_check.register(e.ContactTried)
@_check.register(e.Assigned)
@_check.register(e.Withdrawn)
@_check.register(e.DatesMoved)
@_check.register(e.Noted)
def _(event: e.Event, case: Case, calendar: WorkCalendar, today: date) -> None:
    """Nothing: it is possible on every day of a case."""


@_check.register
def _(event: e.Received, case: Case, calendar: WorkCalendar, today: date) -> None:
    if event.on < IN_FORCE_SINCE:
        raise _impossible("收到日早于2019年5月15日：现行条例从这一天起施行，请核对。")


@_check.register
def _(event: e.CorrectionAsked, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.received_on, "收到日")
    ask_by = case.correction_ask_due(calendar)
    in_time = ask_by is not None and event.on <= ask_by
    _require(
        in_time or event.by_head,
        "补正应当在收到申请之日起7个工作日内一次性告知（第三十条）。已经超过，需要公开工作机构负责人决定。",
    )
    _require(not (in_time and event.by_head), "还在7个工作日内，不需要负责人特别决定。")
    _require(case.redo_due is None, "重新答复的期限由决定书确定，不能再要求补正。")
    if not event.on <= event.served_on <= today:
        raise _impossible("补正告知书的送达日期应当在发出之后、今天之前，请核对。")
    if event.days not in CORRECTION_DAYS:
        raise _impossible(
            f"补正期限应当合理：{CORRECTION_DAYS.start}至{CORRECTION_DAYS.stop - 1}个工作日。"
        )
    if event.limit_on < deadlines.correction_limit(event.served_on, event.days, calendar):
        raise _impossible("补正的最后一天早于送达后的补正期限，请核对。")


@_check.register
def _(event: e.CorrectionReceived, case: Case, calendar: WorkCalendar, today: date) -> None:
    asked = case.correction
    assert asked is not None
    _not_before(event, asked.asked_on, "通知补正的日期")
    in_time = event.on <= asked.limit_on and not asked.is_lapsed
    _require(
        in_time or event.with_good_reason,
        "补正期限已经过了。有正当理由的，由公开工作机构负责人决定是否接受（第三十条）。",
    )


@_check.register
def _(event: e.CorrectionLapsed, case: Case, calendar: WorkCalendar, today: date) -> None:
    assert case.correction is not None
    _require(
        event.on > case.correction.limit_on,
        f"补正期限到{case.correction.limit_on}为止，还没有过（第三十条）。",
    )


@_check.register
def _(event: e.ConsultationDelivered, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.consulted(event.consultation_id).sent_on, "征求意见书发出的日期")
    if event.limit_on != deadlines.consultation_limit(event.on, calendar):
        raise _impossible(
            "征求意见的期限是收到之日起15个工作日（第三十二条、第三十四条），请核对。"
        )


@_check.register
def _(event: e.ConsultationReturned, case: Case, calendar: WorkCalendar, today: date) -> None:
    asked = case.consulted(event.consultation_id)
    _not_before(event, asked.sent_on, "征求意见书发出的日期")
    _not_before(event, asked.delivered_on, "对方收到征求意见书的日期")
    if event.view is not PartyView.SILENT:
        return
    limit = asked.last_day(calendar)
    if limit is not None:
        # What comes after the limit is an opinion all the same; the pause ended with the limit.
        _require(today > limit, f"对方的答复期限到{limit}为止，还没有过。")
        if event.on != limit:
            raise _impossible(f"逾期未答复的，征求意见到期限的最后一天（{limit}）结束。")
    else:
        # Who has no letter consents to nothing; a third party who cannot be reached is given up on.
        _require(
            asked.party is not PartyKind.CO_PRODUCER,
            "还没有登记征求意见函送达：对方收到之日起15个工作日不答复的，才视为同意（第三十四条）。",
        )


@_check.register(e.ExtensionProposed)
@_check.register(e.ExtensionApproved)
def _(
    event: e.ExtensionProposed | e.ExtensionApproved, case: Case, calendar: WorkCalendar,
    today: date,
) -> None:  # fmt: skip
    _require(
        1 <= event.days <= deadlines.LONGEST_EXTENSION, "延长期限最多20个工作日（第三十三条）。"
    )
    _in_first_period(event, case, calendar, today)


@_check.register
def _(event: e.ExtensionRefused, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.received_on, "收到日")


@_check.register
def _(event: e.ExtensionTold, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.extension_approved_on, "批准延期的日期")
    _in_first_period(event, case, calendar, today)


def _in_first_period(event: e.Event, case: Case, calendar: WorkCalendar, today: date) -> None:
    """Raise NotLawful after the first period: it must be approved and told before it ends (D15)."""
    _not_before(event, case.received_on, "收到日")
    _require(case.redo_due is None, "重新答复的期限由决定书确定，不能延长。")
    _require(case.delayed_until is None, "已经告知延迟答复的日期，不能再延长。")
    end = deadlines.first_period_end(_clock(case), calendar, today=today).on
    _require(
        end is None or event.on <= end,
        f"延期应当在答复期限届满前批准并告知申请人（第三十三条），最后一天是{end}，已经过了。",
    )


@_check.register
def _(event: e.ReasonsAsked, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.received_on, "收到日")
    _require(event.applications_counted > 1, "要求说明理由，应当写明申请的数量（第三十五条）。")


@_check.register
def _(event: e.ReasonsGiven, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.reasons_asked_on, "要求说明理由的日期")


@_check.register
def _(event: e.Delayed, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.reasons_asked_on, "要求说明理由的日期")
    _require(case.redo_due is None, "重新答复的期限由决定书确定，不能延迟。")
    due = deadlines.reply_due(_clock(case), calendar, today=today).on
    _require(due is None or event.on <= due, f"答复期限{due}已经过了，不能再告知延迟答复。")
    if event.until <= event.on or (due is not None and event.until < due):
        raise _impossible("延迟答复的日期应当在原来的答复期限之后，请核对。")
    if not calendar.is_working(event.until):
        raise _impossible("延迟答复的日期应当是工作日，请核对。")


@_check.register
def _(event: e.FeeAsked, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.received_on, "收到日")
    _require(event.yuan > 0, "没有达到收费标准的，不收费（第四十二条）。")
    _require(case.redo_due is None, "重新答复的期限由决定书确定，不能再收费。")
    due = deadlines.reply_due(_clock(case), calendar, today=today).on
    _require(due is None or event.on <= due, "收费通知应当在办理期限内发出。")
    if event.pay_by < deadlines.fee_due(event.on, calendar):
        raise _impossible("缴费期限是收到通知次日起20个工作日，请核对。")


@_check.register
def _(event: e.FeePaid, case: Case, calendar: WorkCalendar, today: date) -> None:
    assert case.fee is not None
    _not_before(event, case.fee.asked_on, "收费通知的日期")
    _require(event.on <= case.fee.pay_by, f"缴费期限到{case.fee.pay_by}为止，已经过了。")


@_check.register
def _(event: e.FeeLapsed, case: Case, calendar: WorkCalendar, today: date) -> None:
    assert case.fee is not None
    _require(event.on > case.fee.pay_by, f"缴费期限到{case.fee.pay_by}为止，还没有过。")


@_check.register
def _(event: e.SentForReview, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.received_on, "收到日")
    match event.outcome:
        case Outcome.O1_NOT_CORRECTED | Outcome.O2_NOT_PAID:
            _require(False, "逾期不补正、逾期未缴费的，按逾期处理，不用答复书。")
        case Outcome.G2_GIVEN | Outcome.P1_PARTLY | Outcome.D4_THIRD_PARTY:
            _require(
                not case.is_consulting,
                "还在征求意见，等意见收到或者期限过后登记结果，再送审（第三十二条、第三十四条）。",
            )
        case Outcome.U1_DOES_NOT_EXIST:
            _require(
                case.searches > 0, "答复信息不存在之前，要先记录检索情况（第三十六条第四项）。"
            )
        case Outcome.U4_STILL_UNCLEAR:
            _require(
                case.correction is not None and case.correction.received_on is not None,
                "只有补正后仍不明确的，才能这样答复（第三十条）。",
            )
        case Outcome.N4_EXCESSIVE:
            _require(
                case.reasons_reasonable is False,
                "要先要求申请人说明理由，理由不合理的才能这样答复（第三十五条）。",
            )
        case _:
            pass


@_check.register
def _(event: e.Served, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.issued_on, "制发日期")


@_check.register
def _(event: e.CategoryChanged, case: Case, calendar: WorkCalendar, today: date) -> None:
    is_person = event.applicant_kind is ApplicantKind.NATURAL_PERSON
    _require(is_person == (event.org_category is None), "单位要选一个类别，公民不选。")


@_check.register
def _(event: e.RemedyLodged, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.first_received_on, "收到日")


@_check.register
def _(event: e.RemedyDecided, case: Case, calendar: WorkCalendar, today: date) -> None:
    for one in case.remedies:
        if one.remedy_id == event.remedy_id:
            _not_before(event, one.lodged_on, "提起的日期")


@_check.register
def _(event: e.RedoOrdered, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.closed_on, "原来办结的日期")
    _require(
        any(one.result not in {None, RemedyResult.UPHELD} for one in case.remedies),
        "先登记复议或诉讼的结果，再登记责令重新答复；结果维持的，没有责令重新答复。",
    )
    if event.due_on <= event.on:
        raise _impossible("重新答复的期限应当在决定之后，请核对。")


@_check.register
def _(event: e.Archived, case: Case, calendar: WorkCalendar, today: date) -> None:
    _not_before(event, case.closed_on, "办结的日期")
    _require(not case.is_in_remedy, "复议或者诉讼还没有结果，先不归档。")
    _require(bool(event.archive_number.strip()), "请写上归档编号。")


def _clock(case: Case) -> Clock:
    if case.clock is None:
        raise NotLawful(sentence="现在没有在计算的答复期限。")
    return case.clock
