"""An application for government information (政府信息公开申请) and how far it has come.

The columns are a projection: the events of models/application_event.py are what happened, and the
row says in a form that can be listed and counted what they amount to. Whatever tells of a person is
in models/applicant.py, or encrypted.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency
from models.outcome import Outcome
from models.staff import Staff
from models.venue import Venue


class ApplicationState(StrEnum):
    """Where an application stands. What may follow what is in services/disclosure/case.py.

    Consulting, extended and delayed are not states: they go along with one.
    """

    SUBMITTED = "submitted"
    RECEIVED = "received"
    CORRECTION = "correction"
    PROCESSING = "processing"
    REASONS = "reasons"
    FEE = "fee"
    REVIEW = "review"
    ISSUED = "issued"
    REPLIED = "replied"
    ABANDONED_CORRECTION = "abandoned_correction"
    ABANDONED_FEE = "abandoned_fee"
    WITHDRAWN = "withdrawn"
    REDO = "redo"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        """What staff pages call it."""
        return _STATES[self]

    @property
    def is_open(self) -> bool:
        """Whether the agency still owes something."""
        return self not in _CLOSED


_STATES = {
    ApplicationState.SUBMITTED: "已提交待确认",
    ApplicationState.RECEIVED: "已收到",
    ApplicationState.CORRECTION: "已通知补正",
    ApplicationState.PROCESSING: "办理中",
    ApplicationState.REASONS: "要求说明理由",
    ApplicationState.FEE: "已发收费通知",
    ApplicationState.REVIEW: "审核中",
    ApplicationState.ISSUED: "已制发待送达",
    ApplicationState.REPLIED: "已答复",
    ApplicationState.ABANDONED_CORRECTION: "逾期不补正，不再处理",
    ApplicationState.ABANDONED_FEE: "逾期未缴费，不再处理",
    ApplicationState.WITHDRAWN: "申请人撤回",
    ApplicationState.REDO: "重新办理中",
    ApplicationState.ARCHIVED: "已归档",
}
_CLOSED = {
    ApplicationState.REPLIED,
    ApplicationState.ABANDONED_CORRECTION,
    ApplicationState.ABANDONED_FEE,
    ApplicationState.WITHDRAWN,
    ApplicationState.ARCHIVED,
}


class Channel(StrEnum):
    """How an application came. It decides which day counts as the day of receipt (收到日).

    Source: Regulation on Open Government Information (2019 revision), Article 31.
    """

    COUNTER = "counter"
    """当面提交: at a counter, or at a kiosk in a staffed zone."""
    POST = "post"
    """邮寄, signed for."""
    POST_UNSIGNED = "post_unsigned"
    """平常信函."""
    ONLINE = "online"
    FAX = "fax"

    @property
    def label(self) -> str:
        """What pages and the register call it."""
        return {
            "counter": "当面提交",
            "post": "邮寄（签收）",
            "post_unsigned": "平常信函",
            "online": "互联网",
            "fax": "传真",
        }[self.value]


class ApplicantKind(StrEnum):
    """Whether a person or an organisation applies."""

    NATURAL_PERSON = "natural_person"
    LEGAL_OR_OTHER = "legal_or_other"

    @property
    def label(self) -> str:
        """What forms call it."""
        return {"natural_person": "公民", "legal_or_other": "法人或其他组织"}[self.value]


class OrgCategory(StrEnum):
    """What kind of organisation: a column of the annual report, in its order.

    Source: 国办公开办函〔2021〕30号, table three.
    """

    BUSINESS = "business"
    RESEARCH = "research"
    PUBLIC_WELFARE = "public_welfare"
    LEGAL_SERVICE = "legal_service"
    OTHER = "other"

    @property
    def label(self) -> str:
        """What forms and reports call it."""
        return {
            "business": "商业企业",
            "research": "科研机构",
            "public_welfare": "社会公益组织",
            "legal_service": "法律服务机构",
            "other": "其他",
        }[self.value]


class FiledBy(StrEnum):
    """Whose hand filled the form in."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    """Staff typed what is on a paper form."""
    ORAL = "oral"
    """口头申请, recorded by the agency's office (Article 29)."""

    @property
    def label(self) -> str:
        """What the register calls it."""
        return {"applicant": "申请人填写", "clerk": "工作人员录入", "oral": "口头申请代填"}[
            self.value
        ]


class DeliveryWay(StrEnum):
    """How the applicant wants to get the information (获取方式)."""

    IN_PERSON = "in_person"
    POST = "post"
    EMAIL = "email"
    ONLINE = "online"
    FAX = "fax"
    INSPECTION = "inspection"
    """现场查阅、抄录."""

    @property
    def label(self) -> str:
        """What forms call it."""
        return {
            "in_person": "当面领取",
            "post": "邮寄",
            "email": "电子邮件",
            "online": "网上获取",
            "fax": "传真",
            "inspection": "现场查阅、抄录",
        }[self.value]

    @property
    def is_electronic(self) -> bool:
        """Whether a reply by this way must name an internet channel for review (复议法 Article 22)."""
        return self in {DeliveryWay.EMAIL, DeliveryWay.ONLINE}


