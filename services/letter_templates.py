"""How an agency words its letters. What it has not worded goes out in the wording that ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.official_letter import LetterKind, LetterTemplate
from models.outcome import Outcome
from services import audit
from services.access import Actor
from services.audit import Action
from services.disclosure.letter_check import LetterDefective, lint_template
from services.disclosure.letter_wording import Wording, wording
from services.disclosure_offices import require_keeper
from services.errors import EditedMeanwhile, Invalid
from services.text_columns import unreadable_in

LONGEST_TITLE = 200
LONGEST_BODY = 20_000


@dataclass(frozen=True)
class TemplateInUse:
    """The wording of one kind of letter that is in use."""

    kind: LetterKind
    outcome: Outcome | None
    """For replies."""
    wording: Wording
    is_own: bool
    """Whether the agency worded it itself."""
    edits: int
    """0 for the wording that ships."""


def every_kind() -> list[tuple[LetterKind, Outcome | None]]:
    """Return everything that has a wording: each kind, and of replies each outcome."""
    found: list[tuple[LetterKind, Outcome | None]] = []
    for kind in LetterKind:
        outcomes = list(Outcome) if kind is LetterKind.N12_REPLY else [None]
        found += [(kind, outcome) for outcome in outcomes]
    return found


async def in_use(actor: Actor, agency_id: int) -> list[TemplateInUse]:
    """Return all wordings of an agency. Raises NotFound, NotAllowed."""
    require_keeper(actor, agency_id)
    rows = await LetterTemplate.filter(agency_id=agency_id).order_by("id")
    own = {(row.kind, row.outcome): row for row in rows}
    return [
        _in_use(kind, outcome, own.get((kind, _key(outcome)))) for kind, outcome in every_kind()
    ]


async def one(agency_id: int, kind: LetterKind, outcome: Outcome | None = None) -> TemplateInUse:
    """Return the wording of an agency for a letter."""
    outcome = _checked(kind, outcome)
    row = await LetterTemplate.get_or_none(agency_id=agency_id, kind=kind, outcome=_key(outcome))
    return _in_use(kind, outcome, row)


async def save(
    actor: Actor,
    agency_id: int,
    kind: LetterKind,
    outcome: Outcome | None,
    *,
    title: str,
    body: str,
    edits: int,
) -> LetterTemplate:
    """Keep an agency's own wording; `edits` 0 where it had none.

    Raises LetterDefective for what would make letters defective, Invalid, EditedMeanwhile, NotFound,
    NotAllowed.
    """
    require_keeper(actor, agency_id)
    outcome = _checked(kind, outcome)
    title, body = title.strip(), body.replace("\r\n", "\n").strip()
    require_readable(title, body)
    if findings := lint_template(body, kind, outcome):
        raise LetterDefective(findings, "这份模板不能保存")
    key: dict[str, Any] = {"agency_id": agency_id, "kind": kind, "outcome": _key(outcome)}
    try:
        async with in_transaction() as database:
            if edits == 0:
                await LetterTemplate.create(
                    **key, title=title, body=body, edits=1, using_db=database
                )
            else:
                rows = LetterTemplate.filter(**key, edits=edits).using_db(database)
                if not await rows.update(title=title, body=body, edits=edits + 1):
                    raise EditedMeanwhile("The template was changed.")
            await _record(actor, agency_id, kind, outcome, database)
    except IntegrityError:
        raise EditedMeanwhile("Somebody else worded it first.") from None
    return await LetterTemplate.get(**key)


async def drop(
    actor: Actor, agency_id: int, kind: LetterKind, outcome: Outcome | None, *, edits: int
) -> None:
    """Return to the wording that ships. Raises EditedMeanwhile, NotFound, NotAllowed."""
    require_keeper(actor, agency_id)
    async with in_transaction() as database:
        rows = LetterTemplate.filter(
            agency_id=agency_id, kind=kind, outcome=_key(outcome), edits=edits
        )
        if not await rows.using_db(database).delete():
            raise EditedMeanwhile("The template was changed.")
        await _record(actor, agency_id, kind, outcome, database)


def require_readable(title: str, body: str) -> None:
    """Raise Invalid for a title or text that cannot be kept."""
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid("No title.", sentence=f"请写标题，不超过{LONGEST_TITLE}个字。")
    if not body or len(body) > LONGEST_BODY:
        raise Invalid("No text.", sentence=f"请写正文，不超过{LONGEST_BODY}个字。")
    if problems := unreadable_in((title, body)):
        raise Invalid(" ".join(problems), sentence=" ".join(problems))


def _checked(kind: LetterKind, outcome: Outcome | None) -> Outcome | None:
    if kind is not LetterKind.N12_REPLY:
        return None
    if outcome is None:
        raise Invalid("A reply has an outcome.", sentence="请选择答复的种类。")
    return outcome


def _in_use(kind: LetterKind, outcome: Outcome | None, row: LetterTemplate | None) -> TemplateInUse:
    if row is None:
        return TemplateInUse(kind, outcome, wording(kind, outcome), is_own=False, edits=0)
    return TemplateInUse(kind, outcome, Wording(row.title, row.body), True, row.edits)


def _key(outcome: Outcome | None) -> str:
    return "" if outcome is None else outcome.value


async def _record(
    actor: Actor, agency_id: int, kind: LetterKind, outcome: Outcome | None,
    database: BaseDBAsyncClient,
) -> None:  # fmt: skip
    await audit.record(
        actor, Action.AGENCY_CHANGED, f"agency:{agency_id}", using_db=database,
        template=f"{kind.value}{_key(outcome)}",
    )  # fmt: skip
