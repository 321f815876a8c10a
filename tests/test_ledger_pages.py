"""The ledger as inspection reads it: sums, comparison, charts, and a workbook."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from models.audit_record import AuditRecord
from models.help_call import HelpCall
from models.ledger_count import Counted, LedgerCount
from models.left_question import LeftQuestion, QuestionState
from models.rating import Rating, Score
from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from services.clock import ZONE
from services.ledger_periods import Period, Step, parts
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console, first_venue

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@dataclass(frozen=True)
class Zones:
    hall: int
    town: int
    elsewhere: int


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("ledger")) as opened:
        yield opened


@pytest.fixture(scope="module")
def zones(doors: Doors) -> Zones:
    """A hall, a town below it and a library elsewhere, with what happened there in March 2026."""
    hall = first_venue(doors)

    async def made() -> Zones:
        town = await Venue.create(
            code="town", place="=HYPERLINK(示例镇)", type=VenueType.SERVICE_HALL,
            level=VenueLevel.TOWN, parent_id=hall,
        )  # fmt: skip
        library = await Venue.create(
            code="library", place="别处的图书馆", type=VenueType.LIBRARY, level=VenueLevel.DISTRICT
        )
        for venue, day, counted, times in (
            (hall, date(2026, 3, 2), Counted.VISIT, 40),
            (hall, date(2026, 3, 9), Counted.VISIT, 2),
            (hall, date(2026, 2, 28), Counted.VISIT, 20),
            (hall, date(2026, 3, 31), Counted.ANSWERED, 7),
            (hall, date(2026, 3, 31), Counted.HANDOFF, 3),
            (town.id, date(2026, 3, 2), Counted.VISIT, 5),
            (library.id, date(2026, 3, 2), Counted.VISIT, 1000),
        ):
            await LedgerCount.create(venue_id=venue, day=day, counted=counted, times=times)
        called = datetime(2026, 3, 5, 9, 0, tzinfo=ZONE)
        for seconds in (30, 90, 250, None):
            call = await HelpCall.create(kiosk_name="一号自助机", venue_id=hall)
            taken = None if seconds is None else called + timedelta(seconds=seconds)
            await HelpCall.filter(id=call.id).update(called_at=called, taken_at=taken)
        for number, answered_after in (("1", 1), ("2", 9), ("3", None)):
            left = await LeftQuestion.create(
                number=f"260305-000{number}", encrypted_text=b"x", venue_id=hall,
                due_at=called + timedelta(days=5),
            )  # fmt: skip
            answered = None if answered_after is None else called + timedelta(days=answered_after)
            state = QuestionState.OPEN if answered is None else QuestionState.ANSWERED
            await LeftQuestion.filter(id=left.id).update(
                left_at=called, answered_at=answered, state=state
            )
        for score in (Score.SATISFIED, Score.SATISFIED, Score.UNSATISFIED):
            await Rating.create(venue_id=hall, rated_on=date(2026, 3, 5), score=score)
        return Zones(hall, town.id, library.id)

    return doors.run(made())


@pytest.fixture
def clerk(doors: Doors, zones: Zones) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK, venues=[zones.hall]) as signed_in:
        yield signed_in


def row(page: str, head: str) -> list[str]:
    """Return the cells of the first table row with a head."""
    found = re.search(
        rf'<tr><th scope="row"[^>]*>{re.escape(head)}</th>(.*?)</tr>', page, re.DOTALL
    )
    assert found, head
    return re.findall(r"<td[^>]*>([^<]*)</td>", found[1])


def test_sums_are_of_the_zone_and_those_below_beside_the_month_before(clerk: AtTheConsole) -> None:
    page = clerk.sees("/console/ledger", **MARCH)
    assert row(page, "来访") == ["47", "20", "增加 135%"]
    assert row(page, "当场答复") == ["7", "0", "上期为零"]
    assert row(page, "打印") == ["0", "0", "持平"]
    assert "2026年02月01日至2026年02月28日" in page
    assert "别处的图书馆" not in page


def test_one_zone_alone_is_its_own_and_what_is_below(clerk: AtTheConsole, zones: Zones) -> None:
    assert row(clerk.sees("/console/ledger", **MARCH, venue=zones.town), "来访")[0] == "5"
    assert row(clerk.sees("/console/ledger", **MARCH, venue=zones.hall), "来访")[0] == "47"


@pytest.mark.parametrize("address", ["/console/ledger", "/console/ledger/workbook"])
def test_a_zone_of_others_is_not_there(clerk: AtTheConsole, zones: Zones, address: str) -> None:
    for venue in (zones.elsewhere, 99_999, "x"):
        assert clerk.looks(f"{address}?venue={venue}") == 404


@pytest.mark.parametrize(
    ("step", "label", "visits"),
    [("day", "03-02", "45"), ("week", "03-02至03-08", "45"), ("month", "2026-03", "47")],
)
def test_the_table_is_divided_as_asked(
    clerk: AtTheConsole, step: str, label: str, visits: str
) -> None:
    assert row(clerk.sees("/console/ledger", **MARCH, step=step), label)[0] == visits


def test_waiting_punctuality_and_satisfaction_are_told(clerk: AtTheConsole) -> None:
    page = clerk.sees("/console/ledger", **MARCH)
    for told in (
        *("4 次，去了 3 次", "一半在 1 分 30 秒 以内，最久 4 分 10 秒"),
        *("<dd>2 次</dd>", "<dd>3 次</dd>"),
        "3 件，按时答复 1 件，超时答复 1 件，待答复 1 件（其中超时 1 件）",
        "满意 2 次，一般 0 次，不满意 1 次",
    ):
        assert told in page, told


def test_each_chart_says_what_it_shows_and_has_its_table(clerk: AtTheConsole) -> None:
    page = clerk.sees("/console/ledger", **MARCH)
    charts = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(charts) == 3
    assert page.count("<table>") == 3
    for chart in charts:
        assert 'role="img"' in chart
        ids = re.search(r'aria-labelledby="(\S+) (\S+)"', chart)
        assert ids
        assert f'id="{ids[1]}"' in chart and f'id="{ids[2]}"' in chart
    assert "共 47 次，最多的是 03-02，45 次" in charts[0]
    assert charts[1].count("<rect") == 2 + 2, "two series, each with its swatch"
    assert "style=" not in page and "<style" not in page


def test_nonsense_in_the_address_shows_this_month(clerk: AtTheConsole) -> None:
    clerk.sees("/console/ledger", **{"from": "0001-01-01", "to": "9999-12-31"})
    page = clerk.sees("/console/ledger", **{"from": "x", "step": "x", "counted": "x"})
    assert f"{datetime.now(UTC).astimezone(ZONE):%Y年%m月}01日" in page


def taken_away(person: AtTheConsole, **asked: Any) -> Any:
    response = person.client.get("/console/ledger/workbook", params=asked)
    assert response.status_code == 200
    assert "ledger-2026-03-01-2026-03-31.xlsx" in response.headers["content-disposition"]
    return load_workbook(io.BytesIO(response.content))


def test_the_workbook_has_a_sheet_by_day_and_one_by_zone(
    doors: Doors, clerk: AtTheConsole, zones: Zones
) -> None:
    book = taken_away(clerk, **MARCH)
    assert book.sheetnames == ["按日", "按专区"]
    by_day, by_venue = ([list(r) for r in book[name].values] for name in book.sheetnames)
    assert by_day[0] == ["日期", *(counted.label for counted in Counted)]
    assert len(by_day) == 1 + 31 + 1
    assert by_day[2][:2] == ["2026-03-02", 45]
    assert by_day[-1][:2] == ["合计", 47]
    assert [r[1] for r in by_venue[1:]] == [42, 5, 47]

    async def recorded() -> list[AuditRecord]:
        return await AuditRecord.filter(action="ledger_exported", staff_id=clerk.staff_id)

    [record] = doors.run(recorded())
    assert '"first":"2026-03-01"' in record.detail


def test_a_zone_whose_name_looks_like_a_formula_stays_text(clerk: AtTheConsole) -> None:
    book = taken_away(clerk, **MARCH)
    cell = book["按专区"]["A3"]
    assert str(cell.value).startswith("=HYPERLINK")
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_who_may_not_see_the_ledger_does_not(doors: Doors, zones: Zones) -> None:
    with at_the_console(doors, Role.AGENCY_OFFICER, agencies=[]) as officer:
        for address in ("/console/ledger", "/console/ledger/workbook"):
            assert officer.looks(address) == 403


@pytest.mark.parametrize(
    ("period", "before"),
    [
        pytest.param(("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28"), id="a month"),
        pytest.param(("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31"), id="a quarter"),
        pytest.param(("2026-01-01", "2026-12-31"), ("2025-01-01", "2025-12-31"), id="a year"),
        pytest.param(("2026-03-02", "2026-03-08"), ("2026-02-23", "2026-03-01"), id="a week"),
        pytest.param(("2026-03-01", "2026-03-10"), ("2026-02-19", "2026-02-28"), id="ten days"),
        pytest.param(("2026-03-01", "2026-03-01"), ("2026-02-28", "2026-02-28"), id="a day"),
    ],
)
def test_a_period_is_compared_with_one_like_it(
    period: tuple[str, str], before: tuple[str, str]
) -> None:
    first, last = (date.fromisoformat(day) for day in period)
    expected = Period(*(date.fromisoformat(day) for day in before))
    assert Period(first, last).before() == expected


def test_a_period_is_put_the_right_way_round_and_kept_short() -> None:
    today = date(2026, 11, 24)
    assert Period.of(None, None, today=today) == Period(date(2026, 11, 1), today)
    assert Period.of(date(2026, 5, 2), date(2026, 5, 1), today=today).days == 2
    far = Period.of(date.min, date.max, today=today)
    assert far.days == 3 * 366
    assert far.before().days == far.days
    long_ago = Period.of(date.min, date.min, today=today)
    assert long_ago.before().last < long_ago.first


@pytest.mark.parametrize("step", list(Step))
def test_the_parts_of_a_period_are_all_of_it_and_nothing_twice(step: Step) -> None:
    whole = Period(date(2026, 1, 15), date(2026, 4, 10))
    divided = [part.period for part in parts(whole, step)]
    assert (divided[0].first, divided[-1].last) == (whole.first, whole.last)
    assert sum(part.days for part in divided) == whole.days
    for one, following in itertools.pairwise(divided):
        assert following.first == one.last + timedelta(days=1)
