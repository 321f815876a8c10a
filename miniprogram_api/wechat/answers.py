"""WeChat's answers, read by what they are. What is none of them is a failure, never a surprise."""

from __future__ import annotations

from typing import Any

from miniprogram_api.wechat import apis
from miniprogram_api.wechat.apis import Api
from miniprogram_api.wechat.client import Answer
from services.wechat import (
    CardTemplate,
    CodeImage,
    Reaction,
    SignedIn,
    Suggestion,
    TextVerdict,
    WeChatFailed,
)

_LONG_TERM = 3
_LONGEST_ID = 100
_ORDER = (Suggestion.PASS, Suggestion.REVIEW, Suggestion.RISKY)
_MEDIA_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def signed_in(answer: Answer) -> SignedIn:
    """Read code2Session's. Raises WeChatFailed."""
    values = _object(apis.SIGN_IN, answer)
    openid, key = values.get("openid"), values.get("session_key")
    if not _is_id(openid) or not _is_id(key):
        raise _unusable(apis.SIGN_IN)
    unionid = values.get("unionid")
    return SignedIn(str(openid), str(key), str(unionid) if _is_id(unionid) else "")


def phone_number(answer: Answer, app_id: str) -> str:
    """Read getPhoneNumber's. Raises WeChatFailed."""
    info = _object(apis.PHONE, answer).get("phone_info")
    if not isinstance(info, dict):
        raise _unusable(apis.PHONE)
    number, watermark = info.get("phoneNumber"), info.get("watermark")
    told_app = watermark.get("appid") if isinstance(watermark, dict) else None
    if not isinstance(number, str) or not 0 < len(number) <= 30 or told_app not in {None, app_id}:
        raise _unusable(apis.PHONE)
    return number


def msgid(answer: Answer) -> str:
    """Read send's. Raises WeChatFailed where it cannot be told that the card was sent."""
    values = _object(apis.SEND, answer)
    told = values.get("msgid")
    if "errcode" not in values and told is None:
        raise _unusable(apis.SEND, is_fate_unknown=True)
    is_one = isinstance(told, int | str) and not isinstance(told, bool)
    return str(told)[:30] if is_one else ""


def verdict(answer: Answer) -> TextVerdict:
    """Read msg_sec_check's, version 2. Raises WeChatFailed."""
    values = _object(apis.CHECK_TEXT, answer)
    told = values.get("result")
    result = told if isinstance(told, dict) else {}
    try:
        label = int(result.get("label", 0))
        suggestion = Suggestion(str(result.get("suggest")))
    except (TypeError, ValueError):
        pass
    else:
        return TextVerdict(suggestion, label, str(values.get("trace_id", ""))[:_LONGEST_ID])
    raise _unusable(apis.CHECK_TEXT)


def is_worse(one: TextVerdict, other: TextVerdict) -> bool:
    """Return whether a verdict counts before another."""
    return _ORDER.index(one.suggestion) > _ORDER.index(other.suggestion)


def code_image(answer: Answer) -> CodeImage:
    """Read a picture by its first bytes: WeChat calls every one a JPEG. Raises WeChatFailed."""
    if isinstance(answer, bytes):
        for magic, media_type in _MEDIA_TYPES.items():
            if answer.startswith(magic):
                return CodeImage(answer, media_type)
    raise _unusable(apis.CODE_IMAGE)


def templates(answer: Answer) -> list[CardTemplate]:
    """Read gettemplate's; what is no template is left out. Raises WeChatFailed."""
    listed = _object(apis.TEMPLATES, answer).get("data")
    if not isinstance(listed, list):
        raise _unusable(apis.TEMPLATES)
    return [
        _template(one) for one in listed if isinstance(one, dict) and _is_id(one.get("priTmplId"))
    ]


def _template(one: dict[str, Any]) -> CardTemplate:
    choices: dict[str, list[str]] = {}
    enumerated = one.get("keywordEnumValueList")
    for entry in enumerated if isinstance(enumerated, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("enumValueList"), list):
            key = str(entry.get("keywordCode", "")).removesuffix(".DATA")
            choices[key] = [str(value) for value in entry["enumValueList"]]
    return CardTemplate(
        template_id=str(one["priTmplId"]),
        title=str(one.get("title", ""))[:_LONGEST_ID],
        content=str(one.get("content", "")),
        example=str(one.get("example", "")),
        is_long_term=str(one.get("type")) == str(_LONG_TERM),
        choices=choices,
    )


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_ID


def _object(api: Api, answer: Answer) -> dict[str, Any]:
    if isinstance(answer, dict):
        return answer
    raise _unusable(api, is_fate_unknown=True)


def _unusable(api: Api, *, is_fate_unknown: bool = False) -> WeChatFailed:
    return WeChatFailed(
        f"{api.path} gave no usable answer.",
        reaction=Reaction.RETRY,
        is_fate_unknown=is_fate_unknown,
    )
