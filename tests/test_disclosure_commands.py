"""`openzone disclosure deadlines` and `check-id`, as other programs call them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli import main


@pytest.fixture(autouse=True)
def nothing_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Reckoning needs no database, and makes none."""
    monkeypatch.setenv("OPENZONE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("OPENZONE_DATABASE_URL", raising=False)
    return tmp_path / "data"


def asked(*arguments: str, status: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["disclosure", *arguments, "--json"])
    assert result.exit_code == status, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


E9 = (
    "deadlines", "--received", "2025-08-25", "--correction-asked", "2025-09-02",
    "--correction-received", "2025-09-11", "--correction-days", "10",
    "--consult", "2025-09-19@2025-09-22..2025-10-15",
)  # fmt: skip


def test_a_plain_application(nothing_set_up: Path) -> None:
    found = asked("deadlines", "--received", "2025-09-22")
    assert (found["received_on"], found["reply_due"]) == ("2025-09-22", "2025-10-24")
    assert found["correction_ask_due"] == "2025-09-30"
    assert found["provisional"] is False
    assert found["notes"] == []
    assert sum(day["counted"] for day in found["explanation"]) == found["counted"] == 20
    assert not nothing_set_up.exists(), "nothing is made by reckoning"


def test_a_correction_a_consultation_and_an_extension() -> None:
    found = asked(*E9)
    assert found["first_received_on"] == "2025-08-25"
    assert (found["received_on"], found["reply_due"]) == ("2025-09-11", "2025-11-04")
    assert (found["correction_ask_due"], found["correction_limit"]) == ("2025-09-03", "2025-09-16")
    assert found["consultations"] == [
        {"sent_on": "2025-09-19", "limit_on": "2025-10-17", "ended_on": "2025-10-15",
         "days_not_counted": 14},
    ]  # fmt: skip
    extended = asked(*E9, "--extended")
    assert (extended["reply_due"], extended["extension_due"]) == ("2025-12-02", "2025-11-04")
    assert (extended["counted"], extended["needed"]) == (40, 40)
    assert asked("deadlines", "--received", "2026-04-07", "--extended", "10")["reply_due"] == (
        "2026-05-21"
    )


def test_overlapping_consultations_are_their_union() -> None:
    found = asked(
        "deadlines", "--received", "2026-03-02", "--consult", "2026-03-10..2026-03-26",
        "--consult", "2026-03-16..2026-04-01",
    )  # fmt: skip
    assert found["reply_due"] == "2026-04-22"


def test_a_consultation_that_goes_on_leaves_the_day_open() -> None:
    found = asked("deadlines", "--received", "2025-06-16", "--consult", "2025-06-24..")
    assert found["reply_due"] is None
    assert (found["counted"], found["remaining"]) == (6, 14)


def test_a_sixteenth_day_of_a_party_pauses_no_more() -> None:
    late = asked(
        "deadlines", "--received", "2025-06-16", "--consult", "2025-06-24@2025-06-26..2025-07-21"
    )
    silent = asked("deadlines", "--received", "2025-06-16", "--consult", "2025-06-24@2025-06-26..")
    assert late["reply_due"] == silent["reply_due"] == "2025-08-06"
    unknown = asked("deadlines", "--received", "2025-06-16", "--consult", "2025-06-24..2025-07-21")
    assert "超过15个" in unknown["notes"][0]


def test_a_year_not_announced_is_provisional() -> None:
    found = asked("deadlines", "--received", "2026-12-07")
    assert (found["reply_due"], found["provisional"]) == ("2027-01-05", True)
    assert any("暂定" in note for note in found["notes"])


def test_a_letter_counts_from_when_it_was_confirmed() -> None:
    found = asked(
        "deadlines", "--received", "2026-01-03", "--channel", "post_unsigned",
        "--confirmed", "2026-01-04",
    )  # fmt: skip
    assert (found["received_on"], found["reply_due"]) == ("2026-01-04", "2026-01-30")


def test_between_notice_and_correction_nothing_runs() -> None:
    found = asked("deadlines", "--received", "2025-04-21", "--correction-asked", "2025-04-28")
    assert found["reply_due"] is None
    assert found["correction_limit"] == "2025-05-22"


def test_a_notice_after_the_seventh_day_begins_nothing_anew() -> None:
    late = ("deadlines", "--received", "2025-08-25", "--correction-asked", "2025-09-04",
            "--correction-received", "2025-09-11")  # fmt: skip
    found = asked(*late)
    assert (found["received_on"], found["reply_due"]) == ("2025-08-25", "2025-09-22")
    assert "7个工作日" in found["notes"][0]
    assert asked(*late, "--late-correction-allowed")["reply_due"] == "2025-10-15"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--received", "2019-05-14"), "2019年5月15日"),
        (("--received", "2025-02-29"), "2025-02-29"),
        (("--received", "20250303"), "20250303"),
        (("--received", "2025-03-03", "--correction-received", "2025-03-10"), "通知补正的日期"),
        (
            ("--received", "2025-03-03", "--correction-asked", "2025-03-10",
             "--correction-received", "2025-03-09"), "早于通知补正",
        ),
        (("--received", "2025-03-03", "--consult", "2025-03-10..2025-03-05"), "早于发出"),
        (("--received", "2025-03-03", "--consult", "2025-03-01..2025-03-05"), "早于收到日"),
        (("--received", "2025-03-03", "--consult", "2025-03-10"), "看不懂"),
        (("--received", "2025-03-03", "--consult", "2025-03-10@2025-03-09.."), "早于发出"),
    ],
)  # fmt: skip
def test_impossible_days_are_refused(arguments: tuple[str, ...], said: str) -> None:
    error = asked("deadlines", *arguments, status=1)["error"]
    assert error["code"] == "impossible_day"
    assert said in error["message"]


def test_a_day_to_come_is_a_forecast() -> None:
    assert "预计" in asked("deadlines", "--received", "2051-03-01")["notes"][0]


def test_a_leap_day_is_a_day() -> None:
    assert asked("deadlines", "--received", "2024-02-29")["reply_due"] == "2024-03-28"


def test_numbers_are_checked_and_not_repeated() -> None:
    found = asked("check-id", "11010519491231002X")
    assert (found["valid"], found["reason"]) == (True, "")
    wrong = CliRunner().invoke(main, ["disclosure", "check-id", "110105194912310021", "--json"])
    assert wrong.exit_code == 0
    assert json.loads(wrong.stdout)["valid"] is False
    assert "校验码" in json.loads(wrong.stdout)["reason"]
    assert "110105194912310021" not in wrong.stdout
    assert asked("check-id", "91110000600037341L")["kind"] == "credit_code"


def test_what_people_read_has_the_reasons() -> None:
    result = CliRunner().invoke(main, ["disclosure", "deadlines", "--received", "2026-12-07"])
    assert "最迟答复日：2027-01-05（暂定）" in result.output
    assert "2027-01-01 不计　元旦，法定节假日（2027年放假安排尚未公布）" in result.output
