"""What the platform knows of a mini-program's account and of who uses it. Plain data, saved as JSON.

Shapes of identifiers: appid "wx" and 16 hex digits, openid 28 characters that begin with "o".
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from devtools.wechat.check_state import CheckRules
from devtools.wechat.message_state import Card, MessageRules
from devtools.wechat.push_settings import PushSettings

AccountStatus = Literal["ok", "secret_frozen", "account_frozen", "token_forbidden"]


class Token(Struct, kw_only=True):
    value: str
    family: Literal["plain", "stable"]
    """`cgi-bin/token` or `cgi-bin/stable_token`: neither replaces the other's."""
    given_at: float
    expires_at: float
    replaced_at: float | None = None
    """From when it is not accepted any more, because another took its place."""
    rejected_with: int | None = None
    """The code that it is refused with, whatever its time says."""

    def refused_with(self, now: float) -> int | None:
        """Return the code that it is refused with, None if it is good."""
        if self.rejected_with is not None:
            return self.rejected_with
        if self.replaced_at is not None and now >= self.replaced_at:
            return 40001
        return 42001 if now >= self.expires_at else None


class Limit(Struct, kw_only=True):
    """Calls of one API, None for what the platform allows."""

    per_minute: int | None = None
    per_day: int | None = None
    over_minute: int | None = None
    """The code for a minute that is full."""


class Counter(Struct, kw_only=True):
    minute: int = 0
    in_minute: int = 0
    day: int = 0
    in_day: int = 0

    def turn(self, minute: int, day: int) -> None:
        """Begin anew where another minute or day has begun."""
        if minute != self.minute:
            self.minute, self.in_minute = minute, 0
        if day != self.day:
            self.day, self.in_day = day, 0


class OnceCode(Struct, kw_only=True):
    openid: str
    made_at: float
    is_used: bool = False


class Template(Struct, kw_only=True):
    id: str
    title: str
    kind: Literal[2, 3] = 2
    """2 is one-time, 3 long-term (type)."""
    content: str
    """「会议时间:{{date2.DATA}}\\n会议地点:{{thing1.DATA}}\\n」"""
    example: str = ""
    choices: dict[str, list[str]] = field(default_factory=dict)
    """What an enumerated field may hold, by its key."""
    is_banned: bool = False


class Subscription(Struct, kw_only=True):
    """What one person allows for one template."""

    grants: int = 0
    """Messages that may still be sent, of a one-time template."""
    is_long_term: bool = False
    kept_choice: str | None = None
    """What "always keep this choice" was set with: accept or reject."""
    is_switched_off: bool = False


class User(Struct, kw_only=True):
    openid: str
    name: str = ""
    """For whoever looks on; the platform tells nobody."""
    unionid: str | None = None
    """Told only where the account belongs to an open platform."""
    session_key: str = ""
    session_ends_at: float = 0.0
    phone: str = "13800000000"
    country_code: str = "86"
    last_active_at: float = 0.0
    is_blocked: bool = False
    """Risk control: may not sign in (40226)."""
    main_switch: bool = True
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    """By template id."""


class Account(Struct, kw_only=True):
    appid: str
    secret: str
    original_id: str
    """gh_ and 12 hex digits."""
    status: AccountStatus = "ok"
    allowed_ips: list[str] | None = None
    """None: no list is kept, every address may ask."""
    is_bound: bool = False
    """To an open-platform account: then users have a unionid."""
    has_payment: bool = False
    pages: list[str] = field(default_factory=list)
    """Of the released app.json."""
    unauthorized: list[str] = field(default_factory=list)
    """Paths of APIs that the account does not have (48001)."""
    templates: list[Template] = field(default_factory=list)
    limits: dict[str, Limit] = field(default_factory=dict)
    """By path, where they differ from the platform's."""
    push: PushSettings = field(default_factory=PushSettings)
    messages: MessageRules = field(default_factory=MessageRules)
    checks: CheckRules = field(default_factory=CheckRules)
    changes_session_key_at_login: bool = False
    mock_user: str | None = None
    """The openid for whom the literal code "the code is a mock one" stands, None for nobody."""

    users: dict[str, User] = field(default_factory=dict)
    """By openid."""
    tokens: list[Token] = field(default_factory=list)
    forced_at: list[float] = field(default_factory=list)
    """When stable_token was forced."""
    is_token_stuck: bool = False
    """Whether stable_token gives the same token again though it is refused."""
    login_codes: dict[str, OnceCode] = field(default_factory=dict)
    phone_codes: dict[str, OnceCode] = field(default_factory=dict)
    phones_charged: int = 0
    counters: dict[str, Counter] = field(default_factory=dict)
    """By path."""
    cleared: dict[str, int] = field(default_factory=dict)
    """How often quotas were cleared, by month and kind."""
    cards: list[Card] = field(default_factory=list)
    """What was sent to people, oldest first."""
    limited_codes: int = 0
    """Codes of the limited kinds that were made (Num-Used)."""
    unchecked_pages: set[str] = field(default_factory=set)
    """Pages that codes without limit were made for though they were never released."""
