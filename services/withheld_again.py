"""Looking again at what was withheld: what may be given by now is to be given.

Source: Regulation on Open Government Information (2019 revision), Article 18. How often is each agency's to
say (a convention of this project: every twelve months).
"""

from __future__ import annotations

from datetime import date, datetime

from models.application import Application
from services import disclosure_offices
from services.access import Actor
from services.application_terms import months_after
from services.applications import record, taken
from services.clock import zone_day
from services.disclosure.events import Noted
from services.errors import WrongState
from services.secret_key import SecretKeys


def is_due(row: Application, today: date) -> bool:
    """Return whether what was withheld is to be looked at again by now."""
    return row.review_on is not None and row.review_on <= today


async def look_again(
    actor: Actor, application_id: int, found: str, *, edits: int, keys: SecretKeys, now: datetime
) -> Application:
    """Note what came of looking again, and when it is due next.

    Raises WrongState where it is not due, and what applications.act raises.
    """
    today = zone_day(now)
    async with taken(actor, application_id, edits=edits, keys=keys, now=now) as one:
        if not is_due(one.row, today):
            raise WrongState(sentence="这件申请还没有到复查的时间。")
        office = await disclosure_offices.of_agency(one.row.agency_id)
        event = Noted(on=today)
        await one.add(event, f"定期复查不予公开的信息（第十八条）：{found.strip()}")
        one.row.review_on = months_after(today, office.review_withheld_months)
        await one.row.save(using_db=one.database, update_fields=["review_on"])
        await record(one, event)
    return one.row
