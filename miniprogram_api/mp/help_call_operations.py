"""What /mp/v1 offers to call a person of the staff."""

from __future__ import annotations

from miniprogram_api.mp.help_calls import CallOnPhone, CallState
from miniprogram_api.operation import Operation, Parameter

_CALL = {
    "id": "31-5f0c1d2e3a4b5c6d",
    "shown_number": "37",
    "taken": False,
    "closed": False,
    "sentence": "已经通知工作人员，请留在专区，给工作人员看号码 37。",
}

HELP_CALLS = (
    Operation(
        name="mp_call_for_help",
        method="post",
        path="/mp/v1/help-calls",
        summary="请工作人员帮忙",
        description=(
            "在专区里扫了专区、自助机或者文件的码才能叫；扫的是自助机，工作人员就到那台机器旁边。"
            "没人来之前再按一次，还是同一次呼叫。"
        ),
        body=CallOnPhone,
        body_example={"scene": "Zk3_9aQx-0PbT7Lm"},
        reply=CallState,
        reply_example=_CALL,
        problems=(400, 404, 413, 422, 429),
        success=201,
        signed_in=True,
    ),
    Operation(
        name="mp_help_call",
        method="get",
        path="/mp/v1/help-calls/{call_id}",
        summary="有没有人过来",
        description="只有叫的人自己能看。",
        parameters=(
            Parameter(
                *("call_id", "path", "叫的时候得到的 id", "31-5f0c1d2e3a4b5c6d"),
                schema={"type": "string"},
            ),
        ),
        reply=CallState,
        reply_example=_CALL | {"taken": True, "sentence": "工作人员正在过来，请稍等。"},
        problems=(404,),
        signed_in=True,
    ),
)
