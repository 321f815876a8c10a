"""Running numbers of an agency and a year: of applications, and of its letters."""

from __future__ import annotations

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F

from models.official_letter import NumberSeries

APPLICATIONS = "application"
"""The series of 登记编号."""


async def next_number(
    agency_id: int, year: int, series: str, *, using_db: BaseDBAsyncClient
) -> int:
    """Return the next number of a series; inside the transaction of what gets it.

    Takes the lock of the series until that transaction ends, and is taken back with it: no number is
    left out, and none is given twice.
    """
    key = {"agency_id": agency_id, "year": year, "series": series}
    row, _ = await NumberSeries.get_or_create({}, using_db=using_db, **key)
    await NumberSeries.filter(id=row.id).using_db(using_db).update(last_given=F("last_given") + 1)
    return (await NumberSeries.get(id=row.id, using_db=using_db)).last_given
