"""The form in which staff type an application that came to the counter or by post."""

from __future__ import annotations

import secrets
from datetime import date

from models.applicant import IdentityCheck, IdentityKind
from models.application import ApplicantKind, Carrier, Channel, DeliveryWay, OrgCategory
from server.console.forms import Form
from services.access import Actor
from services.application_intake import Intake
from services.disclosure.arrival import Arrival
from services.disclosure.draft_content import DraftContent
from services.disclosure.oral_record import Confirmation, OralRecord
from services.disclosure.personal_notice import NOTICE_VERSION
from services.disclosure.request import Agent, Person, Request

CHECKS = (IdentityCheck.NONE, IdentityCheck.DOCUMENT_SEEN, IdentityCheck.CARD_READER)
"""What staff can have done; a checksum is computed."""
_LONGEST = {"features": 2000, "address": 500, "title": 500, "search_evidence": 3500}
_LONGEST_OTHER = 200
NOTHING_TYPED = dict.fromkeys(
    (
        "accepts_other_form",
        "address",
        "agency_id",
        "agent_name",
        "agent_phone",
        "arrived_on",
        "carrier",
        "channel",
        "check_note",
        "confirmation",
        "confirmed_on",
        "contact",
        "delivery_way",
        "difficulty",
        "document_number",
        "email",
        "fax",
        "features",
        "handed_over",
        "help_wanted",
        "identity_check",
        "identity_kind",
        "identity_number",
        "is_oral",
        "key",
        "kind",
        "mail_number",
        "name",
        "org_category",
        "period",
        "phone",
        "place",
        "postcode",
        "recorder",
        "representative",
        "search_evidence",
        "signer",
        "suggests_publication",
        "title",
        "told_notice",
        "unit",
        "was_read_back",
        "witness",
    ),
    "",
)
"""Every field of the form, empty."""


def empty_values(actor: Actor, unit: str, today: date) -> dict[str, str]:
    """Return what a new form begins with: its own name among it, so that sending twice is known."""
    return {
        "key": secrets.token_urlsafe(24),
        "kind": ApplicantKind.NATURAL_PERSON.value,
        "identity_kind": IdentityKind.RESIDENT_ID.value,
        "identity_check": IdentityCheck.NONE.value,
        "channel": Channel.COUNTER.value,
        "arrived_on": today.isoformat(),
        "delivery_way": DeliveryWay.IN_PERSON.value,
        "carrier": Carrier.PAPER.value,
        "accepts_other_form": "on",
        "recorder": actor.name,
        "unit": unit,
    }


def values_of(content: DraftContent) -> dict[str, str]:
    """Return what somebody filled in themselves, as the form has it; what they left open is empty."""
    told = content.notice_version == NOTICE_VERSION
    return {
        "agency_id": str(content.agency_id or ""),
        "title": content.title,
        "document_number": content.document_number,
        "features": content.features,
        "period": content.period,
        "place": content.place,
        "delivery_way": (content.delivery_way or DeliveryWay.IN_PERSON).value,
        "carrier": (content.carrier or Carrier.PAPER).value,
        "accepts_other_form": "on" if content.accepts_other_form else "",
        "suggests_publication": "on" if content.suggests_publication else "",
        "kind": (content.kind or ApplicantKind.NATURAL_PERSON).value,
        "org_category": content.org_category.value if content.org_category is not None else "",
        "name": content.name,
        "representative": content.representative,
        "contact": content.contact,
        "identity_kind": (content.identity_kind or IdentityKind.RESIDENT_ID).value,
        "identity_number": content.identity_number,
        "phone": content.phone,
        "address": content.address,
        "postcode": content.postcode,
        "email": content.email,
        "fax": content.fax,
        "help_wanted": content.help_wanted,
        "told_notice": "on" if told else "",
        "search_evidence": content.search_evidence(),
    }


def intake_of(form: Form, venue_id: int | None) -> Intake:
    """Return what was typed. What could not be read is in the errors of the form."""
    kind = form.choice("kind", "申请人类型", ApplicantKind) or ApplicantKind.NATURAL_PERSON
    channel = form.choice("channel", "来件方式", Channel) or Channel.COUNTER
    return Intake(
        agency_id=form.number("agency_id", "机关", least=1, most=999_999_999),
        venue_id=venue_id,
        person=_person(form, kind),
        request=Request(
            title=_text(form, "title", "信息名称"),
            document_number=_text(form, "document_number", "文号"),
            features=_text(form, "features", "其他特征描述"),
            period=_text(form, "period", "时间范围"),
            place=_text(form, "place", "地点"),
            delivery_way=form.choice("delivery_way", "获取方式", DeliveryWay)
            or DeliveryWay.IN_PERSON,
            carrier=form.choice("carrier", "载体形式", Carrier) or Carrier.PAPER,
            accepts_other_form=form.ticked("accepts_other_form"),
            suggests_publication=form.ticked("suggests_publication"),
        ),
        arrival=Arrival(
            channel=channel,
            arrived_on=form.day("arrived_on", "来件日期"),
            confirmed_on=form.day("confirmed_on", "与申请人确认的日期"),
            mail_number=_text(form, "mail_number", "邮件号码"),
            signer=_text(form, "signer", "签收人"),
        ),
        oral=_oral(form) if form.ticked("is_oral") else None,
        notice_version=NOTICE_VERSION if form.ticked("told_notice") else "",
        key=_text(form, "key", "表单编号"),
        search_evidence=_text(form, "search_evidence", "检索记录"),
    )


def _person(form: Form, kind: ApplicantKind) -> Person:
    identity_kind = form.choice("identity_kind", "证件类型", IdentityKind)
    is_person = kind is ApplicantKind.NATURAL_PERSON
    chosen = form.raw("org_category")
    category = None if is_person or not chosen else form.choice("org_category", "类别", OrgCategory)
    agent = _text(form, "agent_name", "代理人")
    return Person(
        kind=kind,
        org_category=category,
        name=_text(form, "name", "姓名或名称"),
        identity_kind=identity_kind or IdentityKind.RESIDENT_ID,
        identity_number=_text(form, "identity_number", "证件号码"),
        identity_check=form.choice("identity_check", "核验方式", IdentityCheck)
        or IdentityCheck.NONE,
        check_note=_text(form, "check_note", "照收的原因"),
        representative=_text(form, "representative", "法定代表人"),
        contact=_text(form, "contact", "联系人"),
        phone=_text(form, "phone", "联系电话"),
        address=_text(form, "address", "通信地址"),
        postcode=_text(form, "postcode", "邮编"),
        email=_text(form, "email", "电子邮箱"),
        fax=_text(form, "fax", "传真"),
        agent=Agent(name=agent, phone=_text(form, "agent_phone", "代理人电话")) if agent else None,
        help_wanted=_text(form, "help_wanted", "需要的帮助"),
    )


def _oral(form: Form) -> OralRecord:
    chosen = form.raw("confirmation")
    return OralRecord(
        recorder=_text(form, "recorder", "记录人"),
        unit=_text(form, "unit", "记录人单位"),
        difficulty=_text(form, "difficulty", "书写困难"),
        was_read_back=form.ticked("was_read_back"),
        confirmation=form.choice("confirmation", "确认方式", Confirmation) if chosen else None,
        witness=_text(form, "witness", "见证人"),
    )


def _text(form: Form, name: str, label: str) -> str:
    return form.text(name, label, longest=_LONGEST.get(name, _LONGEST_OTHER))
