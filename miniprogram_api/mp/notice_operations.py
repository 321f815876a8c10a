"""What /mp/v1 offers of notices, messages and the permission to send cards."""

from __future__ import annotations

from miniprogram_api.mp.idempotency import IDEMPOTENCY_KEY
from miniprogram_api.mp.inbox import MessagesReply
from miniprogram_api.mp.notices import FollowsReply, NoticeShown, NoticesReply
from miniprogram_api.mp.subscriptions import ReportAnswers, SubscriptionsReply
from miniprogram_api.mp.venues_scanned import VENUE
from miniprogram_api.operation import Operation, Parameter
from services.notice_board import subjects

_LARGEST = 2147483647
_NOTICE = {
    "id": 3,
    "title": "今天下午停电",
    "text": "今天下午两点到四点停电，请改天再来。",
    "zone": "某区政务服务中心政务公开专区",
    "is_emergency": False,
    "published_at": "2026-11-27T09:30:00+08:00",
    "shown_until": "2026-11-27T16:00:00+08:00",
}
_OFFER = {
    "calls": [{"template_ids": ["zun-LzcQyW-edafCVvzPkK4de2Rllr1fFpw2A_x0oXE"], "is_long_term": False}],
    "allowed": [
        {
            "template_id": "zun-LzcQyW-edafCVvzPkK4de2Rllr1fFpw2A_x0oXE",
            "title": "通知公告提醒",
            "about": ["notice"],
            "is_long_term": False,
            "remaining": 1,
            "is_open": True,
        }
    ],
}  # fmt: skip
_ID = {"type": "integer", "minimum": 1, "maximum": _LARGEST}
_NOTICE_ID = Parameter("notice_id", "path", "通知的 id", "3", schema=_ID)
_MESSAGE_ID = Parameter("message_id", "path", "消息的 id", "41", schema=_ID)
_CODE = Parameter(*("named", "path", "专区代码", "zone"), schema={"type": "string", "minLength": 1})
_SUBJECT = Parameter(
    *("named", "path", "主题", "budgets"),
    schema={"type": "string", "enum": [subject.value for subject in subjects()]},
)


def _follow(kind: str, what: str, named: Parameter, *, is_put: bool) -> Operation:
    missing = (404,) if kind == "venue" else (422,)
    return Operation(
        name=f"mp_{'' if is_put else 'un'}follow_{kind}",
        method="put" if is_put else "delete",
        path=f"/mp/v1/follows/{kind}s/{{named}}",
        summary=f"{'关注' if is_put else '取消关注'}{what}",
        description="重复发送也一样。",
        parameters=(named,),
        reply=None,
        reply_example=None,
        success=204,
        problems=missing,
        signed_in=True,
    )


NOTICES = (
    Operation(
        name="mp_notices",
        method="get",
        path="/mp/v1/notices",
        summary="专区的通知",
        description="扫到的专区现在的通知：紧急的在前，其余按时间。上级专区发给片区的也在里面。",
        parameters=(VENUE,),
        reply=NoticesReply,
        reply_example={"notices": [_NOTICE]},
        problems=(404,),
    ),
    Operation(
        name="mp_notice",
        method="get",
        path="/mp/v1/notices/{notice_id}",
        summary="一条通知",
        description="通知全文。已撤回的返回 404（withdrawn），过期的返回 404（not_found）。",
        parameters=(_NOTICE_ID,),
        reply=NoticeShown,
        reply_example=_NOTICE,
        problems=(404,),
    ),
    Operation(
        name="mp_follows",
        method="get",
        path="/mp/v1/follows",
        summary="我的关注",
        description="关注的专区，和可以关注的主题。关注的专区、主题有新通知时，会出现在消息里。",
        reply=FollowsReply,
        reply_example={
            "venues": [{"code": "zone", "title": "某区政务服务中心政务公开专区"}],
            "subjects": [{"subject": "budgets", "label": "财政预算决算", "is_followed": True}],
        },
        problems=(),
        signed_in=True,
    ),
    *(_follow("venue", "专区", _CODE, is_put=is_put) for is_put in (True, False)),
    *(_follow("subject", "主题", _SUBJECT, is_put=is_put) for is_put in (True, False)),
    Operation(
        name="mp_messages",
        method="get",
        path="/mp/v1/messages",
        summary="我的消息",
        description=(
            "申请、提问的进展和关注的通知，新的在前，一次 20 条。"
            "只说有了进展和日期，不写申请和答复的内容。撤回的通知不再出现。"
        ),
        parameters=(
            Parameter(
                *("before", "query", "只要比这个 id 更早的", "41"),
                schema={"type": "integer", "minimum": 0, "maximum": 999999999},
            ),
        ),
        reply=MessagesReply,
        reply_example={
            "messages": [
                {
                    "id": 41,
                    "about": "application_answered",
                    "title": "申请已答复",
                    "text": "您的申请（编号2026-003-00012）已经答复，请查看。",
                    "page": "pages/application/application?id=12",
                    "came_at": "2026-11-27T09:30:00+08:00",
                    "is_read": False,
                }
            ],
            "unread": 1,
            "older": None,
        },
        signed_in=True,
    ),
    Operation(
        name="mp_read_message",
        method="post",
        path="/mp/v1/messages/{message_id}/read",
        summary="消息已读",
        description="打开一条消息时发送；重复发送也一样。",
        parameters=(_MESSAGE_ID,),
        reply=None,
        reply_example=None,
        success=204,
        problems=(404,),
        signed_in=True,
    ),
    Operation(
        name="mp_subscriptions",
        method="get",
        path="/mp/v1/subscriptions",
        summary="该请求哪些订阅消息授权",
        description=(
            "calls 里每一项对应一次点击后的一次 wx.requestSubscribeMessage：最多 3 个模板，同一种类，标题不重复。"
            "已经打开的长期订阅不再请求。没有配置订阅消息时两项都为空。"
        ),
        parameters=(
            Parameter(
                *("for", "query", "为什么请求授权", "application"),
                schema={"type": "string", "enum": ["notice", "application", "question"]},
            ),
        ),
        reply=SubscriptionsReply,
        reply_example=_OFFER,
        signed_in=True,
    ),
    Operation(
        name="mp_report_subscriptions",
        method="post",
        path="/mp/v1/subscriptions",
        summary="上报授权结果",
        description=(
            "把 success 回调的结果原样放进 answers；不是本账号模板的、别的词，不计。"
            "同一次点击用同一个 Idempotency-Key，只计一次。失败码 20004（总开关关闭）时 main_switch_off 为 true。"
            "要先同意个人信息处理告知（403 agreement_needed）。"
        ),
        parameters=(IDEMPOTENCY_KEY,),
        body=ReportAnswers,
        body_example={
            "occasion": "notice",
            "answers": {"zun-LzcQyW-edafCVvzPkK4de2Rllr1fFpw2A_x0oXE": "accept"},
        },
        reply=SubscriptionsReply,
        reply_example=_OFFER,
        problems=(400, 403, 413, 422),
        signed_in=True,
    ),
)
