"""What /mp/v1 offers to whoever fills in an application, and hands it over."""

from __future__ import annotations

from miniprogram_api.mp.application_operations import FILED_EXAMPLE
from miniprogram_api.mp.applications import FiledFromPhone
from miniprogram_api.mp.draft_shapes import DraftReply, DraftsReply
from miniprogram_api.mp.drafts import AnswerDraft, BeginDraft
from miniprogram_api.mp.handovers import HandOverReply, TakeOver
from miniprogram_api.operation import Operation, Parameter

_ONE = Parameter(
    *("draft_id", "path", "草稿的 id", "4"),
    schema={"type": "integer", "minimum": 1, "maximum": 2147483647},
)
_DRAFT = {
    "id": 4,
    "venue": "zone",
    "next": "agency",
    "questions": [
        {
            "step": "agency",
            "title": "您要向哪个机关申请？",
            "short": "受理机关",
            "hint": "一份申请只能写给一个机关。",
            "choices": [{"value": "1", "label": "示例区住房和城乡建设委员会", "hint": ""}],
            "longest": 0,
            "rows": 1,
            "inputmode": "text",
            "passes": "",
            "is_answered": False,
            "answer": "",
        }
    ],
    "found": [],
    "notice": ["为了办理您的申请，需要收集您填写的姓名（名称）、证件、联系方式和申请内容。"],
    "is_locked": False,
    "application_id": None,
    "ends_at": "2026-04-04T10:00:00+08:00",
}

DRAFTS = (
    Operation(
        name="mp_begin_draft",
        method="post",
        path="/mp/v1/drafts",
        summary="开始填一份申请",
        description=(
            "在手机上开始一份草稿，存 30 天。questions 是要问的问题，按顺序，可以一次问一个，也可以一页问完。"
            "专区不收申请的返回 403（area_missing），已有 10 份没提交的返回 422（too_many_drafts）。"
        ),
        body=BeginDraft,
        body_example={"venue": ""},
        reply=DraftReply,
        reply_example=_DRAFT,
        problems=(400, 403, 404, 413, 422, 429),
        success=201,
        signed_in=True,
    ),
    Operation(
        name="mp_drafts",
        method="get",
        path="/mp/v1/drafts",
        summary="没有提交的草稿",
        description="最近的在前。",
        reply=DraftsReply,
        reply_example={
            "drafts": [
                {
                    "id": 4,
                    "title": "2024年老旧小区改造预算",
                    "next": "name",
                    "ends_at": "2026-04-04T10:00:00+08:00",
                }
            ]
        },
        problems=(),
        signed_in=True,
    ),
    Operation(
        name="mp_draft",
        method="get",
        path="/mp/v1/drafts/{draft_id}",
        summary="一份草稿",
        description="问题和已经填的。next 为 check 的可以提交。证件号码只显示一部分。",
        parameters=(_ONE,),
        reply=DraftReply,
        reply_example=_DRAFT,
        problems=(404,),
        signed_in=True,
    ),
    Operation(
        name="mp_answer_draft",
        method="patch",
        path="/mp/v1/drafts/{draft_id}",
        summary="回答一个或者几个问题",
        description=(
            "answers 的键是 step。有一个不对，全部不改，sentence 说是哪一个。"
            "证件号码看起来写错的返回 422（doubtful_number），确实如此的带上 sure: true 再发一次。"
            "选了不代收的机关返回 403（not_accepted_here），sentence 写明去哪里。"
            "已经提交的返回 409（draft_sent）。"
        ),
        parameters=(_ONE,),
        body=AnswerDraft,
        body_example={"answers": {"agency": "1", "information": "2024年老旧小区改造预算"}},
        reply=DraftReply,
        reply_example=_DRAFT,
        problems=(400, 403, 404, 409, 413, 422),
        signed_in=True,
    ),
    Operation(
        name="mp_remove_draft",
        method="delete",
        path="/mp/v1/drafts/{draft_id}",
        summary="删除草稿",
        description="删除没有提交的草稿。",
        parameters=(_ONE,),
        reply=None,
        reply_example=None,
        problems=(404,),
        success=204,
        signed_in=True,
    ),
    Operation(
        name="mp_send_draft",
        method="post",
        path="/mp/v1/drafts/{draft_id}/application",
        summary="提交草稿",
        description=(
            "提交以后进入“我的申请”。草稿就是它自己的编号：提交几次、在几个地方提交，都只有一件申请，"
            "重复的返回 200 和同一份回执。还有问题没答的返回 422。"
        ),
        parameters=(_ONE,),
        reply=FiledFromPhone,
        reply_example=FILED_EXAMPLE,
        problems=(403, 404, 409, 422, 429, 503),
        success=201,
        signed_in=True,
    ),
    Operation(
        name="mp_hand_over",
        method="post",
        path="/mp/v1/drafts/{draft_id}/handover",
        summary="转到窗口或者自助机",
        description=(
            "得到一个接续码，10 分钟内有效，只能用一次：给窗口工作人员扫 image，或者把 code 报给他；"
            "在自助机的“接着填”里输入 code。草稿仍在手机上。在哪里提交都只有一件申请，并进入“我的申请”。"
        ),
        parameters=(_ONE,),
        reply=HandOverReply,
        reply_example={
            "code": "7K3M-QX9D",
            "token": "hq0Xb3Jr8nV2kTz5mWc9yLsA",
            "image": "data:image/png;base64,iVBORw0KGgo=",
            "expires_in": 600,
        },
        problems=(404, 409, 429),
        success=201,
        signed_in=True,
    ),
    Operation(
        name="mp_take_over",
        method="post",
        path="/mp/v1/handovers",
        summary="接着填自助机上的草稿",
        description=(
            "scene 是扫自助机上的码得到的（先 decodeURIComponent），以 h 开头。草稿转到这部手机，自助机随即忘掉它。"
            "没有这个码返回 404（hand_over_unknown），用过了（hand_over_used）、过期了（hand_over_expired）、"
            "是别的手机的（hand_over_foreign）也返回 404。连着猜错要等一会儿（429，must_wait）。"
        ),
        body=TakeOver,
        body_example={"scene": "hq0Xb3Jr8nV2kTz5mWc9yLsA"},
        reply=DraftReply,
        reply_example=_DRAFT,
        problems=(400, 404, 409, 413, 422, 429),
        success=201,
        signed_in=True,
    ),
)
