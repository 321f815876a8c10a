"""An application as far as it is filled in, and which question comes next. Shapes and order only.

Source: Regulation on Open Government Information (2019 revision), Article 29: name, proof of identity
and contact, what is wanted, and in which form. A purpose is never asked for.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from models.applicant import IdentityKind
from models.application import ApplicantKind, Carrier, DeliveryWay, OrgCategory


class Step(StrEnum):
    """One question, on a page of its own."""

    AGENCY = "agency"
    INFORMATION = "information"
    PUBLIC = "public"
    """Whether one of the documents that the search found is what they want."""
    FEATURES = "features"
    NUMBER = "number"
    PERIOD = "period"
    KIND = "kind"
    CATEGORY = "category"
    NAME = "name"
    CONTACT = "contact"
    IDENTITY_KIND = "identity-kind"
    IDENTITY = "identity"
    PHONE = "phone"
    WAY = "way"
    ADDRESS = "address"
    POSTCODE = "postcode"
    EMAIL = "email"
    FAX = "fax"
    CARRIER = "carrier"
    OTHER_FORM = "other-form"
    HELP = "help"
    NOTICE = "notice"
    CHECK = "check"
    """Everything to read once more, before it is sent."""


class FoundDocument(msgspec.Struct, frozen=True):
    """A published document that the search found."""

    id: int
    title: str
    article: str = ""


class DraftContent(msgspec.Struct, frozen=True, kw_only=True):
    """What was filled in so far. "" and None where nothing was given."""

    agency_id: int | None = None
    title: str = ""
    found: tuple[FoundDocument, ...] = ()
    searched_on: date | None = None
    features: str = ""
    document_number: str = ""
    period: str = ""
    kind: ApplicantKind | None = None
    org_category: OrgCategory | None = None
    name: str = ""
    contact: str = ""
    identity_kind: IdentityKind | None = None
    identity_number: str = ""
    phone: str = ""
    delivery_way: DeliveryWay | None = None
    address: str = ""
    postcode: str = ""
    email: str = ""
    fax: str = ""
    carrier: Carrier | None = None
    accepts_other_form: bool = True
    help_wanted: str = ""
    place: str = ""
    """No question asks for this and the next two: they come with what was sent from a program."""
    representative: str = ""
    suggests_publication: bool = False
    notice_version: str = ""
    answered: tuple[Step, ...] = ()
    """The questions that were answered, or passed over where that is possible."""
    is_taken_along: bool = False
    """Whether its owner was given the code. Nobody else can come back to it."""
    is_being_sent: bool = False
    """Whether sending it began: what may have been filed already is not changed any more."""

    @property
    def is_organisation(self) -> bool:
        return self.kind is ApplicantKind.LEGAL_OR_OTHER

    def steps(self) -> list[Step]:
        """Return the questions for what is known by now, in their order."""
        way = self.delivery_way
        is_reachable = bool(self.phone) or way in {DeliveryWay.EMAIL, DeliveryWay.FAX}
        asked = {
            Step.CATEGORY: self.is_organisation,
            Step.CONTACT: self.is_organisation,
            # Who has no telephone is reached another way.
            Step.ADDRESS: way is DeliveryWay.POST or (way is not None and not is_reachable),
            Step.POSTCODE: way is DeliveryWay.POST,
            Step.EMAIL: way is DeliveryWay.EMAIL,
            Step.FAX: way is DeliveryWay.FAX,
        }
        return [step for step in Step if asked.get(step, True)]

    def next_step(self) -> Step:
        """Return the first question that is open, CHECK where none is."""
        return next(
            (step for step in self.steps() if step not in self.answered and step is not Step.CHECK),
            Step.CHECK,
        )

    def before(self, step: Step) -> Step | None:
        """Return the question before one, None at the first."""
        steps = self.steps()
        place = steps.index(step) if step in steps else 0
        return steps[place - 1] if place else None

    def answering(self, step: Step, **values: object) -> DraftContent:
        """Return it with a question answered, and what no longer fits asked anew."""
        answered = {*self.answered, step}
        if step is Step.INFORMATION and values.get("title") != self.title:
            answered.discard(Step.PUBLIC)
        if step is Step.KIND and values.get("kind") is not self.kind:
            answered -= {Step.NAME, Step.IDENTITY_KIND, Step.IDENTITY}
            values |= {"identity_kind": None, "identity_number": "", "org_category": None}
            answered.discard(Step.CATEGORY)
        if step is Step.IDENTITY_KIND and values.get("identity_kind") is not self.identity_kind:
            answered.discard(Step.IDENTITY)
            values |= {"identity_number": ""}
        kept = tuple(one for one in Step if one in answered)
        return msgspec.structs.replace(self, answered=kept, **values)

    def reopening(self, step: Step) -> DraftContent:
        """Return it with a question to be answered anew."""
        return msgspec.structs.replace(
            self, answered=tuple(one for one in self.answered if one is not step)
        )

    def search_evidence(self) -> str:
        """Return what the search before filing found, for the case's file."""
        if self.searched_on is None:
            return ""
        found = "；".join(f"{one.title}{one.article and ' ' + one.article}" for one in self.found)
        told = f"找到 {len(self.found)} 份：{found}。申请人看过后仍要申请" if found else "没有找到"
        return f"{self.searched_on.isoformat()} 提交前查询“{self.title}”，{told}。"
