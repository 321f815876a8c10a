"""Which cards to ask somebody to allow, and what they answered."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from miniprogram_api.mp.idempotency import key_of
from miniprogram_api.mp.sessions import signed_in
from models.card_template import CardPurpose
from models.citizen import Citizen
from services import card_grants, card_offers, citizen_agreement
from services.card_offers import Occasion, Offer
from services.errors import Invalid

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern="^[!-~]+$")]
_Answer = Annotated[str, msgspec.Meta(max_length=40)]


class AskFor(msgspec.Struct, frozen=True):
    """One call of wx.requestSubscribeMessage, after a touch of its own."""

    template_ids: list[str]
    is_long_term: bool


class Allowed(msgspec.Struct, frozen=True):
    """What somebody allows of one template, as it is counted here."""

    template_id: str
    title: str
    about: list[CardPurpose]
    is_long_term: bool
    remaining: int
    """Cards that may still be sent; 0 for a long-term template."""
    is_open: bool
    """Whether a card may be sent at this moment."""


class SubscriptionsReply(msgspec.Struct, frozen=True):
    """What to ask for, and what is allowed. Both are empty where no card can be sent."""

    calls: list[AskFor]
    allowed: list[Allowed]

    @classmethod
    def of(cls, offered: Offer) -> SubscriptionsReply:
        """Return an offer as phones read it."""
        return cls(
            [
                AskFor([template.template_id for template in call], call[0].is_long_term)
                for call in offered.calls
            ],
            [
                Allowed(
                    *(one.template.template_id, one.template.title, list(one.purposes)),
                    *(one.template.is_long_term, one.remaining, one.is_open),
                )
                for one in offered.held
            ],
        )


class ReportAnswers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What wx.requestSubscribeMessage came to."""

    occasion: Occasion
    """What it was asked for."""
    answers: dict[_Id, _Answer] = {}
    """By template id: accept, reject, ban, filter, as res gives it. Others are left out."""
    main_switch_off: bool = False
    """The call failed with 20004: the user lets nothing be sent at all."""


def add_to(routes: Blueprint) -> None:
    """Add the addresses of this module."""
    routes.add_route(show, "/subscriptions", name="subscriptions")
    routes.add_route(report, "/subscriptions", methods={"POST"}, name="report_subscriptions")


@signed_in
async def show(request: Request, citizen: Citizen) -> HTTPResponse:
    """Say what to ask for on an occasion: ?for= notice, application or question."""
    occasion = _occasion(request.args.get("for", ""))
    return json(SubscriptionsReply.of(await card_offers.offer(citizen, occasion)))


@signed_in
async def report(request: Request, citizen: Citizen) -> HTTPResponse:
    """Count what was answered; say what is allowed now."""
    told = msgspec.json.decode(request.body, type=ReportAnswers)
    citizen_agreement.require(citizen)
    answers = dict(list(told.answers.items())[: card_grants.MOST_TEMPLATES])
    if told.main_switch_off:
        answers = {card_grants.MAIN_SWITCH: "off"}
    await card_grants.report_from_phone(citizen, answers, key_of(request), datetime.now(UTC))
    return json(SubscriptionsReply.of(await card_offers.offer(citizen, told.occasion)))


def _occasion(typed: str) -> Occasion:
    with suppress(ValueError):
        return Occasion(typed)
    raise Invalid("for must be notice, application or question.")
