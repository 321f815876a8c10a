"""Who acts, what their role lets them do, and whose things they see.

Whatever is out of somebody's sight is not found: a refusal would tell that it exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tortoise.expressions import Q

from models.agency import Agency
from models.staff import Role, Staff
from models.venue import Venue
from services.errors import NotAllowed, NotFound


class Permission(StrEnum):
    """One kind of work in the console."""

    LOOK = "look"
    """See documents, entries and venues."""
    WRITE_DOCUMENTS = "write_documents"
    """Draft, import, submit, withdraw documents and keep what is on display."""
    WRITE_QUESTIONS = "write_questions"
    """Draft, submit and withdraw library entries, and keep synonyms."""
    REVIEW = "review"
    """Make the secrecy check that lets something be published (保密审查)."""
    ANSWER = "answer"
    """Answer what visitors left, and read it."""
    ANSWER_SUGGESTIONS = "answer_suggestions"
    TAKE_CALLS = "take_calls"
    TAKE_APPLICATIONS = "take_applications"
    """Take in applications at the counter, and say how they stand."""
    WORK_ON_APPLICATIONS = "work_on_applications"
    """Work on the applications of one's agencies."""
    APPROVE_APPLICATIONS = "approve_applications"
    """Approve extensions, late corrections and delays (Article 33)."""
    KEEP_OFFICES = "keep_offices"
    """Keep what agencies print in their letters, and how they word them (Article 4)."""
    SEE_REGISTER = "see_register"
    """See the register of applications and the annual report (Articles 45 and 49)."""
    WRITE_NOTICES = "write_notices"
    """Draft, submit and withdraw notices, and see whom they reached."""
    KEEP_WECHAT = "keep_wechat"
    """Keep the templates of cards, and act on what WeChat complains of."""
    SEE_LEDGER = "see_ledger"
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"
    MANAGE_VENUES = "manage_venues"
    """Keep venues, their hours, agencies and kiosks."""


_P = Permission
_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset(
        {
            *(_P.LOOK, _P.WRITE_DOCUMENTS, _P.WRITE_QUESTIONS, _P.ANSWER, _P.ANSWER_SUGGESTIONS),
            *(_P.TAKE_CALLS, _P.SEE_LEDGER, _P.TAKE_APPLICATIONS, _P.WRITE_NOTICES),
        }
    ),
    Role.AGENCY_OFFICER: frozenset(
        {
            *(_P.LOOK, _P.WRITE_DOCUMENTS, _P.WRITE_QUESTIONS, _P.ANSWER, _P.WRITE_NOTICES),
            *(_P.TAKE_APPLICATIONS, _P.WORK_ON_APPLICATIONS, _P.SEE_REGISTER),
        }
    ),
    Role.OFFICE_HEAD: frozenset(
        {
            *(_P.LOOK, _P.TAKE_APPLICATIONS, _P.WORK_ON_APPLICATIONS),
            *(_P.APPROVE_APPLICATIONS, _P.SEE_REGISTER, _P.KEEP_OFFICES),
        }
    ),
    Role.REVIEWER: frozenset({_P.LOOK, _P.REVIEW, _P.SEE_LEDGER}),
    Role.SUPERVISOR: frozenset({_P.LOOK, _P.SEE_LEDGER, _P.SEE_AUDIT, _P.SEE_REGISTER}),
    # Who keeps the accounts does no work on the contents, and the other way round.
    Role.ADMINISTRATOR: frozenset(
        {
            *(_P.LOOK, _P.SEE_LEDGER, _P.SEE_AUDIT, _P.MANAGE_STAFF, _P.MANAGE_VENUES),
            *(_P.KEEP_OFFICES, _P.KEEP_WECHAT),
        }
    ),
}


@dataclass(frozen=True)
class Actor:
    """Whoever does something: a member of staff, or the system itself."""

    staff_id: int | None
    """None for the system and the command line."""
    name: str
    role: Role | None
    """None for the system, which may do everything."""
    venue_ids: frozenset[int] | None
    """The zones they work for and those below, None for all."""
    agency_ids: frozenset[int]
    """The agencies of an officer."""
    keeps_shared: bool
    """Whether they keep what belongs to no single zone: those of a topmost zone do."""
    seal_key: bytes = field(repr=False)
    """Seals the records of what they do."""

    def may(self, permission: Permission) -> bool:
        """Return whether the role includes a kind of work."""
        return self.role is None or permission in _PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed unless the role includes a kind of work."""
        if not self.may(permission):
            raise NotAllowed(
                f"{self.role} does not include {permission}.",
                sentence="您的岗位没有这项权限，需要时请联系系统管理员。",
            )

    @property
    def acts_for_agencies(self) -> bool:
        """Whether their work is that of agencies, whatever the zone."""
        return self.role in {Role.AGENCY_OFFICER, Role.OFFICE_HEAD}

    def works_on(self, venue_id: int | None, agency_id: int | None = None) -> bool:
        """Return whether something of a zone (None: of all) and an agency is theirs to change."""
        if self.acts_for_agencies:
            return agency_id in self.agency_ids
        if self.venue_ids is None:
            return True
        return self.keeps_shared if venue_id is None else venue_id in self.venue_ids

    def sees(self, venue_id: int | None, agency_id: int | None = None) -> bool:
        """Return whether something of a zone (None: of all) and an agency is theirs to see."""
        if not self.acts_for_agencies and venue_id is None:
            return True
        return self.works_on(venue_id, agency_id)

    def sight(self) -> Q:
        """Return the condition on documents and entries that `sees` puts on one."""
        if self.acts_for_agencies:
            return Q(responsible_agency_id__in=list(self.agency_ids))
        if self.venue_ids is None:
            return Q()
        return Q(venue_id=None) | Q(venue_id__in=list(self.venue_ids))

    def require_sight(self, venue_id: int | None, agency_id: int | None = None) -> None:
        """Raise NotFound unless they see it."""
        if not self.sees(venue_id, agency_id):
            raise NotFound("It belongs to another zone or agency.")

    def require_work(self, venue_id: int | None, agency_id: int | None = None) -> None:
        """Raise NotFound unless they see it, NotAllowed unless they may change it."""
        self.require_sight(venue_id, agency_id)
        if not self.works_on(venue_id, agency_id):
            raise NotAllowed(
                "Shared contents are kept by the topmost zone.",
                sentence="这项内容由上级专区统一维护，这里只能查看。",
            )


def system(seal_key: bytes, name: str = "系统") -> Actor:
    """Return the actor for what nobody in particular does: timed work and the command line."""
    return Actor(None, name, None, None, frozenset(), True, seal_key)


async def actor_of(staff: Staff, seal_key: bytes) -> Actor:
    """Return what a member of staff may see and do at this moment."""
    own: list[int] = [venue.id for venue in await Venue.filter(staff__id=staff.id)]
    agencies: list[int] = [agency.id for agency in await Agency.filter(staff__id=staff.id)]
    below = await with_venues_below(own)
    topmost = await Venue.filter(id__in=own, parent_id=None).exists() if own else False
    everywhere = staff.role is Role.ADMINISTRATOR
    return Actor(
        staff.id,
        staff.display_name,
        staff.role,
        None if everywhere else below,
        frozenset(agencies),
        everywhere or topmost,
        seal_key,
    )


async def with_venues_below(venue_ids: list[int]) -> frozenset[int]:
    """Return zones and everything below them."""
    found = set(venue_ids)
    children: dict[int, list[int]] = {}
    for row in await Venue.exclude(parent_id=None).values("id", "parent_id"):
        children.setdefault(row["parent_id"], []).append(row["id"])
    waiting = list(found)
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)
