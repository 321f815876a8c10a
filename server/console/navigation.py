"""Where the console leads; each role sees what it may use."""

from __future__ import annotations

from dataclasses import dataclass

from services.access import Actor, Permission


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    label: str
    path: str
    permission: Permission | None
    is_current: bool = False


PLACES = (
    Place("概况", "/console", None),
    Place("文件", "/console/documents", Permission.LOOK),
    Place("导入", "/console/imports", Permission.WRITE_DOCUMENTS),
    Place("陈列资料", "/console/display-items", Permission.WRITE_DOCUMENTS),
    Place("公报", "/console/gazette-issues", Permission.WRITE_DOCUMENTS),
    Place("呼叫", "/console/help-calls", Permission.TAKE_CALLS),
    Place("受理申请", "/console/application-intake", Permission.TAKE_APPLICATIONS),
    Place("待答问题", "/console/left-questions", Permission.ANSWER),
    Place("依申请公开", "/console/applications", Permission.TAKE_APPLICATIONS),
    Place("答复审查", "/console/application-reviews", Permission.REVIEW),
    Place("意见建议", "/console/suggestions", Permission.ANSWER_SUGGESTIONS),
    Place("通知", "/console/notices", Permission.WRITE_NOTICES),
    Place("通知审查", "/console/notice-reviews", Permission.REVIEW),
    Place("台账", "/console/ledger", Permission.SEE_LEDGER),
    Place("登记台账", "/console/application-register", Permission.SEE_REGISTER),
    Place("年度报告", "/console/annual-reports", Permission.SEE_REGISTER),
    Place("满意度", "/console/ratings", Permission.SEE_LEDGER),
    Place("问答库", "/console/questions", Permission.LOOK),
    Place("同义词", "/console/synonyms", Permission.WRITE_QUESTIONS),
    Place("专区", "/console/venues", Permission.MANAGE_VENUES),
    Place("机关", "/console/agencies", Permission.MANAGE_VENUES),
    Place("公开工作机构", "/console/disclosure-offices", Permission.KEEP_OFFICES),
    Place("节假日", "/console/holiday-notices", Permission.MANAGE_VENUES),
    Place("自助机", "/console/devices", Permission.MANAGE_VENUES),
    Place("订阅消息", "/console/cards", Permission.KEEP_WECHAT),
    Place("微信运行", "/console/wechat", Permission.KEEP_WECHAT),
    Place("扫码牌", "/console/scan-codes", Permission.MANAGE_VENUES),
    Place("人员", "/console/staff", Permission.MANAGE_STAFF),
    Place("审计", "/console/audit", Permission.SEE_AUDIT),
)
"""In the order in which they are shown."""


def navigation(actor: Actor, path: str) -> list[Place]:
    """Return the places that somebody may go to, the one they are at marked."""
    allowed = [p for p in PLACES if p.permission is None or actor.may(p.permission)]
    inside = [p.path for p in allowed if path == p.path or path.startswith(f"{p.path}/")]
    current = max(inside, key=len, default="")
    return [Place(p.label, p.path, p.permission, p.path == current) for p in allowed]
