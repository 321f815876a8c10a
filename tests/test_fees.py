"""The fee for handling applications, by both tariffs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.disclosure.fees import NotChargeable, Tariff, by_applications, by_pages, charge
from services.errors import Invalid


@pytest.mark.parametrize(
    ("applications", "yuan"),
    [(0, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (40, 4000), (41, 4300), (45, 5500)],
)
def test_by_number_in_a_month(applications: int, yuan: int) -> None:
    assert by_applications(applications) == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"),
    [(0, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740), (250, 4700)],
)
def test_by_pages(pages: int, yuan: int) -> None:
    assert by_pages(pages) == yuan


def test_what_was_charged_before_in_the_month_is_not_charged_again() -> None:
    assert charge(Tariff.BY_APPLICATION, 12, charged_before=11).yuan == 100
    assert charge(Tariff.BY_APPLICATION, 45).yuan == 5500


@pytest.mark.parametrize(("tariff", "counted"), [(Tariff.BY_APPLICATION, 10), (Tariff.BY_PAGE, 30)])
def test_below_the_threshold_nothing_may_be_charged(tariff: Tariff, counted: int) -> None:
    with pytest.raises(NotChargeable):
        charge(tariff, counted)


def test_less_than_none_is_refused() -> None:
    with pytest.raises(Invalid):
        by_pages(-1)


@given(st.integers(0, 2000))
def test_one_more_never_costs_less(number: int) -> None:
    assert by_applications(number + 1) - by_applications(number) in {0, *range(100, 30_000, 100)}
    assert by_pages(number + 1) - by_pages(number) in {0, 10, 20, 40}
