"""How somebody wants the mini-program to look and speak (长辈版、字号、语速)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from models.citizen import Citizen

OFFER_LARGE_AT_PX = 22
"""From this system text size on 长辈版 is offered. iOS: 17 is usual, care mode about 24; Android: 16
and about 22.

Source: 小程序适老化设计指南; wx.getAppBaseInfo, fontSizeSetting.
"""


class CitizenSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody chose, on all their phones."""

    is_large: bool = False
    """长辈版: large text, few things on a page, everything can be heard."""
    text_px: Annotated[int, msgspec.Meta(ge=17, le=40)] = 17
    speech_rate: Annotated[float, msgspec.Meta(ge=0.5, le=2)] = 1.0
    """As the playbackRate of a phone's player."""
    replies_aloud: bool = False
    """Whether answers are spoken at once."""


def settings_of(citizen: Citizen) -> CitizenSettings:
    """Return what somebody chose; what an older version kept and this one does not know is left out."""
    known = {
        name: value
        for name, value in citizen.settings.items()
        if name in CitizenSettings.__struct_fields__
    }
    return msgspec.convert(known, CitizenSettings)


async def keep(citizen: Citizen, settings: CitizenSettings) -> None:
    """Keep what somebody chose."""
    chosen: dict[str, Any] = msgspec.structs.asdict(settings)
    citizen.settings = chosen
    await citizen.save(update_fields=["settings"])


def offers_large(font_size_setting: float) -> bool:
    """Return whether 长辈版 is to be offered to a phone with this system text size, in pixels."""
    return font_size_setting >= OFFER_LARGE_AT_PX
