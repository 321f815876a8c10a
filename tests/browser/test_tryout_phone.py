"""The try-out phone in front of the real server: what `make run` shows without a mini-program."""

from __future__ import annotations

from pathlib import Path

import httpx
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, expect

from devtools.wechat.beside import PUSH_PATH, set_up
from devtools.wechat.starting import LoopbackWeChat
from tests.browser.conftest import ListenTo, serving, visiting


def _see(page: Page, button: str, words: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#page")).to_contain_text(words)


def test_somebody_tries_the_phone(
    hearing: ListenTo, silence: Path, zone: Path, vosk_test_model: Path, axe: Axe
) -> None:
    with LoopbackWeChat() as wechat:
        settings = set_up(wechat.control_root, "http://127.0.0.1:1")
        with serving(
            zone,
            **settings,
            OPENZONE_WECHAT_API_ROOT=wechat.root,
            OPENZONE_RECOGNISER="vosk",
            OPENZONE_VOSK_MODEL_DIR=str(vosk_test_model),
        ) as url:
            account = settings["OPENZONE_WECHAT_APP_ID"]
            push = wechat.control(f"accounts/{account}", method="GET")["push"]
            wechat.control(
                f"accounts/{account}", method="PATCH", push=push | {"url": url + PUSH_PATH}
            )
            with visiting(hearing(silence), f"{wechat.control_root}/phone") as page:
                _try_out(page, axe)
                _send_card(wechat, account, settings["OPENZONE_WECHAT_APP_SECRET"])
                _see_card(page)
            assert wechat.control("pushes/check")["is_known"]
            (pushed,) = wechat.control("pushes")
            assert pushed["is_answered"]


def _try_out(page: Page, axe: Axe) -> None:
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", accept)
    expect(page.get_by_label("这是谁的手机")).to_contain_text("王秀英")
    _see(page, "登录", "登录成功")
    _see(page, "同意个人信息告知", "已同意")
    assert "openid" in asked[0], "the notice itself was shown"
    page.get_by_label("想问什么").fill("政务公开专区几点开门？")
    _see(page, "提问", "开放")
    _see(page, "留下问题", "编号")
    _see(page, "我的留言", "政务公开专区几点开门")
    _see(page, "扫码", "政务公开专区")
    _see(page, "公开文件", "文号")
    _see(page, "申请进展", "还没有选定")
    assert axe.run(page).response["violations"] == []


def _send_card(wechat: LoopbackWeChat, appid: str, secret: str) -> None:
    """Send somebody a card that opens the first page."""
    told = wechat.control("tryout", method="GET")
    openid = told["people"][0]["openid"]
    template = next(one for one in told["templates"] if one["title"] == "留言答复通知")["id"]
    wechat.control("phone/subscribe", openid=openid, choices={template: "accept"})
    asked = {"grant_type": "client_credential", "appid": appid, "secret": secret}
    values = {
        "thing1": "留言答复",
        "phrase2": "已经答复",
        "thing3": "专区",
        "time4": "2026年10月1日 9:30",
    }
    with httpx.Client(base_url=wechat.root, trust_env=False, verify=False) as client:
        token = client.post("/cgi-bin/stable_token", json=asked).json()["access_token"]
        sent = client.post(
            "/cgi-bin/message/subscribe/send",
            params={"access_token": token},
            json={
                "touser": openid,
                "template_id": template,
                "page": "pages/home/home",
                "data": {key: {"value": value} for key, value in values.items()},
            },
        )
    assert sent.json()["errcode"] == 0


def _see_card(page: Page) -> None:
    page.get_by_role("button", name="看看有没有新的").click()
    expect(page.locator("#cards")).to_contain_text("留言答复通知")
    _see(page, "打开", "政务公开专区")
    _see(page, "退出", "已退出")
