"""What /mp/v1 offers to find and read."""

from __future__ import annotations

from miniprogram_api.mp.catalogue import (
    CatalogueReply,
    DisplayReply,
    DocumentsReply,
    PhoneHits,
)
from miniprogram_api.mp.documents import GazetteReply, GazettesReply, ReadDocument, ReadEntry
from miniprogram_api.mp.venues_scanned import VENUE
from miniprogram_api.operation import Operation, Parameter

_PAGE = Parameter(
    *("page", "query", "第几页，从 1 起", "1"),
    schema={"type": "integer", "minimum": 1, "maximum": 100_000, "default": 1},
)
_SIZE = Parameter(
    *("size", "query", "一页几条", "20"),
    schema={"type": "integer", "minimum": 1, "maximum": 50, "default": 20},
)
RATE = Parameter(
    *("rate", "query", "语速，0.5 到 2", "1"),
    schema={"type": "number", "minimum": 0.5, "maximum": 2, "default": 1},
)
RANGE = Parameter(
    *("Range", "header", "只要其中一段（拖动进度时）", "bytes=0-1023"),
    schema={"type": "string", "default": ""},
)
_ID = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
_GAZETTE = {
    "id": 1, "gazette": "示例市人民政府公报", "year": 2026, "number": 3, "issued_on": "2026-02-10",
}  # fmt: skip

