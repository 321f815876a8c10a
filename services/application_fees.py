"""What a fee for a case would be, counted by the tariffs (信息处理费, 109号).

By number, an applicant's applications to one agency in one calendar month are counted, and this one costs
what its place among them costs: every case carries its own part of the month's fee.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from models.applicant import Applicant
from models.application import Application
from services import application_access
from services.access import Actor
from services.disclosure.fees import Charge, Tariff, charge


async def by_number(actor: Actor, application_id: int) -> Charge:
    """Return what a case costs by number. Raises NotChargeable up to the tenth of a month, NotFound,
    NotAllowed."""
    application = await application_access.require_work(actor, application_id)
    place = await place_in_month(application)
    return charge(Tariff.BY_APPLICATION, place, charged_before=place - 1)


async def by_pages(actor: Actor, application_id: int, pages: int) -> Charge:
    """Return what a case costs by pages. Raises NotChargeable up to thirty, NotFound, NotAllowed."""
    await application_access.require_work(actor, application_id)
    return charge(Tariff.BY_PAGE, pages)


def facts_of(asked: Charge) -> dict[str, str]:
    """Return what the notice tells of a fee, for services.letters.draft."""
    return {
        "收费标准": f"{asked.tariff.label}，{asked.tariff.rates}",
        "收费计算": asked.sentence,
        "收费金额": str(asked.yuan),
    }


async def place_in_month(application: Application) -> int:
    """Return the how manieth of its month an application of its applicant is, at one agency."""
    received = application.first_received_on
    own = await Applicant.get_or_none(application_id=application.id)
    if received is None or own is None:
        return 1
    # The number of a document says who it is; a name has namesakes, and stands in for none.
    same = (
        {"identity_hash": own.identity_hash}
        if own.identity_hash
        else {"identity_hash": "", "name_hash": own.name_hash}
    )
    first = received.replace(day=1)
    last = date(received.year, received.month, monthrange(received.year, received.month)[1])
    rows = await Application.filter(
        agency_id=application.agency_id, first_received_on__gte=first, first_received_on__lte=last,
        **{f"applicant__{name}": value for name, value in same.items()},
    ).order_by("first_received_on", "id")  # fmt: skip
    return [row.id for row in rows].index(application.id) + 1
