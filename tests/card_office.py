"""People with phones, the templates of an account, and what they let be sent; rows alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from models.card_template import CardGrant, CardPurpose, CardTemplate, CardUse
from models.citizen import Citizen
from services.secret_key import SecretKeys

APP_ID = "wx0123456789abcdef"
CONTENT = "事项:{{thing1.DATA}}\n时间:{{date2.DATA}}"
FILLING = {"thing1": "what", "date2": "when"}
NOTICE_FILLING = {"thing1": "title", "date2": "when"}


async def phone(keys: SecretKeys, number: int = 1, *, openid: str = "", **facts: Any) -> Citizen:
    """Return somebody with the mini-program."""
    openid = openid or f"o{number:027d}"
    return await Citizen.create(
        **{
            "app_id": APP_ID, "openid_hash": keys.keyed_hash(f"{APP_ID}:{openid}"),
            "encrypted_openid": keys.encrypt(openid), "last_active_at": datetime.now(UTC),
        } | facts
    )  # fmt: skip


async def template(
    purpose: CardPurpose = CardPurpose.NOTICE,
    *,
    template_id: str = "",
    content: str = CONTENT,
    filling: dict[str, str] | None = None,
    is_long_term: bool = False,
) -> CardTemplate:
    """Return a template of the account that tells a purpose."""
    made = await CardTemplate.create(
        app_id=APP_ID, template_id=template_id or f"T-{purpose.value}".ljust(43, "x"),
        title=purpose.label, content=content, is_long_term=is_long_term,
        listed_at=datetime.now(UTC),
    )  # fmt: skip
    usual = NOTICE_FILLING if purpose is CardPurpose.NOTICE else FILLING
    await CardUse.create(app_id=APP_ID, purpose=purpose, template=made, filling=filling or usual)
    return made


async def allow(citizen: Citizen, template: CardTemplate, cards: int = 1) -> CardGrant:
    """Let somebody be sent so many cards."""
    is_open = template.is_long_term and cards > 0
    return await CardGrant.create(
        citizen=citizen, template=template, changed_at=datetime.now(UTC), is_open=is_open,
        remaining=0 if template.is_long_term else cards,
    )  # fmt: skip
