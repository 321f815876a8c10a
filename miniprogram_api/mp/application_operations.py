"""What /mp/v1 offers to whoever applies for government information, and follows it."""

from __future__ import annotations

from typing import Any

from miniprogram_api.application_operations import APPLICATIONS as FOR_PROGRAMS
from miniprogram_api.applications import AgenciesReply
from miniprogram_api.mp.application_acts import Correct, Follow, SentReply, Withdraw
from miniprogram_api.mp.applications import (
    ApplicationReply,
    AskPublic,
    FiledFromPhone,
    FileFromPhone,
    FollowedReply,
    PublicReply,
)
from miniprogram_api.mp.idempotency import IDEMPOTENCY_KEY
from miniprogram_api.mp.venues_scanned import VENUE
from miniprogram_api.operation import Operation, Parameter
from services.disclosure.personal_notice import NOTICE_VERSION
from services.letter_files import LetterFormat

_EXAMPLES: dict[str, Operation] = {one.name: one for one in FOR_PROGRAMS}
_BODY: dict[str, Any] = _EXAMPLES["file_application"].body_example
_RECEIPT: dict[str, Any] = _EXAMPLES["file_application"].reply_example
_STATUS: dict[str, Any] = _EXAMPLES["application_status"].reply_example
FILED_EXAMPLE = {"id": 12, "receipt": _RECEIPT}
_FOLLOWED = {
    "id": 12,
    "reason": "filed",
    "may_act": True,
    "item": "2024年老旧小区改造预算",
    "status": _STATUS,
}
_APPLICATION = {
    "application": _FOLLOWED,
    "can": ["correct", "withdraw"],
    "revise_for": 0,
    "wanted": None,
    "receipt": _RECEIPT,
    "letters": [
        {
            "id": 5,
            "kind": "N12",
            "title": "政府信息公开申请答复书",
            "number": "示依申请公开〔2026〕5号",
            "served_on": "2026-03-20",
        }
    ],
    "messages": [],
}
_SENT = {
    "message": {
        "id": 3,
        "kind": "correction",
        "state": "done",
        "state_label": "已记入案卷",
        "text": "我要的是2024年的预算。",
        "came_at": "2026-03-06T10:00:00+08:00",
    },
    "draft_id": None,
    "sentence": "机关今天收到了您的补正，答复期限重新计算（条例第三十条）。",
}
_ONE = Parameter(
    *("application_id", "path", "“我的申请”里的 id", "12"),
    schema={"type": "integer", "minimum": 1, "maximum": 2147483647},
)
_LETTER = Parameter(
    *("letter_id", "path", "文书的 id", "5"),
    schema={"type": "integer", "minimum": 1, "maximum": 2147483647},
)
_LARGE = Parameter(*("large", "query", "1 为大字版", "1"), schema={"type": "string", "default": ""})


def _file(name: str, path: str, kind: LetterFormat, summary: str, description: str) -> Operation:
    parameters = (_ONE, _LETTER, _LARGE) if "letter_id" in path else (_ONE, _LARGE)
    return Operation(
        name=f"{name}_{kind}",
        method="get",
        path=f"{path}.{kind}",
        summary=f"{summary}（{kind.value.upper()}）",
        description=description,
        parameters=parameters,
        reply=None,
        reply_example=None,
        reply_type=kind.media_type,
        problems=(403, 404),
        signed_in=True,
    )


