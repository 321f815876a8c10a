"""Acts of a fee (信息处理费, Article 42): asked for, paid, or let go by."""

from __future__ import annotations

from server.console.application_act_forms import Act, Deed, Entry, day_entry, note_entry
from services import application_acts, application_fees
from services.access import Permission
from services.disclosure import events as e
from services.disclosure.fees import Tariff

_WORK = Permission.WORK_ON_APPLICATIONS
_TARIFFS = tuple((tariff.value, tariff.label) for tariff in Tariff)


async def _ask(deed: Deed) -> None:
    tariff, on = deed.choice("tariff", "收费标准", Tariff), deed.day()
    pages = deed.form.number("pages", "页数", least=0, most=1_000_000)
    note = deed.words("note", "数量、频次超过合理范围的依据", required=True)
    deed.require_filled()
    if tariff is Tariff.BY_PAGE:
        asked = await application_fees.by_pages(deed.actor, deed.application_id, pages)
    else:
        asked = await application_fees.by_number(deed.actor, deed.application_id)
    await application_acts.ask_fee(
        deed.actor, deed.application_id, asked, on=on, note=note, edits=deed.edits, keys=deed.keys,
        now=deed.now,
    )  # fmt: skip


async def _paid(deed: Deed) -> None:
    number = deed.form.text("receipt", "票据号", longest=60)
    await deed.happens(e.FeePaid(on=deed.day(), receipt_number=number))


async def _lapse(deed: Deed) -> None:
    await deed.happens(e.FeeLapsed(on=deed.day()), deed.words("note", "备注"))


FEES = (
    Act("ask-fee", e.FeeAsked, _WORK, "通知缴费",
        "数量、频次明显超过合理范围的，才可以收取信息处理费（第四十二条）。按件、按量只选一种。",
        lambda seen: [
            Entry("tariff", "收费标准", "choice", choices=_TARIFFS,
                  hint="金额由系统按标准计算；按件的，按这个申请人本月累计的件数。"),
            Entry("pages", "页数", "number", "按量计收的填，A4 单面计页。", least=0),
            day_entry(seen, label="申请人收到通知的日期", hint="次日起20个工作日内缴纳。"),
            note_entry("数量、频次超过合理范围的依据", required=True),
        ], _ask, "已登记收费通知，等申请人缴费。"),
    Act("fee-paid", e.FeePaid, _WORK, "收到缴费", "缴费以后，答复期限重新计算。",
        lambda seen: [day_entry(seen, label="缴费日期"), Entry("receipt", "票据号")],
        _paid, "已登记缴费。"),
    Act("fee-lapsed", e.FeeLapsed, _WORK, "逾期未缴费", "逾期未缴纳的，视为放弃申请，不再处理。",
        lambda seen: [day_entry(seen), note_entry()], _lapse, "已登记逾期未缴费，不再处理。",
        is_danger=True),
)  # fmt: skip
