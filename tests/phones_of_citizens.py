"""People with the mini-program on their phones, as tests meet them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from models.citizen import Citizen
from services import citizens
from tests.doors import Doors
from tests.scripted_wechat import ScriptedWeChat


def scripted_wechat_of(doors: Doors) -> ScriptedWeChat:
    """Return the scripted WeChat of an installation, put there where it has none."""
    parts = doors.context.parts
    if not isinstance(parts.wechat, ScriptedWeChat):
        parts.wechat = ScriptedWeChat()
    return parts.wechat


class PhoneOfCitizen:
    """One phone, with the mini-program open."""

    def __init__(self, doors: Doors, client: httpx.Client, openid: str) -> None:
        self._doors = doors
        self.client = client
        """Its requests carry the token of whoever is signed in."""
        self.openid = openid
        self.session: dict[str, Any] = {}

    def sign_in(self) -> dict[str, Any]:
        """Open the mini-program: wx.login, then our own session. Returns what came back."""
        code = scripted_wechat_of(self._doors).code_for(self.openid)
        return self._take(self.client.post("/mp/v1/session", json={"code": code}))

    def renew(self) -> dict[str, Any]:
        """Get new tokens for the old ones."""
        body = {"refresh_token": self.session["refresh_token"]}
        return self._take(self.client.post("/mp/v1/session/renewal", json=body))

    def citizen(self) -> Citizen:
        """Return the row of whoever holds the phone."""
        parts = self._doors.context.parts
        assert parts.wechat is not None
        found = self._doors.run(citizens.by_openid(parts.wechat.app_id, self.openid, parts.keys))
        assert found is not None
        return found

    def agrees(self) -> None:
        """Agree to the notice on personal information."""
        version = self.client.get("/mp/v1/agreement").raise_for_status().json()["version"]
        self.client.put("/mp/v1/me/agreement", json={"version": version}).raise_for_status()

    def gets(self, path: str, **query: Any) -> Any:
        """Return what must be there, below /mp/v1."""
        response = self.client.get(f"/mp/v1{path}", params=query or None)
        assert response.status_code == 200, (path, response.status_code, response.text[:500])
        return response.json()

    def sends(self, path: str, body: Any, *, key: str = "") -> httpx.Response:
        """Post something below /mp/v1, under a name of its own unless one is given."""
        headers = {"Idempotency-Key": key or secrets.token_hex(8)}
        return self.client.post(f"/mp/v1{path}", json=body, headers=headers)

    def _take(self, response: httpx.Response) -> dict[str, Any]:
        assert response.status_code in {200, 201}, response.text[:500]
        self.session = response.json()
        self.client.headers["Authorization"] = f"Bearer {self.session['token']}"
        return self.session


@contextmanager
def phone_of_citizen(
    doors: Doors, openid: str = "", *, is_signed_in: bool = True
) -> Iterator[PhoneOfCitizen]:
    """Let somebody open the mini-program on their phone."""
    scripted_wechat_of(doors)
    openid = openid or f"o{secrets.token_hex(13)}z"
    with doors.client() as client:
        phone = PhoneOfCitizen(doors, client, openid)
        if is_signed_in:
            phone.sign_in()
        yield phone
