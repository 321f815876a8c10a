"""The offices of agencies that handle applications, and what stands in their letters.

Source: Regulation on Open Government Information (2019 revision), Article 4; who reviews is checked by
行政复议法 Article 24.
"""

from __future__ import annotations

from typing import Any

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.disclosure_office import AgencyStanding, DisclosureOffice
from services import audit
from services.access import Actor, Permission
from services.audit import Action
from services.disclosure.guards import CORRECTION_DAYS
from services.disclosure.letter_check import reviewer_findings
from services.errors import EditedMeanwhile, Invalid, NotAllowed, NotFound
from services.text_columns import too_long, unreadable_in

_YEARS = range(1, 101)
_MONTHS = range(1, 121)
NAMES = {
    "name": "工作机构名称", "address": "地址", "postcode": "邮编", "phone": "电话", "fax": "传真",
    "email": "电子邮箱", "hours": "办公时间", "online_channel": "网上申请渠道",
    "letter_prefix": "文号代字", "review_body": "复议机关", "review_address": "复议机关地址",
    "review_phone": "复议机关电话", "review_channel": "复议网上渠道", "court": "管辖法院",
    "court_address": "法院地址", "fee_payment": "缴费方式",
}  # fmt: skip
"""What the page and the sentences call each text of an office."""


class OfficeContent(msgspec.Struct, frozen=True, kw_only=True):
    """What an office prints and how it works; the fields are those of the table."""

    standing: AgencyStanding = AgencyStanding.DEPARTMENT
    name: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    hours: str = ""
    online_channel: str = ""
    letter_prefix: str = ""
    review_body: str = ""
    review_address: str = ""
    review_phone: str = ""
    review_channel: str = ""
    court: str = ""
    court_address: str = ""
    fee_payment: str = ""
    auto_confirm: bool = True
    correction_days: int = 15
    late_correction_restarts: bool = False
    fee_restarts: bool = True
    keep_decided_years: int = 30
    keep_abandoned_years: int = 10
    review_withheld_months: int = 12

    @classmethod
    def of(cls, office: DisclosureOffice) -> OfficeContent:
        """Return what an office has on record."""
        return cls(**{name: getattr(office, name) for name in cls.__struct_fields__})


async def of_agency(agency_id: int) -> DisclosureOffice:
    """Return the office of an agency, an empty one that is not kept where there is none."""
    return await DisclosureOffice.get_or_none(agency_id=agency_id) or DisclosureOffice(
        agency_id=agency_id
    )


async def ensured(agency_id: int, *, using_db: BaseDBAsyncClient | None = None) -> DisclosureOffice:
    """Return the office of an agency, kept and empty where there was none."""
    office, _ = await DisclosureOffice.get_or_create({}, using_db=using_db, agency_id=agency_id)
    return office


def require_keeper(actor: Actor, agency_id: int) -> None:
    """Raise NotFound for another agency's, NotAllowed for who may not keep what agencies print."""
    if actor.acts_for_agencies and agency_id not in actor.agency_ids:
        raise NotFound(f"Agency {agency_id} is not theirs.")
    if not actor.may(Permission.KEEP_OFFICES):
        raise NotAllowed(
            f"{actor.role} does not keep offices.",
            sentence="机关资料和文书模板由公开工作机构负责人或者系统管理员维护。",
        )


async def save(
    actor: Actor, agency_id: int, content: OfficeContent, *, edits: int
) -> DisclosureOffice:
    """Keep what an office prints. Raises NotFound, NotAllowed, Invalid, EditedMeanwhile."""
    require_keeper(actor, agency_id)
    agency = await Agency.get_or_none(id=agency_id)
    if agency is None:
        raise NotFound(f"There is no agency {agency_id}.")
    content = _stripped(content)
    if problems := _problems(content, agency.name):
        raise Invalid(" ".join(problems), sentence=" ".join(problems))
    async with in_transaction() as database:
        await ensured(agency_id, using_db=database)
        changed = (
            await DisclosureOffice.filter(agency_id=agency_id, edits=edits)
            .using_db(database)
            .update(**_columns(content), edits=edits + 1)
        )
        if not changed:
            raise EditedMeanwhile(f"The office of agency {agency_id} was changed.")
        await audit.record(
            actor, Action.AGENCY_CHANGED, f"agency:{agency_id}", using_db=database, office=True
        )
    return await DisclosureOffice.get(agency_id=agency_id)


def _stripped(content: OfficeContent) -> OfficeContent:
    return msgspec.structs.replace(
        content, **{name: " ".join(getattr(content, name).split()) for name in NAMES}
    )


def _columns(content: OfficeContent) -> dict[str, Any]:
    return {name: getattr(content, name) for name in content.__struct_fields__}


def _problems(content: OfficeContent, agency_name: str) -> list[str]:
    texts = [getattr(content, name) for name in NAMES]
    found = [*too_long(content, DisclosureOffice, NAMES), *unreadable_in(texts)]
    if any(mark in text for text in texts for mark in "{}【】"):
        found.append("资料里不能有花括号和【】：它们在文书里另有用处。")
    if content.correction_days not in CORRECTION_DAYS:
        found.append("补正期限在5到30个工作日之间。")
    if not {content.keep_decided_years, content.keep_abandoned_years} <= set(_YEARS):
        found.append("保管期限在1到100年之间。")
    if content.review_withheld_months not in _MONTHS:
        found.append("定期审查的间隔在1到120个月之间。")
    if content.review_body:
        wrong = reviewer_findings(content.standing, content.review_body, agency_name)
        found += [finding.sentence for finding in wrong]
    return found
