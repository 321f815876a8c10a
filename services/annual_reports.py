"""The annual report of an agency: read at any time of the year, written on, and closed once.

Source: Regulation on Open Government Information (2019 revision), Articles 49 and 50;
国办公开办函〔2021〕30号.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.agency import Agency
from models.annual_report import AnnualReport
from models.application import Application
from models.disclosure_office import AgencyStanding, DisclosureOffice
from services import annual_documents, annual_figures, annual_statistics, register_sight
from services.access import Actor, Permission
from services.annual_entries import Kept, require_sense
from services.annual_frozen import freeze, thaw
from services.annual_statistics import Statistics
from services.audit import Action, record, record_alone
from services.clock import zone_day
from services.disclosure import report_checks
from services.disclosure.report_checks import Check, Finding, Reported
from services.disclosure.report_other_tables import Entry, TableFour, TableTwo, table_two
from services.disclosure.report_tables import PARTS, ReportColumn, ReportRow, TableThree
from services.disclosure.report_wording import Section, beginning
from services.errors import EditedMeanwhile, NotFound, WrongState

FIRST_YEAR = 2021
"""The first year that was reported in this format."""


@dataclass(frozen=True)
class YearReport:
    """A year's report as it stands, or as it was closed."""

    agency: Agency
    year: int
    two: TableTwo
    three: TableThree
    four: TableFour
    findings: list[Finding]
    hints: list[str]
    texts: dict[Section, str]
    """What was written; "" where nothing was."""
    beginnings: dict[Section, str]
    entered: frozenset[Entry]
    carried_over: Mapping[ReportColumn, int] | None
    """Row two where staff set it."""
    carried_over_reason: str
    counted_carried_in: Mapping[ReportColumn, int]
    last_year: Mapping[ReportColumn, int]
    """Row four of the year before."""
    suggested: Mapping[Entry, int]
    """What documents that are kept here would come to, for who enters the figures."""
    statistics: Statistics
    due_on: date
    planned_on: date
    closed_at: datetime | None
    moved: bool
    """Whether the cases give other figures now than when it was closed."""
    edits: int

    def holds(self, check: Check) -> bool:
        """Return whether something that must hold does, or has been given a reason."""
        return not any(f.blocks for f in self.findings if f.check is check)

    @property
    def unwritten(self) -> list[Section]:
        """The sections that have no text yet."""
        return [section for section in Section if not self.texts[section]]


def require_year(year: int, today: date) -> None:
    """Raise NotFound for a year that there is no report of."""
    if not FIRST_YEAR <= year <= today.year:
        raise NotFound(
            f"There is no report of {year}.",
            sentence=f"年度请填 {FIRST_YEAR} 到 {today.year} 之间的年份。",
        )


async def report(actor: Actor, agency_id: int, year: int, *, today: date) -> YearReport:
    """Return the report of a year: of this one, as far as it has come.

    Raises NotAllowed, and NotFound for an agency that is not theirs and for a year without a report.
    """
    agency = await register_sight.agency(actor, agency_id)
    require_year(year, today)
    rows = {
        row.year: row
        for row in await AnnualReport.filter(agency_id=agency_id, year__in=[year - 1, year])
    }
    row = rows.get(year) or AnnualReport(agency_id=agency_id, year=year)
    before = rows.get(year - 1)
    counted = await annual_figures.applications(agency_id, year)
    carried = None if row.carried_over is None else _carried(row.carried_over)
    three = counted if carried is None else {**counted, ReportRow.CARRIED_IN: carried}
    live = table_two(row.entered), three, await annual_figures.remedies(agency_id, year)
    two, three, four = live if row.figures is None else thaw(row.figures)
    statistics = await annual_statistics.statistics(agency_id, year)
    if before is not None and before.figures is not None:
        last_year = thaw(before.figures)[1][ReportRow.CARRIED_ON]
    else:
        last_year = await annual_figures.carried_on(agency_id, year - 1)
    texts = {section: row.texts.get(section.value, "") for section in Section}
    reported = Reported(
        two=two,
        three=three,
        four=four,
        cases=await annual_figures.cases(agency_id, year),
        entered=frozenset(entry for entry in Entry if entry.value in row.entered),
        last_year=last_year,
        last_valid=_valid(before),
        carried_reason=row.carried_over_reason,
        text=texts[Section.OVERALL],
    )
    suits = await annual_statistics.direct_suits_over_refusals(agency_id, year)
    due = report_checks.due_on(year, await _standing(agency_id))
    fees = {"fees": statistics.fee_notices, "yuan": statistics.fees_paid_yuan}
    return YearReport(
        agency=agency,
        year=year,
        two=two,
        three=three,
        four=four,
        findings=report_checks.check(reported),
        hints=report_checks.hints(reported, suits),
        texts=texts,
        beginnings={s: beginning(s, year, three, four, **fees) for s in Section},
        entered=reported.entered,
        carried_over=carried,
        carried_over_reason=row.carried_over_reason,
        counted_carried_in=counted[ReportRow.CARRIED_IN],
        last_year=last_year,
        suggested=await annual_documents.counted(agency, year),
        statistics=statistics,
        due_on=due,
        planned_on=report_checks.planned_on(due),
        closed_at=row.closed_at,
        moved=row.figures is not None and freeze(*live) != row.figures,
        edits=row.edits,
    )


