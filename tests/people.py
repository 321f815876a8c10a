"""The people who use an installation in tests: each comes through the doors, as in life."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from models.staff import Role
from models.venue import Venue, VenueLevel, VenueType
from services import staff as accounts
from services.access import system
from tests.doors import Doors

PASSWORD = "见面说话要和气 2026"
_numbers = itertools.count(1)
_FORM_TOKEN = re.compile(r'data-form-token="([^"]+)"')


class AtTheConsole:
    """A member of staff, signed in with a browser of their own."""

    def __init__(self, client: httpx.Client, username: str, staff_id: int) -> None:
        self.client = client
        self.username = username
        self.staff_id = staff_id
        self._form_token = ""

    def sign_in(self, password: str = PASSWORD, code: str = "") -> httpx.Response:
        """Send the sign-in form."""
        form = {"username": self.username, "password": password, "code": code}
        response = self.client.post("/console/sign-in", data=form)
        self._form_token = ""
        return response

    @property
    def form_token(self) -> str:
        """The token of this session, as every page carries it."""
        if not self._form_token:
            page = self.client.get("/console", headers={"Accept": "text/html"})
            found = _FORM_TOKEN.search(page.text)
            assert found, f"No form token on the page, status {page.status_code}"
            self._form_token = found[1]
        return self._form_token

    def sees(self, path: str, **query: Any) -> str:
        """Return a page that must be there."""
        response = self.client.get(path, params=query or None, headers={"Accept": "text/html"})
        assert response.status_code == 200, (path, response.status_code, response.text[:500])
        return response.text

    def looks(self, path: str) -> int:
        """Return the status of a page."""
        return self.client.get(path).status_code

    def sends(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form; lists are fields that are ticked several times."""
        return self.client.post(path, data=fields | {"form_token": self.form_token})


def first_venue(doors: Doors) -> int:
    """Return the id of the installation's first zone, made where it has none."""

    async def found() -> int:
        venue = await Venue.all().order_by("id").first() or await Venue.create(
            code="hall", place="示例区政务服务中心", type=VenueType.SERVICE_HALL,
            level=VenueLevel.DISTRICT,
        )  # fmt: skip
        return venue.id

    return doors.run(found())


def hire(
    doors: Doors,
    role: Role,
    *,
    venues: list[int] | None = None,
    agencies: list[int] | None = None,
    name: str = "",
) -> tuple[str, int]:
    """Make an account for somebody; return username and id. Without venues: the first zone's."""
    username = f"{role.value.replace('_', '-')}-{next(_numbers)}"
    bound = [first_venue(doors)] if venues is None and agencies is None else venues
    staff = doors.run(
        accounts.create(
            system(doors.context.parts.keys.sealing),
            username=username,
            display_name=name or f"{role.label}{username.rpartition('-')[2]}",
            role=role,
            password=PASSWORD,
            venue_ids=[] if role is Role.ADMINISTRATOR else bound,
            agency_ids=agencies,
            must_change_password=False,
        )
    )
    return username, staff.id


@contextmanager
def at_the_console(
    doors: Doors,
    role: Role,
    *,
    venues: list[int] | None = None,
    agencies: list[int] | None = None,
    name: str = "",
) -> Iterator[AtTheConsole]:
    """Let somebody with a role sign in at the console."""
    username, staff_id = hire(doors, role, venues=venues, agencies=agencies, name=name)
    with doors.client() as client:
        person = AtTheConsole(client, username, staff_id)
        assert person.sign_in().status_code == 303
        yield person
