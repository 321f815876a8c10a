"""What happens to a case after it is archived: images of documents go at once, and everything that
tells of a person when the years are over. The rows stay, so that what was counted can be counted.

Source: Regulation on Open Government Information, Article 45; 个人信息保护法 Articles 19 and 47. Every
process does this, and may do it at the same moment as another.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from models.applicant import Applicant, IdentityCheck
from models.application import Application, ApplicationState
from models.application_draft import ApplicationDraft
from models.application_event import ApplicationEvent
from models.application_file import ApplicationFile, ApplicationFilePart, FilePurpose
from models.application_message import ApplicationMessage
from models.citizen_tie import CitizenApplication
from models.consultation import Consultation
from models.official_letter import OfficialLetter
from models.remedy import Remedy
from services import application_events, application_files, audit
from services.access import Actor
from services.applications import request_in
from services.clock import zone_day
from services.disclosure.request import Request
from services.secret_key import UNREADABLE, SecretKeys

_AT_ONCE = 200
"""Cases that one round takes on; the rest waits for the next."""
_EMPTY_APPLICANT: dict[str, object] = {
    **dict.fromkeys(
        name for name in Applicant._meta.fields_map if name.startswith("encrypted_")
    ),
    "name_hash": "", "identity_hash": "", "phone_hash": "", "second_facts": [],
    "identity_check": IdentityCheck.NONE,
}  # fmt: skip
_EMPTY_CONSULTATION = dict.fromkeys(
    name for name in Consultation._meta.fields_map if name.startswith("encrypted_")
)


async def do_what_is_due(actor: Actor, now: datetime, *, keys: SecretKeys) -> int:
    """Do all of this; return how many cases were anonymised."""
    await remove_identity_images(actor, now)
    await application_files.remove_given_up(now)
    return await anonymise_due(actor, now, keys=keys)


async def remove_identity_images(actor: Actor, now: datetime) -> None:
    """Remove the images of documents from what is archived: they have done what they were there for."""
    images = await ApplicationFile.filter(
        purpose=FilePurpose.IDENTITY, removed_at=None, application__state=ApplicationState.ARCHIVED
    ).limit(_AT_ONCE)
    for image in images:
        async with in_transaction() as database:
            if not await _removed([image.id], now, database):
                continue  # Another process did.
            await audit.record(
                *(actor, audit.Action.CASE_FILE_REMOVED, f"application_file:{image.id}"),
                using_db=database, application=image.application_id, purpose=image.purpose.value,
            )  # fmt: skip


async def anonymise_due(actor: Actor, now: datetime, *, keys: SecretKeys) -> int:
    """Empty the cases whose years are over, but for those that are in court; return how many."""
    due = await Application.filter(
        state=ApplicationState.ARCHIVED, anonymised_at=None, keep_until__lt=zone_day(now)
    ).limit(_AT_ONCE)
    done = 0
    for row in due:
        async with in_transaction() as database:
            await application_events.lock(row.id, using_db=database)
            locked = await Application.get(id=row.id, using_db=database)
            if (
                locked.anonymised_at is not None
                or locked.state is not ApplicationState.ARCHIVED
                or await Remedy.filter(application_id=row.id, result=None)
                .using_db(database)
                .exists()
            ):
                continue
            await _anonymise(locked, now, keys, database)
            await audit.record(
                *(actor, audit.Action.CASE_ANONYMISED, f"application:{row.id}"),
                venue_id=row.venue_id,
                using_db=database,
            )
        done += 1
    return done


async def _anonymise(
    row: Application, now: datetime, keys: SecretKeys, database: BaseDBAsyncClient
) -> None:
    row.encrypted_request = _emptied(row, keys)
    row.idempotency_hash = None
    row.anonymised_at = now
    await row.save(
        update_fields=["encrypted_request", "idempotency_hash", "anonymised_at"], using_db=database
    )
    case = {"application_id": row.id}
    await Applicant.filter(**case).using_db(database).update(**_EMPTY_APPLICANT)
    await ApplicationEvent.filter(**case).using_db(database).update(encrypted_note=None)
    await Consultation.filter(**case).using_db(database).update(**_EMPTY_CONSULTATION)
    for letter in await OfficialLetter.filter(**case).using_db(database):
        letter.title, letter.encrypted_body = letter.kind.label, keys.encrypt("")
        await letter.save(update_fields=["title", "encrypted_body"], using_db=database)
    await (
        ApplicationMessage.filter(**case).using_db(database).update(encrypted_text=keys.encrypt(""))
    )
    await CitizenApplication.filter(**case).using_db(database).delete()
    await ApplicationDraft.filter(**case).using_db(database).update(encrypted_content=b"")
    files = [file.id for file in await ApplicationFile.filter(**case).using_db(database)]
    await _removed(files, now, database)
    for file_id in files:
        emptied = ApplicationFile.filter(id=file_id).using_db(database)
        await emptied.update(encrypted_name=keys.encrypt(""))


def _emptied(row: Application, keys: SecretKeys) -> bytes:
    """Return what is left of a request: how it was to be given, and nothing that somebody wrote."""
    left = Request(delivery_way=row.delivery_way, carrier=row.carrier)
    if keys.decrypt(row.encrypted_request) != UNREADABLE:
        before = request_in(row, keys)
        left = msgspec.structs.replace(
            left,
            accepts_other_form=before.accepts_other_form,
            suggests_publication=before.suggests_publication,
        )
    return keys.encrypt(msgspec.json.encode(left).decode())


async def _removed(file_ids: list[int], now: datetime, database: BaseDBAsyncClient) -> bool:
    changed = (
        await ApplicationFile.filter(id__in=file_ids, removed_at=None)
        .using_db(database)
        .update(removed_at=now)
    )
    await ApplicationFilePart.filter(file_id__in=file_ids).using_db(database).delete()
    return bool(changed)
