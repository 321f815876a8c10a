"""The audit record as supervisors and administrators read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from models.audit_record import AuditRecord
from server.console.pages import PageOfList, go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import audit, audit_reading
from services.access import Actor, Permission
from services.audit import Action
from services.audit_reading import Wanted

SUBJECTS = {
    "agency": "机关",
    "annual_report": "年度报告",
    "application_register": "登记台账",
    "device": "自助机",
    "display_item": "陈列资料",
    "document": "文件",
    "gazette": "公报",
    "help_call": "呼叫",
    "import": "导入",
    "ledger": "台账",
    "left_question": "留言",
    "question": "问答",
    "staff": "人员",
    "suggestion": "意见建议",
    "synonym": "同义词",
    "venue": "专区",
    "version": "版本",
}
"""What a record is about, by the first part of its subject."""


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(records, "/audit", name="audit")
    routes.add_route(verify, "/audit/verified", methods={"POST"}, name="verify_audit")


@dataclass(frozen=True)
class Line:
    """One record, written for people."""

    number: int
    at: datetime
    who: str
    action: str
    subject: str
    place: str
    detail: str


@staff(Permission.SEE_AUDIT)
async def records(request: Request, actor: Actor) -> HTTPResponse:
    """Show the records that fit; that they were looked at is recorded, too."""
    wanted = _wanted(request)
    part = PageOfList.of(request, await audit_reading.count(actor, wanted))
    rows = await audit_reading.find(actor, wanted, offset=part.offset, limit=part.size)
    places = {venue.id: venue.place for venue in await audit_reading.places(actor)}
    await audit.record_alone(actor, Action.AUDIT_SEEN, page=part.number, found=part.total)
    return show(
        request,
        actor,
        "console/audit.html",
        lines=[_line(row, places) for row in rows],
        part=part,
        given={name: request.args.get(name, "") for name in _FIELDS},
        people=[
            ("", "所有人"),
            *((p.id, p.display_name) for p in await audit_reading.people(actor)),
        ],
        actions=[("", "所有操作"), *((action.value, action.label) for action in Action)],
        places=[("", "所有专区"), *places.items()],
    )


@staff(Permission.SEE_AUDIT)
async def verify(request: Request, actor: Actor) -> HTTPResponse:
    """Look through the whole chain, and say whether it is whole."""
    found = await audit.verify(context_of(request).parts.keys.sealing)
    if found.broken_at is None:
        message = f"核对完毕：{found.records} 条记录，一条不少，没有改动。"
    else:
        message = f"核对发现问题：第 {found.broken_at} 条记录被改动或者缺失，请立即报告。"
    return go_on(request, "/console/audit", message)


_FIELDS = ("person", "action", "subject", "from", "to", "venue")


def _wanted(request: Request) -> Wanted:
    """Read the filters of an address; what cannot be read filters nothing."""
    action = request.args.get("action", "")
    return Wanted(
        staff_id=_number(request.args.get("person", "")),
        action=Action(action) if action in set(Action) else None,
        subject=request.args.get("subject", "").strip()[:60],
        first_day=_day(request.args.get("from", "")),
        last_day=_day(request.args.get("to", "")),
        venue_id=_number(request.args.get("venue", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _line(row: AuditRecord, places: dict[int, str]) -> Line:
    kind, _, number = row.subject.partition(":")
    known = set(Action)
    return Line(
        number=row.number,
        at=datetime.fromisoformat(row.at),
        who=row.staff_name,
        action=Action(row.action).label if row.action in known else row.action,
        subject=f"{SUBJECTS.get(kind, kind)} {number}".strip(),
        place=places.get(row.venue_id, "") if row.venue_id is not None else "",
        detail="，".join(f"{name}={value}" for name, value in _detail(row).items()),
    )


def _detail(row: AuditRecord) -> dict[str, object]:
    try:
        return msgspec.json.decode(row.detail, type=dict[str, object])
    except msgspec.DecodeError:
        return {"detail": row.detail}  # It was tampered with; that is what the page is for.
