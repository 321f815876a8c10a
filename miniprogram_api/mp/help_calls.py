"""Asking for a person from a phone (请工作人员帮忙), with a code of the zone scanned."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.sessions import signed_in
from models.citizen import Citizen
from models.help_call import HelpCall
from models.ledger_count import Counted
from services import help_calls, ledger, scan_codes
from services.clock import zone_day
from services.errors import NotFound
from services.secret_key import SecretKeys

_ID = re.compile(r"(\d{1,9})-([0-9a-f]{16})")
_DIFFERENT_NUMBERS = 100


class CallOnPhone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where somebody is: only who stands before a code can scan it."""

    scene: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    """Of the code of the zone, a kiosk or a document there."""


class CallState(msgspec.Struct, frozen=True):
    """Whether somebody comes."""

    id: str
    shown_number: str
    """To be shown on the phone, so that the staff know whom they look for; "" where they go to the
    kiosk that was scanned."""
    taken: bool
    """Whether somebody is on the way."""
    closed: bool
    sentence: str


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(call, "/help-calls", methods={"POST"}, name="call_for_help")
    routes.add_route(state, "/help-calls/<call_id:str>", name="help_call")


@signed_in
async def call(request: Request, citizen: Citizen) -> HTTPResponse:
    """Ask for somebody to come. Asking again while nobody has come is the same call."""
    form = msgspec.json.decode(request.body, type=CallOnPhone)
    context = request.app.ctx
    context.help_calls_limit.note(f"citizen {citizen.id}")
    code = await scan_codes.resolve(form.scene)
    if not code.venue.is_open_to_public:
        raise NotFound(
            f"Venue {code.venue.id} is not open to the public.",
            sentence="这个专区已经停用，没有工作人员值守，请到别的专区。",
        )
    keys, device = context.parts.keys, code.device
    if device is not None and device.revoked_at is not None:
        device = (
            None  # It stands there no longer; whoever scanned its old code is still in the zone.
        )
    name = device.name if device is not None else f"手机 {_number_of(citizen, keys)}"
    called, is_new = await help_calls.call(
        name, venue=code.venue, device_id=device.id if device is not None else None
    )
    if is_new:
        ledger.note(Counted.HELP_CALL, code.venue.id)
    return json(_state(called, citizen, keys), status=201)


@signed_in
async def state(request: Request, citizen: Citizen, call_id: str) -> HTTPResponse:
    """Say whether somebody comes, to whoever called."""
    keys = request.app.ctx.parts.keys
    named = _ID.fullmatch(call_id)
    if named is None or named[2] != _seal(int(named[1]), citizen, keys):
        raise NotFound("It is no help call of theirs.")
    called = await HelpCall.get_or_none(id=int(named[1]))
    if called is None:
        raise NotFound("The help call is gone.")
    return json(_state(called, citizen, keys))


def _state(called: HelpCall, citizen: Citizen, keys: SecretKeys) -> CallState:
    number = "" if called.device_id is not None else called.kiosk_name.rpartition(" ")[2]
    taken, closed = called.taken_at is not None, called.closed_at is not None
    if closed:
        sentence = "这次呼叫已经结束。需要的话请再按一次。"
    elif taken:
        sentence = "工作人员正在过来，请稍等。"
    elif number:
        sentence = f"已经通知工作人员，请留在专区，给工作人员看号码 {number}。"
    else:
        sentence = "已经通知工作人员，请在自助机旁稍等。"
    call_id = f"{called.id}-{_seal(called.id, citizen, keys)}"
    return CallState(call_id, number, taken, closed, sentence)


def _seal(call_id: int, citizen: Citizen, keys: SecretKeys) -> str:
    """Return what makes a call theirs: nothing is kept of who called."""
    return keys.keyed_hash(f"help call {call_id} {citizen.id}")[:16]


def _number_of(citizen: Citizen, keys: SecretKeys) -> str:
    """Return a number that is the same all day: pressing again is the same call."""
    day = zone_day(datetime.now(UTC))
    hashed = keys.keyed_hash(f"help call number {citizen.id} {day}")
    return f"{int(hashed[:8], 16) % _DIFFERENT_NUMBERS:02d}"