async def closed(agency_ids: list[int]) -> set[tuple[int, int]]:
    """Return agencies and years whose report is closed."""
    rows = await AnnualReport.filter(agency_id__in=agency_ids or [-1], closed_at__isnull=False)
    return {(row.agency_id, row.year) for row in rows}


async def due(actor: Actor, today: date) -> dict[int, date]:
    """Return the agencies whose report of the last year is to be closed, and by when.

    An agency that had no application yet when that year ended has no report to close here.
    """
    year = today.year - 1
    ids = [agency.id for agency in await register_sight.agencies(actor)]
    began = Application.filter(agency_id__in=ids or [-1], first_received_on__lte=date(year, 12, 31))
    having = {
        row["agency_id"] for row in await began.order_by("agency_id").distinct().values("agency_id")
    }
    open_ids = having - {agency_id for agency_id, of in await closed(ids) if of == year}
    return {
        agency_id: report_checks.due_on(year, await _standing(agency_id))
        for agency_id in sorted(open_ids)
    }


async def keep(
    actor: Actor, agency_id: int, year: int, kept: Kept, *, edits: int, today: date
) -> None:
    """Store what staff wrote.

    Raises NotAllowed, NotFound, Invalid, EditedMeanwhile, and WrongState once it is closed.
    """
    actor.require(Permission.WORK_ON_APPLICATIONS)
    await register_sight.agency(actor, agency_id)
    require_year(year, today)
    require_sense(kept)
    over = kept.carried_over
    values: dict[str, object] = {
        "entered": {entry.value: str(number) for entry, number in kept.entered.items()},
        "texts": {section.value: text for section, text in kept.texts.items()},
        "carried_over": None if over is None else {c.value: over.get(c, 0) for c in PARTS},
        "carried_over_reason": kept.carried_over_reason,
    }
    await _write(actor, agency_id, year, values, edits, Action.ANNUAL_REPORT_SAVED)


async def close(actor: Actor, agency_id: int, year: int, *, edits: int, now: datetime) -> None:
    """Freeze the figures of a year that is over.

    Raises NotAllowed, NotFound, Invalid, EditedMeanwhile; WrongState while the year lasts, once it
    is closed, and while something does not balance or is not written.
    """
    actor.require(Permission.APPROVE_APPLICATIONS)
    today = zone_day(now)
    found = await report(actor, agency_id, year, today=today)
    if today.year <= year:
        raise WrongState("The year lasts.", sentence=f"{year}年还没有结束，年度报告不能定稿。")
    if found.edits != edits:
        raise EditedMeanwhile("The report was changed.")
    wrong = [finding.sentence for finding in found.findings if finding.blocks]
    wrong += [f"“{section.label}”还没有写。" for section in found.unwritten]
    if wrong:
        raise WrongState("It does not balance.", sentence="还不能定稿：" + "".join(wrong[:5]))
    figures = freeze(found.two, found.three, found.four)
    values: dict[str, object] = {"figures": figures, "closed_at": now}
    await _write(actor, agency_id, year, values, edits, Action.ANNUAL_REPORT_CLOSED)


async def note_export(actor: Actor, agency_id: int, year: int, form: str) -> None:
    """Put on record that somebody took a copy of a report away."""
    await record_alone(
        actor, Action.ANNUAL_REPORT_EXPORTED, f"annual_report:{agency_id}", year=year, form=form
    )


async def _write(
    actor: Actor, agency_id: int, year: int, values: dict[str, object], edits: int, action: Action
) -> None:
    try:
        async with in_transaction() as database:
            rows = AnnualReport.filter(agency_id=agency_id, year=year).using_db(database)
            if edits == 0 and not await rows.exists():
                await AnnualReport.create(
                    using_db=database, agency_id=agency_id, year=year, edits=1, **values
                )
            else:
                free = rows.filter(edits=edits, closed_at=None)
                if not await free.update(edits=edits + 1, **values):
                    if await rows.filter(closed_at__isnull=False).exists():
                        raise WrongState(
                            "It is closed.", sentence="这份年度报告已经定稿，不能再改。"
                        )
                    raise EditedMeanwhile("The report was changed.")
            await record(actor, action, f"annual_report:{agency_id}", year=year, using_db=database)
    except IntegrityError as error:
        raise EditedMeanwhile("Somebody began the report at the same time.") from error


def _carried(stored: Mapping[str, int]) -> Mapping[ReportColumn, int]:
    return annual_figures.with_total({column: stored.get(column.value, 0) for column in PARTS})


def _valid(before: AnnualReport | None) -> dict[Entry, Decimal]:
    entered = {} if before is None else before.entered
    stocks = (Entry.RULES_VALID, Entry.NORMATIVE_VALID)
    return {entry: Decimal(str(entered[entry.value])) for entry in stocks if entry.value in entered}


async def _standing(agency_id: int) -> AgencyStanding:
    office = await DisclosureOffice.get_or_none(agency_id=agency_id)
    return AgencyStanding.DEPARTMENT if office is None else office.standing
