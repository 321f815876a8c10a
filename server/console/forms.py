"""What staff typed into a form, read field by field; every mistake is told, not only the first."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from sanic import Request
from sanic.request import RequestParameters

from services.clock import ZONE
from services.errors import Invalid

E = TypeVar("E", bound=Enum)


class Form:
    """The fields of a posted form, and what is wrong with them.

    A handler reads its fields, and where `errors` is not empty shows the form again with `values`
    and `errors`, status 422; nothing that was typed is lost.
    """

    def __init__(self, request: Request) -> None:
        self._fields: RequestParameters = request.form or RequestParameters()
        self.errors: dict[str, str] = {}
        """By the name of the field, a sentence."""

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by field, to be shown again."""
        return {name: str(self._fields.get(name)) for name in self._fields}

    def raw(self, name: str) -> str:
        """Return a field as it was typed, "" where it is missing."""
        return str(self._fields.get(name) or "")

    def text(self, name: str, label: str, *, longest: int, required: bool = False) -> str:
        """Return a field without blanks around it."""
        text = self.raw(name).replace("\r\n", "\n").strip()
        if required and not text:
            self.errors[name] = f"请填写{label}。"
        elif len(text) > longest:
            self.errors[name] = f"{label}太长了，请不要超过 {longest} 个字。"
        return text

    def lines(self, name: str, label: str, *, longest: int, most: int) -> list[str]:
        """Return the lines of a field that are not empty, each once."""
        lines = [line.strip() for line in self.raw(name).splitlines() if line.strip()]
        if len(lines) > most:
            self.errors[name] = f"{label}太多了，请不要超过 {most} 行。"
        elif any(len(line) > longest for line in lines):
            self.errors[name] = f"{label}有一行太长了，请不要超过 {longest} 个字。"
        return list(dict.fromkeys(lines))

    def number(self, name: str, label: str, *, least: int, most: int, default: int = 0) -> int:
        """Return a whole number."""
        text = self.raw(name).strip()
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            self.errors[name] = f"{label}请填数字。"
            return default
        if not least <= int(text) <= most:
            self.errors[name] = f"{label}请填 {least} 到 {most} 之间的数字。"
        return int(text)

    def numbers(self, name: str) -> list[int]:
        """Return the values of a field that may be ticked several times."""
        given = self.chosen(name)
        return [int(v) for v in given if v.isascii() and v.isdigit() and len(v) < 10]

    def chosen(self, name: str) -> list[str]:
        """Return the values of a field that may be ticked several times, as they are."""
        return list(self._fields.getlist(name) or [])

    def day(self, name: str, label: str, *, required: bool = False) -> date | None:
        """Return a day typed as 2026-11-24."""
        text = self.raw(name).strip()
        if not text:
            if required:
                self.errors[name] = f"请填写{label}。"
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.errors[name] = f"{label}请按 2026-01-31 的样子填写。"
            return None

    def moment(self, name: str, label: str) -> datetime | None:
        """Return a moment typed as 2026-11-24T18:30, in China's time."""
        text = self.raw(name).strip()
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=ZONE)
        except ValueError:
            self.errors[name] = f"{label}请按 2026-01-31 09:00 的样子填写。"
            return None

    def ticked(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return bool(self.raw(name))

    def choice(self, name: str, label: str, choices: type[E]) -> E | None:
        """Return the member that was chosen, None with an error for anything else."""
        try:
            return choices(self.raw(name))
        except ValueError:
            self.errors[name] = f"请选择{label}。"
            return None

    def edits(self, name: str = "edits") -> int:
        """Return the edit count that the form was shown with.

        Raises Invalid where it is missing: the form is not one of ours.
        """
        text = self.raw(name)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Invalid("The edit count is missing.")
        return int(text)
