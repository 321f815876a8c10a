"""What /api/v1 offers to those who ask the staff."""

from __future__ import annotations

from miniprogram_api.operation import Operation, Parameter
from miniprogram_api.questions import LeaveQuestion, Receipt
from miniprogram_api.suggestions import LeaveSuggestion
from services.inquiries import Inquiry

CONSULTATION = (
    Operation(
        name="leave_question",
        method="post",
        path="/api/v1/questions",
        summary="留下一个问题",
        description=(
            "机器答不上来的问题，留给专区的工作人员答复，得到一个编号和最晚答复日。"
            "文字加密保存，不记录提问人。没有政策咨询区的专区（档案馆、图书馆）返回 403，"
            "sentence 写明可以去哪里。"
        ),
        body=LeaveQuestion,
        body_example={"text": "我家门口的路灯三个月不亮了，该找谁？", "venue": "zone"},
        reply=Receipt,
        reply_example={"number": "261124-048213", "due_on": "2026-12-01"},
        problems=(400, 403, 404, 413, 422, 429),
        success=201,
    ),
    Operation(
        name="show_question",
        method="get",
        path="/api/v1/questions/{number}",
        summary="凭编号看答复",
        description="编号怎么写都可以，中间有没有横线都行。不返回提问的原话。多次输错要等一会儿。",
        parameters=(
            Parameter(
                *("number", "path", "留下问题时得到的编号", "261124-048213"),
                schema={"type": "string"},
            ),
        ),
        reply=Inquiry,
        reply_example={
            "number": "261124-048213",
            "kind": "question",
            "state": "answered",
            "left_on": "2026-11-24",
            "due_on": "2026-12-01",
            "answered_on": "2026-11-26",
            "answer": "已经转请城市管理部门检修，三个工作日内恢复照明。",
            "sentence": "您11月24日留下的问题已经答复。已经转请城市管理部门检修，三个工作日内恢复照明。",
        },
        problems=(404, 429),
    ),
    Operation(
        name="leave_suggestion",
        method="post",
        path="/api/v1/suggestions",
        summary="提一条意见建议",
        description=(
            "对政务公开工作的意见建议，得到一个编号和最晚答复日。文字加密保存，不记录是谁提的。"
            "没有申请接收区的专区返回 403，sentence 写明可以去哪里。"
        ),
        body=LeaveSuggestion,
        body_example={"text": "希望公报多放几份大字版。", "venue": "zone"},
        reply=Receipt,
        reply_example={"number": "261124-730016", "due_on": "2026-12-15"},
        problems=(400, 403, 404, 413, 422, 429),
        success=201,
    ),
    Operation(
        name="show_suggestion",
        method="get",
        path="/api/v1/suggestions/{number}",
        summary="凭编号看意见建议的答复",
        description="编号怎么写都可以。不返回原话。多次输错要等一会儿。",
        parameters=(
            Parameter(
                *("number", "path", "提出时得到的编号", "261124-730016"),
                schema={"type": "string"},
            ),
        ),
        reply=Inquiry,
        reply_example={
            "number": "261124-730016",
            "kind": "suggestion",
            "state": "open",
            "left_on": "2026-11-24",
            "due_on": "2026-12-15",
            "answered_on": "",
            "answer": "",
            "sentence": "您11月24日留下的意见建议正在办理，最晚12月15日答复。",
        },
        problems=(404, 429),
    ),
)
