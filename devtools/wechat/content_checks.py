"""Whether texts, pictures and sounds may be shown: the checks of content, old and new."""

from __future__ import annotations

import io
from email.parser import BytesParser
from email.policy import HTTP
from hashlib import sha256

from PIL import Image, UnidentifiedImageError

from devtools.wechat.accounts import Account, User
from devtools.wechat.apis import Answer, api
from devtools.wechat.call import Call
from devtools.wechat.check_state import NORMAL, SEVERITY, Rule
from devtools.wechat.errcodes import Errcode
from devtools.wechat.world import World

LONGEST_TEXT = 2500
"""Characters."""
SCENES = (1, 2, 3, 4)
PROFILE = 1
MOST_BYTES = 1024 * 1024
MOST_PIXELS = (750, 1334)


@api("POST", "/wxa/msg_sec_check", per_minute=4000, per_day=2_000_000, over_minute=44991)
async def check_text(world: World, account: Account, call: Call) -> Answer:
    content = call.text("content", 44002)
    if "version" not in call.fields:
        return _old_verdict(_judged(account, content))
    if call.fields["version"] != 2:
        raise Errcode(47001)
    user_of_check(world, account, call)
    if "signature" in call.fields and call.fields["scene"] != PROFILE:
        raise Errcode(47001)
    texts = [content, *(_optional(call, name) for name in ("title", "nickname", "signature"))]
    if len(content) > LONGEST_TEXT:
        raise Errcode(account.checks.too_long)
    rule = _judged(account, "\n".join(texts))
    word = {"keyword": rule.pattern} if rule.pattern else {}
    return {
        "errcode": 0,
        "errmsg": "ok",
        "trace_id": world.new_rid(),
        "result": {"suggest": rule.suggest, "label": rule.label},
        "detail": [
            {
                "strategy": "content_model",
                "errcode": 0,
                "suggest": rule.suggest,
                "label": rule.label,
                "prob": 90,
            },
            # One that came to nothing has an errcode of its own and is not to be counted.
            {"strategy": "keyword", "errcode": -1, "suggest": "risky", "label": 21000},
            {
                "strategy": "keyword",
                "errcode": 0,
                "suggest": rule.suggest,
                "label": rule.label,
                "level": 20,
                **word,
            },
        ],
    }


def user_of_check(world: World, account: Account, call: Call) -> User:
    """Return in whose name something is checked: whoever was there a short while ago."""
    if call.fields.get("scene") not in SCENES or isinstance(call.fields["scene"], bool):
        raise Errcode(40129)
    openid = call.text("openid", 40003)
    user = account.users.get(openid)
    if user is None:
        is_anothers = any(openid in other.users for other in world.accounts.values())
        raise Errcode(43104 if is_anothers else 40003)
    if world.clock.now() - user.last_active_at > account.checks.active_within:
        raise Errcode(61010)
    return user


def worst(rules: list[Rule]) -> Rule:
    return max(
        rules,
        key=lambda rule: SEVERITY[rule.suggest],
        default=Rule(pattern="", suggest="pass", label=NORMAL),
    )


@api(
    "POST",
    "/wxa/img_sec_check",
    reads_json=False,
    per_minute=2000,
    per_day=200_000,
    over_minute=44991,
)
async def check_picture(world: World, account: Account, call: Call) -> Answer:
    if not call.body:
        raise Errcode(44002)
    data = _uploaded(call)
    # Too large pictures are answered with a code that tells nothing, in practice.
    if len(data) > MOST_BYTES:
        raise Errcode(-1)
    try:
        with Image.open(io.BytesIO(data)) as image:
            size, form = image.size, image.format
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError):
        raise Errcode(47001) from None
    if form not in ("PNG", "JPEG", "GIF"):
        raise Errcode(47001)
    if size[0] > MOST_PIXELS[0] or size[1] > MOST_PIXELS[1]:
        raise Errcode(-1)
    return _old_verdict(_judged(account, sha256(data).hexdigest()))


def _judged(account: Account, text: str) -> Rule:
    return worst([rule for rule in account.checks.rules if rule.pattern in text])


def _old_verdict(rule: Rule) -> Answer:
    if rule.suggest == "risky":
        raise Errcode(87014)
    return {"errcode": 0, "errmsg": "ok"}


def _optional(call: Call, name: str) -> str:
    value = call.fields.get(name, "")
    if not isinstance(value, str):
        raise Errcode(47001)
    return value


def _uploaded(call: Call) -> bytes:
    """Return the file of the field `media`."""
    content_type = call.headers.get("content-type", "")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + call.body)
    for part in message.iter_parts() if message.is_multipart() else ():
        if part.get_param("name", header="content-disposition") == "media":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes) and data:
                return data
    raise Errcode(47001)
