"""wechatpy 2.0.0a26 at the loopback WeChat, led there in the two ways that work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient
from wechatpy.client.api.base import BaseWeChatAPI
from wechatpy.exceptions import APILimitedException, WeChatClientException

from devtools.wechat.starting import LoopbackWeChat
from tests.wechat_loopback import (
    APPID,
    OPENID,
    SECRET,
    TEMPLATE,
    stable_token,
    wechat,
    wechat_process,
)

__all__ = ["wechat", "wechat_process"]

ROOT = "https://api.weixin.qq.com"


def moved(root: str) -> WeChatClient:
    """Way A: the base address of every group of calls is another; the token is fetched by us."""
    client = WeChatClient(APPID, SECRET, timeout=(3, 5), auto_retry=False)
    client.API_BASE_URL = client.API_BASE_URL.replace(ROOT, root)
    for group in vars(client).values():
        if isinstance(group, BaseWeChatAPI) and getattr(group, "API_BASE_URL", None):
            group.API_BASE_URL = group.API_BASE_URL.replace(ROOT, root)
    client._http.trust_env = False
    return client


class Elsewhere(HTTPAdapter):
    """Way B: everything that would go to the platform goes to the loopback."""

    def __init__(self, root: str) -> None:
        self._root = root
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace(ROOT, self._root, 1)
        return super().send(request, *args, **more)


def carried(root: str) -> WeChatClient:
    client = WeChatClient(APPID, SECRET, timeout=(3, 5), auto_retry=False)
    client._http.trust_env = False
    client._http.mount(ROOT + "/", Elsewhere(root))
    return client


@pytest.fixture(params=["moved", "carried"])
def client(wechat: LoopbackWeChat, request: pytest.FixtureRequest) -> Iterator[WeChatClient]:
    wechat.control("users", openid=OPENID, phone="13912345678")
    wechat.control(
        f"accounts/{APPID}",
        method="PATCH",
        pages=["pages/home/home"],
        templates=[{"id": TEMPLATE, "title": "通知", "content": "事项:{{thing1.DATA}}\n"}],
    )
    if request.param == "moved":
        made = moved(wechat.root)
        made.session.set(f"{APPID}_access_token", stable_token(wechat)["access_token"])
    else:
        made = carried(wechat.root)
    yield made
    made._http.close()


def test_its_token_is_fetched_where_the_transport_leads(wechat: LoopbackWeChat) -> None:
    client = carried(wechat.root)
    given = client.fetch_access_token()
    assert given["expires_in"] == 7200 and client.access_token == given["access_token"]
    (entry,) = wechat.journal("/cgi-bin/token")
    assert entry["method"] == "GET" and entry["query"]["secret"] == SECRET
    client._http.close()


def test_a_login(wechat: LoopbackWeChat, client: WeChatClient) -> None:
    code = wechat.control("phone/login", openid=OPENID)["code"]
    session = client.wxa.code_to_session(code)
    assert session["openid"] == OPENID and session["session_key"]
    with pytest.raises(WeChatClientException) as refused:
        client.wxa.code_to_session(code)
    assert refused.value.errcode == 40163 and "rid: " in refused.value.errmsg


def test_a_phone_number(wechat: LoopbackWeChat, client: WeChatClient) -> None:
    code = wechat.control("phone/tap_phone", openid=OPENID)["code"]
    assert client.wxa.get_phone_number(code)["phone_info"]["purePhoneNumber"] == "13912345678"


def test_a_code_is_a_picture(client: WeChatClient) -> None:
    response = client.wxa.get_wxa_code_unlimited("a=1", page="pages/home/home")
    assert isinstance(response, requests.Response) and response.content.startswith(b"\xff\xd8\xff")
    with pytest.raises(WeChatClientException) as refused:
        client.wxa.get_wxa_code_unlimited("x" * 33)
    assert refused.value.errcode == 40169


def test_a_card_is_sent(wechat: LoopbackWeChat, client: WeChatClient) -> None:
    data = {"thing1": {"value": "您的申请已受理"}}
    with pytest.raises(WeChatClientException) as refused:
        client.wxa.send_subscribe_message(OPENID, TEMPLATE, data)
    assert refused.value.errcode == 43101
    wechat.control("phone/subscribe", openid=OPENID, choices={TEMPLATE: "accept"})
    assert client.wxa.send_subscribe_message(OPENID, TEMPLATE, data)["msgid"] > 2**53


def test_templates_and_addresses(client: WeChatClient) -> None:
    (template,) = client.template.get_subscribe_message_templates()
    assert template["priTmplId"] == TEMPLATE
    assert client.misc.get_wechat_ips() == ["127.0.0.1"]


def test_what_it_has_no_call_for(client: WeChatClient) -> None:
    given = client.wxa._post("cgi-bin/openapi/quota/get", data={"cgi_path": "/wxa/msg_sec_check"})
    assert given["quota"]["daily_limit"] == 2_000_000


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [(45009, APILimitedException), (45011, WeChatClientException), (-1, WeChatClientException)],
)
def test_a_limit_is_an_exception(
    wechat: LoopbackWeChat, client: WeChatClient, errcode: int, kind: type[Exception]
) -> None:
    wechat.fault("errcode", errcode=errcode, path="/wxaapi/*")
    with pytest.raises(kind) as refused:
        client.template.get_subscribe_message_templates()
    assert type(refused.value) is kind


def test_what_is_no_json_is_no_exception(wechat: LoopbackWeChat, client: WeChatClient) -> None:
    wechat.fault("malformed", form="html_200", path="/wxaapi/*")
    assert isinstance(client.template._get("wxaapi/newtmpl/gettemplate"), requests.Response)


def test_a_lost_answer_is_a_connection_error(wechat: LoopbackWeChat, client: WeChatClient) -> None:
    wechat.fault("lost", path="/wxa/*")
    code = wechat.control("phone/tap_phone", openid=OPENID)["code"]
    with pytest.raises(requests.ConnectionError):
        client.wxa.get_phone_number(code)
    assert wechat.journal("/wxa/business/getuserphonenumber")[0]["errcode"] == 0
