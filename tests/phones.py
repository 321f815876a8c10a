"""A person's phone, as far as WeChat is concerned: the client simulator of the loopback WeChat."""

from __future__ import annotations

from typing import Any

import zxingcpp
from PIL import Image

from devtools.wechat.starting import LoopbackWeChat


class Phone:
    """One WeChat user of one mini-program. `await Phone.of(wechat)` makes somebody new."""

    def __init__(self, wechat: LoopbackWeChat, openid: str, appid: str | None = None) -> None:
        self.wechat = wechat
        self.openid = openid
        self.appid = appid

    @classmethod
    async def of(cls, wechat: LoopbackWeChat, *, appid: str | None = None, **user: Any) -> Phone:
        """`user` are fields of devtools.wechat.accounts.User, such as phone or is_blocked."""
        account = {} if appid is None else {"appid": appid}
        made = await wechat.acontrol("users", **account, **user)
        return cls(wechat, made["openid"], appid)

    async def login(self) -> str:
        """wx.login: return its code."""
        return str((await self._do("login"))["code"])

    async def tap_phone(self) -> str:
        """The button for the phone number: return its code."""
        return str((await self._do("tap_phone"))["code"])

    async def visit(self) -> None:
        """Use the mini-program now."""
        await self._do("visit")

    async def subscribe(self, choices: dict[str, str], *, keep: bool = False) -> dict[str, Any]:
        """wx.requestSubscribeMessage: return what the page is told, failures (errCode) too."""
        told: dict[str, Any] = await self._do("subscribe", choices=choices, keep=keep)
        return told

    async def change_setting(self, template_id: str, choice: str = "reject") -> None:
        """Switch one kind of card off, or on again, outside the mini-program."""
        await self._do("change_setting", template_id=template_id, choice=choice)

    async def main_switch(self, *, is_on: bool) -> None:
        await self._do("change_setting", main_switch=is_on)

    async def scan(self, scene: str, page: str = "") -> dict[str, Any]:
        """Return path and options that a page gets; options["scene"] is encoded."""
        opened: dict[str, Any] = await self._do("scan", scene=scene, page=page)
        return opened

    async def scan_picture(self, picture: Image.Image) -> dict[str, Any]:
        """Read a code from its picture and return what it opens."""
        # A reader of all kinds finds some in the dots of a picture that holds but one code.
        (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        opened: dict[str, Any] = await self._do("scan", said=code.text)
        return opened

    async def cards(self) -> list[dict[str, Any]]:
        """Return the cards that arrived, oldest first."""
        found: list[dict[str, Any]] = await self.wechat.acontrol(
            "phone/cards", method="GET", **self._who()
        )
        return found

    async def _do(self, what: str, **fields: Any) -> Any:
        return await self.wechat.acontrol(f"phone/{what}", **self._who(), **fields)

    def _who(self) -> dict[str, str]:
        return {"openid": self.openid} | ({} if self.appid is None else {"appid": self.appid})
