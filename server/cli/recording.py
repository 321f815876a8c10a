"""In whose name commands are recorded."""

from __future__ import annotations

import asyncio

from server.settings import Settings
from services.access import Actor, system
from services.secret_key import obtain_keys

COMMAND_LINE = "命令行"


async def command_line(settings: Settings) -> Actor:
    """Return who acts when a command does something: nobody in particular, who may do anything."""
    keys = await asyncio.to_thread(obtain_keys, settings.key_file)
    return system(keys.sealing, COMMAND_LINE)
