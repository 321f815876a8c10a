"""Codes of a mini-program: without limit (a scene of 32 characters), and the two limited kinds."""

from __future__ import annotations

import re

from devtools.wechat.accounts import Account
from devtools.wechat.apis import api
from devtools.wechat.call import Call, Reply
from devtools.wechat.code_pictures import Colour, opening, picture
from devtools.wechat.errcodes import Errcode
from devtools.wechat.world import World

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+")
LONGEST_SCENE = 32
MOST_LIMITED = 100_000
"""Codes of the limited kinds, for the life of the account."""
MOST_UNCHECKED = 60_000
"""Pages that were never released."""
ENVIRONMENTS = ("release", "trial", "develop")
RESERVED = "scancode_time"
NARROWEST, USUAL_WIDTH, WIDEST = 280, 430, 1280
"""Pixels."""


@api("POST", "/wxa/getwxacodeunlimit", malformed=40169, per_minute=5000)
async def unlimited_code(world: World, account: Account, call: Call) -> Reply:
    scene = call.fields.get("scene")
    if not isinstance(scene, str) or not 1 <= len(scene) <= LONGEST_SCENE:
        raise Errcode(40169)
    if not SCENE.fullmatch(scene):
        raise Errcode(40129)
    page = call.fields.get("page", "")
    if not isinstance(page, str):
        raise Errcode(47001)
    if RESERVED in scene or RESERVED in page:
        raise Errcode(85096)
    environment, drawn = _environment(call), _drawing(call)
    if page.startswith("/") or "?" in page:
        raise Errcode(41030)
    if _flag(call, "check_path", default=True):
        if not account.pages or (page and page not in account.pages):
            raise Errcode(41030)
    elif page not in account.pages:
        if page not in account.unchecked_pages and len(account.unchecked_pages) >= MOST_UNCHECKED:
            raise Errcode(45029)
        account.unchecked_pages.add(page)
    opened = page or (account.pages[0] if account.pages else "")
    return _reply(opening(account.appid, opened, scene, environment), *drawn)


@api("POST", "/wxa/getwxacode", malformed=40159)
async def limited_code(world: World, account: Account, call: Call) -> Reply:
    path = _path(call, longest=1024)
    said = opening(account.appid, path, "", _environment(call))
    return _counted(account, _reply(said, *_drawing(call)))


@api("POST", "/cgi-bin/wxaapp/createwxaqrcode", malformed=40159)
async def limited_square_code(world: World, account: Account, call: Call) -> Reply:
    path = _path(call, longest=128)
    said = opening(account.appid, path, "", "release")
    return _counted(account, _reply(said, _width(call), (0, 0, 0), False))


def _path(call: Call, *, longest: int) -> str:
    """Return the page and its query; `longest` is in bytes."""
    path = call.fields.get("path")
    if not isinstance(path, str) or not 1 <= len(path.encode()) <= longest:
        raise Errcode(40159)
    if RESERVED in path:
        raise Errcode(85096)
    return path


def _environment(call: Call) -> str:
    environment = call.fields.get("env_version", "release")
    if environment not in ENVIRONMENTS:
        raise Errcode(40097)
    return str(environment)


def _drawing(call: Call) -> tuple[int, Colour, bool]:
    # Which colour WeChat chooses by itself is not told: dark grey here, to be seen in tests.
    automatic = _flag(call, "auto_color", default=False)
    line = (60, 60, 60) if automatic else _colour(call.fields.get("line_color"))
    return _width(call), line, _flag(call, "is_hyaline", default=False)


def _width(call: Call) -> int:
    width = call.fields.get("width", USUAL_WIDTH)
    if not isinstance(width, int) or isinstance(width, bool):
        raise Errcode(47001)
    if not NARROWEST <= width <= WIDEST:
        raise Errcode(40097)
    return width


def _flag(call: Call, name: str, *, default: bool) -> bool:
    value = call.fields.get(name, default)
    if not isinstance(value, bool):
        raise Errcode(47001)
    return value


def _colour(given: object) -> Colour:
    """Return a colour that is given as `{"r": 0, "g": 0, "b": 0}`, decimal, as numbers or as text."""
    if given is None:
        return (0, 0, 0)
    try:
        red, green, blue = (int(given[name]) for name in "rgb")  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        raise Errcode(47001) from None
    if not all(0 <= part <= 255 for part in (red, green, blue)):
        raise Errcode(40097)
    return red, green, blue


def _reply(said: str, width: int, line: Colour, is_transparent: bool) -> Reply:
    drawn = picture(said, width=width, line=line, is_transparent=is_transparent)
    # Of the transparent ones, which are PNG, the platform says so too.
    return Reply(200, {"Content-Type": "image/jpeg"}, drawn)


def _counted(account: Account, reply: Reply) -> Reply:
    if account.limited_codes >= MOST_LIMITED:
        raise Errcode(45029)
    account.limited_codes += 1
    reply.headers["Num-Used"] = str(account.limited_codes)
    return reply
