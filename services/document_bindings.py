"""Which zone and which agency keep a document: where it is found, and who works on it."""

from __future__ import annotations

from models.index_change import Subject
from services import audit, index_changes
from services.access import Actor, Permission
from services.audit import Action
from services.version_states import locked, require_work


async def bind(
    actor: Actor, document_id: int, *, venue_id: int | None, agency_id: int | None
) -> bool:
    """Give a document to a zone (None: all) and an agency; return whether anything changed.

    Raises NotFound and NotAllowed unless both what keeps it and what is to keep it are theirs.
    """
    actor.require(Permission.WRITE_DOCUMENTS)
    async with locked(Subject.DOCUMENT, document_id) as taken:
        require_work(actor, taken.row)
        if (taken.row.venue_id, taken.row.responsible_agency_id) == (venue_id, agency_id):
            return False
        actor.require_work(venue_id, agency_id)
        taken.row.venue_id, taken.row.responsible_agency_id = venue_id, agency_id
        columns = ["venue_id", "responsible_agency_id"]
        await taken.row.save(using_db=taken.database, update_fields=columns)
        await index_changes.record(Subject.DOCUMENT, [document_id], using_db=taken.database)
        await audit.record(
            actor, Action.SCOPE_CHANGED, taken.name, venue_id=venue_id, using_db=taken.database,
            agency=agency_id,
        )  # fmt: skip
    return True
