"""The gateway to WeChat that the settings ask for."""

from __future__ import annotations

from server.settings import Settings
from services.secret_key import SecretKeys
from services.wechat import WeChat


def wechat_of(settings: Settings, keys: SecretKeys) -> WeChat | None:
    """Return the gateway, None where no mini-program is configured."""
    if not settings.wechat_app_id:
        return None
    # Only here: reading wechatpy in takes half a second, which most commands need not wait for.
    from miniprogram_api.wechat.account import WeChatAccount
    from miniprogram_api.wechat.gateway import make_gateway

    account = WeChatAccount(
        app_id=settings.wechat_app_id,
        app_secret=settings.wechat_app_secret,
        version=settings.wechat_version,
        root=settings.wechat_api_root,
    )
    return make_gateway(account, keys)
