"""What somebody applies for, and who they are, as forms give it. Shapes only.

Source: Regulation on Open Government Information (2019 revision), Article 29: name, proof of identity
and contact, what is wanted, and in which form. A purpose is never asked for.
"""

from __future__ import annotations

import msgspec

from models.applicant import IdentityCheck, IdentityKind
from models.application import ApplicantKind, Carrier, DeliveryWay, OrgCategory


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted (所需信息): at least one of the first three is filled."""

    title: str = ""
    """Its name (名称)."""
    document_number: str = ""
    """文号."""
    features: str = ""
    """Other features by which it can be found (其他特征性描述)."""
    period: str = ""
    """The time that it is of."""
    place: str = ""
    delivery_way: DeliveryWay
    carrier: Carrier
    accepts_other_form: bool = True
    suggests_publication: bool = False
    """建议转为主动公开 (Article 44)."""

    def summary(self) -> str:
        """Return what is wanted in one line."""
        return self.title or self.document_number or self.features


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """Who files for another (代理人), with a power of attorney among the files."""

    name: str
    identity_number: str = ""
    phone: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """The applicant as filled in. "" where nothing was given."""

    kind: ApplicantKind = ApplicantKind.NATURAL_PERSON
    org_category: OrgCategory | None = None
    name: str
    identity_kind: IdentityKind = IdentityKind.RESIDENT_ID
    identity_number: str = ""
    identity_check: IdentityCheck = IdentityCheck.NONE
    check_note: str = ""
    """Why a number was taken whose checksum is wrong."""
    representative: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    email: str = ""
    fax: str = ""
    agent: Agent | None = None
    help_wanted: str = ""
