"""The office of an agency that handles applications (政府信息公开工作机构), and what it must print.

Source: Regulation on Open Government Information (2019 revision), Article 4.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.agency import Agency


class AgencyStanding(StrEnum):
    """What kind of agency it is, which decides who reviews its decisions (复议机关).

    Source: Administrative Reconsideration Law (2023 revision), Articles 24, 25 and 27.
    """

    DEPARTMENT = "department"
    """县级以上政府部门: reviewed by the people's government of its own level."""
    GOVERNMENT = "government"
    """Reviewed by the government one level up."""
    PROVINCE_OR_MINISTRY = "province_or_ministry"
    """Reviewed by itself."""
    VERTICAL = "vertical"
    """垂直领导、税务、国家安全: reviewed by the superior body."""

    @property
    def label(self) -> str:
        """What pages call it."""
        return {
            "department": "县级以上政府部门",
            "government": "地方人民政府",
            "province_or_ministry": "省级政府或国务院部门",
            "vertical": "垂直领导机关、税务、国家安全机关",
        }[self.value]


class DisclosureOffice(Model):
    """The office of one agency. A reply cannot be issued while its remedy data are empty."""

    id = fields.IntField(primary_key=True)
    agency: fields.OneToOneRelation[Agency] = fields.OneToOneField(
        "models.Agency", related_name="disclosure_office", on_delete=fields.CASCADE
    )
    agency_id: int
    standing = fields.CharEnumField(
        AgencyStanding, max_length=24, default=AgencyStanding.DEPARTMENT
    )
    name = fields.CharField(max_length=200, default="")
    """The office: 示例区住房城乡建设委办公室."""
    address = fields.CharField(max_length=300, default="")
    postcode = fields.CharField(max_length=10, default="")
    phone = fields.CharField(max_length=60, default="")
    fax = fields.CharField(max_length=60, default="")
    email = fields.CharField(max_length=120, default="")
    hours = fields.CharField(max_length=200, default="")
    online_channel = fields.CharField(max_length=300, default="")
    """Where the public files online with this agency itself."""
    letter_prefix = fields.CharField(max_length=40, default="")
    """What stands before 〔2026〕 in the numbers of its letters: 示例住建依申请."""
    review_body = fields.CharField(max_length=200, default="")
    review_address = fields.CharField(max_length=300, default="")
    review_phone = fields.CharField(max_length=60, default="")
    review_channel = fields.CharField(max_length=300, default="")
    """The internet channel for filing a review (复议法 Article 22)."""
    court = fields.CharField(max_length=200, default="")
    court_address = fields.CharField(max_length=300, default="")
    fee_payment = fields.CharField(max_length=300, default="")
    """How a fee is paid."""
    auto_confirm = fields.BooleanField(default=True)
    """Whether what is sent online counts as received when it is sent. A convention of this project."""
    correction_days = fields.IntField(default=15)
    """Working days that an applicant has to correct. A convention of this project: 5 to 30."""
    late_correction_restarts = fields.BooleanField(default=False)
    """Whether a correction that was asked for after the seventh working day lets the period begin anew.
    The law is silent: a convention of this project."""
    fee_restarts = fields.BooleanField(default=True)
    """Whether the period begins anew when a fee is paid; otherwise it goes on from where it stood. 109号 was
    not seen to say: a convention of this project."""
    keep_decided_years = fields.IntField(default=30)
    keep_abandoned_years = fields.IntField(default=10)
    review_withheld_months = fields.IntField(default=12)
    """After how long what was withheld is looked at again (Article 18)."""
    edits = fields.IntField(default=0)

    class Meta:
        table = "disclosure_office"
        ordering: list[Any] = ["id"]
