"""Acts of a correction (补正, Article 30): asked for once, received, or let go by."""

from __future__ import annotations

from server.console.application_act_forms import Act, Deed, Entry, Seen, day_entry, note_entry
from services import application_acts
from services.access import Permission
from services.disclosure import events as e

_TAKE, _WORK = Permission.TAKE_APPLICATIONS, Permission.WORK_ON_APPLICATIONS


async def _ask(deed: Deed) -> None:
    what = deed.words("note", "需要补正的全部事项", required=True)
    days = deed.number("days", "补正期限", 1, 60)
    sent_on, served_on = deed.day(), deed.day("served_on", "送达日期")
    deed.require_filled()
    await application_acts.ask_correction(
        deed.actor, deed.application_id, what, days=days, sent_on=sent_on, served_on=served_on,
        by_head=deed.form.ticked("by_head"), edits=deed.edits, keys=deed.keys, now=deed.now,
    )  # fmt: skip


async def _receive(deed: Deed) -> None:
    event = e.CorrectionReceived(
        on=deed.day(), with_good_reason=deed.form.ticked("with_good_reason")
    )
    await deed.happens(event, deed.words("note", "补正的内容"))


async def _lapse(deed: Deed) -> None:
    await deed.happens(e.CorrectionLapsed(on=deed.day()), deed.words("note", "备注"))


def _asking(seen: Seen) -> list[Entry]:
    entries = [
        note_entry("需要补正的全部事项", "一次性写全，并说明怎样补正。只能要求补正一次。", required=True),
        day_entry(seen, label="发出日期"),
        day_entry(seen, "served_on", "送达日期", "补正期限从这一天的下一个工作日起算。"),
        Entry(
            "days", "补正期限（工作日）", "number", value=str(seen.correction_days), required=True,
            least=5, most=30,
        ),
    ]  # fmt: skip
    if seen.is_head and _is_late(seen):
        hint = "已经超过7个工作日：由负责人决定的，期限继续计算，不重新起算。"
        entries.append(Entry("by_head", "由公开工作机构负责人决定", "tick", hint))
    return entries


def _is_late(seen: Seen) -> bool:
    ask_by = seen.case.correction_ask_due(seen.calendar)
    return ask_by is not None and seen.today > ask_by


def _receiving(seen: Seen) -> list[Entry]:
    entries = [
        day_entry(seen, label="收到补正的日期", hint="答复期限从这一天重新起算。"),
        note_entry("补正的内容"),
    ]
    asked = seen.case.correction
    if seen.is_head and asked is not None and (asked.is_lapsed or seen.today > asked.limit_on):
        entries.append(Entry("with_good_reason", "有正当理由，接受逾期的补正", "tick"))
    return entries


CORRECTIONS = (
    Act("ask-correction", e.CorrectionAsked, _WORK, "通知补正",
        "申请内容不明确的，收到之日起7个工作日内一次性告知（第三十条）。",
        _asking, _ask, "已登记补正通知，等申请人补正。"),
    Act("correction-received", e.CorrectionReceived, _TAKE, "收到补正",
        "收到补正以后，20个工作日重新计算（第三十条）。",
        _receiving, _receive, "已登记补正，答复期限重新计算。"),
    Act("correction-lapsed", e.CorrectionLapsed, _WORK, "逾期不补正",
        "无正当理由逾期不补正的，视为放弃申请，不再处理（第三十条）。",
        lambda seen: [day_entry(seen), note_entry()], _lapse, "已登记逾期不补正，不再处理。",
        is_danger=True),
)  # fmt: skip
