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


async def named(id_or_name: str) -> Agency:
    """Return the agency that an id, a name or another name means.

    Raises Invalid where nothing is given or several are meant, NotFound where none is.
    """
    wanted = id_or_name.strip()
    if not wanted:
        raise Invalid("No agency.", sentence="请写明机关的编号或者名称。")
    rows = await every()
    if wanted.isascii() and wanted.isdigit():
        found = [agency for agency in rows if str(agency.id) == wanted.lstrip("0")]
    else:
        found = [agency for agency in rows if agency.name == wanted]
        found = found or [agency for agency in rows if wanted in agency.other_names]
    if len(found) > 1:
        names = "、".join(agency.name for agency in found)
        raise Invalid("Several.", sentence=f"“{wanted}”可能是{names}，请写全称或者编号。")
    if not found:
        raise NotFound(
            "There is no such agency.", sentence=f"没有编号或名称是“{wanted}”的机关，请核对。"
        )
    return found[0]


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