class Carrier(StrEnum):
    """On what the applicant wants the information (载体形式)."""

    PAPER = "paper"
    ELECTRONIC = "electronic"
    DISC = "disc"

    @property
    def label(self) -> str:
        """What forms call it."""
        return {"paper": "纸质", "electronic": "电子文档", "disc": "光盘等"}[self.value]


class DueKind(StrEnum):
    """What is due next, for the officer's list."""

    CONFIRM = "confirm"
    ASK_CORRECTION = "ask_correction"
    CORRECTION = "correction"
    CONSULTATION = "consultation"
    FEE = "fee"
    REPLY = "reply"

    @property
    def label(self) -> str:
        """What lists call it."""
        return {
            "confirm": "确认收到",
            "ask_correction": "补正通知",
            "correction": "申请人补正",
            "consultation": "征求意见答复",
            "fee": "申请人缴费",
            "reply": "答复",
        }[self.value]


class Application(Model):
    """One application to one agency."""

    id = fields.IntField(primary_key=True)
    number = fields.CharField(max_length=40, unique=True)
    """登记编号: 2026-003-00012, the year, the agency and a running number."""
    query_code = fields.CharField(max_length=20, unique=True)
    """What the applicant asks after it by (查询码), together with a second fact."""
    agency: fields.ForeignKeyRelation[Agency] = fields.ForeignKeyField(
        "models.Agency", related_name=False, on_delete=fields.RESTRICT
    )
    agency_id: int
    venue: fields.ForeignKeyNullableRelation[Venue] = fields.ForeignKeyField(
        "models.Venue", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The zone that took it in, None where it came to the agency itself."""
    venue_id: int | None
    channel = fields.CharEnumField(Channel, max_length=20)
    filed_by = fields.CharEnumField(FiledBy, max_length=20)
    recorded_by: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """Who of the staff filed it, None where the applicant did it alone."""
    recorded_by_id: int | None
    applicant_kind = fields.CharEnumField(ApplicantKind, max_length=20)
    org_category = fields.CharEnumField(OrgCategory, max_length=20, null=True)
    """None for a natural person."""
    encrypted_request = fields.BinaryField()
    """What is asked for: services.disclosure.request.Request as JSON, encrypted."""
    delivery_way = fields.CharEnumField(DeliveryWay, max_length=20)
    carrier = fields.CharEnumField(Carrier, max_length=20)
    notice_version = fields.CharField(max_length=40, default="")
    """Which personal-information notice was shown (个人信息保护法 Article 17)."""
    idempotency_hash = fields.CharField(max_length=64, unique=True, null=True)
    """Keyed hash of what the sender called this filing, so that sending twice makes one case."""
    state = fields.CharEnumField(ApplicationState, max_length=24, db_index=True)
    is_consulting = fields.BooleanField(default=False)
    is_extended = fields.BooleanField(default=False)
    assigned_to: fields.ForeignKeyNullableRelation[Staff] = fields.ForeignKeyField(
        "models.Staff", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    assigned_to_id: int | None
    submitted_at = fields.DatetimeField()
    received_on = fields.DateField(null=True, db_index=True)
    """Day zero of the period that runs (收到日): after a correction, the day that came."""
    first_received_on = fields.DateField(null=True, db_index=True)
    """Day zero of the first period. Its year is the one of 本年新收."""
    correction_ask_due = fields.DateField(null=True)
    reply_due = fields.DateField(null=True, db_index=True)
    """None while nothing runs, and while a consultation keeps its end open."""
    is_provisional = fields.BooleanField(default=False)
    """True where reply_due lies beyond the years whose holidays are announced (暂定)."""
    next_due_on = fields.DateField(null=True, db_index=True)
    next_due_kind = fields.CharEnumField(DueKind, max_length=20, null=True)
    calendar_version = fields.CharField(max_length=64, default="")
    outcome = fields.CharEnumField(Outcome, max_length=30, null=True, db_index=True)
    """None until it is replied to, abandoned or withdrawn."""
    closed_on = fields.DateField(null=True, db_index=True)
    """The day that counts as answered, abandoned or withdrawn. Its year is the one of table three."""
    is_in_time = fields.BooleanField(null=True)
    days_used = fields.IntField(null=True)
    """Working days that counted, from day zero to the answer."""
    review_on = fields.DateField(null=True)
    """When what was withheld is looked at again (Article 18)."""
    earlier: fields.ForeignKeyNullableRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name=False, on_delete=fields.RESTRICT, null=True
    )
    """The application that this one repeats (重复申请)."""
    earlier_id: int | None
    archive_number = fields.CharField(max_length=60, default="")
    archived_on = fields.DateField(null=True)
    keep_until = fields.DateField(null=True, db_index=True)
    anonymised_at = fields.DatetimeField(null=True)
    """When everything that tells of the applicant was removed."""
    edits = fields.IntField(default=0)
    """The number of its last event: who works on it says which they saw."""

    class Meta:
        table = "application"
        ordering: list[Any] = ["id"]
