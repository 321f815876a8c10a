"""What the account has and where the platform is: templates, addresses, the way to our server."""

from __future__ import annotations

from urllib.parse import urlsplit

from devtools.wechat.accounts import Account, Template
from devtools.wechat.apis import Answer, api
from devtools.wechat.call import Call
from devtools.wechat.errcodes import Errcode
from devtools.wechat.world import World

ADDRESSES = ["127.0.0.1"]
"""Where pushes come from and where the APIs are, in CIDR notation or as single addresses."""
OPERATORS = ("DEFAULT", "CHINANET", "UNICOM", "CAP")


@api("GET", "/wxaapi/newtmpl/gettemplate")
async def templates(_world: World, account: Account, _call: Call) -> Answer:
    return {
        "errcode": 0,
        "errmsg": "ok",
        "data": [_listed(template) for template in account.templates],
    }


def _listed(template: Template) -> dict[str, object]:
    listed: dict[str, object] = {
        "priTmplId": template.id,
        "title": template.title,
        "content": template.content,
        "example": template.example,
        "type": template.kind,
    }
    if template.choices:
        listed["keywordEnumValueList"] = [
            {"keywordCode": key, "enumValueList": values}
            for key, values in template.choices.items()
        ]
    return listed


@api("GET", "/cgi-bin/getcallbackip")
async def callback_addresses(_world: World, _account: Account, _call: Call) -> Answer:
    return {"ip_list": ADDRESSES}


@api("GET", "/cgi-bin/get_api_domain_ip")
async def api_addresses(_world: World, _account: Account, _call: Call) -> Answer:
    return {"ip_list": ADDRESSES}


@api("POST", "/cgi-bin/callback/check")
async def check_callback(_world: World, account: Account, call: Call) -> Answer:
    """Say how the server that pushes go to is reached; it is always well reached."""
    action = call.text("action", 40202)
    if action not in ("dns", "ping", "all"):
        raise Errcode(40202)
    if call.fields.get("check_operator", "DEFAULT") not in OPERATORS:
        raise Errcode(40203)
    host = urlsplit(account.push.url).hostname
    if not host:
        raise Errcode(40201)
    reply: dict[str, object] = {}
    if action in ("dns", "all"):
        reply["dns"] = [{"ip": host, "real_operator": "UNICOM"}]
    if action in ("ping", "all"):
        reply["ping"] = [
            {"ip": host, "from_operator": "UNICOM", "package_loss": "0%", "time": "1.0ms"}
        ]
    return reply
