"""Which application a repeated one repeats (重复申请, Article 36(6))."""

from __future__ import annotations

from datetime import datetime

from models.applicant import Applicant
from models.application import Application
from services.access import Actor
from services.applications import record, taken
from services.clock import zone_day
from services.disclosure.events import Noted
from services.errors import Invalid
from services.secret_key import SecretKeys


async def name_earlier(
    actor: Actor, application_id: int, number: str, *, edits: int, keys: SecretKeys, now: datetime
) -> Application:
    """Name the earlier application by its number (登记编号). Raises Invalid where it cannot be that."""
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        earlier = await Application.get_or_none(
            number=number.strip(), agency_id=one.row.agency_id, id__lt=one.row.id,
            using_db=one.database,
        )  # fmt: skip
        if earlier is None:
            raise Invalid("Not there.", sentence="没有找到本机关更早的这件申请，请核对登记编号。")
        if not await _is_same_person(one.row.id, earlier.id):
            raise Invalid(
                "Another person.", sentence="那件申请的申请人不是同一个人，不算重复申请。"
            )
        if earlier.is_in_time is None:
            raise Invalid(
                "It has no answer.",
                sentence="那件申请还没有答复，不算重复申请（第三十六条第六项）。",
            )
        event = Noted(on=zone_day(now))
        await one.add(event, f"与之前的申请{earlier.number}重复。")
        one.row.earlier_id = earlier.id
        await one.row.save(using_db=one.database, update_fields=["earlier_id"])
        await record(one, event)
    return one.row


async def _is_same_person(application_id: int, earlier_id: int) -> bool:
    """Return whether both are of one person: by identity, by name where one of them gave none."""
    one, other = await Applicant.filter(application_id__in=[application_id, earlier_id]).order_by(
        "id"
    )
    if one.identity_hash and other.identity_hash:
        return one.identity_hash == other.identity_hash
    return one.name_hash == other.name_hash
