"""Changing the installation's key (更换密钥): everything that is kept encrypted is encrypted anew.

A new key is put in front of the key file before any row is touched, and the old one leaves it after
the last row: at every moment in between the key file opens everything, so that a crash or a power
cut costs nothing but doing the rest. Whichever tables have columns called encrypted_… are meant; no
list has to be kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tortoise import Tortoise, connections
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.applicant import Applicant
from models.application_file import ApplicationFilePart
from models.citizen import Citizen
from models.left_question import LeftQuestion, QuestionOrigin
from services import applicants, audit, citizen_phones, citizens, refused_questions
from services.access import system
from services.disclosure.request import Person
from services.errors import Conflict
from services.secret_key import KeyFile, SecretKeys, WrongKey, obtain_keys

ROWS_AT_ONCE = 200
_FILE_PARTS_AT_ONCE = 10
"""A piece of a file is a megabyte."""
_PREFIX = "encrypted_"


class RotationRunning(Conflict):
    code = "rotation_running"
    sentence = "密钥正在更换，请等它做完。"


@dataclass(frozen=True)
class Rotated:
    """What a change of keys came to."""

    was_resumed: bool
    """Whether an earlier one had stopped half-way, and this one did the rest."""
    rows: int
    """Rows that were encrypted anew."""
    unreadable: int
    """Columns that no key of the file opens. They were unreadable before, and are as they were."""


async def rotate(key_file: Path, *, by: str) -> Rotated:
    """Change the key, or finish what stopped half-way. The database is open, and nobody uses it.

    Raises RotationRunning where another process is at it.
    """
    try:
        with FileLock(f"{key_file}.rotating", timeout=0):
            return await _rotate(key_file, by)
    except Timeout as error:
        raise RotationRunning("Another process holds the lock.") from error


def encrypted_columns() -> dict[type[Model], list[str]]:
    """Return the tables that hold anything encrypted, with those of their columns that do."""
    assert Tortoise.apps is not None, "The database is open."
    found = {
        model: [name for name in model._meta.fields_db_projection if name.startswith(_PREFIX)]
        for model in Tortoise.apps["models"].values()
    }
    return {model: columns for model, columns in found.items() if columns}


async def _rotate(key_file: Path, by: str) -> Rotated:
    await asyncio.to_thread(obtain_keys, key_file)
    kept = await asyncio.to_thread(KeyFile.read, key_file)
    was_resumed = len(kept.masters) > 1
    if not was_resumed:
        kept = kept.with_new_key()
        await asyncio.to_thread(kept.write, key_file)
    keys = kept.keys()
    rows = unreadable = 0
    for model, columns in encrypted_columns().items():
        changed, lost = await _rotate_table(model, columns, keys)
        rows, unreadable = rows + changed, unreadable + lost
    actor = system(keys.sealing, by)
    await audit.record_alone(actor, audit.Action.KEYS_ROTATED, rows=rows, unreadable=unreadable)
    await asyncio.to_thread(kept.with_newest_alone().write, key_file)
    # What was encrypted with the old key is not to be found in pages that are no longer used.
    await connections.get("default").execute_script("VACUUM")
    return Rotated(was_resumed, rows, unreadable)


async def _rotate_table(
    model: type[Model], columns: list[str], keys: SecretKeys
) -> tuple[int, int]:
    wanted = ["id", *columns, *_MORE_COLUMNS.get(model, ())]
    at_once = _FILE_PARTS_AT_ONCE if model is ApplicationFilePart else ROWS_AT_ONCE
    last = changed = lost = 0
    while True:
        async with in_transaction() as database:
            rows = (
                await model.filter(id__gt=last)
                .using_db(database)
                .order_by("id")
                .limit(at_once)
                .values(*wanted)
            )
            for row in rows:
                anew, unreadable = await asyncio.to_thread(_anew, model, columns, row, keys)
                lost += unreadable
                if anew:
                    await model.filter(id=row["id"]).using_db(database).update(**anew)
                    changed += 1
        if not rows:
            return changed, lost
        last = rows[-1]["id"]


def _anew(
    model: type[Model], columns: list[str], row: dict[str, Any], keys: SecretKeys
) -> tuple[dict[str, Any], int]:
    """Return the columns of a row as they are to be, and how many cannot be read.

    A row that is encrypted with the newest key was done before, hashes included.
    """
    anew: dict[str, Any] = {}
    unreadable = 0
    for column in columns:
        if row[column] and not keys.is_newest(row[column]):
            try:
                anew[column] = keys.encrypted_anew(row[column])
            except WrongKey:
                unreadable += 1
    if anew and not unreadable:
        anew |= dict(_hashes_anew(model, row, keys))
    return anew, unreadable


_MORE_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Applicant: ("application__query_code",),
    Citizen: ("app_id",),
    LeftQuestion: ("origin", "venue_id"),
}
"""What hashes are reckoned from besides what is encrypted."""


def _hashes_anew(
    model: type[Model], row: dict[str, Any], keys: SecretKeys
) -> Iterator[tuple[str, Any]]:
    """Yield the keyed hashes of a row as they are to be, where what was hashed is still there.

    What only its hash is kept of is found by the old hashing key, which stays in the key file.
    """

    def words(column: str) -> str:
        return keys.decrypt(row[column]) if row[column] else ""

    if model is Applicant:
        person = Person(
            name=words("encrypted_name"),
            identity_number=words("encrypted_identity"),
            phone=words("encrypted_phone"),
        )
        yield from applicants.hashes(person, row["application__query_code"], keys).items()
    elif model is Citizen:
        openid = words("encrypted_openid")
        yield "openid_hash", keys.keyed_hash(citizens.openid_words(row["app_id"], openid))
        phone = words("encrypted_phone")
        yield "phone_hash", keys.keyed_hash(citizen_phones.phone_words(phone)) if phone else ""
    elif model is LeftQuestion and row["origin"] is QuestionOrigin.REFUSED:
        asked = words("encrypted_text")
        yield "words_hash", refused_questions.words_hash(asked, row["venue_id"], keys)
