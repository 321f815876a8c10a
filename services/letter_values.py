"""The facts of a case as its letters tell them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from models.agency import Agency
from models.application import Application, DeliveryWay
from models.consultation import Consultation
from models.disclosure_office import DisclosureOffice
from models.official_letter import LetterKind, OfficialLetter
from models.outcome import Outcome
from services import applicants
from services.access import Actor
from services.application_access import works_on
from services.applications import request_in
from services.clock import zone_day
from services.disclosure import deadlines
from services.disclosure.case import Case
from services.disclosure.letter_check import TO_OTHERS, group_of
from services.disclosure.letter_fields import in_words
from services.disclosure.letter_reading import LetterText
from services.disclosure.outcomes import law_of
from services.disclosure.remedies import RemedyData, remedy_block
from services.disclosure.request import Request
from services.disclosure.work_calendar import WorkCalendar
from services.secret_key import SecretKeys


@dataclass(frozen=True)
class Sender:
    """Whose letters they are."""

    agency: Agency
    office: DisclosureOffice

    @classmethod
    async def of(cls, agency_id: int) -> Sender:
        """Return an agency with its office, an empty one where there is none."""
        office = await DisclosureOffice.get_or_none(agency_id=agency_id)
        agency = await Agency.get(id=agency_id)
        return cls(agency, office or DisclosureOffice(agency_id=agency_id))

    @property
    def remedy(self) -> RemedyData:
        """Who reviews and judges its replies."""
        return RemedyData.of(self.office, self.agency.name)


async def early_values(
    application: Application, case: Case, sender: Sender, outcome: Outcome | None,
    consultation_id: int | None, *, calendar: WorkCalendar, today: date, keys: SecretKeys,
) -> dict[str, str]:  # fmt: skip
    """Return what is known when a letter is drafted, "" for what is not."""
    office, request = sender.office, request_in(application, keys)
    values = {
        "登记编号": application.number,
        "查询码": application.query_code,
        "申请日期": in_words(zone_day(application.submitted_at)),
        "收到日期": _day(application.received_on),
        "申请内容": wanted(request),
        "提交方式": application.channel.label,
        "答复期限": _day(application.reply_due, provisional=application.is_provisional),
        "机关": sender.agency.name,
        "工作机构": office.name or sender.agency.name,
        "工作机构地址": office.address or sender.agency.address,
        "联系电话": office.phone or sender.agency.phone,
        "缴费方式": office.fee_payment,
        "依据": law_of(outcome).basis if outcome is not None else "",
        "结束原因": law_of(outcome).label if outcome is not None else "",
        "补正工作日": str(office.correction_days),
    }
    values |= _of_settings(application, case, office, today)
    values |= _of_extension(case, calendar, today) | _of_the_rest(case)
    if consultation_id is not None:
        party = await Consultation.get(id=consultation_id, application_id=application.id)
        values["征求对象"] = _decrypted(party.encrypted_name, keys)
        values["征求内容"] = _decrypted(party.encrypted_subject, keys)
    return values


def late_values(
    letter: OfficialLetter, sender: Sender, text: str, *, name: str, number: str, on: date
) -> dict[str, str]:
    """Return what is filled in when a letter is issued or shown."""
    remedy = sender.remedy
    group = group_of(letter.kind, letter.outcome, LetterText(text))
    complete = remedy.review_body and remedy.review_address and remedy.court
    return {
        "申请人": name,
        "文号": number,
        "制发日期": in_words(on),
        # Half a remedy block is worse than none: the check names what is missing.
        "救济途径": remedy_block(group, remedy) if complete else "",
        "复议机关": remedy.review_body,
        "复议机关地址": remedy.review_address,
        "复议网上渠道": remedy.review_channel,
        "法院": remedy.court,
    }


async def applicant_name(actor: Actor, application: Application, *, keys: SecretKeys) -> str:
    """Return how a letter names the applicant to somebody: masked to who only checks it."""
    if works_on(actor, application):
        return (await applicants.person_of(application, keys=keys)).name
    masked = await applicants.masked(actor, application, keys=keys)
    return masked.name or "申请人"


async def never_named(letter: OfficialLetter, *, keys: SecretKeys) -> tuple[str, ...]:
    """Return whom a letter must not name: the applicant to others, a third party to the applicant."""
    application = await Application.get(id=letter.application_id)
    if letter.kind in TO_OTHERS:
        return ((await applicants.person_of(application, keys=keys)).name,)
    if letter.kind is LetterKind.N7_CONSULTING:
        parties = await Consultation.filter(application_id=application.id).order_by("id")
        return tuple(_decrypted(party.encrypted_name, keys) for party in parties)
    return ()


def way_of(letter: OfficialLetter, application: Application) -> DeliveryWay:
    """Return how a letter goes out: as it was decided, before that as the applicant wants it."""
    return letter.delivery_way or application.delivery_way


def _of_extension(case: Case, calendar: WorkCalendar, today: date) -> dict[str, str]:
    days = case.extension_approved or case.extension_days or case.extension_proposed
    if not days or case.clock is None:
        return {}
    longer = replace(case.clock, extension_days=days)
    due = deadlines.reply_due(longer, calendar, today=today)
    return {"延长工作日": str(days), "新答复期限": _day(due.on, provisional=due.is_provisional)}


def _of_settings(
    application: Application, case: Case, office: DisclosureOffice, today: date
) -> dict[str, str]:
    """Return what correction and fee do to the period, as the agency has settled it."""
    due = application.correction_ask_due
    restarts = (
        case.correction.restarts
        if case.correction is not None
        else due is None or today <= due or office.late_correction_restarts
    )
    return {
        "补正的影响": (
            "本机关收到补正后的申请，重新计算答复期限"
            if restarts
            else "补正期间答复期限照常计算，收到补正后不重新计算"
        ),
        "缴费的影响": (
            "答复期限从收到缴费之日起重新计算"
            if office.fee_restarts
            else "答复期限从收到缴费之日起继续计算"
        ),
    }


def _of_the_rest(case: Case) -> dict[str, str]:
    values: dict[str, str] = {}
    if case.correction is not None:
        values["补正期限"] = in_words(case.correction.limit_on)
        values["补正工作日"] = str(case.correction.days)
    if case.delayed_until is not None:
        values["延迟日期"] = in_words(case.delayed_until)
    if case.fee is not None:
        values["收费金额"] = str(case.fee.yuan)
        values["缴费日期"] = _day(case.fee.paid_on)
    if case.closed_on is not None:
        values["撤回日期"] = in_words(case.closed_on)
    return values


def wanted(request: Request) -> str:
    """Return what is asked for, as letters tell it."""
    parts = (request.title, request.document_number, request.features)
    return "；".join(" ".join(part.split()) for part in parts if part.strip())


def _day(day: date | None, *, provisional: bool = False) -> str:
    if day is None:
        return ""
    return in_words(day) + ("（暂定，放假安排公布后可能调整）" if provisional else "")


def _decrypted(encrypted: bytes | None, keys: SecretKeys) -> str:
    return "" if encrypted is None else keys.decrypt(encrypted)
