"""The phone number that somebody gave by WeChat's button (手机号快速验证), and took back."""

from __future__ import annotations

import re

from models.citizen import Citizen
from services import citizen_agreement
from services.errors import Invalid
from services.secret_key import SecretKeys

_NUMBER = re.compile(r"\+?[0-9 -]{5,20}")


class OddPhone(Invalid):
    """WeChat named something that is no number."""

    code = "odd_phone"
    sentence = "微信没有给出可用的手机号，请再试一次，或在申请表里手工填写。"


async def keep(citizen: Citizen, number: str, *, keys: SecretKeys) -> None:
    """Keep somebody's number. Raises AgreementNeeded, OddPhone."""
    citizen_agreement.require(citizen)
    if not _NUMBER.fullmatch(number):
        raise OddPhone("It is no number.")
    citizen.encrypted_phone = keys.encrypt(number)
    citizen.phone_hash = keys.keyed_hash(phone_words(number))
    await citizen.save(update_fields=["encrypted_phone", "phone_hash"])


async def remove(citizen: Citizen) -> None:
    """Remove somebody's number."""
    citizen.encrypted_phone, citizen.phone_hash = None, ""
    await citizen.save(update_fields=["encrypted_phone", "phone_hash"])


def phone_of(citizen: Citizen, keys: SecretKeys) -> str:
    """Return somebody's number, "" for none."""
    return keys.decrypt(citizen.encrypted_phone) if citizen.encrypted_phone else ""


def masked_phone(citizen: Citizen, keys: SecretKeys) -> str:
    """Return as much of somebody's number as they need to know it by, "" for none."""
    number = phone_of(citizen, keys)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else ""


def phone_words(number: str) -> str:
    """Return what the keyed hash of a number is reckoned from: not what applicants' is, so that a
    stolen database does not join the two.
    """
    return f"citizen phone {number}"
