"""What /api/v1 offers, as data for its documentation."""

from __future__ import annotations

from miniprogram_api.application_operations import APPLICATIONS
from miniprogram_api.ask import AskReply, Question
from miniprogram_api.consultation_operations import CONSULTATION
from miniprogram_api.documents import DocumentReply
from miniprogram_api.operation import Operation, Parameter
from miniprogram_api.search import SearchReply
from miniprogram_api.venues import VenuesReply
from services.venue_profiles import VenueProfile

_ANSWER = {
    "kind": "qa",
    "id": 12,
    "external_id": "guide-q012",
    "title": "申请公开政府信息要交费吗？",
    "text": "行政机关依申请提供政府信息，不收取费用。",
    "score": 0.97,
    "source": {
        "title": "中华人民共和国政府信息公开条例",
        "document_number": "国务院令第711号",
        "article": "第四十二条",
        "agency": "国务院",
        "date": "2019-04-03",
        "validity": "现行有效",
    },
}

OPERATIONS = (
    Operation(
        name="ask",
        method="post",
        path="/api/v1/ask",
        summary="提一个问题",
        description=(
            "用自己的话提问，得到有出处的答案（answer）、两到三个选项（clarify），"
            "或者没有可靠答案、应转人工（handoff）。答案是问答库条目或原文摘录，不会编造。"
            "写明专区代码（venue）时，只用这个专区及其上级专区的内容；没有这个专区返回 404。"
        ),
        body=Question,
        body_example={"text": "申请公开政府信息要交费吗？", "venue": "zone"},
        reply=AskReply,
        reply_example={
            "transcript": "申请公开政府信息要交费吗？",
            "decision": "answer",
            "answers": [_ANSWER],
            "spoken": "根据《政府信息公开条例》第四十二条，行政机关依申请提供政府信息，不收取费用。",
            "spoken_more": [],
            "timings_ms": {"answering": 1.9, "total": 1.9},
        },
        problems=(400, 404, 413, 422, 503),
    ),
    Operation(
        name="search",
        method="get",
        path="/api/v1/search",
        summary="查找文件和问答",
        description=(
            "按词句、读音或文号查找；文号怎么写都可以。最接近的排在前面。"
            "写明专区代码时，只查这个专区及其上级专区的内容；没有这个专区返回 404。"
        ),
        parameters=(
            Parameter(
                *("q", "query", "要查的词句或文号", "渝府办发〔2021〕100号"),
                schema={"type": "string", "minLength": 1, "maxLength": 2000},
            ),
            Parameter(
                *("limit", "query", "最多几条，默认 10", "10"),
                schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
            ),
            Parameter(
                *("venue", "query", "专区代码；不写就查全部内容", "zone"),
                schema={"type": "string", "default": ""},
            ),
        ),
        reply=SearchReply,
        reply_example={
            "hits": [
                {
                    "kind": "document",
                    "id": 3,
                    "external_id": "notice-100",
                    "title": "政务公开专区建设通知",
                    "article": "",
                    "snippet": "政务公开专区设自助查询区、资料阅览区……",
                    "score": 0.9,
                }
            ]
        },
        problems=(404, 422),
    ),
    Operation(
        name="show_document",
        method="get",
        path="/api/v1/documents/{id}",
        summary="读一份文件",
        description="按编号或文号取一份文件的全部段落、标题、发文机关、日期和效力状态。",
        parameters=(
            Parameter(
                *("id", "path", "文件的编号，或文号", "1"),
                schema={"type": "string"},
            ),
        ),
        reply=DocumentReply,
        reply_example={
            "id": 1,
            "external_id": "guide",
            "title": "政府信息公开申请指南",
            "agency": "示例区政务服务中心",
            "document_number": "",
            "signed_on": None,
            "published_on": "2026-01-05",
            "effective_on": None,
            "validity": "现行有效",
            "addressees": "",
            "attachments": [],
            "paragraphs": [
                {
                    "position": 0,
                    "level": 0,
                    "article": "",
                    "heading_path": "",
                    "text": "申请不收费。",
                }
            ],
        },
        problems=(404,),
    ),
    Operation(
        name="venues",
        method="get",
        path="/api/v1/venues",
        summary="有哪些专区",
        description="列出对外开放的专区，级别高的在前，连同现在是否开放。",
        reply=VenuesReply,
        reply_example={
            "venues": [
                {
                    "code": "zone",
                    "title": "示例区政务服务中心政务公开专区",
                    "type": "政务服务场所",
                    "level": "区县级",
                    "address": "示例路1号",
                    "phone": "023-00000001",
                    "is_open": True,
                    "open_now": "现在开放，今天17:00关门。",
                }
            ]
        },
        problems=(503,),
    ),
    Operation(
        name="venue",
        method="get",
        path="/api/v1/venues/{code}",
        summary="一个专区的情况",
        description=(
            "功能区、地址、电话、怎么去、本周开放时间、闭馆公告、受理哪些机关；"
            "没有的功能区写明可以去哪里办。已停用的专区返回 404。"
        ),
        parameters=(Parameter(*("code", "path", "专区代码", "zone"), schema={"type": "string"}),),
        reply=VenueProfile,
        reply_example={
            "code": "library",
            "name": "政务公开专区",
            "title": "示例区图书馆政务公开专区",
            "place": "示例区图书馆",
            "type": "公共图书馆",
            "level": "区县级",
            "above": "zone",
            "areas": [{"area": "search", "label": "自助查询区"}],
            "elsewhere": [
                {
                    "areas": [{"area": "applications", "label": "申请接收区"}],
                    "sentence": "示例区图书馆政务公开专区不设申请接收区。请到……",
                    "elsewhere": None,
                }
            ],
            "address": "示例路5号",
            "phone": "023-00000003",
            "directions": "示例广场西侧。",
            "is_open": False,
            "open_now": "今天已经关门，明天9:00开门。",
            "week": [
                {
                    "day": "2026-11-23",
                    "weekday": "星期一",
                    "hours": "不开放",
                    "note": "",
                    "is_today": True,
                }
            ],
            "provisional": "",
            "closures": [],
            "accepts_for": [],
        },
        problems=(404,),
    ),
    *CONSULTATION,
    *APPLICATIONS,
)
