"""The figures of an annual report, counted from the cases. Every figure can list what it counted.

A case is newly received (新收) in the year of its first day of receipt: a correction, which starts the
period anew, makes no second one. It ends in the year of the day that counts as answered. One that is
open on 31 December is carried on. What was sent in and never received is in no figure.

Source: 国办公开办函〔2021〕30号; that the years are decided by these days is read from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tortoise.expressions import Q
from tortoise.functions import Count

from models.application import ApplicantKind, Application, OrgCategory
from models.outcome import Outcome
from models.remedy import Remedy, RemedyKind, RemedyResult
from services.disclosure.report_checks import CaseCounts
from services.disclosure.report_other_tables import RemedyColumn, TableFour, table_four
from services.disclosure.report_tables import (
    PARTS,
    ReportColumn,
    ReportRow,
    TableThree,
    outcomes_of,
    report_row,
    table_three,
)


def counted_in(row: ReportRow, year: int) -> Q:
    """Return which applications a row of a year counts."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    in_year = Q(first_received_on__gte=first, first_received_on__lte=last)
    if row is ReportRow.NEW:
        return in_year
    if row is ReportRow.CARRIED_IN:
        return Q(first_received_on__lt=first) & (Q(closed_on=None) | Q(closed_on__gte=first))
    if row is ReportRow.CARRIED_ON:
        return Q(first_received_on__lte=last) & (Q(closed_on=None) | Q(closed_on__gt=last))
    ended = Q(first_received_on__lte=last, closed_on__gte=first, closed_on__lte=last)
    return ended & Q(outcome__in=list(outcomes_of(row)))


def from_whom(column: ReportColumn) -> Q:
    """Return whose applications a column counts."""
    if column is ReportColumn.TOTAL:
        return Q()
    if column is ReportColumn.NATURAL_PERSON:
        return Q(applicant_kind=ApplicantKind.NATURAL_PERSON)
    category = Q(org_category=OrgCategory(column.value))
    if column is ReportColumn.OTHER:
        category |= Q(org_category=None)
    return Q(applicant_kind=ApplicantKind.LEGAL_OR_OTHER) & category


def remedies_in(column: RemedyColumn, year: int) -> Q:
    """Return which reviews and lawsuits a column of a year counts: those decided in it, and those
    that were not yet decided at its end."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    pending = Q(lodged_on__lte=last) & (Q(closed_on=None) | Q(closed_on__gt=last))
    decided = Q(closed_on__gte=first, closed_on__lte=last)
    if column is RemedyColumn.PENDING:
        return pending
    if column is RemedyColumn.TOTAL:
        return pending | decided
    result = Q(result=RemedyResult(column.value))
    if column is RemedyColumn.OTHER:
        result |= Q(result=None)
    return decided & result


async def applications(agency_id: int, year: int) -> TableThree:
    """Count the table of section three."""
    counted: dict[tuple[ReportRow, ReportColumn], int] = {}
    for row in (ReportRow.NEW, ReportRow.CARRIED_IN, ReportRow.CARRIED_ON):
        for column, number in (await _by_column(agency_id, counted_in(row, year))).items():
            counted[row, column] = number
    rows = (
        await Application.filter(counted_in(ReportRow.CLOSED, year), agency_id=agency_id)
        .annotate(number_of=Count("id"))
        .group_by("outcome", "applicant_kind", "org_category")
        .order_by("outcome", "applicant_kind", "org_category")
        .values("outcome", "applicant_kind", "org_category", "number_of")
    )
    for found in rows:
        place = report_row(Outcome(found["outcome"])), _column(found)
        counted[place] = counted.get(place, 0) + int(found["number_of"])
    return table_three(counted)


async def carried_on(agency_id: int, year: int) -> Mapping[ReportColumn, int]:
    """Count row four alone."""
    counted = await _by_column(agency_id, counted_in(ReportRow.CARRIED_ON, year))
    return with_total(counted)


def with_total(counted: Mapping[ReportColumn, int]) -> Mapping[ReportColumn, int]:
    """Return a whole row from its cells that are not 0."""
    return table_three({(ReportRow.NEW, c): counted.get(c, 0) for c in PARTS})[ReportRow.NEW]


async def remedies(agency_id: int, year: int) -> TableFour:
    """Count the table of section four."""
    counted: dict[tuple[RemedyKind, RemedyColumn], int] = {}
    for column in RemedyColumn:
        if column is RemedyColumn.TOTAL:
            continue
        rows = (
            await Remedy.filter(remedies_in(column, year), application__agency_id=agency_id)
            .annotate(number_of=Count("id"))
            .group_by("kind")
            .order_by("kind")
            .values("kind", "number_of")
        )
        for row in rows:
            counted[RemedyKind(row["kind"]), column] = int(row["number_of"])
    return table_four(counted)


async def cases(agency_id: int, year: int) -> CaseCounts:
    """Count cases by their days alone, to be held against the tables."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    of = Application.filter(agency_id=agency_id)
    ended = of.filter(first_received_on__lte=last, closed_on__gte=first, closed_on__lte=last)
    days = await ended.order_by("id").values_list("first_received_on", "closed_on", "outcome")
    return CaseCounts(
        received=await of.filter(first_received_on__gte=first, first_received_on__lte=last).count(),
        closed=len(days),
        without_outcome=sum(outcome is None for _, _, outcome in days),
        closed_before_receipt=sum(closed < received for received, closed, _ in days),
    )


async def _by_column(agency_id: int, which: Q) -> dict[ReportColumn, int]:
    rows = (
        await Application.filter(which, agency_id=agency_id)
        .annotate(number_of=Count("id"))
        .group_by("applicant_kind", "org_category")
        .order_by("applicant_kind", "org_category")
        .values("applicant_kind", "org_category", "number_of")
    )
    counted: dict[ReportColumn, int] = {}
    for row in rows:
        column = _column(row)
        counted[column] = counted.get(column, 0) + int(row["number_of"])
    return counted


def _column(row: Mapping[str, str | None]) -> ReportColumn:
    category = row["org_category"]
    return ReportColumn.of(
        ApplicantKind(row["applicant_kind"] or ""),
        None if category is None else OrgCategory(category),
    )
