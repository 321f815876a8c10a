"""What /mp/v1 offers to whoever has just scanned a code."""

from __future__ import annotations

from miniprogram_api.mp.venues_scanned import VENUE
from miniprogram_api.operation import Operation, Parameter
from services.scanned_home import ScannedHome

HOME = (
    Operation(
        name="mp_home",
        method="get",
        path="/mp/v1/home",
        summary="扫码进入的专区",
        description=(
            "scene 是小程序码带来的参数（onLoad 的 options.scene，解码没解码都行），只有字母、数字、- 和 _，最多 32 个；"
            "写不对返回 422（bad_scene），没有这个码返回 404（unknown_scene）。没有扫码的，用 venue 选专区；"
            "都不写，是本系统的专区。返回专区的功能区、开放时间、闭馆公告、这里能办什么（不能办的写明去哪里）、"
            "扫的是哪台自助机或者哪份文件，现在有哪些通知。"
        ),
        parameters=(
            Parameter(
                *("scene", "query", "小程序码的 scene；不是扫码进来的不写", ""),
                schema={"type": "string", "default": "", "maxLength": 96},
            ),
            VENUE,
        ),
        reply=ScannedHome,
        reply_example={
            "venue": {
                "code": "zone",
                "name": "政务公开专区",
                "title": "示例区政务服务中心政务公开专区",
                "place": "示例区政务服务中心",
                "type": "政务服务场所",
                "level": "区县级",
                "above": "",
                "areas": [{"area": "search", "label": "自助查询区"}],
                "elsewhere": [],
                "address": "示例路1号",
                "phone": "023-00000001",
                "directions": "示例广场东侧。",
                "is_open": True,
                "open_now": "现在开放，今天17:00关门。",
                "week": [],
                "provisional": "",
                "closures": [],
                "accepts_for": [],
            },
            "scanned": "document",
            "kiosk": "",
            "document": {
                "id": 1,
                "title": "政府信息公开申请指南",
                "agency": "示例区政务服务中心",
                "document_number": "",
                "is_readable": True,
                "sentence": "",
            },
            "deeds": [
                {"deed": "apply", "label": "申请公开", "is_here": True, "sentence": ""},
            ],
            "notices": [
                {
                    "id": 5,
                    "title": "专区元旦开放时间调整",
                    "is_emergency": False,
                    "published_at": "2026-12-28T09:00:00+08:00",
                }
            ],
        },
        problems=(404, 422),
    ),
)