_RECEIPTS = tuple(
    _file(
        *("mp_receipt", "/mp/v1/applications/{application_id}/receipt", kind, "登记回执"),
        "回执里有查询码。只给在这部手机上提交的人；凭查询码关注的返回 403（not_the_applicant）。",
    )
    for kind in LetterFormat
)
_LETTERS = tuple(
    _file(
        *("mp_letter", "/mp/v1/applications/{application_id}/letters/{letter_id}/file", kind),
        *(
            "文书",
            "已经送达申请人的文书，一字不差。没有送达的、给第三方的返回 404。查看会记入审计。",
        ),
    )
    for kind in LetterFormat
)
APPLICATIONS = (
    Operation(
        name="mp_agencies",
        method="get",
        path="/mp/v1/agencies",
        summary="可以向哪些机关申请",
        description="列出机关。accepted 为 true 的，扫到的专区代收；其余的只能直接向机关提出。",
        parameters=(VENUE,),
        reply=AgenciesReply,
        reply_example=_EXAMPLES["agencies"].reply_example,
        problems=(404,),
    ),
    Operation(
        name="mp_search_before",
        method="post",
        path="/mp/v1/applications/search",
        summary="先查是不是已经公开",
        description=(
            "提交之前查一查，已经公开的马上能看，不用申请。"
            "仍要申请的，把 search 原样放进申请，案卷里会记下查过什么、找到什么。"
        ),
        body=AskPublic,
        body_example={"title": "2024年老旧小区改造预算"},
        reply=PublicReply,
        reply_example={
            "found": [{"id": 3, "title": "2024年部门预算", "article": ""}],
            "search": "gAAAAABl…",
        },
        problems=(400, 404, 413, 422),
    ),
    Operation(
        name="mp_file_application",
        method="post",
        path="/mp/v1/applications",
        summary="提交政府信息公开申请",
        description=(
            "和 POST /api/v1/applications 一样，另外进入“我的申请”：可以在手机上补正、撤回、看文书。"
            "Idempotency-Key 必填，重发用同一个，只有一份申请；重发返回 200 和同一份回执，内容不同返回 409"
            "（idempotency_key_used）。不代收的机关返回 403（not_accepted_here），sentence 写明去哪里申请。"
            "不填联系方式返回 422（no_contact），没写要什么返回 422（nothing_described）。"
        ),
        parameters=(IDEMPOTENCY_KEY,),
        body=FileFromPhone,
        body_example=_BODY | {"notice_version": NOTICE_VERSION},
        reply=FiledFromPhone,
        reply_example=FILED_EXAMPLE,
        problems=(400, 403, 404, 409, 413, 422, 429, 503),
        success=201,
        signed_in=True,
    ),
    Operation(
        name="mp_applications",
        method="get",
        path="/mp/v1/applications",
        summary="我的申请",
        description="在手机上提交的和凭查询码关注的，最近的在前，最多 100 件。",
        reply=FollowedReply,
        reply_example={"applications": [_FOLLOWED]},
        problems=(),
        signed_in=True,
    ),
    Operation(
        name="mp_application",
        method="get",
        path="/mp/v1/applications/{application_id}",
        summary="一件申请",
        description=(
            "办理情况、现在能做什么（can）、回执、已送达的文书、自己发过的补正和撤回。"
            "can 里有 revise 的，还能撤回修改，剩 revise_for 秒。wanted 是机关要求补正的事项和最后一天。"
            "凭查询码关注的只有办理情况。不是自己的返回 404。"
        ),
        parameters=(_ONE,),
        reply=ApplicationReply,
        reply_example=_APPLICATION,
        problems=(404,),
        signed_in=True,
    ),
    *_RECEIPTS,
    *_LETTERS,
    Operation(
        name="mp_correct",
        method="post",
        path="/mp/v1/applications/{application_id}/correction",
        summary="补正",
        description=(
            "期限内的补正当天生效（state 为 done）：答复期限从这一天重新计算（条例第三十条）。"
            "逾期的、机关没有要求的，记下收到的时间，等机关决定（state 为 waiting）。"
            "已经办结的返回 409（nothing_to_correct）。重发用同一个 Idempotency-Key。"
        ),
        parameters=(_ONE, IDEMPOTENCY_KEY),
        body=Correct,
        body_example={"text": "我要的是2024年的预算。"},
        reply=SentReply,
        reply_example=_SENT,
        problems=(400, 403, 404, 409, 413, 422, 429),
        signed_in=True,
    ),
    Operation(
        name="mp_withdraw",
        method="post",
        path="/mp/v1/applications/{application_id}/withdrawal",
        summary="撤回，或者撤回修改",
        description=(
            "撤回没有办结的申请，当天生效，不用写理由。to_revise 为 true 的，同时用原来的内容建一份草稿"
            "（draft_id），提交后 10 分钟内可以；过了返回 409（revision_over），什么都不改变。"
            "已经办结或者撤回的返回 409（nothing_to_withdraw）。"
        ),
        parameters=(_ONE, IDEMPOTENCY_KEY),
        body=Withdraw,
        body_example={"text": "", "to_revise": True},
        reply=SentReply,
        reply_example=_SENT
        | {
            "message": _SENT["message"]  # type: ignore[operator]
            | {"kind": "withdrawal", "text": "申请人在手机上撤回申请。"},
            "draft_id": 4,
            "sentence": "这件申请已经撤回。内容已经放进一份新的草稿，改好以后请重新提交。",
        },
        problems=(400, 403, 404, 409, 413, 422, 429),
        signed_in=True,
    ),
    Operation(
        name="mp_follow",
        method="post",
        path="/mp/v1/applications/ties",
        summary="关注在别处提交的申请",
        description=(
            "凭查询码，加上证件号码或电话后四位（都没有留的用姓名全称）。只能看办理情况，不能补正、撤回。"
            "查不到返回 404（wrong_query_code），连着猜错要等一会儿（429，must_wait）。"
        ),
        body=Follow,
        body_example={"query_code": "1234-5678-9012", "second_fact": "002X"},
        reply=ApplicationReply,
        reply_example=_APPLICATION
        | {
            "application": _FOLLOWED | {"reason": "query_code", "may_act": False, "item": ""},
            "can": [],
            "receipt": None,
            "letters": [],
        },
        problems=(400, 404, 413, 422, 429),
        success=201,
        signed_in=True,
    ),
    Operation(
        name="mp_unfollow",
        method="delete",
        path="/mp/v1/applications/{application_id}/tie",
        summary="不再关注",
        description="从“我的申请”里去掉，申请照常办理。重新关注要凭查询码，那时只能看办理情况。",
        parameters=(_ONE,),
        reply=None,
        reply_example=None,
        problems=(404,),
        success=204,
        signed_in=True,
    ),
)
