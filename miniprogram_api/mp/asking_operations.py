"""What /mp/v1 offers to ask and to hear."""

from __future__ import annotations

from miniprogram_api.mp.asking import AskOnPhone
from miniprogram_api.mp.catalogue_operations import RANGE, RATE
from miniprogram_api.mp.replies import AskReply
from miniprogram_api.operation import Operation, Parameter

_REPLY = {
    "transcript": "申请公开政府信息要交费吗？",
    "outcome": "answer",
    "command": None,
    "answers": [
        {
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
    ],
    "spoken": [
        {
            "text": "根据《政府信息公开条例》第四十二条，行政机关依申请提供政府信息，不收取费用。",
            "sound": "/mp/v1/speech/gAAAAA….mp3",
        }
    ],
    "more": [],
    "turn": "gAAAAA….…",
    "next_steps": [
        {"step": "rate", "label": "评价"},
        {"step": "ask_again", "label": "重新提问"},
    ],
    "elsewhere": [],
    "meant": "",
    "alternatives": [],
}
_FORM = {
    "type": "object",
    "required": ["recording"],
    "properties": {
        "recording": {
            "type": "string",
            "format": "binary",
            "description": "录音文件，最长 60 秒、最大 10 MB",
        },
        "turn": {"type": "string", "description": "上一次答复里的 turn"},
        "venue": {"type": "string", "description": "专区代码；不写就是本系统的专区"},
        "rate": {"type": "string", "description": "将要播放的语速，0.5 到 2"},
    },
}

ASKING = (
    Operation(
        name="mp_ask",
        method="post",
        path="/mp/v1/ask",
        summary="打字提问，或者选一个选项",
        description=(
            "用自己的话提问，得到有出处的答案（answer）、两到三个选项（clarify），或者没有可靠答案（handoff），"
            "和自助机一样；spoken 是马上要说的，more 是说“继续”时接着说的，next_steps 是接下来能做的。"
            "选选项时写 place（从 0 数起）和上次答复里的 turn；turn 过期返回 422（turn_unknown）。"
            "接着问（要带什么、那行政复议呢、第二条、详细一点）时也带上次的 turn，就按上一个答案理解。"
            "说的话像是听错了的，得到 confirm：meant 是可能的意思，用 agrees（true 或 false）和 turn 回答。不用登录。"
        ),
        body=AskOnPhone,
        body_example={"text": "申请公开政府信息要交费吗？", "venue": "zone"},
        reply=AskReply,
        reply_example=_REPLY,
        problems=(400, 404, 413, 422, 503),
    ),
    Operation(
        name="mp_ask_recording",
        method="post",
        path="/mp/v1/ask/recording",
        summary="用录音提问",
        description=(
            "RecorderManager 录的 mp3、aac 或 wav，用 wx.uploadFile 以字段 recording 上传。"
            "说“再说一遍”这类话得到 command，由小程序自己办；听不出话是 not_heard。录音听完就没有了，不保存。"
            "太大返回 422（upload_too_large），不是声音或者是空的返回 422（unreadable_audio），"
            "同时说话的人太多或者没有语音识别返回 503。"
        ),
        request_type="multipart/form-data",
        body_schema=_FORM,
        reply=AskReply,
        reply_example=_REPLY,
        problems=(404, 422, 503),
        signed_in=True,
    ),
    Operation(
        name="mp_ask_stream",
        method="get",
        path="/mp/v1/ask/stream",
        summary="边说边问（WebSocket）",
        description=(
            'wx.connectSocket，请求头带 Authorization。先发 {"type":"start"}，再发 PCM '
            '（16 kHz、16 位、单声道，每帧不超过 64 KB），最后发 {"type":"stop"}；停顿也会结束。'
            "收到 listening、partial（说到哪了）、ended（可以停止录音）、reply（同 /mp/v1/ask/recording）或 error。"
            "电话打断而没有最后一帧的，10 秒没有声音就按已说的回答；断线后重连，把上次的 turn 放进 start。"
            "不是 WebSocket 请求返回 426。"
        ),
        reply=None,
        reply_example=None,
        problems=(404, 426),
        success=101,
        signed_in=True,
    ),
    Operation(
        name="mp_speech",
        method="get",
        path="/mp/v1/speech/{token}",
        summary="听一句话",
        description=(
            "答复里 sound 的地址：MP3，48 kbit/s，单声道，InnerAudioContext 可以直接播放；可以只要一段（Range）。"
            "一天内有效；内容更新或撤下后返回 404。不用登录。"
        ),
        parameters=(
            Parameter(
                *("token", "path", "答复里给出的，连同 .mp3", "not-heard.mp3"),
                schema={"type": "string"},
            ),
            RATE,
            RANGE,
        ),
        reply=None,
        reply_example=None,
        reply_type="audio/mpeg",
        partial=True,
        problems=(404, 422, 503),
    ),
)
