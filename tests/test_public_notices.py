"""The notices of a zone on a plain page: without a script, and gone once they are withdrawn."""

from __future__ import annotations

from pathlib import Path

from models.staff import Role
from tests.doors import open_doors
from tests.notice_desk import published, withdrawn
from tests.people import at_the_console


def test_what_is_public_is_read_on_a_plain_page(tmp_path: Path) -> None:
    with (
        open_doors(tmp_path, speaking=False) as doors,
        at_the_console(doors, Role.CLERK) as clerk,
        at_the_console(doors, Role.REVIEWER) as reviewer,
        doors.client() as visitor,
    ):
        assert "现在没有通知" in visitor.get("/notices").text
        notice_id = published(doors, clerk, reviewer, title="<b>停电</b>")
        page = visitor.get("/notices").text
        assert "&lt;b&gt;停电" in page and f"/notices/{notice_id}" in page
        assert "今天下午两点" in visitor.get(f"/notices/{notice_id}").text
        assert withdrawn(doors, clerk, notice_id).status_code == 303
        assert "停电" not in visitor.get("/notices").text
        gone = visitor.get(f"/notices/{notice_id}", headers={"Accept": "text/html"})
        assert (gone.status_code, "已经撤回" in gone.text) == (404, True)
