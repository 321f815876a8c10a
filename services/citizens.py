"""The people who use the mini-program: known by their openid, which only its keyed hash finds."""

from __future__ import annotations

from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from models.citizen import Citizen
from services.secret_key import SecretKeys
from services.wechat import SignedIn


async def sign_in(signed: SignedIn, app_id: str, *, keys: SecretKeys, now: datetime) -> Citizen:
    """Return whom WeChat named, made where they are here for the first time."""
    known = await by_openid(app_id, signed.openid, keys)
    if known is None:
        try:
            async with in_transaction() as database:
                return await Citizen.create(
                    app_id=app_id,
                    openid_hash=keys.keyed_hash(openid_words(app_id, signed.openid)),
                    encrypted_openid=keys.encrypt(signed.openid),
                    encrypted_unionid=_unionid(signed, keys),
                    encrypted_session_key=keys.encrypt(signed.session_key),
                    last_active_at=now,
                    using_db=database,
                )
        except IntegrityError:
            # They signed in on another process at the same moment.
            known = await by_openid(app_id, signed.openid, keys)
            assert known is not None
    known.encrypted_session_key = keys.encrypt(signed.session_key)
    known.encrypted_unionid = _unionid(signed, keys) or known.encrypted_unionid
    known.last_active_at, known.is_unreachable = now, False
    await known.save(
        update_fields=[
            *("encrypted_session_key", "encrypted_unionid", "last_active_at", "is_unreachable")
        ]
    )
    return known


async def by_openid(app_id: str, openid: str, keys: SecretKeys) -> Citizen | None:
    """Return whom an openid belongs to, None for whoever never signed in or was forgotten."""
    hashes = keys.keyed_hashes(openid_words(app_id, openid))
    return await Citizen.filter(openid_hash__in=hashes).first()


def openid_of(citizen: Citizen, keys: SecretKeys) -> str:
    """Return what WeChat calls somebody."""
    return keys.decrypt(citizen.encrypted_openid)


def openid_words(app_id: str, openid: str) -> str:
    """Return what the keyed hash of an openid is reckoned from."""
    return f"openid {app_id} {openid}"


def _unionid(signed: SignedIn, keys: SecretKeys) -> bytes | None:
    return keys.encrypt(signed.unionid) if signed.unionid else None
