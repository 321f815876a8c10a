"""Which cards somebody is asked to allow, and when: never at the start, always with a reason.

WeChat shows one question for up to five templates on new phones, three on older ones, of one kind
only (20002), and drops those of the same title. Source: wx.requestSubscribeMessage.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.card_template import CardGrant, CardPurpose, CardTemplate
from models.citizen import Citizen
from services import card_grants, card_templates

MOST_AT_ONCE = 3


class Occasion(StrEnum):
    """What somebody has just done, after which they are asked."""

    NOTICE = "notice"
    APPLICATION = "application"
    QUESTION = "question"


_P = CardPurpose
_PURPOSES = {
    Occasion.NOTICE: (_P.NOTICE,),
    # Those first for which a day is missed where they do not come.
    Occasion.APPLICATION: (
        *(_P.CORRECTION_WANTED, _P.APPLICATION_ANSWERED),
        *(_P.APPLICATION_EXTENDED, _P.APPLICATION_ACCEPTED),
    ),
    Occasion.QUESTION: (_P.QUESTION_ANSWERED,),
}


@dataclass(frozen=True)
class Held:
    """What somebody allows of one template."""

    template: CardTemplate
    purposes: tuple[CardPurpose, ...]
    """What is told by it."""
    remaining: int
    """Cards that may still be sent; of a long-term template 0."""
    is_open: bool
    """Whether cards may be sent at all at this moment."""


@dataclass(frozen=True)
class Offer:
    """What to ask for, and what is allowed already."""

    calls: tuple[tuple[CardTemplate, ...], ...]
    """Each is one call of wx.requestSubscribeMessage, after a touch of its own."""
    held: tuple[Held, ...]


async def offer(citizen: Citizen, occasion: Occasion) -> Offer:
    """Return which templates to ask for on an occasion. Long-term ones that are open are left out."""
    uses = await card_templates.uses(citizen.app_id)
    grants = await card_grants.held_by(citizen.id)
    purposes: dict[int, list[CardPurpose]] = {}
    templates: dict[int, CardTemplate] = {}
    for purpose in _PURPOSES[occasion]:
        use = uses.get(purpose)
        if use is not None and use.template.is_listed and use.template.halted_at is None:
            templates[use.template_id] = use.template
            purposes.setdefault(use.template_id, []).append(purpose)
    held = tuple(
        _held(template, tuple(purposes[key]), grants.get(key))
        for key, template in templates.items()
    )
    wanted = [one.template for one in held if not (one.template.is_long_term and one.is_open)]
    return Offer(tuple(_calls(wanted)), held)


def _calls(wanted: list[CardTemplate]) -> list[tuple[CardTemplate, ...]]:
    calls: list[list[CardTemplate]] = []
    for template in wanted:
        for call in calls:
            alike = call[0].is_long_term == template.is_long_term
            titles = {other.title for other in call}
            if alike and len(call) < MOST_AT_ONCE and template.title not in titles:
                call.append(template)
                break
        else:
            calls.append([template])
    return [tuple(call) for call in calls]


def _held(
    template: CardTemplate, purposes: tuple[CardPurpose, ...], grant: CardGrant | None
) -> Held:
    if grant is None:
        return Held(template, purposes, 0, False)
    is_open = grant.is_open if template.is_long_term else grant.remaining > 0
    return Held(template, purposes, 0 if template.is_long_term else grant.remaining, is_open)
