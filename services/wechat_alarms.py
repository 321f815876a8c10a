"""What whoever runs the installation has to act on at WeChat.

Raised once, counted while it lasts, cleared when the call works again.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.expressions import F, Q

from models.wechat_alarm import WeChatAlarm

ABOUT_ONE_THING = frozenset({40037, 41030, 43107})
"""One template or one page is wrong: that another works says nothing of it."""
_LONGEST_TOLD = 200

_WHAT_TO_DO = {
    40001: "微信不认访问凭据，请核对小程序的 AppID 和 AppSecret。",
    40013: "AppID 不对，请核对 OPENZONE_WECHAT_APP_ID。",
    40037: "订阅消息模板不在账号里，请在 mp.weixin.qq.com 的“订阅消息”中核对。",
    40125: "AppSecret 不对，请在 mp.weixin.qq.com 的“开发管理”中核对或重置。",
    40164: "本机的出口 IP 不在白名单里，请在 mp.weixin.qq.com 的“开发管理”中加入。",
    40243: "AppSecret 已被冻结，请在 mp.weixin.qq.com 的“开发管理”中解冻。",
    41030: "要打开的页面不在已发布的小程序里，请先发布，或改 OPENZONE_WECHAT_VERSION。",
    43107: "账号或模板的订阅消息能力被封禁，请登录 mp.weixin.qq.com 查看通知。",
    45009: "今天的调用次数已用完，明天自动恢复；急用时可在 mp.weixin.qq.com 清零。",
    48001: "账号没有这个接口的权限，请在 mp.weixin.qq.com 查看接口权限。",
    50002: "账号受限，请登录 mp.weixin.qq.com 查看通知。",
    50004: "账号被禁止获取访问凭据，请登录 mp.weixin.qq.com 查看通知。",
    50007: "账号已被冻结，请登录 mp.weixin.qq.com 查看通知。",
    89503: "这次调用要管理员确认，请管理员在手机上确认。",
    89506: "管理员拒绝了调用，24 小时内不能再试。",
    89507: "管理员拒绝了调用，1 小时内不能再试。",
}


def what_to_do(alarm: WeChatAlarm) -> str:
    """Return one Chinese sentence on what helps."""
    sentence = _WHAT_TO_DO.get(
        alarm.errcode, "请登录 mp.weixin.qq.com 查看，并按错误码查微信的文档。"
    )
    return f"{sentence}微信看到的地址是 {alarm.told}。" if alarm.errcode == 40164 else sentence


async def raise_alarm(
    app_id: str, api: str, errcode: int, told: str = "", *, now: datetime
) -> None:
    """Note that something went wrong that repeating does not help."""
    told = told[:_LONGEST_TOLD]
    known = WeChatAlarm.filter(app_id=app_id, api=api, errcode=errcode)
    if await known.filter(cleared_at=None).update(times=F("times") + 1, seen_at=now, told=told):
        return
    anew = {"told": told, "times": 1, "first_at": now, "seen_at": now, "cleared_at": None}
    if await known.update(**anew):
        return
    row, is_new = await WeChatAlarm.get_or_create(anew, app_id=app_id, api=api, errcode=errcode)
    if not is_new:
        await WeChatAlarm.filter(id=row.id).update(times=F("times") + 1, seen_at=now)


async def clear_what_works(app_id: str, api: str, about: str, *, now: datetime) -> int:
    """Note that a call worked, with the template or page it was about; return what that cleared."""
    open_ones = WeChatAlarm.filter(app_id=app_id, api=api, cleared_at=None)
    general = ~Q(errcode__in=sorted(ABOUT_ONE_THING))
    mended = general | Q(told=about) if about else general
    return await open_ones.filter(mended).update(cleared_at=now)


async def open_alarms(app_id: str) -> list[WeChatAlarm]:
    """Return what somebody has to act on, the newest first."""
    return await WeChatAlarm.filter(app_id=app_id, cleared_at=None).order_by("-seen_at", "-id")
