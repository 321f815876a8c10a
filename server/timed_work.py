"""The clock of the office: twice a second it does what is due, in every process."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime

import msgspec
import structlog
from tortoise.exceptions import BaseORMException

from server.context import Context
from services import citizen_forgetting, citizen_sessions, handovers, pushed_messages
from services.access import system
from services.application_dates import recompute_dates
from services.application_drafts import remove_ended
from services.application_refresh import refresh as refresh_applications
from services.application_retention import do_what_is_due
from services.clock import zone_day
from services.errors import OpenZoneError
from services.notices import publish_due as publish_notices
from services.publication import publish_due
from services.timed_work import begin_day

_EVERY_S = 0.5
_SAME_DAY_AGAIN_S = 600.0
"""What was published at the turn of the day is looked at again after a while."""

log = structlog.get_logger(__name__)


async def do_timed_work(context: Context) -> None:
    """Do what is due until cancelled. With nothing due it costs two small queries each time."""
    actor = system(context.parts.keys.sealing)
    begun: date | None = None
    begun_at = 0.0
    while True:
        now = datetime.now(UTC)
        try:
            published = await publish_due(now, actor)
            if published:
                log.info("published at its time", versions=published)
            notices = await publish_notices(now, actor)
            if notices:
                log.info("notices published at their time", notices=notices)
            today = zone_day(now)
            if today != begun or time.monotonic() - begun_at > _SAME_DAY_AGAIN_S:
                # First of all: a newer calendar library may have come with the program.
                await recompute_dates(actor, now=now, keys=context.parts.keys)
                changed = await begin_day(today) + await refresh_applications(today)
                await remove_ended(now)
                await handovers.remove_ended(now)
                await citizen_sessions.remove_ended(now)
                await pushed_messages.remove_old(now)
                forgotten = await citizen_forgetting.forget_unused(now, actor=actor)
                anonymised = await do_what_is_due(actor, now, keys=context.parts.keys)
                begun, begun_at = today, time.monotonic()
                log.info("day begun", changed=changed, anonymised=anonymised, forgotten=forgotten)
        except (BaseORMException, OSError, OpenZoneError, msgspec.MsgspecError) as error:
            # The database may be away for a while.
            log.warning("timed work not done", error=type(error).__name__)
        await asyncio.sleep(_EVERY_S)
