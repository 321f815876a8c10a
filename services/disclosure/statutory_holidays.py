"""The days off that the law itself fixes, for years whose yearly notice is not out yet.

Source: 全国年节及纪念日放假办法 (2024 revision), Article 2. Which working days are given in place of a
holiday that falls on a weekend, and which weekends are worked in exchange, only the notice says
(Article 6): none of that is guessed here.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import chinese_calendar

_FIXED = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
# Written down, not computed: new moons minutes from midnight (2027, 2030) make calendar libraries err.
_LUNAR = {
    2027: (date(2027, 2, 6), date(2027, 6, 9), date(2027, 9, 15)),
    2028: (date(2028, 1, 26), date(2028, 5, 28), date(2028, 10, 3)),
    2029: (date(2029, 2, 13), date(2029, 6, 16), date(2029, 9, 22)),
    2030: (date(2030, 2, 3), date(2030, 6, 5), date(2030, 9, 12)),
    2031: (date(2031, 1, 23), date(2031, 6, 24), date(2031, 10, 1)),
    2032: (date(2032, 2, 11), date(2032, 6, 12), date(2032, 9, 19)),
    2033: (date(2033, 1, 31), date(2033, 6, 1), date(2033, 9, 8)),
    2034: (date(2034, 2, 19), date(2034, 6, 20), date(2034, 9, 27)),
    2035: (date(2035, 2, 8), date(2035, 6, 10), date(2035, 9, 16)),
}
"""The first day of the lunar year, 端午 and 中秋."""


def knows_lunar_festivals(year: int) -> bool:
    """Return whether 春节, 端午 and 中秋 of a year are among its statutory holidays here."""
    return year in _LUNAR


@cache
def statutory_holidays(year: int) -> dict[date, str]:
    """Return the holidays that are off by law, to their names.

    Beyond the years of the table only those that the solar calendar fixes.
    """
    days = {date(year, month, day): name for (month, day), name in _FIXED.items()}
    days |= {day: "清明节" for day in _tomb_sweeping(year)}
    if year in _LUNAR:
        new_year, dragon_boat, mid_autumn = _LUNAR[year]
        # New year's eve and three days: four since 2025.
        days |= {new_year + timedelta(days=offset): "春节" for offset in (-1, 0, 1, 2)}
        days |= {dragon_boat: "端午节", mid_autumn: "中秋节"}
    return days


def _tomb_sweeping(year: int) -> list[date]:
    try:
        terms = chinese_calendar.get_solar_terms(date(year, 4, 3), date(year, 4, 7))
    except (NotImplementedError, KeyError, ValueError):
        return []
    return [day for day, name in terms if name == "清明"]
