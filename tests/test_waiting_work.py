"""The first page of the console says what waits, and leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from models.staff import Role
from tests.doors import Doors, open_doors
from tests.people import AtTheConsole, at_the_console


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("waiting")) as opened:
        yield opened


def waiting(person: AtTheConsole) -> dict[str, tuple[int, str]]:
    """Return what waits for somebody: how many, and where."""
    page = person.sees("/console")
    found = re.findall(r'<a href="([^"]+)"><strong>(\d+)</strong> (\S+?)[ <]', page)
    return {label: (int(count), path) for path, count, label in found}


def test_what_one_has_done_waits_for_the_next(doors: Doors) -> None:
    with (
        at_the_console(doors, Role.CLERK) as clerk,
        at_the_console(doors, Role.REVIEWER) as reviewer,
        at_the_console(doors, Role.SUPERVISOR) as supervisor,
    ):
        assert waiting(clerk) == waiting(reviewer) == {}
        assert "现在没有等着您办的事" in clerk.sees("/console")

        clerk.sends("/console/documents/1/draft")
        assert waiting(clerk)["文件还是拟稿"][0] == 1
        assert waiting(reviewer) == {}
        page = clerk.sees("/console/documents/1")
        version = re.search(r'name="version" value="(\d+)"', page)
        edits = re.search(r'name="edits" value="(\d+)"', page)
        assert version and edits
        clerk.sends("/console/documents/1/submitted", version=version[1], edits=edits[1])
        assert waiting(clerk) == {}
        count, path = waiting(reviewer)["文件待保密审查"]
        assert count == 1
        assert "/console/documents/1" in reviewer.sees(path)

        with doors.client() as visitor:
            visitor.post("/kiosk/questions", json={"text": "路灯坏了找谁？"})
            visitor.post("/kiosk/help")
        assert waiting(clerk)["群众留言待答复"][0] == 1
        assert waiting(clerk)["有人请求帮忙"][0] == 1
        assert waiting(supervisor) == {}


def test_administrators_are_told_when_codes_lead_nowhere(doors: Doors) -> None:
    with (
        at_the_console(doors, Role.ADMINISTRATOR) as administrator,
        at_the_console(doors, Role.CLERK) as clerk,
    ):
        assert "OPENZONE_PUBLIC_URL" in administrator.sees("/console")
        assert "OPENZONE_PUBLIC_URL" not in clerk.sees("/console")
