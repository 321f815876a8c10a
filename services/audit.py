"""The audit record: what was done and seen, by whom, in a chain that shows what is missing.

Each record is sealed with the installation's key over its own content and the seal before it, and
the head row keeps the last number and seal. A row that was changed, put in or taken out, at the
end too, no longer fits. There is no function that changes or removes a record.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from models.audit_record import AuditHead, AuditRecord
from services.access import Actor

_ROWS_A_READ = 2_000


class Action(StrEnum):
    """What is recorded. Values are stable, pages show the label."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    STAFF_CHANGED = "staff_changed"
    VENUE_CHANGED = "venue_changed"
    AGENCY_CHANGED = "agency_changed"
    DEVICE_CHANGED = "device_changed"
    DEVICE_ENROLLED = "device_enrolled"
    DRAFT_SAVED = "draft_saved"
    DRAFT_ABANDONED = "draft_abandoned"
    SUBMITTED = "submitted"
    REVIEW_PASSED = "review_passed"
    REVIEW_RETURNED = "review_returned"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    IMPORTED = "imported"
    SCOPE_CHANGED = "scope_changed"
    FILE_DOWNLOADED = "file_downloaded"
    DISPLAY_CHANGED = "display_changed"
    GAZETTE_CHANGED = "gazette_changed"
    SYNONYM_CHANGED = "synonym_changed"
    QUESTION_SEEN = "question_seen"
    QUESTION_ANSWERED = "question_answered"
    QUESTION_PASSED_ON = "question_passed_on"
    QUESTION_CLOSED = "question_closed"
    ENTRY_BEGUN = "entry_begun"
    SUGGESTION_SEEN = "suggestion_seen"
    SUGGESTION_ANSWERED = "suggestion_answered"
    CALL_TAKEN = "call_taken"
    CALL_CLOSED = "call_closed"
    APPLICANT_SEEN = "applicant_seen"
    CONTACT_SEEN = "contact_seen"
    CASE_FILE_KEPT = "case_file_kept"
    CASE_FILE_SEEN = "case_file_seen"
    CASE_FILE_REMOVED = "case_file_removed"
    CASE_ANONYMISED = "case_anonymised"
    KEYS_ROTATED = "keys_rotated"
    LEDGER_EXPORTED = "ledger_exported"
    APPLICATION_FILED = "application_filed"
    APPLICATION_SEEN = "application_seen"
    APPLICATION_CHANGED = "application_changed"
    AUDIT_SEEN = "audit_seen"
    REGISTER_SEEN = "register_seen"
    REGISTER_EXPORTED = "register_exported"
    ANNUAL_REPORT_SAVED = "annual_report_saved"
    ANNUAL_REPORT_CLOSED = "annual_report_closed"
    ANNUAL_REPORT_EXPORTED = "annual_report_exported"
    CALENDAR_IMPORTED = "calendar_imported"
    NOTICE_SAVED = "notice_saved"
    NOTICE_SUBMITTED = "notice_submitted"
    NOTICE_PASSED = "notice_passed"
    NOTICE_RETURNED = "notice_returned"
    NOTICE_PUBLISHED = "notice_published"
    NOTICE_WITHDRAWN = "notice_withdrawn"
    DELIVERY_SETTLED = "delivery_settled"
    CARD_USE_CHANGED = "card_use_changed"
    WECHAT_ALARM_CLEARED = "wechat_alarm_cleared"
    CONTENT_CLEARED = "content_cleared"
    SCAN_CODES_PRINTED = "scan_codes_printed"
    CITIZEN_FORGOTTEN = "citizen_forgotten"
    BACKED_UP = "backed_up"
    RESTORED = "restored"

    @property
    def label(self) -> str:
        """What pages call it."""
        return _LABELS[self]


