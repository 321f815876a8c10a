"""What /mp/v1 offers to whoever looks after what is kept of them."""

from __future__ import annotations

from miniprogram_api.mp.me import Agree, AgreementReply, GivePhone, MeReply, PhoneReply
from miniprogram_api.operation import Operation
from services.citizen_agreement import NOTICE, NOTICE_VERSION
from services.citizen_forgetting import Kept
from services.citizen_settings import CitizenSettings

_SETTINGS = {"is_large": True, "text_px": 24, "speech_rate": 0.8, "replies_aloud": True}
_KEPT = {
    "kept": [
        {
            "what": "您提交的政府信息公开申请（案卷，由受理机关保存，不再与您的微信关联）",
            "count": 1,
            "why": "政府信息公开条例第三十一条、第四十五条，档案法第十三条；个人信息保护法第四十七条第二款",
            "how_long": "办结归档后按机关规定的年限保存，期满去除个人信息",
        }
    ],
    "removed": "微信编号、会话密钥、手机号、设置、……全部删除。",
    "sentence": "注销后，除……外，全部删除，不能恢复。",
}

ME = (
    Operation(
        name="mp_agreement",
        method="get",
        path="/mp/v1/agreement",
        summary="个人信息处理告知",
        description="告知的全文和版本。不同意也能用；只有绑定手机号和接收微信通知要先同意。",
        reply=AgreementReply,
        reply_example={"version": NOTICE_VERSION, "lines": list(NOTICE[:2])},
        problems=(),
    ),
    Operation(
        name="mp_me",
        method="get",
        path="/mp/v1/me",
        summary="我的",
        description="系统里存着我的什么：设置、同意了哪一版告知、绑定的手机号（遮掩）。",
        reply=MeReply,
        reply_example={
            "settings": _SETTINGS,
            "has_agreed": True,
            "agreed_version": NOTICE_VERSION,
            "agreed_at": "2026-11-27T09:30:00+08:00",
            "current_version": NOTICE_VERSION,
            "phone": "138****0000",
            "since": "2026-11-24T10:00:00+08:00",
        },
        problems=(),
        signed_in=True,
    ),
    Operation(
        name="mp_forget_me",
        method="delete",
        path="/mp/v1/me",
        summary="注销",
        description=(
            "真正删除：微信编号、会话密钥、手机号、设置、登录、关注、消息、授权、草稿。返回留下了什么、依据、多久。"
            "所有手机上的登录同时失效。再登录就是新用户。"
        ),
        reply=Kept,
        reply_example=_KEPT,
        problems=(),
        signed_in=True,
    ),
    Operation(
        name="mp_kept_of_me",
        method="get",
        path="/mp/v1/me/kept",
        summary="注销后会留下什么",
        description="注销之前先给人看：依法要保存的是什么、依据哪一条、保存多久。",
        reply=Kept,
        reply_example=_KEPT,
        problems=(),
        signed_in=True,
    ),
    Operation(
        name="mp_agree",
        method="put",
        path="/mp/v1/me/agreement",
        summary="同意个人信息处理告知",
        description="version 是刚给人看过的那一版；已经不是现在的一版的，返回 409（notice_changed）。",
        body=Agree,
        body_example={"version": NOTICE_VERSION},
        reply=None,
        reply_example=None,
        problems=(400, 409, 413, 422),
        success=204,
        signed_in=True,
    ),
    Operation(
        name="mp_take_back_agreement",
        method="delete",
        path="/mp/v1/me/agreement",
        summary="撤回同意",
        description="撤回同意，绑定的手机号随之删除，也不再发微信通知。",
        reply=None,
        reply_example=None,
        problems=(),
        success=204,
        signed_in=True,
    ),
    Operation(
        name="mp_give_phone",
        method="put",
        path="/mp/v1/me/phone",
        summary="绑定手机号",
        description=(
            "code 来自按钮 open-type=getPhoneNumber（不是 wx.login 的 code），5 分钟内有效，只能用一次。"
            "没有同意告知的返回 403（agreement_needed），code 无效返回 422（wechat_code_refused）。"
        ),
        body=GivePhone,
        body_example={"code": "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144"},
        reply=PhoneReply,
        reply_example={"phone": "138****0000"},
        problems=(400, 403, 413, 422, 429, 503),
        signed_in=True,
    ),
    Operation(
        name="mp_remove_phone",
        method="delete",
        path="/mp/v1/me/phone",
        summary="解绑手机号",
        description="删除绑定的手机号；没有绑定也算成功。",
        reply=None,
        reply_example=None,
        problems=(),
        success=204,
        signed_in=True,
    ),
    Operation(
        name="mp_settings",
        method="get",
        path="/mp/v1/me/settings",
        summary="我的设置",
        description="长辈版、字号、语速、是否自动朗读。",
        reply=CitizenSettings,
        reply_example=_SETTINGS,
        problems=(),
        signed_in=True,
    ),
    Operation(
        name="mp_keep_settings",
        method="put",
        path="/mp/v1/me/settings",
        summary="改设置",
        description="text_px 是 17 到 40 的整数，speech_rate 是 0.5 到 2。没有写的项恢复默认。",
        body=CitizenSettings,
        body_example=_SETTINGS,
        reply=CitizenSettings,
        reply_example=_SETTINGS,
        problems=(400, 413, 422),
        signed_in=True,
    ),
)
