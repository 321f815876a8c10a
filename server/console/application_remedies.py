"""Acts of a remedy (行政复议、行政诉讼): lodged, decided, and what a decision orders."""

from __future__ import annotations

from models.remedy import RemedyKind, RemedyResult
from server.console.application_act_forms import Act, Deed, Entry, Seen, day_entry, note_entry
from services import application_acts
from services.access import Permission
from services.disclosure import events as e
from services.errors import Invalid

_WORK = Permission.WORK_ON_APPLICATIONS


def _may_be_contested(seen: Seen) -> bool:
    """Return whether there is something to go to court over: also that no answer came in time.

    Source: 法释〔2025〕8号 Article 2.
    """
    due = seen.row.reply_due
    return not seen.case.is_open or (due is not None and seen.today > due)


async def _lodge(deed: Deed) -> None:
    kind, on = deed.choice("kind", "种类", RemedyKind), deed.day()
    note = deed.words("note", "备注")
    deed.require_filled()
    await application_acts.lodge_remedy(
        deed.actor, deed.application_id, kind, on=on, note=note, edits=deed.edits, keys=deed.keys,
        now=deed.now,
    )  # fmt: skip


async def _decide(deed: Deed) -> None:
    remedy_id, on = deed.number("remedy", "哪一件", 1, 10**8), deed.day()
    result = deed.choice("result", "结果", RemedyResult)
    redo_by = deed.form.day("redo_by", "重新答复的期限")
    note = deed.words("note", "备注")
    deed.require_filled()
    if redo_by is not None and result is not RemedyResult.CORRECTED:
        raise Invalid(
            "Nothing is to be done again.", sentence="只有结果纠正的，才填重新答复的期限。"
        )
    await application_acts.decide_remedy(
        deed.actor, deed.application_id, remedy_id, result, on=on, redo_by=redo_by, note=note,
        edits=deed.edits, keys=deed.keys, now=deed.now,
    )  # fmt: skip


async def _redo(deed: Deed) -> None:
    due_on = deed.day("due_on", "重新答复的期限")
    await deed.happens(e.RedoOrdered(on=deed.day(), due_on=due_on), deed.words("note", "备注"))


def _deciding(seen: Seen) -> list[Entry]:
    open_ones = tuple(
        (str(one.remedy_id), f"{one.kind.label}（{one.lodged_on} 提起）")
        for one in seen.case.remedies
        if one.result is None
    )
    results = tuple((one.value, one.label) for one in RemedyResult)
    hint = "决定或者判决责令重新答复的才填，案件会重新进入办理。"
    return [
        Entry("remedy", "哪一件", "choice", choices=open_ones),
        Entry("result", "结果", "choice", choices=results),
        day_entry(seen, label="收到决定或者判决的日期"),
        Entry("redo_by", "重新答复的期限", "day", hint),
        note_entry(),
    ]


REMEDIES = (
    Act("remedy-lodged", e.RemedyLodged, _WORK, "提起复议或诉讼", "年度报告表四从这里统计。",
        lambda seen: [
            Entry("kind", "种类", "choice", choices=tuple((k.value, k.label) for k in RemedyKind)),
            day_entry(seen, label="提起的日期"), note_entry(),
        ], _lodge, "已登记。", _may_be_contested),
    Act("remedy-decided", e.RemedyDecided, _WORK, "复议或诉讼的结果", "登记结果和办结日期。",
        _deciding, _decide, "已登记结果。"),
    Act("redo", e.RedoOrdered, _WORK, "责令重新答复", "按决定或者判决确定的期限重新办理。",
        lambda seen: [
            day_entry(seen), Entry("due_on", "重新答复的期限", "day", required=True), note_entry(),
        ], _redo, "已重新进入办理。", is_danger=True),
)  # fmt: skip
