"""Who sees which applications, and how much of each.

Whatever is out of somebody's sight is not found; the other questions are asked of what is in it. The
classes are those of the data: S1 is the identity, S2 how to reach somebody, S3 what they wrote. Source: 个人信息保护法 Articles 6 and 51; the
table itself is a convention of this project.

                 S1 identity       S2 contact            S3 words
clerk            no                own zone, until the   what they took in themselves
                                   agency works on it
officer, head    with a reason     with a reason         their agencies'
reviewer         no                no                    while it is in review
supervisor       no                no                    no: the register
administrator    out of sight
"""

from __future__ import annotations

from tortoise.expressions import Q, Subquery

from models.application import Application, ApplicationState
from models.staff import Role
from models.venue import Venue
from services.access import Actor, Permission
from services.errors import NotAllowed, NotFound

_NOTHING = Q(id__lt=0)
_NOT_HANDED_OVER = {ApplicationState.SUBMITTED, ApplicationState.RECEIVED}
"""The office of the agency has not begun: whoever took it in may still have to ask something."""


def sight(actor: Actor) -> Q:
    """Return the condition on applications that an actor sees anything of."""
    if actor.role is None:
        return Q()
    if actor.acts_for_agencies:
        return Q(agency_id__in=list(actor.agency_ids)) if actor.agency_ids else _NOTHING
    if actor.role is Role.CLERK:
        return _of_venues(actor)
    if actor.role is Role.REVIEWER:
        return Q(state=ApplicationState.REVIEW) & _of_accepted_agencies(actor)
    if actor.role is Role.SUPERVISOR:
        return _of_venues(actor) | _of_accepted_agencies(actor)
    return _NOTHING


async def seen(actor: Actor, application_id: int) -> Application:
    """Return an application that somebody sees. Raises NotFound for every other."""
    application = await Application.get_or_none(Q(id=application_id) & sight(actor))
    if application is None:
        raise NotFound(
            "There is no such application in sight.", sentence="没有找到这件申请，请核对登记编号。"
        )
    return application


async def require_sight(actor: Actor, application_id: int) -> None:
    """Raise NotFound unless somebody sees an application."""
    await seen(actor, application_id)


async def require_work(actor: Actor, application_id: int) -> Application:
    """Return an application that somebody works on.

    Raises NotFound out of sight, NotAllowed for who only looks.
    """
    application = await seen(actor, application_id)
    if not works_on(actor, application):
        raise NotAllowed(
            f"{actor.role} does not work on applications.",
            sentence="这件申请由受理机关办理，这里只能查看。",
        )
    return application


def works_on(actor: Actor, application: Application) -> bool:
    """Return whether somebody does the agency's work on an application."""
    return actor.role is None or (
        actor.may(Permission.WORK_ON_APPLICATIONS) and application.agency_id in actor.agency_ids
    )


def may_see_identity(actor: Actor, application: Application) -> bool:
    """Return whether somebody may see the number of a document in full, with a reason (S1)."""
    return works_on(actor, application)


def may_see_contact(actor: Actor, application: Application) -> bool:
    """Return whether somebody may see name, phone and address in full (S2)."""
    if works_on(actor, application):
        return True
    return (
        _is_of_own_zone(actor, application)
        and application.state in _NOT_HANDED_OVER
        # Received once more, after a correction or a fee, it is with the agency already.
        and application.received_on == application.first_received_on
    )


def may_see_masked(actor: Actor, application: Application) -> bool:
    """Return whether somebody sees the masked applicant."""
    return works_on(actor, application) or _is_of_own_zone(actor, application)


def may_see_words(actor: Actor, application: Application) -> bool:
    """Return whether somebody who sees an application reads what was asked for (S3)."""
    if actor.role is Role.REVIEWER or works_on(actor, application):
        return may_see_work(actor, application)
    return (
        _is_of_own_zone(actor, application)
        and application.recorded_by_id is not None
        and application.recorded_by_id == actor.staff_id
    )


def may_see_work(actor: Actor, application: Application) -> bool:
    """Return whether somebody reads what the agency wrote: notes, whom it asked, letters.

    Whoever took an application in reads what was asked for, not on what a secret rests.
    """
    is_checking = actor.role is Role.REVIEWER and application.state is ApplicationState.REVIEW
    return works_on(actor, application) or is_checking


def require_seeing_work(actor: Actor, application: Application) -> None:
    """Raise NotAllowed unless somebody reads what the agency wrote."""
    if not may_see_work(actor, application):
        raise NotAllowed(
            f"{actor.role} may not read the work.",
            sentence="文书和办理材料只有受理机关的经办人、负责人和审查人可以查看。",
        )


def require_words(actor: Actor, application: Application) -> None:
    """Raise NotAllowed unless somebody reads what was asked for."""
    if not may_see_words(actor, application):
        raise NotAllowed(
            f"{actor.role} may not read the request.",
            sentence="申请内容只有受理机关和录入人可以查看。",
        )


def _is_of_own_zone(actor: Actor, application: Application) -> bool:
    return (
        actor.role is Role.CLERK
        and application.venue_id is not None
        and (actor.venue_ids is None or application.venue_id in actor.venue_ids)
    )


def _of_venues(actor: Actor) -> Q:
    if actor.venue_ids is None:
        return Q()
    return Q(venue_id__in=list(actor.venue_ids)) if actor.venue_ids else _NOTHING


def _of_accepted_agencies(actor: Actor) -> Q:
    """Return the condition for applications to agencies that an actor's zones accept for."""
    if actor.venue_ids is None:
        return Q()
    if not actor.venue_ids:
        return _NOTHING
    accepted = Venue.filter(id__in=list(actor.venue_ids)).values("accepts_for__id")
    return Q(agency_id__in=Subquery(accepted))
