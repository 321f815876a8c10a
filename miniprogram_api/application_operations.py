"""What /api/v1 offers to those who apply for government information."""

from __future__ import annotations

from miniprogram_api.applications import (
    AgenciesReply,
    ApplicationReceipt,
    AskStatus,
    FileApplication,
)
from miniprogram_api.operation import Operation, Parameter
from services.application_status import Status

APPLICATIONS = (
    Operation(
        name="agencies",
        method="get",
        path="/api/v1/agencies",
        summary="可以向哪些机关申请",
        description=(
            "列出机关。accepted 为 true 的，这个专区代收申请；其余的只能直接向机关提出。"
            "没有这个专区返回 404。"
        ),
        parameters=(
            Parameter(
                *("venue", "query", "专区代码；不写就是本系统的专区", "zone"),
                schema={"type": "string", "default": ""},
            ),
        ),
        reply=AgenciesReply,
        reply_example={
            "venue": "zone",
            "agencies": [{"id": 1, "name": "示例区住房和城乡建设委员会", "accepted": True}],
        },
        problems=(404,),
    ),
    Operation(
        name="file_application",
        method="post",
        path="/api/v1/applications",
        summary="提交政府信息公开申请",
        description=(
            "提交一份申请，得到回执。请求头 Idempotency-Key 必填：每份申请用一个自己生成的编号"
            "（最多 100 个字），断线重发用同一个，只会有一份申请；重发返回 200 和同一份回执，"
            "同一个编号内容不同返回 409（idempotency_key_used）。不要求说明用途。"
            "必须有：机关、要什么信息（名称、文号、特征描述至少一项）、一种联系方式；别的缺了由机关通知补正。"
            "专区不代收的机关返回 403（not_accepted_here），sentence 写明去哪里申请，不起算期限。"
            "notice_version 是给申请人看过的个人信息处理告知的版本。"
        ),
        parameters=(
            Parameter(
                *(
                    "Idempotency-Key",
                    "header",
                    "这份申请的编号",
                    "5b1f7c1e-9a51-4d0c-8f6e-2f6f3c0a7d11",
                ),
                schema={"type": "string", "minLength": 1, "maxLength": 100},
            ),
        ),
        body=FileApplication,
        body_example={
            "agency_id": 1,
            "venue": "zone",
            "person": {
                "name": "张示例",
                "identity_number": "000000195501010008",
                "phone": "13800000000",
            },
            "request": {
                "title": "2025年老旧小区改造计划",
                "delivery_way": "in_person",
                "carrier": "paper",
            },
            "notice_version": "2026-1",
        },
        reply=ApplicationReceipt,
        reply_example={
            "number": "2026-001-00001",
            "query_code": "4821 3307 5512",
            "agency": "示例区住房和城乡建设委员会",
            "item": "2025年老旧小区改造计划",
            "channel": "互联网",
            "submitted_on": "2026-11-24",
            "received_on": "2026-11-24",
            "reply_due": "2026-12-22",
            "is_provisional": False,
            "office": "示例区住房和城乡建设委员会办公室",
            "phone": "023-00000103",
            "address": "示例区建设路30号",
            "sentence": "2026年11月24日收到，最迟2026年12月22日答复。",
        },
        problems=(400, 403, 404, 409, 413, 422, 429),
        success=201,
    ),
    Operation(
        name="application_status",
        method="post",
        path="/api/v1/applications/status",
        summary="查申请办到哪一步",
        description=(
            "凭查询码和第二个凭据（证件号码或者电话的后四位，都没有留的用姓名全称）。不返回姓名和申请内容。"
            "哪一个错了都返回 404（wrong_query_code）；多次输错要等一会儿。"
        ),
        body=AskStatus,
        body_example={"query_code": "4821 3307 5512", "second_fact": "0008"},
        reply=Status,
        reply_example={
            "number": "2026-001-00001",
            "agency": "示例区住房和城乡建设委员会",
            "agency_phone": "023-00000103",
            "state": "received",
            "state_label": "已收到",
            "submitted_on": "2026-11-24",
            "received_on": "2026-11-24",
            "reply_due": "2026-12-22",
            "is_provisional": False,
            "days_counted": 0,
            "days_needed": 20,
            "is_extended": False,
            "is_late": False,
            "replied_on": None,
            "sentence": "机关11月24日收到了您的申请，最迟12月22日答复。",
            "next_step": "",
            "remedies": [],
            "explanation": [],
        },
        problems=(400, 404, 422, 429),
    ),
)
