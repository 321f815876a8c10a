"""Kiosks: which there are, when each was seen, and the codes that enrol them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sanic import Blueprint, HTTPResponse, Request

from models.device import Device
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from server.context import context_of
from services import device_voices, devices, venue_editing
from services.access import Actor, Permission
from services.device_voices import DeviceVoice, voice_label
from services.devices import Fault, NewCode
from services.errors import Invalid

_AWAY_AFTER = timedelta(minutes=2)


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(every, "/devices", name="devices")
    routes.add_route(add, "/devices", methods={"POST"}, name="add_device")
    routes.add_route(
        renew_code, "/devices/<device_id:int>/code", methods={"POST"}, name="renew_code"
    )
    routes.add_route(voice, "/devices/<device_id:int>/voice", name="device_voice")
    routes.add_route(
        *(settle_voice, "/devices/<device_id:int>/voice"),
        methods={"POST"},
        name="settle_device_voice",
    )
    routes.add_route(
        revoke, "/devices/<device_id:int>/revoked", methods={"POST"}, name="revoke_device"
    )


@staff(Permission.MANAGE_VENUES)
async def every(request: Request, actor: Actor) -> HTTPResponse:
    """Show the kiosks of the zones that somebody keeps."""
    return await _page(request, actor)


@staff(Permission.MANAGE_VENUES)
async def add(request: Request, actor: Actor) -> HTTPResponse:
    """Note a new kiosk and show its code, once."""
    form = Form(request)
    name = form.text("name", "名称", longest=devices.LONGEST_NAME, required=True)
    venue_id = form.number("venue_id", "专区", least=1, most=999_999_999)
    made: NewCode | None = None
    if not form.errors:
        venue = await venue_editing.one(actor, venue_id)
        try:
            made = await devices.add(
                actor, name, venue, keys=context_of(request).parts.keys, now=datetime.now(UTC)
            )
        except Invalid as wrong:
            form.errors["name"] = wrong.sentence
    return await _page(request, actor, made, form)


@staff(Permission.MANAGE_VENUES)
async def renew_code(request: Request, actor: Actor, device_id: int) -> HTTPResponse:
    """Make another code for a kiosk and show it, once."""
    keys = context_of(request).parts.keys
    made = await devices.renew_code(actor, device_id, keys=keys, now=datetime.now(UTC))
    return await _page(request, actor, made)


@staff(Permission.MANAGE_VENUES)
async def voice(request: Request, actor: Actor, device_id: int) -> HTTPResponse:
    """Show how a kiosk speaks, to settle and to try."""
    device = await devices.one(actor, device_id)
    values = {name: getattr(device, name) for name in DeviceVoice._fields}
    return _voice_page(request, actor, device, values, {})


@staff(Permission.MANAGE_VENUES)
async def settle_voice(request: Request, actor: Actor, device_id: int) -> HTTPResponse:
    """Settle how a kiosk speaks."""
    device = await devices.one(actor, device_id)
    form = Form(request)
    chosen = DeviceVoice(
        form.text("voice", "声音", longest=40),
        form.number(
            *("rate_percent", "语速"),
            least=device_voices.SLOWEST_PERCENT,
            most=device_voices.FASTEST_PERCENT,
        ),
        form.number(
            *("volume_percent", "音量"),
            least=device_voices.QUIETEST_PERCENT,
            most=device_voices.LOUDEST_PERCENT,
        ),
    )
    if not form.errors:
        try:
            known = context_of(request).speech.voices
            await device_voices.settle(actor, device_id, chosen, known)
        except Invalid as wrong:
            form.errors["voice"] = wrong.sentence
    if form.errors:
        typed = {name: form.raw(name) for name in DeviceVoice._fields}
        return _voice_page(request, actor, device, typed, form.errors)
    return go_on(request, f"/console/devices/{device_id}/voice", "已保存，从下一位群众开始生效。")


def _voice_page(
    request: Request,
    actor: Actor,
    device: Device,
    values: Mapping[str, Any],
    errors: dict[str, str],
) -> HTTPResponse:
    desk = context_of(request).speech
    return show(
        request,
        actor,
        "console/device_voice.html",
        status=422 if errors else 200,
        device=device,
        values=values,
        errors=errors,
        speaks=desk.speaks,
        choices=[("", "默认的声音"), *((name, voice_label(name)) for name in desk.voices)],
    )


@staff(Permission.MANAGE_VENUES)
async def revoke(request: Request, actor: Actor, device_id: int) -> HTTPResponse:
    """Take a kiosk's token away."""
    await devices.revoke(actor, device_id, now=datetime.now(UTC))
    return go_on(request, "/console/devices", "已撤销，那台机器两秒内失效。")


async def _page(
    request: Request, actor: Actor, made: NewCode | None = None, form: Form | None = None
) -> HTTPResponse:
    now = datetime.now(UTC)
    errors = form.errors if form else {}
    typed = form.values if form and errors else {}
    return show(
        request,
        actor,
        "console/devices.html",
        status=422 if errors else 200,
        devices=await devices.visible_to(actor),
        state=lambda device: _state(device, now),
        fault=lambda device: Fault(device.last_fault).label if device.last_fault else "",
        made=made,
        values={"name": "", "venue_id": ""} | typed,
        errors=errors,
        venues=[(str(v.id), v.title) for v in await venue_editing.visible_to(actor)],
    )


def _state(device: Device, now: datetime) -> str:
    """Return one word for how a kiosk is."""
    if device.revoked_at is not None:
        return "已撤销"
    if device.enrolled_at is None:
        waits = device.code_ends_at is not None and device.code_ends_at > now
        return "等待登记" if waits else "登记码已过期"
    seen = device.last_seen_at
    return "在线" if seen is not None and now - seen < _AWAY_AFTER else "离线"
