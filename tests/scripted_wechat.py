"""A WeChat that says what a test has told it to, for tests of what is ours.

What is WeChat's own is tested against the loopback WeChat, which speaks its language.
"""

from __future__ import annotations

import io
import secrets

import segno

from services.wechat import (
    Card,
    CardTemplate,
    CodeImage,
    SignedIn,
    Suggestion,
    TextVerdict,
    WeChatCodeRefused,
    WeChatFailed,
)

APP_ID = "wx0123456789abcdef"


class ScriptedWeChat:
    """Implements services.wechat.WeChat."""

    def __init__(self, app_id: str = APP_ID) -> None:
        self.app_id = app_id
        self.failing: WeChatFailed | None = None
        """What every call fails with, None while it works."""
        self.sent: list[Card] = []
        self.checked: list[str] = []
        self.drawn: list[tuple[str, str]] = []
        """Scenes and pages that codes were made of."""
        self.verdict = Suggestion.PASS
        self.account_templates: list[CardTemplate] = []
        self.is_closed = False
        self._codes: dict[str, str] = {}
        self._phone_codes: dict[str, str] = {}
        self.session_key = "tiihtNczf5v6AKRyjwEUhQ=="
        self.unionid = ""

    def code_for(self, openid: str) -> str:
        """Return a login code, as wx.login would on somebody's phone."""
        code = f"0{secrets.token_hex(16)}"[:32]
        self._codes[code] = openid
        return code

    def phone_code_for(self, number: str) -> str:
        """Return a phone code, as the button getPhoneNumber would."""
        code = secrets.token_hex(32)
        self._phone_codes[code] = number
        return code

    async def sign_in(self, code: str) -> SignedIn:
        self._fail()
        openid = self._codes.pop(code, None)
        if openid is None:
            raise WeChatCodeRefused("40029")
        return SignedIn(openid=openid, session_key=self.session_key, unionid=self.unionid)

    async def phone_number(self, code: str, openid: str) -> str:
        self._fail()
        number = self._phone_codes.pop(code, None)
        if number is None:
            raise WeChatCodeRefused("40029")
        return number

    async def send_card(self, card: Card) -> str:
        self._fail()
        self.sent.append(card)
        return str(3395159288267931652 + len(self.sent))

    async def check_text(self, text: str, openid: str) -> TextVerdict:
        self._fail()
        self.checked.append(text)
        label = 100 if self.verdict is Suggestion.PASS else 20001
        return TextVerdict(self.verdict, label, secrets.token_hex(8))

    async def code_image(self, scene: str, page: str, *, width: int = 430) -> CodeImage:
        self._fail()
        self.drawn.append((scene, page))
        drawn = io.BytesIO()
        segno.make_qr(f"scripted:{page}?{scene}").save(drawn, kind="png", scale=8, border=4)
        return CodeImage(drawn.getvalue(), "image/png")

    async def templates(self) -> list[CardTemplate]:
        self._fail()
        return self.account_templates

    async def close(self) -> None:
        self.is_closed = True

    def _fail(self) -> None:
        if self.failing is not None:
            raise self.failing
