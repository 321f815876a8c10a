"""What /mp/v1 offers to those who turn to the staff."""

from __future__ import annotations

from miniprogram_api.mp.idempotency import IDEMPOTENCY_KEY
from miniprogram_api.mp.inquiries import InquiriesReply, LeaveOnPhone, LeftReceipt, OneInquiry
from miniprogram_api.mp.ratings import RateOnPhone, Thanks
from miniprogram_api.operation import Operation, Parameter

_PAGES = (
    Parameter(
        *("page", "query", "第几页，从 1 起", "1"),
        schema={"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1},
    ),
    Parameter(
        *("size", "query", "一页几条", "20"),
        schema={"type": "integer", "minimum": 1, "maximum": 50, "default": 20},
    ),
)
_NUMBER = Parameter(
    *("number", "path", "留下时得到的编号", "261124-048213"), schema={"type": "string"}
)
_QUESTION = {
    "number": "261124-048213",
    "kind": "question",
    "state": "answered",
    "left_on": "2026-11-24",
    "due_on": "2026-12-01",
    "answered_on": "2026-11-26",
    "answer": "已经转请城市管理部门检修，三个工作日内恢复照明。",
    "sentence": "您11月24日留下的问题已经答复。已经转请城市管理部门检修，三个工作日内恢复照明。",
}
_SUGGESTION = {
    "number": "261124-730016",
    "kind": "suggestion",
    "state": "open",
    "left_on": "2026-11-24",
    "due_on": "2026-12-15",
    "answered_on": "",
    "answer": "",
    "sentence": "您11月24日留下的意见建议正在办理，最晚12月15日答复。",
}
_SAFETY = (
    "文字先经微信内容安全检测：不通过返回 422（content_refused）；微信拿不准或者没有响应的，照样收下，"
    "由工作人员先看。同一个 Idempotency-Key 只收一次，重发得到同一张回执（200）。"
)


def _three(
    noun: str, path: str, name: str, words: str, area: str, example: dict[str, str]
) -> tuple[Operation, ...]:
    """Return leaving, listing and looking at one kind of what is left."""
    return (
        Operation(
            name=f"mp_leave_{name}",
            method="post",
            path=path,
            summary=f"留下{noun}",
            description=(
                f"交给专区的工作人员答复，得到编号和最晚答复日。{_SAFETY}"
                f"没有{area}的专区返回 403，sentence 写明可以去哪里。"
            ),
            parameters=(IDEMPOTENCY_KEY,),
            body=LeaveOnPhone,
            body_example={"text": words, "venue": "zone"},
            reply=LeftReceipt,
            reply_example={"number": example["number"], "due_on": example["due_on"]},
            problems=(400, 403, 404, 413, 422, 429),
            success=201,
            also=(200,),
            signed_in=True,
        ),
        Operation(
            name=f"mp_{name}s",
            method="get",
            path=path,
            summary=f"我的{noun}和答复",
            description="自己用这个微信留下的，新的在前，连同原话和答复。别人看不到。",
            parameters=_PAGES,
            reply=InquiriesReply,
            reply_example={
                "total": 1,
                "page": 1,
                "size": 20,
                "items": [{"inquiry": example, "words": words}],
            },
            signed_in=True,
        ),
        Operation(
            name=f"mp_{name}",
            method="get",
            path=f"{path}/{{number}}",
            summary=f"一条{noun}的答复",
            description=(
                "自己留下的带原话；在自助机或者别处留下的，凭编号看答复，不带原话。多次输错要等一会儿。"
            ),
            parameters=(_NUMBER,),
            reply=OneInquiry,
            reply_example={
                "inquiry": example,
                "words": words,
                "spoken": [{"text": example["sentence"], "sound": "/mp/v1/speech/gAAAAA….mp3"}],
            },
            problems=(404, 429),
            signed_in=True,
        ),
    )


INQUIRIES = (
    *_three(
        *("问题", "/mp/v1/questions", "question", "我家门口的路灯三个月不亮了，该找谁？"),
        *("政策咨询区", _QUESTION),
    ),
    *_three(
        *("意见建议", "/mp/v1/suggestions", "suggestion", "希望公报多放几份大字版。"),
        *("申请接收区", _SUGGESTION),
    ),
    Operation(
        name="mp_rate",
        method="post",
        path="/mp/v1/ratings",
        summary="评价满意度",
        description="1 不满意、2 一般、3 满意；不记录是谁评的。同一个 Idempotency-Key 只计一次。",
        parameters=(IDEMPOTENCY_KEY,),
        body=RateOnPhone,
        body_example={"score": 3, "about": "question:12", "venue": "zone"},
        reply=Thanks,
        reply_example={"sentence": "谢谢您的评价。"},
        problems=(400, 404, 413, 422, 429),
        success=201,
        signed_in=True,
    ),
)
