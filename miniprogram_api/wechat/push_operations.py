"""What /mp/v1 offers to WeChat itself."""

from __future__ import annotations

from typing import Any

from miniprogram_api.operation import Operation, Parameter


def _signed(name: str, description: str, example: str) -> Parameter:
    return Parameter(name, "query", description, example, {"type": "string", "default": ""})


_TIMESTAMP = _signed("timestamp", "Unix 秒；早于 10 分钟的不收", "1714036504")
_NONCE = _signed("nonce", "随机数；同一组 timestamp、nonce 只收一次", "1514711492")
_SIGNATURE = _signed("signature", "Token、timestamp、nonce 排序后的 SHA-1", "f464b24fc39322e4…")
_MESSAGE: dict[str, Any] = {
    "type": "object",
    "description": "安全模式下是 ToUserName 和 Encrypt。也可以是同样内容的 XML。",
}

PUSHES = (
    Operation(
        name="mp_check_push_address",
        method="get",
        path="/mp/v1/wechat/push",
        summary="微信核对消息推送地址",
        description=(
            "供微信后台“消息推送”核对服务器地址用，小程序不调用。签名对时原样返回 echostr，"
            "签名不对、时间太早或没有配置 Token 的返回 403（push_refused）。"
        ),
        parameters=(
            *(_SIGNATURE, _TIMESTAMP, _NONCE),
            _signed("echostr", "原样返回", "4375120948345356249"),
        ),
        reply=None,
        reply_example=None,
        reply_type="text/plain; charset=utf-8",
        problems=(400, 403),
    ),
    Operation(
        name="mp_take_in_push",
        method="post",
        path="/mp/v1/wechat/push",
        summary="接收微信推送的消息",
        description=(
            "供微信服务器推送订阅、发送结果等消息用，小程序不调用。JSON 和 XML、安全模式和明文模式都收；"
            "配置了 EncodingAESKey 的只收加密的。验签、存下之后回 success，重复的消息也回 success 但只算一次。"
            "签名不对、不是本小程序的返回 403，读不出来的返回 400，超过 64 KB 的返回 413，"
            "存不下的返回 503，由微信重发。"
        ),
        parameters=(
            *(_SIGNATURE, _TIMESTAMP, _NONCE),
            _signed("msg_signature", "安全模式的签名，Encrypt 也在其中", "046e02f8204d34f8…"),
        ),
        body_schema=_MESSAGE,
        reply=None,
        reply_example=None,
        reply_type="text/plain; charset=utf-8",
        problems=(400, 403, 413, 503),
    ),
)
