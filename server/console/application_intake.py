"""Taking applications in at the counter: typed from paper or told by word of mouth, then the receipt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from models.applicant import IdentityKind
from models.application import ApplicantKind, Carrier, Channel, DeliveryWay, OrgCategory
from models.venue import Venue
from server.console.application_intake_forms import (
    CHECKS,
    NOTHING_TYPED,
    empty_values,
    intake_of,
    values_of,
)
from server.console.forms import Form
from server.console.pages import go_on, show
from server.console.staff_door import staff
from server.context import context_of
from server.errors import describe
from server.printed_files import FileKind, file_kind, printed_file
from server.rate_limit import TooManyRequests
from services import agencies, application_forms, application_intake, handovers, referrals
from services.access import Actor, Permission
from services.application_intake import IntakeIncomplete
from services.application_searches import published_about
from services.clock import zone_day
from services.disclosure.draft_content import FoundDocument
from services.disclosure.form_layout import filled
from services.disclosure.oral_record import Confirmation
from services.errors import Conflict, Invalid, NotFound
from services.handovers import UnknownHandOver
from services.secret_key import SecretKeys

PATH = "/console/application-intake"
_HANDED_OVER = "handed over "


def add_routes(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    intake = "/application-intake"
    routes.add_route(page, intake, name="application_intake")
    routes.add_route(take_in, intake, methods={"POST"}, name="take_application_in")
    routes.add_route(hand_over, f"{intake}/handover", methods={"POST"}, name="take_draft_over")
    routes.add_route(search, f"{intake}/search", methods={"POST"}, name="search_before_intake")
    routes.add_route(
        referred, f"{intake}/referrals/<agency_id:int>", name="referred_to_agency"
    )  # fmt: skip
    for kind in FileKind:
        routes.add_route(
            form_file, f"{intake}/form.{kind}", methods={"POST"}, name=f"filled_form_{kind}"
        )


@staff(Permission.TAKE_APPLICATIONS)
async def page(request: Request, actor: Actor) -> HTTPResponse:
    """Show an empty form, for the zone in ?venue=ID or the first that is theirs."""
    venue = await _venue(request, actor, request.args.get("venue", ""))
    unit = venue.title if venue is not None else ""
    values = empty_values(actor, unit, zone_day(datetime.now(UTC)))
    return await _page(request, actor, venue, values, {})


@staff(Permission.TAKE_APPLICATIONS)
async def take_in(request: Request, actor: Actor) -> HTTPResponse:
    """Take an application in and go on to its receipt, or show the way to another agency."""
    form = Form(request)
    venue = await _venue(request, actor, form.raw("venue_id"))
    intake = intake_of(form, venue.id if venue is not None else None)
    accepted, others = await application_intake.agencies_for(actor, venue)
    if intake.agency_id in {agency.id for agency in others}:
        if venue is not None:
            await referrals.refer(venue, intake.agency_id)
        return go_on(request, f"{PATH}/referrals/{intake.agency_id}")
    if intake.agency_id not in {agency.id for agency in accepted}:
        form.errors["agency_id"] = "请选择向哪个机关申请。"
    status, keys = 422, context_of(request).parts.keys
    draft_id = await _handed_over(form, actor, keys)
    if not form.errors:
        try:
            filed = await application_intake.take_in(
                actor, msgspec.structs.replace(intake, draft_id=draft_id), keys=keys,
                now=datetime.now(UTC),
            )  # fmt: skip
        except IntakeIncomplete as incomplete:
            form.errors |= incomplete.fields
        except Invalid as wrong:
            form.errors[_FIELDS.get(wrong.code, "title")] = wrong.sentence
        except Conflict as conflict:
            form.errors["title"], status = conflict.sentence, 409
        else:
            done = (
                "这份申请已经受理过，没有重复登记。" if filed.repeated else "已经受理，请打印回执。"
            )
            return go_on(request, f"{PATH}/{filed.application_id}", done)
    values = form.values
    if "org_category" in form.errors and not values.get("org_category"):
        values["org_category"] = application_intake.suggestion(intake.person).value
    return await _page(request, actor, venue, values, form.errors, status=status)


@staff(Permission.TAKE_APPLICATIONS)
async def hand_over(request: Request, actor: Actor) -> HTTPResponse:
    """Fill the form in with the draft that an applicant hands over. Guessing gets slow."""
    form, context = Form(request), context_of(request)
    venue = await _venue(request, actor, form.raw("venue_id"))
    now, keys, who = datetime.now(UTC), context.parts.keys, f"staff {actor.staff_id}"
    values = empty_values(actor, venue.title if venue is not None else "", zone_day(now))
    try:
        context.look_up_limit.note(who)
        with context.draft_delay.guarding(who):
            taken = await handovers.take_to_counter(actor, form.raw("code"), keys=keys, now=now)
    except (UnknownHandOver, Conflict, TooManyRequests) as refused:
        errors = {"code": refused.sentence}
        status = describe(refused).status
        return await _page(request, actor, venue, values, errors, status=status)
    sealed = keys.encrypt(f"{_HANDED_OVER}{actor.staff_id} {taken.hand_over_id}").decode()
    values |= values_of(taken.draft.content) | {"handed_over": sealed}
    return await _page(request, actor, venue, values, {})


@staff(Permission.TAKE_APPLICATIONS)
async def search(request: Request, actor: Actor) -> HTTPResponse:
    """Look whether it is public already. What was shown stays with the application as evidence."""
    form = Form(request)
    venue = await _venue(request, actor, form.raw("venue_id"))
    intake = intake_of(form, venue.id if venue is not None else None)
    words = intake.request.summary()[:200]
    now = datetime.now(UTC)
    found: tuple[FoundDocument, ...] = ()
    if words:
        found = await published_about(words, venue, context_of(request).library)
    names = "、".join(f"《{one.title}》" for one in found) or "没有找到"
    values = form.values
    if words:
        values["search_evidence"] = (
            f"{zone_day(now).isoformat()}受理时检索“{words}”：{names}。申请人看过以后仍要申请。"
        )
    return await _page(request, actor, venue, values, {}, found=found, searched=words)


@staff(Permission.TAKE_APPLICATIONS)
async def form_file(request: Request, actor: Actor) -> HTTPResponse:
    """Send the form with what was typed so far, to be read through and signed. Nothing is kept."""
    form = Form(request)
    venue = await _venue(request, actor, form.raw("venue_id"))
    intake = intake_of(form, venue.id if venue is not None else None)
    agency = (await agencies.one(intake.agency_id)).name if intake.agency_id else ""
    on = intake.arrival.arrived_on or zone_day(datetime.now(UTC))
    sheet = filled(agency, intake.person, intake.request, on)
    kind = file_kind(request.path.rpartition(".")[2])
    return await printed_file(application_forms.printed(sheet), kind, sheet.title)


@staff(Permission.TAKE_APPLICATIONS)
async def referred(request: Request, actor: Actor, agency_id: int) -> HTTPResponse:
    """Show the way to an agency that is not taken in for: no receipt, no period."""
    way = await referrals.directions_to(agency_id)
    return show(request, actor, "console/application_referral.html", way=way, path=PATH)


_FIELDS = {"no_contact": "phone", "nothing_described": "title", "impossible_day": "arrived_on"}
"""Which field the sentence of an error belongs to."""


async def _handed_over(form: Form, actor: Actor, keys: SecretKeys) -> int | None:
    """Return the draft that a form was filled in with, None for one that was typed. A form that was
    made for somebody else, or by nobody of ours, is told of as a mistake.
    """
    sealed = form.raw("handed_over")
    if not sealed:
        return None
    text = keys.decrypt(sealed.encode()) if sealed.isascii() else ""
    number = text.removeprefix(f"{_HANDED_OVER}{actor.staff_id} ")
    if not (text.startswith(_HANDED_OVER) and number.isdigit()):
        form.errors["code"] = "接续的草稿读不出来，请申请人重新生成一个接续码。"
        return None
    return await handovers.at_the_counter(int(number))


async def _venue(request: Request, actor: Actor, wanted: str) -> Venue | None:
    """Return the zone at whose counter they stand, None for who works for an agency.

    Raises NotFound for a zone that is not theirs, and for who has none that takes applications.
    """
    zones = await application_intake.zones_of(actor)
    if actor.acts_for_agencies:
        return None
    for zone in zones:
        if not wanted or str(zone.id) == wanted:
            return zone
    raise NotFound(
        "They have no such zone with an application area.",
        sentence="您所在的专区不设申请接收区，不受理申请，请指引到政务服务中心的专区。",
    )


async def _page(
    request: Request,
    actor: Actor,
    venue: Venue | None,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    status: int | None = None,
    found: tuple[FoundDocument, ...] | None = None,
    searched: str = "",
) -> HTTPResponse:
    accepted, others = await application_intake.agencies_for(actor, venue)
    return show(
        request, actor, "console/application_intake.html",
        status=status if status and errors else 200,
        venue=venue, zones=await application_intake.zones_of(actor),
        accepted=[(agency.id, agency.name) for agency in accepted],
        others=[(agency.id, agency.name) for agency in others],
        values=NOTHING_TYPED | values, errors=errors, found=found, searched=searched, path=PATH,
        kinds=_pairs(ApplicantKind), categories=[("", "请选择"), *_pairs(OrgCategory)],
        identity_kinds=_pairs(IdentityKind), checks=[(c.value, c.label) for c in CHECKS],
        channels=_pairs(Channel), ways=_pairs(DeliveryWay), carriers=_pairs(Carrier),
        confirmations=[("", "请选择"), *_pairs(Confirmation)],
        recent=await application_intake.taken_in_lately(actor),
    )  # fmt: skip


def _pairs(members: Iterable[_Labelled]) -> list[tuple[str, str]]:
    return [(member.value, member.label) for member in members]


class _Labelled(Protocol):
    @property
    def value(self) -> str: ...

    @property
    def label(self) -> str: ...
