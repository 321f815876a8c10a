"""Prepared speech of what was replaced or withdrawn goes from disk.

A note beside the speech says up to which change of the library that was done, so that what was
withdrawn while no server ran is forgotten at the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import msgspec
import structlog
from tortoise.exceptions import BaseORMException

from search.entry import NOTHING
from server.context import Context
from services.spoken_owners import changed_since
from speech.prepared import PreparedSpeech

_LOOK_AGAIN_S = 0.1

log = structlog.get_logger(__name__)


class Forgotten(msgspec.Struct, frozen=True):
    """How far the speech on disk follows the library."""

    lineage: str
    revision: int


async def forget_retired_speech(context: Context) -> None:
    """Forget what is no longer said, whenever the library has changed, until it is cancelled."""
    synthesiser = context.parts.synthesiser
    if not isinstance(synthesiser, PreparedSpeech):
        return
    note = context.parts.settings.speech_note
    done = await asyncio.to_thread(_read, note)
    while True:
        # The index says in memory how far it has followed; looking costs nothing.
        seen = context.library.revision
        if done != Forgotten(seen.lineage, seen.number):
            try:
                done = await _forget(context, synthesiser, done, seen.lineage, seen.number)
                await asyncio.to_thread(_write, note, done)
                continue
            except (BaseORMException, OSError) as error:
                log.warning("speech not forgotten", error=type(error).__name__)
        await asyncio.sleep(_LOOK_AGAIN_S)


async def _forget(
    context: Context,
    synthesiser: PreparedSpeech,
    done: Forgotten | None,
    lineage: str,
    newest: int,
) -> Forgotten:
    # What is being spoken just now is looked at once more when it is done.
    context.speech.look_again()
    changed = None
    # Before anything was published there was nothing that could be withdrawn.
    follows = done is not None and done.lineage in {lineage, NOTHING.lineage}
    if done is not None and follows and done.revision <= newest:
        changed = await changed_since(lineage, done.revision)
    if changed is None:
        await synthesiser.forget_everything()
        return Forgotten(lineage, newest)
    await synthesiser.forget(*changed.owners)
    # Changes that the index has not followed yet are looked at once it has: until then it may
    # still give the old words out.
    return Forgotten(lineage, min(changed.revision, newest))


def _read(note: Path) -> Forgotten | None:
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(note.read_bytes(), type=Forgotten)
    return None


def _write(note: Path, done: Forgotten) -> None:
    unfinished = note.with_name(f"{note.name}.new")
    unfinished.write_bytes(msgspec.json.encode(done))
    unfinished.replace(note)
