"""The agencies that documents, zones and officers belong to."""

from __future__ import annotations

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.agency import Agency
from services.access import Actor, Permission
from services.audit import Action, record
from services.errors import Invalid, NotFound

LONGEST_NAME = 200
MOST_OTHER_NAMES = 20


async def every() -> list[Agency]:
    """Return all agencies, those in use first."""
    return await Agency.all().order_by("-is_active", "name")


async def one(agency_id: int) -> Agency:
    """Return an agency. Raises NotFound."""
    agency = await Agency.get_or_none(id=agency_id)
    if agency is None:
        raise NotFound(f"There is no agency {agency_id}.")
    return agency


async def keep(
    actor: Actor,
    agency_id: int | None,
    *,
    name: str,
    other_names: list[str],
    address: str = "",
    phone: str = "",
    is_active: bool = True,
) -> Agency:
    """Add an agency (id None) or change one.

    Raises Invalid for a name that is empty, too long or taken, NotFound.
    """
    actor.require(Permission.MANAGE_VENUES)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("No name.", sentence=f"请填写机关名称，不超过{LONGEST_NAME}个字。")
    row = {
        "name": name,
        "other_names": [other for other in dict.fromkeys(other_names) if other != name],
        "address": address.strip(),
        "phone": phone.strip(),
        "is_active": is_active,
    }
    if agency_id is not None:
        await one(agency_id)
    try:
        async with in_transaction() as database:
            if agency_id is None:
                agency_id = (await Agency.create(using_db=database, **row)).id
            else:
                await Agency.filter(id=agency_id).using_db(database).update(**row)
            await record(*(actor, Action.AGENCY_CHANGED, f"agency:{agency_id}"), using_db=database)
    except IntegrityError:
        raise Invalid("Taken.", sentence=f"已经有“{name}”了。") from None
    return await one(agency_id)
