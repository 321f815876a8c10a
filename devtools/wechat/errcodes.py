"""The platform's error codes and their texts.

A text is the platform's own where one has been seen, ours where only the code is documented.
"""

from __future__ import annotations

_TOKEN_HINT = (
    "could get access_token by getStableAccessToken, more details at "
    "https://developers.weixin.qq.com/miniprogram/dev/"
)

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest, " + _TOKEN_HINT,
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40037: "invalid template_id",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40159: "invalid length for path, or the data is not json string",
    40163: "code been used",
    40164: "invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist",
    40169: "invalid length for scene, or the data is not json string",
    40201: "invalid url",
    40202: "invalid action",
    40203: "invalid check_operator",
    40226: "code blocked",
    40243: "AppSecret frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41030: "invalid page",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43101: "user refuse to accept the msg",
    43104: "The openid does not match the appid",
    43107: "subscribe message banned",
    43108: "Cannot make concurrent calls to the same OpenID, please try again",
    44002: "empty post data",
    44991: "reach max api minute frequence",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45029: "qrcode count out of limit",
    45168: "sensitive words in message",
    47001: "data format error",
    47003: "argument invalid! data.{key}.value invalid",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    50002: "user limited",
    50004: "forbidden to get access_token",
    50007: "account frozen",
    61010: "code is expired",
    76001: "rid not found",
    76002: "invalid rid",
    76003: "rid of another account",
    76004: "rid too old",
    76021: "cgi_path not found, please check",
    76022: "could not use this cgi_path, no permission",
    85096: "not allow include scancode_time field",
    87007: "session_key is not existd or expired",
    87008: "invalid sig_method",
    87009: "invalid signature",
    87014: "risky content",
    87020: "repeat request limit exceeded",
    89503: "risky call, the administrator has to confirm",
    89506: "risky call refused by the administrator, 24 hours",
    89507: "risky call refused by the administrator, 1 hour",
}


class Errcode(Exception):
    """A business error: HTTP 200 and a code. `parts` fill the text: `key` (47003), `ip` (40164)."""

    def __init__(self, code: int, errmsg: str | None = None, **parts: str) -> None:
        self.code = code
        text = errmsg if errmsg is not None else TEXTS.get(code, "error")
        self.errmsg = text.format(**parts) if parts else text
        super().__init__(f"{code} {self.errmsg}")

    def reply(self, rid: str) -> dict[str, object]:
        return {"errcode": self.code, "errmsg": f"{self.errmsg} rid: {rid}"}