CATALOGUE = (
    Operation(
        name="mp_search",
        method="get",
        path="/mp/v1/search",
        summary="查找文件和问答",
        description="按词句、读音或文号查找，文号怎么写都可以；只查这个专区及其上级专区的内容。不用登录。",
        parameters=(
            Parameter(
                *("q", "query", "要查的词句或文号", "渝府办发〔2021〕100号"),
                schema={"type": "string", "minLength": 1, "maxLength": 2000},
            ),
            Parameter(
                *("limit", "query", "最多几条", "10"),
                schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
            ),
            VENUE,
        ),
        reply=PhoneHits,
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
        name="mp_catalogue",
        method="get",
        path="/mp/v1/catalogue",
        summary="目录里有什么",
        description="按主题、机关、效力和年份各有多少份文件，用作 /mp/v1/documents 的筛选条件。不用登录。",
        parameters=(VENUE,),
        reply=CatalogueReply,
        reply_example={
            "total": 28,
            "categories": [{"value": "policy", "label": "政策文件", "count": 12}],
            "agencies": [{"value": "示例区财政局", "label": "示例区财政局", "count": 3}],
            "validities": [{"value": "in_force", "label": "现行有效", "count": 27}],
            "years": [{"value": "2026", "label": "2026年", "count": 9}],
        },
        problems=(404,),
    ),
    Operation(
        name="mp_documents",
        method="get",
        path="/mp/v1/documents",
        summary="文件目录",
        description="一页文件，新的在前；写了 q 就是查到的，最接近的在前。不用登录。",
        parameters=(
            Parameter(
                *("q", "query", "要查的词句或文号", "预算"),
                schema={"type": "string", "maxLength": 2000, "default": ""},
            ),
            Parameter(
                *("category", "query", "主题（见 /mp/v1/catalogue）", ""),
                schema={"type": "string", "default": ""},
            ),
            Parameter(
                *("agency", "query", "机关名称", ""), schema={"type": "string", "default": ""}
            ),
            Parameter(
                *("validity", "query", "效力（见 /mp/v1/catalogue）", ""),
                schema={"type": "string", "default": ""},
            ),
            Parameter(
                *("year", "query", "年份", ""),
                schema={"type": "string", "pattern": "^(19|20)[0-9]{2}$|^$", "default": ""},
            ),
            _PAGE,
            _SIZE,
            VENUE,
        ),
        reply=DocumentsReply,
        reply_example={
            "total": 1,
            "page": 1,
            "size": 20,
            "documents": [
                {
                    "id": 1,
                    "title": "政府信息公开申请指南",
                    "document_number": "",
                    "agency": "示例区政务服务中心",
                    "category": "政策文件",
                    "dated": "2026-01-05",
                    "validity": "现行有效",
                    "snippet": "",
                    "article": "",
                }
            ],
        },
        problems=(404, 422),
    ),
    Operation(
        name="mp_document",
        method="get",
        path="/mp/v1/documents/{document_id}",
        summary="一份文件的阅读版面",
        description=(
            "目录、段落、逐句的文字。把句子的 name 填进 sound 就是这一句的声音地址。"
            "find 标出要找的词，at 指到某一条、某个标题或某一段。不用登录。"
        ),
        parameters=(
            Parameter(*("document_id", "path", "文件的编号", "1"), schema=_ID),
            Parameter(
                *("find", "query", "要在文中找的词", "申请"),
                schema={"type": "string", "default": ""},
            ),
            Parameter(
                *("at", "query", "要去的地方", "第二条"), schema={"type": "string", "default": ""}
            ),
            VENUE,
        ),
        reply=ReadDocument,
        reply_example={
            "id": 1,
            "title": "政府信息公开申请指南",
            "agency": "示例区政务服务中心",
            "document_number": "",
            "signed_on": None,
            "published_on": "2026-01-05",
            "effective_on": None,
            "expires_on": None,
            "validity": "现行有效",
            "addressees": "",
            "attachments": [],
            "file": "/documents/1/file",
            "version": "1-5f0c1d2e3a4b",
            "sound": "/mp/v1/documents/1/speech/{name}.mp3?version=1-5f0c1d2e3a4b",
            "heading": {
                "position": -1,
                "level": 1,
                "article": "",
                "pieces": [
                    {"name": "title-0", "runs": [{"text": "政府信息公开申请指南", "hit": 0}]}
                ],
            },
            "blocks": [
                {
                    "position": 0,
                    "level": 0,
                    "article": "",
                    "pieces": [{"name": "0-0", "runs": [{"text": "申请不收费。", "hit": 0}]}],
                }
            ],
            "contents": [],
            "hits": 0,
            "position": None,
        },
        problems=(404, 422),
    ),
    Operation(
        name="mp_document_speech",
        method="get",
        path="/mp/v1/documents/{document_id}/speech/{name}",
        summary="听文件里的一句",
        description=(
            "MP3，48 kbit/s，单声道，InnerAudioContext 可以直接播放；可以只要一段（Range）。"
            "文件更新过返回 409，撤下了返回 404。不用登录。"
        ),
        parameters=(
            Parameter(*("document_id", "path", "文件的编号", "1"), schema=_ID),
            Parameter(
                *("name", "path", "句子的 name，加上 .mp3", "0-0.mp3"),
                schema={"type": "string", "pattern": r"^(title|[0-9]{1,6})-[0-9]{1,5}\.mp3$"},
            ),
            Parameter(
                *("version", "query", "读文件时得到的 version", "1-5f0c1d2e3a4b"),
                schema={"type": "string"},
            ),
            RATE,
            RANGE,
        ),
        reply=None,
        reply_example=None,
        reply_type="audio/mpeg",
        partial=True,
        problems=(404, 409, 422, 503),
    ),
    Operation(
        name="mp_entry",
        method="get",
        path="/mp/v1/entries/{entry_id}",
        summary="读一条问答",
        description="问题、完整回答、出处，和回答的声音。不用登录。",
        parameters=(Parameter(*("entry_id", "path", "问答的编号", "12"), schema=_ID),),
        reply=ReadEntry,
        reply_example={
            "id": 12,
            "external_id": "guide-q012",
            "question": "申请公开政府信息要交费吗？",
            "answer": "行政机关依申请提供政府信息，不收取费用。",
            "source": {
                "title": "中华人民共和国政府信息公开条例",
                "document_number": "国务院令第711号",
                "article": "第四十二条",
                "agency": "国务院",
                "date": "2019-04-03",
                "validity": "现行有效",
            },
            "spoken": [
                {
                    "text": "行政机关依申请提供政府信息，不收取费用。",
                    "sound": "/mp/v1/speech/gAAAAA….mp3",
                }
            ],
        },
        problems=(404,),
    ),
    Operation(
        name="mp_display",
        method="get",
        path="/mp/v1/display",
        summary="资料阅览区陈列着什么",
        description="指南、公报和其他资料，按陈列的次序。不用登录。",
        parameters=(VENUE,),
        reply=DisplayReply,
        reply_example={
            "items": [
                {
                    "kind": "disclosure_guide",
                    "label": "政府信息公开指南",
                    "title": "示例区政府信息公开指南",
                    "document_id": 1,
                }
            ]
        },
        problems=(404,),
    ),
    Operation(
        name="mp_gazettes",
        method="get",
        path="/mp/v1/gazettes",
        summary="政府公报",
        description="各期公报，新的在前。不用登录。",
        parameters=(VENUE,),
        reply=GazettesReply,
        reply_example={"issues": [_GAZETTE]},
        problems=(404,),
    ),
    Operation(
        name="mp_gazette",
        method="get",
        path="/mp/v1/gazettes/{issue_id}",
        summary="一期公报的目录",
        description="按栏目列出；库里有的文件可以直接读。不用登录。",
        parameters=(Parameter(*("issue_id", "path", "这一期的编号", "1"), schema=_ID),),
        reply=GazetteReply,
        reply_example={
            "issue": _GAZETTE,
            "sections": [
                {
                    "name": "市政府文件",
                    "lines": [
                        {
                            "title": "关于印发政务公开工作要点的通知",
                            "page": 3,
                            "document_number": "渝府办发〔2026〕12号",
                            "document_id": 7,
                        }
                    ],
                }
            ],
        },
        problems=(404,),
    ),
)
