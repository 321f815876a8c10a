"""What users of the mini-program are told of their personal information, and who agreed to it.

WeChat's own question for permission is WeChat's: ours are our own obligations.
Source: 个人信息保护法 Articles 7, 14, 15, 16 and 17.
"""

from __future__ import annotations

from datetime import datetime

from tortoise.transactions import in_transaction

from models.card_template import CardGrant
from models.citizen import Citizen
from services.errors import Conflict, NotAllowed

NOTICE_VERSION = "mp-2026-1"
"""Kept with whoever agreed. Changes whenever NOTICE says something else."""
NOTICE = (
    "登录小程序时，微信告诉我们您在本小程序里的编号（openid），用来认出是您。编号加密保存，不告诉任何人。",
    "您自己绑定手机号的，手机号加密保存，只用来填写申请表和联系您；随时可以解绑。",
    "您在小程序里提交的申请、留下的问题和意见，只有您自己的手机能看到“是我提交的”。",
    "工作人员办理申请要用的信息，提交申请时另行告知。",
    "录音只用来转成文字，转完不保存。通知授权次数和发送结果要保存，以免重复打扰您。",
    "不同意也可以查文件、提问题、听朗读、交意见和申请；只有绑定手机号和接收微信通知要先同意。",
    "您可以随时撤回同意、退出登录或注销；注销后除法律要求保存的申请案卷外全部删除。两年不用自动删除。",
    "依据：个人信息保护法第十三条至第十七条、第十九条、第四十七条。",
)


class AgreementNeeded(NotAllowed):
    """It needs personal information of somebody who did not agree to that."""

    code = "agreement_needed"
    sentence = "请先阅读并同意个人信息处理告知，再进行这项操作；不同意不影响其他功能。"


class NoticeChanged(Conflict):
    """What they agreed to is not what the notice says now."""

    code = "notice_changed"
    sentence = "个人信息处理告知已经更新，请重新阅读后再同意。"


def has_agreed(citizen: Citizen) -> bool:
    """Return whether somebody agreed to the notice as it is now."""
    return citizen.notice_version == NOTICE_VERSION


def require(citizen: Citizen) -> None:
    """Raise AgreementNeeded unless somebody agreed to the notice as it is now."""
    if not has_agreed(citizen):
        raise AgreementNeeded(f"The notice {NOTICE_VERSION} was not agreed to.")


async def agree(citizen: Citizen, version: str, *, now: datetime) -> None:
    """Note that somebody agreed to a version. Raises NoticeChanged unless it is the present one."""
    if version != NOTICE_VERSION:
        raise NoticeChanged(f"The notice is {NOTICE_VERSION} now.")
    if not has_agreed(citizen):
        citizen.notice_version, citizen.agreed_at = version, now
        await citizen.save(update_fields=["notice_version", "agreed_at"])


async def take_back(citizen: Citizen) -> None:
    """Note that somebody agrees no longer; what needed their agreement goes with it: their number,
    and what they let be sent.
    """
    citizen.notice_version, citizen.agreed_at = "", None
    citizen.encrypted_phone, citizen.phone_hash = None, ""
    columns = ["notice_version", "agreed_at", "encrypted_phone", "phone_hash"]
    async with in_transaction() as database:
        await citizen.save(using_db=database, update_fields=columns)
        grants = CardGrant.filter(citizen_id=citizen.id).using_db(database)
        await grants.update(remaining=0, is_open=False)
