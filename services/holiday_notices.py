"""Holiday notices that staff import: from then on every open application is counted by them.

Source: 国务院办公厅关于部分节假日安排的通知, each November; 全国年节及纪念日放假办法 Article 4 for the
holidays of autonomous areas, which are local days of their agencies here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.holiday_notice import HolidayNotice
from services import audit
from services.access import Actor, Permission
from services.application_dates import recompute_in
from services.audit import Action
from services.disclosure.holiday_files import read_holiday_file
from services.errors import EditedMeanwhile, Invalid
from services.secret_key import SecretKeys
from services.work_calendars import NATIONAL, agency_scope


@dataclass(frozen=True)
class Imported:
    """A notice that was taken in, and how many last days moved by it."""

    notice: HolidayNotice
    moved: int


async def import_notice(
    actor: Actor,
    content: bytes,
    *,
    number: str,
    announced_on: date | None = None,
    agency_id: int | None = None,
    keys: SecretKeys,
    now: datetime,
) -> Imported:
    """Take a holiday notice in, or the local days of one agency, and count open applications anew.

    Raises NotAllowed, BadHolidayFile, Invalid for an agency that is not there, EditedMeanwhile where
    somebody else imports the same year.
    """
    actor.require(Permission.MANAGE_VENUES)
    if agency_id is not None and not await Agency.exists(id=agency_id):
        raise Invalid("There is no such agency.", sentence="请选择机关。")
    found = read_holiday_file(content, is_national=agency_id is None)
    scope = NATIONAL if agency_id is None else agency_scope(agency_id)
    try:
        async with in_transaction() as database:
            versions = HolidayNotice.filter(year=found.year, scope=scope).using_db(database)
            newest = await versions.order_by("-version").first()
            notice = await HolidayNotice.create(
                year=found.year,
                scope=scope,
                version=newest.version + 1 if newest is not None else 1,
                number=number,
                announced_on=announced_on,
                days_off=_written(found.days_off.items()),
                days_worked=_written(found.days_worked.items()),
                imported_by_id=actor.staff_id,
                using_db=database,
            )
            moved = await recompute_in(database, actor, now=now, keys=keys)
            await audit.record(
                actor, Action.CALENDAR_IMPORTED, f"holiday_notice:{notice.id}", using_db=database,
                year=notice.year, version=notice.version, scope=scope, moved=moved,
            )  # fmt: skip
    except IntegrityError as error:
        raise EditedMeanwhile(
            "The same year was imported at the same time.",
            sentence="别人刚刚导入了同一年的安排，请刷新后再看。",
        ) from error
    return Imported(notice, moved)


async def imported() -> list[HolidayNotice]:
    """Return what was imported, the newest first."""
    return await HolidayNotice.all().order_by("-year", "scope", "-version")


def _written(days: Iterable[tuple[date, str]]) -> dict[str, str]:
    return {day.isoformat(): festival for day, festival in sorted(days)}
