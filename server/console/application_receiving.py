"""Acts at the beginning and at the end of a case: receipt, who works on it, search, withdrawal, file."""

from __future__ import annotations

from models.application import ApplicantKind, OrgCategory
from server.console.application_act_forms import Act, Deed, Entry, Seen, day_entry, note_entry
from services import application_acts, application_earlier, withheld_again
from services.access import Permission
from services.disclosure import events as e

_TAKE, _WORK = Permission.TAKE_APPLICATIONS, Permission.WORK_ON_APPLICATIONS
_NOBODY = "natural_person"


async def _receive(deed: Deed) -> None:
    await deed.happens(e.Received(on=deed.day()), deed.words("note", "确认的方式"))


async def _try_contact(deed: Deed) -> None:
    reached = deed.form.raw("reached") == "yes"
    note = deed.words("note", "时间、号码和情况", required=True)
    await deed.happens(e.ContactTried(on=deed.day(), reached=reached), note)


async def _assign(deed: Deed) -> None:
    staff_id = deed.number("staff", "经办人", 1, 10**8)
    deed.require_filled()
    await application_acts.assign(
        deed.actor, deed.application_id, staff_id, on=deed.today, edits=deed.edits, keys=deed.keys,
        now=deed.now,
    )  # fmt: skip


async def _begin(deed: Deed) -> None:
    await deed.happens(e.Began(on=deed.day()))


async def _search(deed: Deed) -> None:
    note = deed.words("note", "检索情况", required=True)
    await deed.happens(e.Searched(on=deed.day()), note)


async def _look_again(deed: Deed) -> None:
    found = deed.words("note", "复查的结果", required=True)
    deed.require_filled()
    await withheld_again.look_again(
        deed.actor, deed.application_id, found, edits=deed.edits, keys=deed.keys, now=deed.now
    )  # fmt: skip


async def _name_earlier(deed: Deed) -> None:
    number = deed.form.text("number", "之前的登记编号", longest=40, required=True)
    deed.require_filled()
    await application_earlier.name_earlier(
        deed.actor, deed.application_id, number, edits=deed.edits, keys=deed.keys, now=deed.now
    )  # fmt: skip


async def _change_category(deed: Deed) -> None:
    chosen = deed.form.raw("category")
    note = deed.words("note", "理由", required=True)
    if chosen == _NOBODY:
        event = e.CategoryChanged(
            on=deed.today, applicant_kind=ApplicantKind.NATURAL_PERSON, org_category=None
        )
    else:
        event = e.CategoryChanged(
            on=deed.today, applicant_kind=ApplicantKind.LEGAL_OR_OTHER,
            org_category=deed.choice("category", "申请人类别", OrgCategory),
        )  # fmt: skip
    await deed.happens(event, note)


async def _withdraw(deed: Deed) -> None:
    await deed.happens(e.Withdrawn(on=deed.day()), deed.words("note", "撤回的方式", required=True))


async def _archive(deed: Deed) -> None:
    number = deed.form.text("number", "归档编号", longest=60, required=True)
    on = deed.day()
    deed.require_filled()
    await application_acts.archive(
        deed.actor, deed.application_id, number, on=on, edits=deed.edits, keys=deed.keys,
        now=deed.now,
    )  # fmt: skip


async def _note(deed: Deed) -> None:
    await deed.happens(e.Noted(on=deed.today), deed.words("note", "备注", required=True))


def _receiving(seen: Seen) -> list[Entry]:
    hint = "从下一个工作日起算20个工作日。平常信函、传真和未自动确认的网上申请，是与申请人确认的那一天。"
    return [day_entry(seen, label="收到日", hint=hint), note_entry("怎样确认的", "如：电话确认。")]


def _contacting(seen: Seen) -> list[Entry]:
    reached = (("no", "没有联系上"), ("yes", "联系上了"))
    return [
        day_entry(seen),
        Entry("reached", "结果", "choice", choices=reached),
        note_entry("时间、号码和情况", required=True),
    ]


