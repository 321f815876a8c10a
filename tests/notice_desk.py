"""Notices as staff make them in tests: written at the console, passed by somebody else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from models.card_template import CardPurpose, CardTemplate, CardUse
from models.notice import Notice
from tests.doors import Doors
from tests.people import AtTheConsole, first_venue

NOTICES = "/console/notices"
REVIEWS = "/console/notice-reviews"
APP_ID = "wx0123456789abcdef"
CONFIGURED = {"OPENZONE_WECHAT_APP_ID": APP_ID, "OPENZONE_WECHAT_APP_SECRET": "a" * 32}
"""The settings of an installation with a mini-program."""


def form(doors: Doors, **changed: Any) -> dict[str, Any]:
    """Return what a clerk types into the form of a notice; None leaves something out."""
    typed = {
        "venue": str(first_venue(doors)),
        "title": "今天下午停电",
        "text": "今天下午两点到四点停电，请改天再来。急事请打大厅电话。",
        "audience": "venue",
        "on_kiosks": "1",
        "on_phones": "1",
        "edits": "0",
    }
    return {name: value for name, value in (typed | changed).items() if value is not None}


def row(doors: Doors, notice_id: int) -> Notice:
    """Return a notice as it is kept."""
    return doors.run(_row(notice_id))


async def _row(notice_id: int) -> Notice:
    return await Notice.get(id=notice_id)


def written(doors: Doors, clerk: AtTheConsole, **changed: Any) -> int:
    """Let a clerk write a draft; return its id."""
    sent = clerk.sends(f"{NOTICES}/new", **form(doors, **changed))
    assert sent.status_code == 303, sent.text
    found = re.fullmatch(rf"{NOTICES}/(\d+)", sent.headers["location"])
    assert found
    return int(found[1])


def submitted(doors: Doors, clerk: AtTheConsole, **changed: Any) -> int:
    """Let a clerk write a notice and hand it in; return its id."""
    notice_id = written(doors, clerk, **changed)
    sent = clerk.sends(f"{NOTICES}/{notice_id}/submit", edits=row(doors, notice_id).edits)
    assert sent.status_code == 303, sent.text
    return notice_id


def published(doors: Doors, clerk: AtTheConsole, reviewer: AtTheConsole, **changed: Any) -> int:
    """Let a clerk write a notice and a reviewer pass it; return its id."""
    notice_id = submitted(doors, clerk, **changed)
    sent = decided(doors, reviewer, notice_id, "pass")
    assert sent.status_code == 303, sent.text
    return notice_id


def decided(
    doors: Doors, reviewer: AtTheConsole, notice_id: int, decision: str, note: str = ""
) -> Any:
    """Let a reviewer pass a notice or give it back."""
    edits = row(doors, notice_id).edits
    return reviewer.sends(f"{REVIEWS}/{notice_id}", edits=edits, decision=decision, note=note)


def withdrawn(doors: Doors, clerk: AtTheConsole, notice_id: int, reason: str = "写错了") -> Any:
    """Let a clerk withdraw a notice."""
    edits = row(doors, notice_id).edits
    return clerk.sends(f"{NOTICES}/{notice_id}/withdraw", edits=edits, reason=reason)


async def notice_card(*, is_long_term: bool = False) -> CardTemplate:
    """Let notices be told by a template of the account."""
    template, _ = await CardTemplate.get_or_create(
        {
            "title": "通知公告提醒",
            "content": "标题:{{thing1.DATA}}\n单位:{{thing2.DATA}}\n时间:{{date3.DATA}}",
            "is_long_term": is_long_term,
            "listed_at": datetime.now(UTC),
        },
        app_id=APP_ID,
        template_id=f"notice-{'long' if is_long_term else 'once'}",
    )
    await CardUse.filter(app_id=APP_ID, purpose=CardPurpose.NOTICE).delete()
    await CardUse.create(
        app_id=APP_ID,
        purpose=CardPurpose.NOTICE,
        template=template,
        filling={"thing1": "title", "thing2": "zone", "date3": "when"},
        edits=1,
    )
    return template
