"""Acts that lengthen the period: extension (Article 33), and reasons and delay (Article 35)."""

from __future__ import annotations

from server.console.application_act_forms import Act, Deed, Entry, Seen, day_entry, note_entry
from services.access import Permission
from services.disclosure import deadlines
from services.disclosure import events as e

_WORK, _APPROVE = Permission.WORK_ON_APPLICATIONS, Permission.APPROVE_APPLICATIONS


async def _propose(deed: Deed) -> None:
    days = deed.number("days", "延长的工作日", 1, deadlines.LONGEST_EXTENSION)
    note = deed.words("note", "理由", required=True)
    await deed.happens(e.ExtensionProposed(on=deed.today, days=days), note)


async def _approve(deed: Deed) -> None:
    days = deed.number("days", "延长的工作日", 1, deadlines.LONGEST_EXTENSION)
    await deed.happens(e.ExtensionApproved(on=deed.today, days=days), deed.words("note", "意见"))


async def _refuse(deed: Deed) -> None:
    note = deed.words("note", "理由", required=True)
    await deed.happens(e.ExtensionRefused(on=deed.today), note)


async def _tell(deed: Deed) -> None:
    await deed.happens(e.ExtensionTold(on=deed.day()), deed.words("note", "告知方式"))


async def _ask_reasons(deed: Deed) -> None:
    counted = deed.number("applications", "申请的数量", 1, 100_000)
    note = deed.words("note", "数量、频次的依据", required=True)
    await deed.happens(e.ReasonsAsked(on=deed.day(), applications_counted=counted), note)


async def _take_reasons(deed: Deed) -> None:
    reasonable = deed.form.raw("reasonable") == "yes"
    await deed.happens(
        e.ReasonsGiven(on=deed.day(), reasonable=reasonable),
        deed.words("note", "理由", required=True),
    )


async def _delay(deed: Deed) -> None:
    until = deed.day("until", "延迟到")
    await deed.happens(e.Delayed(on=deed.day(), until=until), deed.words("note", "备注"))


def _days(seen: Seen) -> Entry:
    proposed = seen.case.extension_proposed or deadlines.LONGEST_EXTENSION
    return Entry(
        "days", "延长的工作日", "number", "最多20个工作日，只能延长一次。", str(proposed),
        required=True, least=1, most=deadlines.LONGEST_EXTENSION,
    )  # fmt: skip


def _reasons(seen: Seen) -> list[Entry]:
    yes_no = (("yes", "理由合理"), ("no", "理由不合理"))
    return [
        day_entry(seen, label="收到的日期"),
        Entry("reasonable", "判断", "choice", choices=yes_no),
        note_entry("申请人说明的理由和判断依据", required=True),
    ]


EXTENSIONS = (
    Act("propose-extension", e.ExtensionProposed, _WORK, "提请延期",
        "需要延长期限的，经公开工作机构负责人同意并告知申请人（第三十三条）。批准和告知都要在届满前。",
        lambda seen: [_days(seen), note_entry("理由", required=True)],
        _propose, "已提请延期，等负责人批准。"),
    Act("approve-extension", e.ExtensionApproved, _APPROVE, "批准延期",
        "批准以后还要告知申请人，告知了才算延长。",
        lambda seen: [_days(seen), note_entry("意见")], _approve, "已批准延期，请告知申请人。"),
    Act("refuse-extension", e.ExtensionRefused, _APPROVE, "不同意延期", "期限不变。",
        lambda seen: [note_entry("理由", required=True)], _refuse, "已登记不同意延期。"),
    Act("tell-extension", e.ExtensionTold, _WORK, "告知延期",
        "延期答复告知书发出的日期。这一天以后，期限按延长的计算。",
        lambda seen: [day_entry(seen, label="告知的日期"), note_entry("告知方式")],
        _tell, "已登记告知，期限已经延长。"),
)  # fmt: skip

REASONS = (
    Act("ask-reasons", e.ReasonsAsked, _WORK, "要求说明理由",
        "数量、频次明显超过合理范围的，才可以要求说明理由（第三十五条）。",
        lambda seen: [
            day_entry(seen),
            Entry("applications", "申请的数量（件）", "number", required=True, least=2),
            note_entry("数量、频次的依据", "哪一段时间里申请了哪些。", required=True),
        ], _ask_reasons, "已登记，等申请人说明理由。"),
    Act("reasons-given", e.ReasonsGiven, _WORK, "收到理由说明",
        "理由不合理的，可以答复不予处理；合理但期限内难以答复的，可以延迟答复（第三十五条）。",
        _reasons, _take_reasons, "已登记理由。"),
    Act("delay", e.Delayed, _APPROVE, "告知延迟答复",
        "理由合理但期限内难以答复的，确定一个合理的日期并告知申请人（第三十五条）。",
        lambda seen: [
            day_entry(seen, label="告知的日期"),
            Entry("until", "延迟到哪一天", "day", "应当是工作日。", required=True), note_entry(),
        ], _delay, "已登记延迟答复的日期。"),
)  # fmt: skip
