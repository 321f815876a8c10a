"""The first page of the console reminds of what is due in applications, each of what is theirs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.agency import Agency
from models.application import Channel
from models.staff import Role
from models.venue import Venue
from services import applications
from tests.application_office import PERSON, REQUEST
from tests.doors import Doors, open_doors
from tests.people import at_the_console, first_venue


def file_long_ago(doors: Doors) -> tuple[int, applications.Filed]:
    """File an application whose last day is over; return the agency and the receipt."""
    venue_id = first_venue(doors)

    async def filed() -> tuple[int, applications.Filed]:
        agency = await Agency.create(name="示例区住房城乡建设委")
        await (await Venue.get(id=venue_id)).accepts_for.add(agency)
        filing = applications.Filing(
            agency_id=agency.id, venue_id=venue_id, channel=Channel.COUNTER,
            person=PERSON, request=REQUEST,
        )  # fmt: skip
        long_ago = datetime.now(UTC) - timedelta(days=60)
        keys = doors.context.parts.keys
        return agency.id, await applications.file(filing, keys=keys, now=long_ago, actor=None)

    return doors.run(filed())


def test_what_is_late_is_on_the_first_page_of_whom_it_concerns(tmp_path: Path) -> None:
    with open_doors(tmp_path) as doors:
        agency_id, filed = file_long_ago(doors)
        with (
            at_the_console(doors, Role.AGENCY_OFFICER, agencies=[agency_id]) as officer,
            at_the_console(doors, Role.SUPERVISOR) as supervisor,
            at_the_console(doors, Role.CLERK) as clerk,
        ):
            page = officer.sees("/console")
            assert re.search(r'href="/console/applications"><strong>1</strong> 公开申请在办', page)
            assert "超期 1" in page
            assert f'href="/console/applications/{filed.application_id}">{filed.number}' in page
            assert "已经过了" in page
            watched = supervisor.sees("/console")
            assert filed.number in watched
            assert f"/console/applications/{filed.application_id}" not in watched
            assert filed.number not in clerk.sees("/console")
            assert PERSON.name not in page + watched
