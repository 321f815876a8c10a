"""Acts of a consultation (征求意见, Articles 11, 32 and 34): sent, delivered, answered or not."""

from __future__ import annotations

from models.consultation import PartyKind, PartyView
from server.console.application_act_forms import Act, Deed, Entry, Seen, day_entry
from services import application_acts
from services.access import Permission
from services.disclosure import events as e

_WORK = Permission.WORK_ON_APPLICATIONS


async def _send(deed: Deed) -> None:
    party = deed.choice("party", "对象", PartyKind)
    name, subject = (
        deed.words("name", "名称", required=True),
        deed.words("subject", "征求意见的内容", required=True),
    )
    sent_on = deed.day()
    deed.require_filled()
    await application_acts.consult(
        deed.actor, deed.application_id, party, name=name, subject=subject,
        address=deed.words("address", "地址"), phone=deed.words("phone", "电话"), sent_on=sent_on,
        edits=deed.edits, keys=deed.keys, now=deed.now,
    )  # fmt: skip


async def _deliver(deed: Deed) -> None:
    consultation_id, on = deed.number("consultation", "对象", 1, 10**8), deed.day()
    deed.require_filled()
    await application_acts.delivered(
        deed.actor, deed.application_id, consultation_id, on=on, edits=deed.edits, keys=deed.keys,
        now=deed.now,
    )  # fmt: skip


async def _return(deed: Deed) -> None:
    consultation_id, on = deed.number("consultation", "对象", 1, 10**8), deed.day()
    view = deed.choice("view", "意见", PartyView)
    opinion = deed.words("opinion", "意见和理由")
    deed.require_filled()
    await application_acts.returned(
        deed.actor, deed.application_id, consultation_id, view, on=on, opinion=opinion,
        edits=deed.edits, keys=deed.keys, now=deed.now,
    )  # fmt: skip


def _sending(seen: Seen) -> list[Entry]:
    kinds = tuple((one.value, one.label) for one in PartyKind)
    hint = "写清楚就哪些内容征求意见。不要写申请人是谁。"
    return [
        Entry("party", "对象", "choice", choices=kinds),
        Entry("name", "对方的名称或姓名", required=True),
        Entry("subject", "征求意见的内容", "area", hint, required=True),
        Entry("address", "对方的地址"),
        Entry("phone", "对方的电话"),
        day_entry(seen, label="发出日期", hint="从下一个工作日起，征求意见的时间不计入答复期限。"),
    ]


def _parties(seen: Seen, *, undelivered: bool) -> Entry:
    waiting = {
        one.consultation_id
        for one in seen.case.consultations
        if one.is_open and not (undelivered and one.delivered_on is not None)
    }
    choices = tuple(
        (str(one.id), f"{one.party}：{one.name}") for one in seen.parties if one.id in waiting
    )
    return Entry("consultation", "对象", "choice", choices=choices)


def _delivering(seen: Seen) -> list[Entry]:
    hint = "对方收到之日起15个工作日内提出意见。"
    return [_parties(seen, undelivered=True), day_entry(seen, label="对方收到的日期", hint=hint)]


def _returning(seen: Seen) -> list[Entry]:
    views = tuple((one.value, one.label) for one in PartyView)
    limits = [one.last_day(seen.calendar) for one in seen.case.consultations if one.is_open]
    late = [str(limit) for limit in limits if limit is not None]
    hint = "逾期未答复的，填期限的最后一天" + (f"（{'、'.join(late)}）。" if late else "。")
    return [
        _parties(seen, undelivered=False),
        Entry("view", "意见", "choice", choices=views),
        day_entry(seen, label="收到意见的日期", hint=hint),
        Entry("opinion", "意见和理由", "area"),
    ]


CONSULTATIONS = (
    Act("consult", e.ConsultationSent, _WORK, "征求意见",
        "可能损害第三方合法权益的征求第三方意见（第三十二条）；共同制作的征求其他机关意见（第三十四条）。",
        _sending, _send, "已登记征求意见，答复期限暂停计算。"),
    Act("consultation-delivered", e.ConsultationDelivered, _WORK, "征求意见书送达",
        "对方收到以后，开始计算它的15个工作日。",
        _delivering, _deliver, "已登记送达。"),
    Act("consultation-returned", e.ConsultationReturned, _WORK, "收到意见或者逾期",
        "第三方逾期不答复的，由本机关决定是否公开；共同制作机关逾期不答复的，视为同意公开。",
        _returning, _return, "已登记意见，答复期限恢复计算。"),
)  # fmt: skip
