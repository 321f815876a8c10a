"""Forgetting somebody (注销): what goes, and what the law has us keep.

Source: 个人信息保护法 Articles 15, 19 and 47; Regulation on Open Government Information, Articles 31
and 45; 档案法 Article 13.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from tortoise.transactions import in_transaction

from models.application_draft import ApplicationDraft
from models.citizen import Citizen
from models.citizen_tie import CitizenApplication, CitizenInquiry, TieReason
from services import audit
from services.access import Actor

FORGOTTEN_AFTER = timedelta(days=730)
"""Whoever did not open the mini-program for two years is forgotten by itself (Article 47 (1))."""
_AT_ONCE = 200


class KeptThing(msgspec.Struct, frozen=True):
    """One kind of record that stays when somebody is forgotten."""

    what: str
    count: int
    why: str
    """By which article."""
    how_long: str


class Kept(msgspec.Struct, frozen=True):
    """What stays, and what goes, in words for whoever asks."""

    kept: list[KeptThing]
    removed: str
    sentence: str


async def kept_of(citizen: Citizen) -> Kept:
    """Return what would stay if somebody were forgotten now."""
    own = CitizenApplication.filter(citizen_id=citizen.id)
    applications = await own.exclude(reason=TieReason.QUERY_CODE).count()
    inquiries = await CitizenInquiry.filter(citizen_id=citizen.id).count()
    kept = [
        KeptThing(
            "您提交的政府信息公开申请（案卷，由受理机关保存，不再与您的微信关联）",
            applications,
            "政府信息公开条例第三十一条、第四十五条，档案法第十三条；个人信息保护法第四十七条第二款",
            "办结归档后按机关规定的年限保存，期满去除个人信息",
        ),
        KeptThing(
            "您留下的问题和意见的文字（加密，没有姓名，不再与您的微信关联）",
            inquiries,
            "去掉关联后不能识别是谁（个人信息保护法第四条、第七十三条第四项）；已经受理的要答复和统计",
            "随专区工作台账保存；凭编号仍可查看答复",
        ),
        KeptThing(
            "一条“有人注销”的审计记录（只有日期和内部编号，没有微信编号、手机号和内容）",
            1,
            "网络安全法第二十一条（日志留存）、个人信息保护法第五十四条（审计）",
            "与审计记录同期",
        ),
    ]
    kept = [thing for thing in kept if thing.count]
    return Kept(
        kept,
        "微信编号、会话密钥、手机号、设置、同意记录、登录状态、关注、消息、通知授权、没有提交的草稿，全部删除。",
        f"注销后，除{'、'.join(thing.what for thing in kept)}外，全部删除，不能恢复。"
        "再次登录就是新用户，申请仍可凭查询码查询。",
    )


async def forget(citizen: Citizen, *, actor: Actor) -> Kept:
    """Remove somebody with everything that hangs on them; return what stays.

    What an applicant sent to an agency is part of its file and stays there, without them.
    """
    async with in_transaction() as database:
        kept = await kept_of(citizen)
        drafts = ApplicationDraft.filter(citizen_id=citizen.id, application_id=None)
        await drafts.using_db(database).delete()
        # What a sent draft's phone kept to find it again.
        await (
            ApplicationDraft.filter(citizen_id=citizen.id)
            .using_db(database)
            .update(citizen_id=None, encrypted_code=None)
        )
        removed = await Citizen.filter(id=citizen.id).using_db(database).delete()
        if removed:
            await audit.record(
                *(actor, audit.Action.CITIZEN_FORGOTTEN, f"citizen:{citizen.id}"),
                using_db=database,
            )
    return kept


async def forget_unused(now: datetime, *, actor: Actor) -> int:
    """Forget whoever did not come for too long; return how many."""
    unused = await Citizen.filter(last_active_at__lt=now - FORGOTTEN_AFTER).limit(_AT_ONCE)
    for citizen in unused:
        await forget(citizen, actor=actor)
    return len(unused)
