"""What has to be in the file before a reply is issued (§9), by its outcome.

Source: Regulation on Open Government Information (2019 revision), Articles 15, 30, 32, 35, 36 and 37.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.application import DeliveryWay
from models.application_file import FilePurpose
from models.consultation import PartyKind, PartyView
from models.outcome import Outcome
from services.disclosure.case import Case
from services.disclosure.findings import Finding
from services.disclosure.outcomes import Evidence, law_of


@dataclass(frozen=True)
class FileOfCase:
    """What of a case is known when its reply is to go out."""

    case: Case
    files: frozenset[FilePurpose]
    way: DeliveryWay
    review_note: str
    """What was written when it was sent to the check: why nobody was asked, on what it is secret."""
    has_earlier: bool
    """Whether the earlier application is named."""
    third_party_told: bool
    """Whether a third party who objected has the decision to disclose (N13)."""


def evidence_findings(outcome: Outcome, seen: FileOfCase) -> tuple[Finding, ...]:
    """Return what is missing."""
    missing = [
        finding for evidence in law_of(outcome).evidence for finding in _CHECKS[evidence](seen)
    ]
    if outcome is Outcome.G2_GIVEN and _objected(seen.case) and not seen.third_party_told:
        missing.append(
            Finding(
                "third_party_not_told",
                "第三方不同意公开而决定公开的，要先制发决定公开告知书给第三方（第三十二条）。",
            )
        )
    return tuple(missing)


def _objected(case: Case) -> bool:
    return any(
        one.party is PartyKind.THIRD_PARTY and one.view is PartyView.OBJECTS
        for one in case.consultations
    )


def _release(seen: FileOfCase) -> Iterator[Finding]:
    # Who comes to read it on the spot is given no file.
    if FilePurpose.RELEASE not in seen.files and seen.way is not DeliveryWay.INSPECTION:
        yield Finding("release_missing", "还没有上传提供给申请人的信息文件。")


def _redaction(seen: FileOfCase) -> Iterator[Finding]:
    if FilePurpose.REDACTION_LOG not in seen.files:
        yield Finding("redaction_log_missing", "部分公开要有区分处理记录：隐去了什么、为什么。")


def _consulted(seen: FileOfCase) -> Iterator[Finding]:
    asked = [one for one in seen.case.consultations if one.party is PartyKind.THIRD_PARTY]
    if any(one.is_open for one in asked):
        yield Finding("consultation_open", "第三方的意见还没有收到，期限也没有过（第三十二条）。")
    elif not asked and not seen.review_note:
        yield Finding(
            "consultation_missing", "没有征求过第三方意见；不需要征求的，请在送审说明里写明理由。"
        )


def _secret(seen: FileOfCase) -> Iterator[Finding]:
    if not seen.review_note and FilePurpose.EVIDENCE not in seen.files:
        yield Finding(
            "secrecy_reference_missing",
            "属于国家秘密的，请在送审说明里写明定密依据（只在内部留存）。",
        )


def _searched(seen: FileOfCase) -> Iterator[Finding]:
    if seen.case.searches == 0:
        yield Finding(
            "search_log_missing", "答复信息不存在，要先记录检索情况（第三十六条第四项）。"
        )


def _repeated(seen: FileOfCase) -> Iterator[Finding]:
    if not seen.has_earlier:
        yield Finding("earlier_case_missing", "重复申请要指明之前的那一件。")


def _corrected(seen: FileOfCase) -> Iterator[Finding]:
    asked = seen.case.correction
    if asked is None or asked.received_on is None:
        yield Finding("correction_missing", "只有补正后仍不明确的，才能这样答复（第三十条）。")


def _reasons(seen: FileOfCase) -> Iterator[Finding]:
    if seen.case.reasons_reasonable is not False:
        yield Finding(
            "reasons_missing", "要先要求说明理由，理由不合理的才能这样答复（第三十五条）。"
        )


_CHECKS = {
    Evidence.RELEASE: _release,
    Evidence.REDACTION_LOG: _redaction,
    Evidence.CONSULTATION: _consulted,
    Evidence.SECRECY_REFERENCE: _secret,
    Evidence.SEARCH_LOG: _searched,
    Evidence.EARLIER_CASE: _repeated,
    Evidence.CORRECTION: _corrected,
    Evidence.REASONS: _reasons,
}