def _assigning(seen: Seen) -> list[Entry]:
    choices = tuple((str(one.id), one.display_name) for one in seen.handlers)
    current = seen.case.assigned_to or seen.actor.staff_id
    return [Entry("staff", "经办人", "choice", choices=choices, value=str(current))]


def _searching(seen: Seen) -> list[Entry]:
    hint = "查了哪些系统、档案和科室，用了什么词，查到什么。答复信息不存在时要靠它说明。"
    return [day_entry(seen), note_entry("检索情况", hint, required=True)]


def _categories(seen: Seen) -> list[Entry]:
    people = (_NOBODY, ApplicantKind.NATURAL_PERSON.label)
    organisations = ((one.value, f"单位：{one.label}") for one in OrgCategory)
    current = seen.row.org_category.value if seen.row.org_category else _NOBODY
    return [
        Entry("category", "申请人类别", "choice", choices=(people, *organisations), value=current),
        note_entry("变更的理由", "年度报告按这一类别统计。", required=True),
    ]


RECEIVING = (
    Act("receive", e.Received, _WORK, "确认收到",
        "确认收到以后开始计算20个工作日的答复期限（第三十一条、第三十三条）。",
        _receiving, _receive, "已确认收到，答复期限已经算好。"),
    Act("contact", e.ContactTried, _TAKE, "记录与申请人的联系",
        "联系不上的，每一次都记下来，恢复联系后再确认收到。",
        _contacting, _try_contact, "已记下这次联系。"),
    Act("begin", e.Began, _WORK, "开始办理", "开始检索、审查。",
        lambda seen: [day_entry(seen)], _begin, "已开始办理。"),
    Act("assign", e.Assigned, _WORK, "分派经办人", "经办人在“我经办的”里看到它。",
        _assigning, _assign, "已分派。", lambda seen: bool(seen.handlers)),
    Act("search", e.Searched, _WORK, "记录检索", "记下检索的情况，作为答复的依据。",
        _searching, _search, "已记下检索情况。"),
    Act("earlier", e.Noted, _WORK, "指明重复的是哪一件",
        "答复“重复申请”以前要指明：同一申请人向本机关提出过、已经答复的申请（第三十六条第六项）。",
        lambda seen: [Entry("number", "之前的登记编号", required=True)],
        _name_earlier, "已指明之前的申请。",
        lambda seen: seen.case.runs and seen.row.earlier_id is None),
)  # fmt: skip

CLOSING = (
    Act("look-again", e.Noted, _WORK, "复查不予公开的信息",
        "行政机关应当定期审查不予公开的信息，情况变化可以公开的，应当公开（第十八条）。",
        lambda seen: [note_entry("复查的结果", "仍不公开的写理由；可以公开的写怎样公开。", required=True)],
        _look_again, "已记下复查的结果，到下一次复查时再提醒。",
        lambda seen: withheld_again.is_due(seen.row, seen.today)),
    Act("archive", e.Archived, _WORK, "归档", "材料齐全以后归档，开始计算保管期限（第四十五条）。",
        lambda seen: [day_entry(seen), Entry("number", "归档编号", required=True)],
        _archive, "已归档。"),
    Act("note", e.Noted, _TAKE, "写备注", "只给办理人员看的话。",
        lambda seen: [note_entry(required=True)], _note, "已记下备注。"),
    Act("category", e.CategoryChanged, _WORK, "变更申请人类别", "登记时选错了的，在这里改。",
        _categories, _change_category, "已变更申请人类别。"),
    Act("withdraw", e.Withdrawn, _TAKE, "申请人撤回", "申请人书面撤回以后，不再办理。",
        lambda seen: [day_entry(seen, label="撤回日期"), note_entry("怎样撤回的", required=True)],
        _withdraw, "已登记撤回，不再办理。", is_danger=True),
)  # fmt: skip
