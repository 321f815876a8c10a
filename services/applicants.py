"""Who applies (申请人): kept encrypted field by field, found by keyed hashes, shown masked.

Whatever is shown in full is on the audit record, with the reason. Source: 个人信息保护法 Articles 28
and 51, 居民身份证法 Article 19; who may see what is in services/application_access.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient

from models.applicant import Applicant, IdentityCheck, IdentityKind
from models.application import ApplicantKind, Application, OrgCategory
from services import application_access as access
from services import audit
from services.access import Actor
from services.disclosure import masking, person_keys
from services.disclosure.request import Agent, Person
from services.errors import Invalid, NotAllowed, NotFound
from services.secret_key import SecretKeys

_FIELDS = {
    "encrypted_name": "name", "encrypted_identity": "identity_number",
    "encrypted_representative": "representative", "encrypted_contact": "contact",
    "encrypted_phone": "phone", "encrypted_address": "address",
    "encrypted_postcode": "postcode", "encrypted_email": "email", "encrypted_fax": "fax",
    "encrypted_help": "help_wanted", "encrypted_check_note": "check_note",
}  # fmt: skip
"""Each encrypted column and the field of a Person that it keeps."""


class Reason(StrEnum):
    """Why somebody needs to see a number or an address in full."""

    VERIFY = "verify"
    CONTACT = "contact"
    LETTER = "letter"
    REPEATED = "repeated"
    REMEDY = "remedy"
    CORRECT = "correct"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "verify": "核对身份",
            "contact": "联系申请人",
            "letter": "制作、送达文书",
            "repeated": "核对是否重复申请",
            "remedy": "办理复议、诉讼",
            "correct": "应申请人要求查阅、更正",
        }[self.value]


class MaskedPerson(msgspec.Struct, frozen=True):
    """The applicant as pages of a case show them. "" where nothing was given or it is not theirs
    to see."""

    kind: ApplicantKind
    org_category: OrgCategory | None
    identity_kind: IdentityKind | None = None
    identity_check: IdentityCheck | None = None
    name: str = ""
    identity_number: str = ""
    representative: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    email: str = ""
    fax: str = ""
    agent_name: str = ""
    help_wanted: str = ""
    """In full for who gives the help."""
    is_anonymised: bool = False


async def keep(
    application_id: int,
    person: Person,
    query_code: str,
    *,
    keys: SecretKeys,
    database: BaseDBAsyncClient,
) -> Applicant:
    """Keep who applies, as part of the transaction that files the application."""
    kept = columns(person, query_code, keys=keys)
    return await Applicant.create(application_id=application_id, **kept, using_db=database)


def columns(person: Person, query_code: str, *, keys: SecretKeys) -> dict[str, Any]:
    """Return the columns that keep somebody, encrypted, with what they are found by."""
    agent = "" if person.agent is None else msgspec.json.encode(person.agent).decode()
    encrypted = {
        column: _encrypted(getattr(person, name), keys) for column, name in _FIELDS.items()
    }
    return {
        "identity_kind": person.identity_kind,
        "identity_check": person.identity_check,
        **encrypted,
        "encrypted_agent": _encrypted(agent, keys),
        **hashes(person, query_code, keys),
    }


def hashes(person: Person, query_code: str, keys: SecretKeys) -> dict[str, str | list[str]]:
    """Return what somebody is found by: each column and its keyed hash, "" where nothing is given."""
    return {
        "name_hash": _hashed(person_keys.name_key(person.name), keys),
        "identity_hash": _hashed(person_keys.identity_key(person.identity_number), keys),
        "phone_hash": _hashed(person_keys.phone_key(person.phone), keys),
        "second_facts": [
            keys.keyed_hash(person_keys.second_fact_key(query_code, fact))
            for fact in (
                person_keys.last(person.identity_number),
                person_keys.last(person.phone),
                person_keys.name_key(person.name),
            )
            if fact
        ],
    }


def knows_second_fact(
    applicant: Applicant, query_code: str, fact: str, *, keys: SecretKeys
) -> bool:
    """Return whether somebody who has the query code also knows the last four characters of the
    identity number or the phone, or the whole name. More than four of them are understood.
    """
    kept = set(applicant.second_facts)
    return any(
        not kept.isdisjoint(keys.keyed_hashes(person_keys.second_fact_key(query_code, known)))
        for known in (person_keys.last(fact), person_keys.name_key(fact))
        if known
    )


async def find(
    actor: Actor, *, keys: SecretKeys, name: str = "", identity: str = "", phone: str = ""
) -> list[int]:
    """Return the ids of the applications of somebody, the newest first, among those that the actor
    may see the applicant of. Everything that is given must be theirs, whole.
    """
    wanted = {
        "applicant__name_hash__in": person_keys.name_key(name),
        "applicant__identity_hash__in": person_keys.identity_key(identity),
        "applicant__phone_hash__in": person_keys.phone_key(phone),
    }
    given = {column: keys.keyed_hashes(key) for column, key in wanted.items() if key}
    if not given:
        return []
    found = await Application.filter(access.sight(actor), **given).order_by("-id")
    return [row.id for row in found if access.may_see_contact(actor, row)]


async def masked(actor: Actor, application: Application, *, keys: SecretKeys) -> MaskedPerson:
    """Return who applies as far as pages show it unasked: nothing to whom it does not concern."""
    return (await masked_many(actor, [application], keys=keys))[application.id]


async def masked_many(
    actor: Actor, applications: Sequence[Application], *, keys: SecretKeys
) -> dict[int, MaskedPerson]:
    """Return the applicants of a list of applications, by application."""
    rows = {
        row.application_id: row
        for row in await Applicant.filter(application_id__in=[row.id for row in applications])
    }
    return {row.id: _masked(actor, row, rows.get(row.id), keys) for row in applications}


async def shown(actor: Actor, application_id: int, reason: Reason, *, keys: SecretKeys) -> Person:
    """Return who applies in full. That it was seen, and why, is on the record before it is.

    Raises NotFound out of sight, NotAllowed for whom it is none of their business.
    """
    application = await access.seen(actor, application_id)
    if not access.may_see_identity(actor, application):
        raise NotAllowed(
            f"{actor.role} may not see an identity.",
            sentence="申请人的完整信息只有受理机关的经办人和负责人可以查看。",
        )
    await _record_view(actor, application, audit.Action.APPLICANT_SEEN, reason)
    return await person_of(application, keys=keys)


async def contact_shown(
    actor: Actor, application_id: int, reason: Reason, *, keys: SecretKeys
) -> Person:
    """Return who applies without any identity number, in full besides: to call or to write to them.

    A clerk may until the application is handed over. Raises what `shown` raises.
    """
    application = await access.seen(actor, application_id)
    if not access.may_see_contact(actor, application):
        raise NotAllowed(
            f"{actor.role} may not see a contact.",
            sentence="申请已经移交受理机关，联系方式请向受理机关查询。",
        )
    await _record_view(actor, application, audit.Action.CONTACT_SEEN, reason)
    person = await person_of(application, keys=keys)
    agent = person.agent and msgspec.structs.replace(person.agent, identity_number="")
    return msgspec.structs.replace(person, identity_number="", check_note="", agent=agent)


async def person_of(application: Application, *, keys: SecretKeys) -> Person:
    """Return who applies, for what the program writes itself: letters, receipts and forms.

    Never for a page: it asks for no permission and leaves no record.
    """
    row = await Applicant.get_or_none(application_id=application.id)
    if row is None:
        raise NotFound("The application has no applicant.")
    return _person(row, application, keys)


def _masked(
    actor: Actor, application: Application, row: Applicant | None, keys: SecretKeys
) -> MaskedPerson:
    kind, category = application.applicant_kind, application.org_category
    if row is None or not access.may_see_masked(actor, application):
        return MaskedPerson(kind, category)
    person = _person(row, application, keys)
    is_organisation = kind is ApplicantKind.LEGAL_OR_OTHER
    named = masking.masked_organisation if is_organisation else masking.masked_name
    return MaskedPerson(
        kind,
        category,
        person.identity_kind,
        person.identity_check,
        name=named(person.name),
        identity_number=masking.masked_number(person.identity_number),
        representative=masking.masked_name(person.representative),
        contact=masking.masked_name(person.contact),
        phone=masking.masked_phone(person.phone),
        address=masking.masked_address(person.address),
        email=masking.masked_email(person.email),
        fax=masking.masked_phone(person.fax),
        agent_name=masking.masked_name(person.agent.name) if person.agent else "",
        help_wanted=person.help_wanted if access.may_see_contact(actor, application) else "",
        is_anonymised=application.anonymised_at is not None,
    )


async def require_unnamed(application: Application, title: str, *, keys: SecretKeys) -> None:
    """Raise Invalid where a title, which lists show and nothing encrypts, tells who applies."""
    if person_keys.tells_of(await person_of(application, keys=keys), title):
        raise Invalid(
            "The title tells of the applicant.",
            sentence="标题会显示在列表里，请不要写申请人的姓名、名称或者号码；这些写在正文里。",
        )


def _person(row: Applicant, application: Application, keys: SecretKeys) -> Person:
    words = {name: _decrypted(getattr(row, column), keys) for column, name in _FIELDS.items()}
    return Person(
        kind=application.applicant_kind,
        org_category=application.org_category,
        identity_kind=row.identity_kind,
        identity_check=row.identity_check,
        agent=_agent(_decrypted(row.encrypted_agent, keys)),
        **words,
    )


def _agent(kept: str) -> Agent | None:
    try:
        return msgspec.json.decode(kept, type=Agent) if kept else None
    except msgspec.DecodeError:
        # The key is another one: what stands there says so.
        return Agent(name=kept)


async def _record_view(
    actor: Actor, application: Application, action: audit.Action, reason: Reason
) -> None:
    await audit.record_alone(
        *(actor, action, f"application:{application.id}"),
        venue_id=application.venue_id,
        reason=reason.value,
    )


def _encrypted(text: str, keys: SecretKeys) -> bytes | None:
    return keys.encrypt(text) if text else None


def _decrypted(encrypted: bytes | None, keys: SecretKeys) -> str:
    return "" if encrypted is None else keys.decrypt(encrypted)


def _hashed(key: str, keys: SecretKeys) -> str:
    return keys.keyed_hash(key) if key else ""
