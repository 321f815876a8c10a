"""What /api/v1 offers to those who ask the staff."""

from __future__ import annotations

from miniprogram_api.operation import Operation, Parameter
from miniprogram_api.questions import LeaveQuestion, Receipt
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
)
