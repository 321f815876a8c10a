"""A clerk writes a library entry, a reviewer lets it out, the machine answers with it."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from server.console.question_review import CHECKS
from services.clock import zone_day
from tests.doors import Doors, open_doors
from tests.patience import BUSY
from tests.people import AtTheConsole, at_the_console, first_venue

QUESTION = "共享轮椅押金几天退还？"
ANSWER = "归还后三个工作日内原路退还。"
ASKED = "借轮椅的押金好久退"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("entries")) as opened:
        yield opened


@pytest.fixture
def clerk(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.CLERK, name="王经办") as signed_in:
        yield signed_in


@pytest.fixture
def reviewer(doors: Doors) -> Iterator[AtTheConsole]:
    with at_the_console(doors, Role.REVIEWER, name="李审查") as signed_in:
        yield signed_in


def fields(doors: Doors, **changed: str) -> dict[str, str]:
    return {
        "question": QUESTION, "variants": f"{ASKED}\n轮椅押金", "short_answer": "三个工作日内退。",
        "answer": ANSWER, "source_title": "便民服务规定", "article": "第五条", "agency": "示例区残联",
        "validity": "in_force", "venue": str(first_venue(doors)), "agency_id": "",
    } | changed  # fmt: skip


def begins(doors: Doors, clerk: AtTheConsole, **changed: str) -> str:
    made = clerk.sends("/console/questions/new", **fields(doors, **changed))
    assert made.status_code == 303, made.text[:2000]
    return str(made.headers["location"])


def hidden(page: str) -> dict[str, str]:
    """Return version and edit count of the form that a page shows."""
    found = dict(re.findall(r'name="(version|edits)" value="(\d+)"', page))
    assert "edits" in found
    return found


def submits(clerk: AtTheConsole, entry: str) -> None:
    assert clerk.sends(f"{entry}/submitted", **hidden(clerk.sees(entry))).status_code == 303


def passes(reviewer: AtTheConsole, entry: str) -> httpx.Response:
    form = hidden(reviewer.sees(f"{entry}/review"))
    checks = [name for name, _ in CHECKS]
    return reviewer.sends(f"{entry}/review", decision="pass", checks=checks, edits=form["edits"])


def until(doors: Doors, text: str, decision: str, answer: str = "") -> None:
    began = time.monotonic()
    with doors.client() as client:
        while True:
            reply = client.post("/api/v1/ask", json={"text": text}).json()
            said = reply["answers"][0]["text"] if reply["answers"] else ""
            if reply["decision"] == decision and (not answer or said == answer):
                return
            assert time.monotonic() - began < 2 * BUSY, reply


def test_an_entry_is_written_checked_answered_with_changed_and_withdrawn(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    entry = begins(doors, clerk)
    until(doors, ASKED, "handoff")
    submits(clerk, entry)
    own = clerk.sends(f"{entry}/review", decision="pass", checks=[n for n, _ in CHECKS], edits="1")
    assert own.status_code == 403, "a clerk passes nothing"
    form = hidden(reviewer.sees(f"{entry}/review"))
    hasty = reviewer.sends(f"{entry}/review", decision="pass", edits=form["edits"])
    assert hasty.status_code == 422, "every point is to be looked at"
    assert passes(reviewer, entry).status_code == 303
    until(doors, ASKED, "answer", ANSWER)
    assert "李审查" in reviewer.sees(entry)

    assert clerk.sends(f"{entry}/draft").status_code == 303
    changed = "归还后五个工作日内原路退还。"
    form = hidden(clerk.sees(f"{entry}/edit"))
    assert clerk.sends(f"{entry}/edit", **form, **fields(doors, answer=changed)).status_code == 303
    until(doors, ASKED, "answer", ANSWER)
    submits(clerk, entry)
    shown = html.unescape(re.sub(r"<[^>]+>", "", reviewer.sees(f"{entry}/review")))
    assert "删去：三" in re.sub(r"\s", "", shown)
    assert passes(reviewer, entry).status_code == 303
    until(doors, ASKED, "answer", changed)
    assert "<ins>" in clerk.sees(f"{entry}/differences", **{"from": 1, "to": 2})

    assert clerk.sends(f"{entry}/withdrawn", reason="").status_code == 422
    assert clerk.sends(f"{entry}/withdrawn", reason="规定已废止").status_code == 303
    until(doors, ASKED, "handoff")


def test_of_two_who_write_the_second_is_told_and_loses_nothing(
    doors: Doors, clerk: AtTheConsole
) -> None:
    entry = begins(doors, clerk)
    with at_the_console(doors, Role.CLERK) as other:
        form = hidden(other.sees(f"{entry}/edit"))
        first = clerk.sends(f"{entry}/edit", **form, **fields(doors, answer="先改的。"))
        assert first.status_code == 303
        second = other.sends(f"{entry}/edit", **form, **fields(doors, answer="后改的。"))
        assert second.status_code == 409
        assert "后改的" in second.text
        assert "王经办" in second.text
        again = other.sends(
            f"{entry}/edit", **hidden(second.text), **fields(doors, answer="后改的。")
        )
        assert again.status_code == 303


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"question": ""}, "question"),
        ({"short_answer": "说" * 61}, "short_answer"),
        ({"valid_from": "2026-05-01", "valid_to": "2026-04-01"}, "question"),
        ({"next_review_on": "明天"}, "next_review_on"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_is_lost(
    doors: Doors, clerk: AtTheConsole, changed: dict[str, str], name: str
) -> None:
    refused = clerk.sends("/console/questions/new", **fields(doors, **changed))
    assert refused.status_code == 422
    assert f"#field-{name}" in refused.text
    assert ANSWER in refused.text


def test_entries_to_be_looked_at_again_are_an_alert(
    doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole
) -> None:
    today = zone_day(datetime.now(UTC))
    for number, day in enumerate((today, today + timedelta(days=1))):
        entry = begins(
            doors, clerk, question=f"复核提醒第{number}问？", variants="", next_review_on=str(day)
        )
        submits(clerk, entry)
        assert passes(reviewer, entry).status_code == 303
    assert "有 1 条问答到了复核日期" in clerk.sees("/console/questions")
    due = clerk.sees("/console/questions", review="due")
    assert "复核提醒第0问" in due
    assert "复核提醒第1问" not in due
    found = clerk.sees("/console/questions", words="复核提醒 第1问", state="published")
    assert "复核提醒第1问" in found
    assert "复核提醒第0问" not in found


def test_another_zone_finds_nothing_here(doors: Doors, clerk: AtTheConsole) -> None:
    async def elsewhere() -> int:
        return (
            await Venue.create(
                code="far", place="远处政务服务中心", type=VenueType.SERVICE_HALL,
                level=VenueLevel.DISTRICT,
            )
        ).id  # fmt: skip

    entry = begins(doors, clerk, question="只在本区的问答？")
    far = doors.run(elsewhere())
    form = hidden(clerk.sees(entry))
    with at_the_console(doors, Role.CLERK, venues=[far]) as stranger:
        assert "只在本区的问答" not in stranger.sees("/console/questions")
        for path in (entry, f"{entry}/edit", f"{entry}/review", f"{entry}/differences?from=1&to=1"):
            assert stranger.looks(path) == 404
        for deed in ("draft", "edit", "submitted", "abandoned", "withdrawn", "review"):
            sent = stranger.sends(f"{entry}/{deed}", **form, **fields(doors, reason="x"))
            assert sent.status_code == 404, deed
    with at_the_console(doors, Role.SUPERVISOR) as supervisor:
        assert supervisor.looks(entry) == 200
        assert supervisor.looks("/console/questions/new") == 403
