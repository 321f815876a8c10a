"""The mini-program that this installation speaks for."""

from __future__ import annotations

from dataclasses import dataclass, field

from miniprogram_api.wechat.client import ROOT


@dataclass(frozen=True)
class WeChatAccount:
    """What mp.weixin.qq.com tells whoever runs the installation, and where WeChat is."""

    app_id: str
    app_secret: str = field(repr=False)
    version: str = "release"
    """Which version codes and cards open: release, trial or develop."""
    root: str = ROOT

    @property
    def card_state(self) -> str:
        """What cards call the version (miniprogram_state)."""
        return {"release": "formal", "trial": "trial", "develop": "developer"}[self.version]
