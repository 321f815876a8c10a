"""What is done about each error code of WeChat, as data."""

from __future__ import annotations

from services.wechat import Reaction

STABLE_TOKEN = "/cgi-bin/stable_token"
SIGN_IN = "/sns/jscode2session"
PHONE = "/wxa/business/getuserphonenumber"
SEND = "/cgi-bin/message/subscribe/send"
CHECK_TEXT = "/wxa/msg_sec_check"
CODE_IMAGE = "/wxa/getwxacodeunlimit"
TEMPLATES = "/wxaapi/newtmpl/gettemplate"

WORN_OUT = frozenset({40001, 40014, 42001})
"""The access token is wrong, malformed or expired."""

_EVERYWHERE: dict[int, Reaction] = {
    -1: Reaction.RETRY,
    40001: Reaction.REFRESH,
    40002: Reaction.MEND,
    40003: Reaction.GIVE_UP,
    40004: Reaction.MEND,
    40013: Reaction.ALARM,
    40014: Reaction.REFRESH,
    40029: Reaction.TELL_USER,
    40033: Reaction.MEND,
    40037: Reaction.ALARM,
    40097: Reaction.MEND,
    40125: Reaction.ALARM,
    40129: Reaction.MEND,
    40159: Reaction.MEND,
    40163: Reaction.TELL_USER,
    40164: Reaction.ALARM,
    40169: Reaction.MEND,
    40226: Reaction.TELL_USER,
    40243: Reaction.ALARM,
    41001: Reaction.MEND,
    41002: Reaction.MEND,
    41004: Reaction.MEND,
    41030: Reaction.ALARM,
    42001: Reaction.REFRESH,
    43002: Reaction.MEND,
    43101: Reaction.GIVE_UP,
    43104: Reaction.MEND,
    43107: Reaction.ALARM,
    43108: Reaction.RETRY_SOON,
    44002: Reaction.MEND,
    44991: Reaction.RETRY_NEXT_MINUTE,
    45002: Reaction.MEND,
    45009: Reaction.STOP_FOR_TODAY,
    45011: Reaction.RETRY_NEXT_MINUTE,
    45029: Reaction.ALARM,
    45168: Reaction.GIVE_UP,
    47001: Reaction.MEND,
    47003: Reaction.MEND,
    48001: Reaction.ALARM,
    48006: Reaction.ALARM,
    50002: Reaction.ALARM,
    50004: Reaction.ALARM,
    50007: Reaction.ALARM,
    61010: Reaction.GIVE_UP,
    76001: Reaction.MEND,
    76002: Reaction.MEND,
    76003: Reaction.MEND,
    76004: Reaction.MEND,
    76021: Reaction.MEND,
    76022: Reaction.MEND,
    85096: Reaction.MEND,
    87007: Reaction.TELL_USER,
    87008: Reaction.TELL_USER,
    87009: Reaction.TELL_USER,
    87014: Reaction.GIVE_UP,
    87020: Reaction.GIVE_UP,
    89503: Reaction.ALARM,
    89506: Reaction.ALARM,
    89507: Reaction.ALARM,
}

_THERE: dict[tuple[str, int], Reaction] = {
    # On the token call itself the AppSecret is what is wrong.
    (STABLE_TOKEN, 40001): Reaction.ALARM,
    # Whoever holds a code of another app can send it to us: that is no fault of our account.
    (PHONE, 40013): Reaction.TELL_USER,
    # Only our own text and scene are checked: a strange openid there is our fault.
    (CHECK_TEXT, 40003): Reaction.MEND,
    # Older pages name the minute limit of the codes so. There is no day limit.
    (CODE_IMAGE, 45009): Reaction.RETRY_NEXT_MINUTE,
}


def reaction_to(path: str, errcode: int) -> Reaction:
    """Return what is done about a code. One that nobody has seen yet is looked at by a person."""
    there = _THERE.get((path, errcode))
    return there or _EVERYWHERE.get(errcode, Reaction.ALARM)


def known_codes() -> frozenset[int]:
    """Return every code of the table."""
    return frozenset(_EVERYWHERE)
