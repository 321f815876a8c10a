"""The fee for handling applications (信息处理费): by number of applications, or by pages.

Source: 国办函〔2020〕109号 政府信息公开信息处理费管理办法, Articles 3 to 5; Regulation on Open Government
Information (2019 revision), Article 42. Only where number or frequency is plainly excessive may a fee
be asked at all, and for one application by one of the two tariffs. That each further ten applications
cost 100 yuan more, and that a page is one side of A4, is this project's reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.errors import Invalid

_FREE_APPLICATIONS = 10
_FIRST_STEP_ENDS = 30
_STEP = 10
_YUAN = 100
_PAGES = ((30, 0), (100, 10), (200, 20))
_FURTHER_PAGES = 40


class NotChargeable(Invalid):
    code = "not_chargeable"
    sentence = "没有达到收费标准，不能收费（第四十二条）。"


class Tariff(StrEnum):
    """By what is counted. For one application one of them, never both."""

    BY_APPLICATION = "by_application"
    """按件计收: the applications of one applicant in one calendar month, added up."""
    BY_PAGE = "by_page"
    """按量计收: pages of one application that go out on paper, by e-mail or copied."""

    @property
    def label(self) -> str:
        """What pages and letters call it."""
        return {"by_application": "按件计收", "by_page": "按量计收"}[self.value]

    @property
    def rates(self) -> str:
        """The tariff as the notice must tell it."""
        return {
            "by_application": (
                "同一申请人一个自然月内累计10件以下（含10件）的不收费；11至30件（含30件）的部分，每件100元；"
                "31件以上的部分，以10件为一档，每增加一档，收费标准提高100元/件"
            ),
            "by_page": (
                "30页以下（含30页）的不收费；31至100页（含100页）的部分，每页10元；"
                "101至200页（含200页）的部分，每页20元；201页以上的部分，每页40元"
            ),
        }[self.value]

    @property
    def unit(self) -> str:
        """What is counted."""
        return {"by_application": "件", "by_page": "页"}[self.value]


@dataclass(frozen=True)
class Charge:
    """What a notice asks for, and why."""

    tariff: Tariff
    counted: int
    """How many in all, those before among them."""
    yuan: int
    charged_before: int = 0
    """Up to how many of them a fee was asked for already."""

    @property
    def sentence(self) -> str:
        """Return how it comes about."""
        if self.charged_before:
            first = self.charged_before + 1
            which = f"第{first}" if first == self.counted else f"第{first}至{self.counted}"
            return f"{self.tariff.label}：本月累计的{which}{self.tariff.unit}，合计{self.yuan}元"
        return f"{self.tariff.label}：共{self.counted}{self.tariff.unit}，合计{self.yuan}元"


def by_applications(in_month: int) -> int:
    """Return what so many applications of one applicant in one calendar month cost together."""
    _refuse_less_than_none(in_month)
    return sum(_for_application(number) for number in range(1, in_month + 1))


def by_pages(pages: int) -> int:
    """Return what so many pages of one application cost."""
    _refuse_less_than_none(pages)
    total, before = 0, 0
    for last, each in _PAGES:
        total += max(0, min(pages, last) - before) * each
        before = last
    return total + max(0, pages - before) * _FURTHER_PAGES


def charge(tariff: Tariff, counted: int, *, charged_before: int = 0) -> Charge:
    """Return what is asked for now. By number, what the month's earlier ones cost is taken off:
    `charged_before` is how many of them a fee was asked for up to. Raises NotChargeable.
    """
    if tariff is Tariff.BY_PAGE:
        yuan = by_pages(counted)
    else:
        yuan = by_applications(counted) - by_applications(charged_before)
    if yuan <= 0:
        raise NotChargeable(f"{counted} by {tariff} costs nothing.")
    return Charge(tariff, counted, yuan, charged_before if tariff is Tariff.BY_APPLICATION else 0)


def _for_application(number: int) -> int:
    if number <= _FREE_APPLICATIONS:
        return 0
    if number <= _FIRST_STEP_ENDS:
        return _YUAN
    return _YUAN * (2 + (number - _FIRST_STEP_ENDS - 1) // _STEP)


def _refuse_less_than_none(number: int) -> None:
    if number < 0:
        raise Invalid("Less than none.", sentence="数量不能是负数。")
