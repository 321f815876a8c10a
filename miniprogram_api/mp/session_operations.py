"""What /mp/v1 offers to sign in and out."""

from __future__ import annotations

from miniprogram_api.mp.signing_in import RenewSession, SessionReply, SignIn
from miniprogram_api.operation import Operation

_SESSION = {
    "token": "0qH3kPp0lq9mS9kYQJX2w9yq4x0mZ6Vd8y3n1rT5uFo",
    "expires_in": 7200,
    "refresh_token": "x3d9V1qk2YzC7rWm5tB8nP0sL4uJ6hG2fE1aQ9oKiRw",
    "refresh_expires_in": 2592000,
    "settings": {"is_large": False, "text_px": 17, "speech_rate": 1.0, "replies_aloud": False},
    "has_agreed": False,
    "offers_large": False,
}

SESSIONS = (
    Operation(
        name="mp_sign_in",
        method="post",
        path="/mp/v1/session",
        summary="登录",
        description=(
            "用 wx.login 得到的 code 登录（5 分钟内有效，只能用一次）。返回的 token 放在请求头 "
            "Authorization: Bearer 里，2 小时内有效；到期前后用 refresh_token 换新的。"
            "有效期都是秒数，从收到时算起，不要和手机的时钟比。code 用过、过期或者是别的小程序的，返回 422"
            "（wechat_code_refused）：重新 wx.login 再试一次。微信不让登录返回 403，微信没有响应返回 503。"
            "查文件、提问题不用登录。"
        ),
        body=SignIn,
        body_example={"code": "083tjT000WK8kM17Dw000FdPPi4tjT0F", "font_size_setting": 17},
        reply=SessionReply,
        reply_example=_SESSION,
        problems=(400, 403, 413, 422, 429, 503),
        success=201,
    ),
    Operation(
        name="mp_renew_session",
        method="post",
        path="/mp/v1/session/renewal",
        summary="换新的登录凭证",
        description=(
            "用 refresh_token 换一对新的，旧的一对随即作废。没收到答复的，60 秒内用同一个 refresh_token 再换，"
            "得到同样的答复；过了 60 秒还用旧的，视为被盗，这台手机的登录结束。30 天不用，登录也结束。"
            "返回 401 的，重新 wx.login 登录。"
        ),
        body=RenewSession,
        body_example={"refresh_token": _SESSION["refresh_token"]},
        reply=SessionReply,
        reply_example=_SESSION,
        problems=(400, 401, 413, 422, 429),
    ),
    Operation(
        name="mp_sign_out",
        method="delete",
        path="/mp/v1/session",
        summary="退出",
        description="结束这台手机的登录，别的手机不变。什么都不删除；要删除，见“注销”。",
        reply=None,
        reply_example=None,
        problems=(),
        success=204,
        signed_in=True,
    ),
)
