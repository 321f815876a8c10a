"""Codes of a mini-program, from the loopback WeChat: pictures that can be read."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from devtools.wechat.starting import LoopbackWeChat
from tests.loopback_calls import errcode, post
from tests.phones import Phone
from tests.wechat_loopback import APPID, wechat, wechat_process

__all__ = ["wechat", "wechat_process"]

UNLIMITED = "/wxa/getwxacodeunlimit"
LIMITED = "/wxa/getwxacode"
SQUARE = "/cgi-bin/wxaapp/createwxaqrcode"


@pytest.fixture
def released(wechat: LoopbackWeChat) -> LoopbackWeChat:
    wechat.control(
        f"accounts/{APPID}", method="PATCH", pages=["pages/home/home", "pages/draft/draft"]
    )
    return wechat


async def _picture(wechat: LoopbackWeChat, path: str, **body: Any) -> Image.Image:
    reply = await post(wechat, path, body)
    assert reply.headers["content-type"] == "image/jpeg", reply.text
    return Image.open(io.BytesIO(reply.content))


async def test_a_code_opens_its_page_with_its_scene_encoded(released: LoopbackWeChat) -> None:
    phone = await Phone.of(released)
    picture = await _picture(released, UNLIMITED, scene="a=1&b:2", page="pages/draft/draft")
    assert (picture.format, picture.size) == ("JPEG", (430, 430))
    assert await phone.scan_picture(picture) == {
        "path": "pages/draft/draft",
        "options": {"scene": "a%3D1%26b%3A2"},
    }
    assert await phone.scan("a=1") == {"path": "pages/home/home", "options": {"scene": "a%3D1"}}


@pytest.mark.parametrize("width", [280, 431, 1280])
async def test_codes_of_every_width_are_read(released: LoopbackWeChat, width: int) -> None:
    phone = await Phone.of(released)
    picture = await _picture(released, UNLIMITED, scene="s" * 32, width=width)
    assert picture.width == width
    assert (await phone.scan_picture(picture))["options"] == {"scene": "s" * 32}


async def test_a_transparent_code_is_png_though_its_header_says_jpeg(
    released: LoopbackWeChat,
) -> None:
    picture = await _picture(released, UNLIMITED, scene="s", is_hyaline=True)
    assert (picture.format, picture.mode) == ("PNG", "RGBA")
    on_white = Image.new("RGBA", picture.size, "white")
    on_white.alpha_composite(picture)
    opened = await (await Phone.of(released)).scan_picture(on_white.convert("RGB"))
    assert opened["options"] == {"scene": "s"}


async def test_lines_have_the_colour_that_is_asked_for(released: LoopbackWeChat) -> None:
    red = {"r": "200", "g": 0, "b": 0}
    picture = await _picture(released, UNLIMITED, scene="s", is_hyaline=True, line_color=red)
    colours = picture.getcolors(1 << 20) or []
    assert (200, 0, 0, 255) in {colour for _, colour in colours}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param({}, 40169, id="no scene"),
        pytest.param({"scene": ""}, 40169, id="empty scene"),
        pytest.param({"scene": "s" * 33}, 40169, id="33 characters"),
        pytest.param({"scene": "a%b"}, 40129, id="a percent sign"),
        pytest.param({"scene": "a b"}, 40129, id="a space"),
        pytest.param({"scene": "s\n"}, 40129, id="a line end"),
        pytest.param({"scene": "s", "page": "pages/other/other"}, 41030, id="unreleased page"),
        pytest.param({"scene": "s", "page": "/pages/home/home"}, 41030, id="leading slash"),
        pytest.param({"scene": "s", "page": "pages/home/home?a=1"}, 41030, id="with a query"),
        pytest.param({"scene": "s", "env_version": "beta"}, 40097, id="unknown version"),
        pytest.param({"scene": "s", "width": 100}, 40097, id="too narrow"),
        pytest.param({"scene": "s", "width": "wide"}, 47001, id="width as text"),
        pytest.param({"scene": "scancode_time"}, 85096, id="reserved name"),
    ],
)
async def test_what_breaks_a_rule_is_refused(
    released: LoopbackWeChat, body: dict[str, Any], code: int
) -> None:
    assert await errcode(released, UNLIMITED, body) == code


async def test_a_body_that_is_no_json_is_a_wrong_scene(released: LoopbackWeChat) -> None:
    reply = await post(released, UNLIMITED, data={"scene": "s"})
    assert reply.json()["errcode"] == 40169


async def test_nothing_is_checked_for_a_page_that_is_not_released_yet(
    wechat: LoopbackWeChat,
) -> None:
    body = {"scene": "s", "page": "pages/new/new"}
    assert await errcode(wechat, UNLIMITED, body) == 41030
    picture = await _picture(wechat, UNLIMITED, **body, check_path=False, env_version="trial")
    assert (await (await Phone.of(wechat)).scan_picture(picture))["path"] == "pages/new/new"


async def test_limited_codes_are_counted_together_and_run_out(released: LoopbackWeChat) -> None:
    first = await post(released, LIMITED, {"path": "pages/home/home?from=poster"})
    second = await post(released, SQUARE, {"path": "pages/home/home"})
    assert (first.headers["num-used"], second.headers["num-used"]) == ("1", "2")
    await released.acontrol(f"accounts/{APPID}", method="PATCH", limited_codes=100_000)
    assert await errcode(released, LIMITED, {"path": "pages/home/home"}) == 45029
    await _picture(released, UNLIMITED, scene="s")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        pytest.param(LIMITED, {"path": ""}, 40159, id="no path"),
        pytest.param(LIMITED, {"path": "p" * 1025}, 40159, id="long path"),
        pytest.param(SQUARE, {"path": "p" * 129}, 40159, id="long path of a square one"),
        pytest.param(LIMITED, {"path": "p?scancode_time=1"}, 85096, id="reserved name"),
        pytest.param(LIMITED, {"path": "p", "env_version": "x"}, 40097, id="unknown version"),
    ],
)
async def test_limited_codes_have_rules_of_their_own(
    released: LoopbackWeChat, path: str, body: dict[str, Any], code: int
) -> None:
    assert await errcode(released, path, body) == code