_LABELS = {
    Action.SIGNED_IN: "登录",
    Action.SIGN_IN_FAILED: "登录失败",
    Action.SIGNED_OUT: "退出",
    Action.PASSWORD_CHANGED: "修改密码",
    Action.SECOND_FACTOR_CHANGED: "变更动态口令",
    Action.STAFF_CHANGED: "变更人员",
    Action.VENUE_CHANGED: "变更专区",
    Action.AGENCY_CHANGED: "变更机关",
    Action.DEVICE_CHANGED: "变更自助机",
    Action.DEVICE_ENROLLED: "登记自助机",
    Action.DRAFT_SAVED: "保存拟稿",
    Action.DRAFT_ABANDONED: "放弃拟稿",
    Action.SUBMITTED: "提交审查",
    Action.REVIEW_PASSED: "审查通过",
    Action.REVIEW_RETURNED: "审查退回",
    Action.PUBLISHED: "发布",
    Action.WITHDRAWN: "撤下",
    Action.IMPORTED: "导入",
    Action.SCOPE_CHANGED: "变更归属",
    Action.FILE_DOWNLOADED: "下载原件",
    Action.DISPLAY_CHANGED: "变更陈列资料",
    Action.GAZETTE_CHANGED: "变更公报",
    Action.SYNONYM_CHANGED: "变更同义词",
    Action.QUESTION_SEEN: "查看留言",
    Action.QUESTION_ANSWERED: "答复留言",
    Action.QUESTION_PASSED_ON: "转办留言",
    Action.QUESTION_CLOSED: "办结留言",
    Action.ENTRY_BEGUN: "由留言拟写问答",
    Action.SUGGESTION_SEEN: "查看意见建议",
    Action.SUGGESTION_ANSWERED: "答复意见建议",
    Action.CALL_TAKEN: "应答呼叫",
    Action.CALL_CLOSED: "办结呼叫",
    Action.APPLICANT_SEEN: "查看申请人完整信息",
    Action.CONTACT_SEEN: "查看申请人联系方式",
    Action.CASE_FILE_KEPT: "收存案卷文件",
    Action.CASE_FILE_SEEN: "查看案卷文件",
    Action.CASE_FILE_REMOVED: "移除案卷文件",
    Action.CASE_ANONYMISED: "到期去除个人信息",
    Action.KEYS_ROTATED: "更换密钥",
    Action.LEDGER_EXPORTED: "导出台账",
    Action.APPLICATION_FILED: "登记公开申请",
    Action.APPLICATION_SEEN: "查看公开申请",
    Action.APPLICATION_CHANGED: "办理公开申请",
    Action.AUDIT_SEEN: "查看审计记录",
    Action.REGISTER_SEEN: "查看登记台账",
    Action.REGISTER_EXPORTED: "导出登记台账",
    Action.ANNUAL_REPORT_SAVED: "修改年度报告",
    Action.ANNUAL_REPORT_CLOSED: "定稿年度报告",
    Action.ANNUAL_REPORT_EXPORTED: "导出年度报告",
    Action.NOTICE_SAVED: "保存通知",
    Action.NOTICE_SUBMITTED: "提交通知审查",
    Action.NOTICE_PASSED: "通知审查通过",
    Action.NOTICE_RETURNED: "通知审查退回",
    Action.NOTICE_PUBLISHED: "发布通知",
    Action.NOTICE_WITHDRAWN: "撤回通知",
    Action.DELIVERY_SETTLED: "认定发送结果",
    Action.CARD_USE_CHANGED: "变更订阅消息模板",
    Action.WECHAT_ALARM_CLEARED: "处理微信告警",
    Action.CONTENT_CLEARED: "核看内容",
    Action.SCAN_CODES_PRINTED: "打印小程序码",
    Action.CITIZEN_FORGOTTEN: "注销小程序用户",
    Action.CALENDAR_IMPORTED: "导入节假日安排",
    Action.BACKED_UP: "备份",
    Action.RESTORED: "恢复备份",
}


async def record(
    actor: Actor,
    action: Action,
    subject: str = "",
    *,
    venue_id: int | None = None,
    using_db: BaseDBAsyncClient,
    **detail: int | str | bool | None | list[int],
) -> None:
    """Add to the record; to be called inside the transaction of what is recorded, as its last step.

    Takes the lock of the single head row until that transaction ends: called last, and after
    index_changes.record, nobody waits long and no two wait for each other. `detail` holds ids,
    states and numbers, never words of visitors nor secrets.
    """
    await AuditHead.get_or_create({}, id=1, using_db=using_db)
    await AuditHead.filter(id=1).using_db(using_db).update(number=F("number") + 1)
    head = await AuditHead.get(id=1, using_db=using_db)
    entry = AuditRecord(
        number=head.number,
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        staff_id=actor.staff_id,
        staff_name=actor.name,
        action=action.value,
        subject=subject,
        venue_id=venue_id,
        detail=msgspec.json.encode(detail, order="sorted").decode(),
    )
    entry.seal = _seal(entry, head.seal, actor.seal_key)
    await entry.save(using_db=using_db, force_create=True)
    await AuditHead.filter(id=1).using_db(using_db).update(seal=entry.seal)


async def record_alone(
    actor: Actor,
    action: Action,
    subject: str = "",
    *,
    venue_id: int | None = None,
    **detail: int | str | bool | None | list[int],
) -> None:
    """Add to the record what changes nothing else: that something was seen, or refused."""
    async with in_transaction() as database:
        await record(actor, action, subject, venue_id=venue_id, using_db=database, **detail)


@dataclass(frozen=True)
class Verified:
    """What looking through the chain came to."""

    records: int
    """Those that fit, counted from the first."""
    broken_at: int | None
    """The number of the first record that does not fit, or is missing; None where all fit."""
    seal: str
    """The seal of the last one that fits. Noted elsewhere, it shows that a chain which was cut and
    whose head was put back has been longer."""


async def verify(seal_key: bytes) -> Verified:
    """Look through the whole chain, also while others add to it."""
    head = await AuditHead.get_or_none(id=1)
    length, last_seal = (head.number, head.seal) if head is not None else (0, "")
    expected, seal = 1, ""
    while (
        rows := await AuditRecord.filter(number__gte=expected, number__lte=length)
        .order_by("number")
        .limit(_ROWS_A_READ)
    ):
        for row in rows:
            if row.number != expected or row.seal != _seal(row, seal, seal_key):
                return Verified(expected - 1, expected, seal)
            expected, seal = expected + 1, row.seal
    if (expected - 1, seal) != (length, last_seal):
        return Verified(expected - 1, expected, seal)
    # What was added meanwhile is counted by the head, read after it: both are committed together.
    last = await AuditRecord.all().order_by("-number").first()
    head = await AuditHead.get_or_none(id=1)
    counted = head.number if head is not None else 0
    if last is not None and last.number > counted:
        return Verified(expected - 1, counted + 1, seal)
    return Verified(expected - 1, None, seal)


def _seal(row: AuditRecord, before: str, seal_key: bytes) -> str:
    content: list[Any] = [
        *(before, row.number, row.at, row.staff_id, row.staff_name, row.action, row.subject),
        *(row.venue_id, row.detail),
    ]
    return hmac.new(seal_key, msgspec.json.encode(content), hashlib.sha256).hexdigest()
