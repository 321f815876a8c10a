"""Putting right what is kept of an applicant (更正): a mistyped phone, a new address.

Source: 个人信息保护法 Article 46. That it was done, by whom and why is in the case; what it was before is
not kept, since the right one is all that the case needs.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from models.applicant import Applicant, IdentityCheck
from models.application import Application
from services import applicants, applications
from services import application_access as access
from services.access import Actor
from services.clock import zone_day
from services.disclosure.events import Noted
from services.disclosure.identity_numbers import check_number
from services.disclosure.request import Person
from services.errors import EditedMeanwhile, Invalid, WrongState
from services.secret_key import SecretKeys

LABELS = {
    "name": "姓名或名称", "identity_number": "证件号码", "contact": "联系人", "phone": "联系电话",
    "address": "通信地址", "postcode": "邮政编码", "email": "电子邮箱", "fax": "传真",
}  # fmt: skip
"""What can be put right, as forms and the log of the case call it."""
LONGEST = {"address": 500}
LONGEST_OTHER = 200


async def correct(
    actor: Actor, application_id: int, given: dict[str, str], why: str, *, edits: int,
    keys: SecretKeys, now: datetime,
) -> Application:  # fmt: skip
    """Put right what is given; "" empties a field, but for the name and the number of a document.

    Raises NotFound, NotAllowed, EditedMeanwhile, WrongState once it was anonymised, Invalid where
    nothing is changed, no reason is given, or nobody could be reached any more.
    """
    application = await access.require_work(actor, application_id)
    if application.anonymised_at is not None:
        raise WrongState("It was anonymised.", sentence="保管期满，申请人的信息已经删除。")
    if application.edits != edits:
        raise EditedMeanwhile(f"Application {application.id} has {application.edits} events.")
    before = await applicants.person_of(application, keys=keys)
    after = _corrected(before, given)
    changed = [name for name in LABELS if getattr(before, name) != getattr(after, name)]
    if not changed:
        raise Invalid("Nothing is changed.", sentence="没有改动。")
    if not why.strip():
        raise Invalid("Why is missing.", sentence="请写明为什么更正。")
    if "identity_number" in changed:
        number = check_number(after.identity_kind, after.identity_number, today=zone_day(now))
        how = IdentityCheck.CHECKSUM if number.valid else IdentityCheck.NONE
        after = msgspec.structs.replace(
            after, identity_number=number.number, identity_check=how, check_note=""
        )

    async def keep(database: BaseDBAsyncClient) -> None:
        row = Applicant.filter(application_id=application.id).using_db(database)
        await row.update(**applicants.columns(after, application.query_code, keys=keys))

    what = "、".join(LABELS[name] for name in changed)
    return await applications.act(
        actor, application_id, Noted(on=zone_day(now)), edits=edits, keys=keys, now=now,
        note=f"更正申请人的{what}。原因：{why.strip()}", also=keep,
    )  # fmt: skip


def _corrected(before: Person, given: dict[str, str]) -> Person:
    """Return the person with what is given. Raises Invalid."""
    changes = {name: " ".join(given[name].split()) for name in LABELS if name in given}
    for name, text in changes.items():
        longest = LONGEST.get(name, LONGEST_OTHER)
        if len(text) > longest or "\0" in text:
            raise Invalid(
                f"{name} is too long.",
                sentence=f"{LABELS[name]}太长了，请不要超过 {longest} 个字。",
            )
    for name in ("name", "identity_number"):
        if not changes.get(name):
            changes.pop(name, None)
    after = msgspec.structs.replace(before, **changes)
    if not (after.phone or after.address or after.email or after.fax):
        raise Invalid(
            "Nobody could be reached.",
            sentence="电话、通信地址、电子邮箱、传真至少要留一种，否则联系不上申请人。",
        )
    return after
