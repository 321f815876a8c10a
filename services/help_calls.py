"""Calling a member of staff to a kiosk."""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from models.help_call import HelpCall
from services.errors import NotFound


async def call(kiosk_name: str) -> HelpCall:
    """Ask for somebody to come to a kiosk; asking again while nobody has come is the same call."""
    async with in_transaction():
        waiting = await HelpCall.filter(kiosk_name=kiosk_name, taken_at=None).first()
        return waiting or await HelpCall.create(kiosk_name=kiosk_name)


async def take(call_id: int, *, taken_at: datetime) -> HelpCall:
    """Note that somebody has gone to the kiosk; the first to say so counts.

    Raises NotFound.
    """
    await HelpCall.filter(id=call_id, taken_at=None).update(taken_at=taken_at)
    return await show(call_id)


async def show(call_id: int) -> HelpCall:
    """Return one call.

    Raises NotFound.
    """
    called = await HelpCall.get_or_none(id=call_id)
    if called is None:
        raise NotFound(f"There is no help call {call_id}.")
    return called


async def waiting() -> list[HelpCall]:
    """Return the calls that nobody has answered, the longest waiting first."""
    return await HelpCall.filter(taken_at=None).order_by("id").limit(100)
