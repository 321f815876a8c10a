"""How each kiosk speaks: its voice, its rate and its volume.

A hall is loud and a library is not; in a town where most who come are old the kiosk speaks slowly
from the start. What a visitor changes counts until the visitor leaves.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from tortoise.transactions import in_transaction

from models.device import Device
from services.access import Actor
from services.audit import Action, record
from services.devices import one
from services.errors import Invalid

SLOWEST_PERCENT, FASTEST_PERCENT = 60, 130
QUIETEST_PERCENT, LOUDEST_PERCENT = 50, 250
"""Of the loudness a voice is made with; a limiter keeps the loudest from crackling."""


class DeviceVoice(NamedTuple):
    """How a kiosk speaks."""

    voice: str = ""
    """"" for the voice of the installation."""
    rate_percent: int = 100
    volume_percent: int = 100

    @property
    def rate(self) -> float:
        """The factor of the voice's own speed."""
        return self.rate_percent / 100


USUAL = DeviceVoice()


_LABELS = {
    "zf_xiaoyi": "女声，晓伊", "zf_xiaoxiao": "女声，晓晓", "zf_xiaobei": "女声，晓北",
    "zm_yunyang": "男声，云扬", "zm_yunjian": "男声，云健", "zm_yunxi": "男声，云希",
    "zm_yunxia": "男声，云夏", "mandarin": "系统语音",
}  # fmt: skip


def voice_label(voice: str) -> str:
    """Return what staff call a voice: its own name where we have none for it."""
    return _LABELS.get(voice, voice)


def voice_of(device: Device | None, known: Collection[str]) -> DeviceVoice:
    """Return how a kiosk speaks, with the installation's voice where its own is not `known`.

    The synthesiser may be another than the one that the voice was chosen of.
    """
    if device is None:
        return USUAL
    voice = device.voice if device.voice in known else ""
    return DeviceVoice(voice, device.rate_percent, device.volume_percent)


async def used_voices(known: Collection[str], most: int) -> list[DeviceVoice]:
    """Return the different voices and rates of the kiosks that are in use, volumes left aside.

    The installation's own comes first; at most `most`, those that most kiosks have.
    """
    counts: dict[DeviceVoice, int] = {}
    for device in await Device.filter(revoked_at=None).exclude(token_hash=""):
        made_with = voice_of(device, known)._replace(volume_percent=USUAL.volume_percent)
        counts[made_with] = counts.get(made_with, 0) + 1
    counts.pop(USUAL, None)
    return [USUAL, *sorted(counts, key=lambda voice: -counts[voice])][:most]


async def settle(actor: Actor, device_id: int, chosen: DeviceVoice, known: Collection[str]) -> None:
    """Settle how a kiosk speaks from its next visitor on. Raises NotFound, Invalid."""
    device = await one(actor, device_id)
    if chosen.voice and chosen.voice not in known:
        raise Invalid("There is no such voice.", sentence="没有这个声音，请在列出的里面选。")
    if not SLOWEST_PERCENT <= chosen.rate_percent <= FASTEST_PERCENT:
        raise Invalid("The rate cannot be that.", sentence="语速要在60到130之间。")
    if not QUIETEST_PERCENT <= chosen.volume_percent <= LOUDEST_PERCENT:
        raise Invalid("The volume cannot be that.", sentence="音量要在50到250之间。")
    async with in_transaction() as database:
        await Device.filter(id=device.id).using_db(database).update(**chosen._asdict())
        await record(
            *(actor, Action.DEVICE_CHANGED, f"device:{device.id}"),
            venue_id=device.venue_id,
            using_db=database,
            speech=True,
        )
