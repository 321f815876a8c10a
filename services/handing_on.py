"""What is said where a question has no answer, as the areas of the zone allow."""

from __future__ import annotations

import msgspec

from models.venue import Area
from services.answering import NOTHING_FOUND
from services.replies import Decision, Reply

_WITH_ADVICE_ONLY = "没有找到可靠的答案。您可以请工作人员帮忙，或者留下问题。"
_WITH_APPLICATIONS_ONLY = "没有找到可靠的答案。您可以请工作人员帮忙，也可以申请公开。"
_ELSEWHERE = "没有找到可靠的答案。您可以请工作人员帮忙；要申请或者咨询，请看屏幕上写的地方。"


SENTENCES = (NOTHING_FOUND, _WITH_ADVICE_ONLY, _WITH_APPLICATIONS_ONLY, _ELSEWHERE)
"""Whatever is said where there is no answer."""


def as_offered(reply: Reply, areas: frozenset[Area]) -> Reply:
    """Return a reply that offers no desk that the zone has not.

    Source: 渝府办发〔2021〕100号: archives and libraries take no applications and give no advice.
    """
    if reply.decision is not Decision.HANDOFF or areas >= {Area.APPLICATIONS, Area.ADVICE}:
        return reply
    if Area.ADVICE in areas:
        spoken = _WITH_ADVICE_ONLY
    elif Area.APPLICATIONS in areas:
        spoken = _WITH_APPLICATIONS_ONLY
    else:
        spoken = _ELSEWHERE
    return msgspec.structs.replace(reply, spoken=spoken)
