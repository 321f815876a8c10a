"""What a form of a case is made of: its fields, when it is offered, and what sending it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from models.application import Application
from models.staff import Staff
from server.console.forms import Form
from services import applications
from services.access import Actor, Permission
from services.application_events import StoredEvent
from services.disclosure.case import Case
from services.disclosure.events import AnyEvent, Event
from services.disclosure.work_calendar import WorkCalendar
from services.errors import Invalid
from services.secret_key import SecretKeys

E = TypeVar("E", bound=Enum)
LONGEST_NOTE = 4000


@dataclass(frozen=True)
class Asked:
    """A party that was asked for its opinion, as the page names it."""

    id: int
    party: str
    name: str
    subject: str
    opinion: str


@dataclass(frozen=True)
class Seen:
    """A case as somebody sees it at this moment; forms are made from it."""

    actor: Actor
    row: Application
    case: Case
    stored: list[StoredEvent]
    calendar: WorkCalendar
    today: date
    handlers: list[Staff]
    """Who may be given the case."""
    parties: list[Asked]
    correction_days: int
    """What the office gives to correct where nobody says another number."""

    @property
    def is_head(self) -> bool:
        """Whether what goes beyond the rule may be decided here."""
        return self.actor.may(Permission.APPROVE_APPLICATIONS)


@dataclass(frozen=True)
class Entry:
    """One field."""

    name: str
    label: str
    kind: str = "text"
    """text, area, day, number, choice or tick."""
    hint: str = ""
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Deed:
    """A form that was sent."""

    form: Form
    actor: Actor
    application_id: int
    edits: int
    keys: SecretKeys
    now: datetime
    today: date

    def day(self, name: str = "on", label: str = "日期") -> date:
        """Return a day; without one the mistake is kept and told by `require_filled`."""
        return self.form.day(name, label, required=True) or self.today

    def words(self, name: str, label: str, *, required: bool = False) -> str:
        """Return a text."""
        return self.form.text(name, label, longest=LONGEST_NOTE, required=required)

    def number(self, name: str, label: str, least: int, most: int) -> int:
        """Return a whole number that has to be there."""
        if not self.form.raw(name).strip():
            self.form.errors[name] = f"请填写{label}。"
        return self.form.number(name, label, least=least, most=most)

    def choice(self, name: str, label: str, choices: type[E]) -> E:
        """Return what was chosen; anything else is a mistake that is told."""
        return self.form.choice(name, label, choices) or next(iter(choices))

    def require_filled(self) -> None:
        """Raise Invalid with the first mistake of the form."""
        if self.form.errors:
            sentence = next(iter(self.form.errors.values()))
            raise Invalid("The form has mistakes.", sentence=sentence)

    async def happens(self, event: AnyEvent, note: str = "") -> None:
        """Let an event happen. Raises what applications.act raises."""
        self.require_filled()
        await applications.act(
            self.actor, self.application_id, event, edits=self.edits, keys=self.keys, now=self.now,
            note=note,
        )  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One thing that can be done in a case, and its form."""

    slug: str
    """The last part of its address."""
    event: type[Event]
    permission: Permission
    label: str
    explains: str
    """What the law says of it and what follows, in a sentence or two."""
    entries: Callable[[Seen], list[Entry]]
    do: Callable[[Deed], Awaitable[None]]
    done: str
    """What the page says afterwards."""
    is_offered: Callable[[Seen], bool] = lambda seen: True
    """What has to be so besides what the case lets follow."""
    is_danger: bool = False


def day_entry(seen: Seen, name: str = "on", label: str = "日期", hint: str = "") -> Entry:
    """Return a field for a day, today where nothing else is typed."""
    return Entry(name, label, "day", hint, seen.today.isoformat(), required=True)


def note_entry(label: str = "备注", hint: str = "", *, required: bool = False) -> Entry:
    """Return a field for words that are kept encrypted beside an event."""
    return Entry("note", label, "area", hint, required=required)
