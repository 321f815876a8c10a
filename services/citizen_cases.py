"""Which applications somebody follows on their phone, and by which act of their own.

Who filed one from the phone may act on it there. Who only knows its query code and the second fact
learns how it stands, as on every page, and no more: the code is on a paper that others may hold.
"""

from __future__ import annotations

from tortoise.backends.base.client import BaseDBAsyncClient

from models.application import Application
from models.citizen_tie import CitizenApplication, TieReason
from services import application_status
from services.application_filing import Also
from services.errors import NotAllowed, NotFound
from services.secret_key import SecretKeys

_MOST_SHOWN = 100


class NotTheApplicant(NotAllowed):
    """They follow the application, and did not file it from this phone."""

    code = "not_the_applicant"
    sentence = (
        "您是凭查询码关注这件申请的，这里只能看办理情况。"
        "要补正、撤回或者看文书，请由申请人到窗口办理，或者在提交申请的那部手机上办理。"
    )


async def tie(
    citizen_id: int,
    application_id: int,
    reason: TieReason,
    may_act: bool,
    using_db: BaseDBAsyncClient | None = None,
) -> CitizenApplication:
    """Let somebody follow an application. A tie that is there keeps what it allows, and may gain."""
    row, is_new = await CitizenApplication.get_or_create(
        {"reason": reason, "may_act": may_act}, using_db=using_db,
        citizen_id=citizen_id, application_id=application_id,
    )  # fmt: skip
    if not is_new and may_act and not row.may_act:
        row.reason, row.may_act = reason, True
        await row.save(using_db=using_db, update_fields=["reason", "may_act"])
    return row


def tying(citizen_id: int) -> Also:
    """Return what a filing from the phone does besides: its sender follows it, and may act on it."""

    async def also(row: Application, database: BaseDBAsyncClient) -> None:
        await tie(citizen_id, row.id, TieReason.FILED, True, database)

    return also


async def ties_of(application_id: int) -> list[CitizenApplication]:
    """Return who follows an application."""
    return await CitizenApplication.filter(application_id=application_id).order_by("id")


async def followed_by(citizen_id: int) -> list[CitizenApplication]:
    """Return what somebody follows, the latest first, each with its application and agency."""
    rows = CitizenApplication.filter(citizen_id=citizen_id).order_by("-id").limit(_MOST_SHOWN)
    return await rows.prefetch_related("application__agency")


async def followed(citizen_id: int, application_id: int) -> CitizenApplication:
    """Return one of them. Raises NotFound where they do not follow it, or there is none."""
    row = await CitizenApplication.get_or_none(
        citizen_id=citizen_id, application_id=application_id
    ).prefetch_related("application__agency")
    if row is None:
        raise NotFound(
            "They do not follow such an application.",
            sentence="“我的申请”里没有这一件。用查询码可以重新关注。",
        )
    return row


async def own(citizen_id: int, application_id: int) -> CitizenApplication:
    """Return one that they may act on. Raises NotFound, NotTheApplicant."""
    row = await followed(citizen_id, application_id)
    if not row.may_act:
        raise NotTheApplicant("They only follow it.")
    return row


async def require_own(citizen_id: int, application_id: int, using_db: BaseDBAsyncClient) -> None:
    """Raise NotTheApplicant unless the tie is there inside a transaction, and allows to act."""
    is_theirs = CitizenApplication.filter(
        citizen_id=citizen_id, application_id=application_id, may_act=True
    )
    if not await is_theirs.using_db(using_db).exists():
        raise NotTheApplicant("They may not act on it.")


async def follow(
    citizen_id: int, query_code: str, second_fact: str, *, keys: SecretKeys
) -> Application:
    """Follow what was filed elsewhere, by its query code and a second fact.

    Raises WrongQueryCode, whichever of the two is wrong. Doors slow down who guesses.
    """
    row = await application_status.asked_for(query_code, second_fact, keys=keys)
    await tie(citizen_id, row.id, TieReason.QUERY_CODE, may_act=False)
    return row


async def unfollow(citizen_id: int, application_id: int) -> None:
    """Follow it no longer; the application goes on. Raises NotFound."""
    row = await followed(citizen_id, application_id)
    await row.delete()
