"""What somebody answers to one question of the application form: read as people write it.

Nothing is refused for what it says: names with ·, Latin names, foreign documents are as they are.
Only what is too long, unreadable or left out where the law wants it is asked again.
Source: Regulation on Open Government Information (2019 revision), Articles 29 and 30.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from models.applicant import IdentityKind
from models.application import ApplicantKind, Carrier, DeliveryWay, OrgCategory
from services.disclosure.draft_content import DraftContent, Step
from services.errors import Invalid

LONGEST: dict[Step, int] = {
    Step.INFORMATION: 500,
    Step.FEATURES: 2000,
    Step.NUMBER: 200,
    Step.PERIOD: 200,
    Step.NAME: 200,
    Step.CONTACT: 200,
    Step.IDENTITY: 60,
    Step.PHONE: 60,
    Step.ADDRESS: 500,
    Step.POSTCODE: 20,
    Step.EMAIL: 200,
    Step.FAX: 60,
}
"""Characters that an answer may have, for those that are written."""
_FIELDS: dict[Step, str] = {
    Step.INFORMATION: "title",
    Step.FEATURES: "features",
    Step.NUMBER: "document_number",
    Step.PERIOD: "period",
    Step.NAME: "name",
    Step.CONTACT: "contact",
    Step.IDENTITY: "identity_number",
    Step.PHONE: "phone",
    Step.ADDRESS: "address",
    Step.POSTCODE: "postcode",
    Step.EMAIL: "email",
    Step.FAX: "fax",
}
_NUMBERS = {Step.IDENTITY, Step.PHONE, Step.POSTCODE, Step.EMAIL, Step.FAX}
"""Written without full-width characters and without blanks."""
_NEEDED: dict[Step, str] = {
    Step.INFORMATION: "请写下您要的信息叫什么，或者它讲的是什么事。",
    Step.NAME: "请写下姓名或者单位名称。",
    Step.ADDRESS: "请写下通信地址，机关要靠它把答复送到您手上。",
    Step.EMAIL: "请写下电子邮箱，或者返回上一步换一种获取方式。",
    Step.FAX: "请写下传真号码，或者返回上一步换一种获取方式。",
}
PERSONS_DOCUMENTS = tuple(
    kind
    for kind in IdentityKind
    if kind not in {IdentityKind.CREDIT_CODE, IdentityKind.OTHER_REGISTRATION}
)
ORGANISATIONS_DOCUMENTS = (IdentityKind.CREDIT_CODE, IdentityKind.OTHER_REGISTRATION)
HELP = {"": "不需要", "large_print": "大字版", "read_aloud": "读给我听", "sign": "手语或者笔谈"}
"""The kinds of help that may be wanted, and no more is asked (Article 43)."""

E = TypeVar("E", bound=Enum)


class Doubtful(Invalid):
    """A number that looks mistyped. It is taken all the same when it is sent once more."""

    code = "doubtful_number"
    sentence = "这个号码看起来写错了，请对照证件再看一遍。"


def answer(content: DraftContent, step: Step, given: str) -> DraftContent:
    """Return the draft with an answer.

    Raises Invalid with a sentence that says what to write.
    """
    if content.is_being_sent:
        raise Invalid(
            "It is being sent.",
            sentence="这份申请已经按过提交，不能再改了。请回到核对页，再按一次“确认提交”。",
        )
    if step in _FIELDS:
        return content.answering(step, **{_FIELDS[step]: _written(step, given)})
    return _CHOSEN[step](content, given)


def _written(step: Step, given: str) -> str:
    if "\0" in given or any("\ud800" <= character <= "\udfff" for character in given):
        raise Invalid(
            "It has characters that cannot be kept.",
            sentence="文字里有显示不出来的字符，请删掉后重新填写。",
        )
    text = given.replace("\r\n", "\n").strip()
    if step in _NUMBERS:
        text = "".join(unicodedata.normalize("NFKC", text).split())
    if len(text) > LONGEST[step]:
        raise Invalid(
            f"{len(text)} characters", sentence=f"写得太长了，请不要超过 {LONGEST[step]} 个字。"
        )
    if not text and step in _NEEDED:
        raise Invalid(f"{step} is empty.", sentence=_NEEDED[step])
    if step is Step.EMAIL and "@" not in text:
        raise Invalid("No mail address.", sentence="电子邮箱里要有一个 @，请再看一遍。")
    return text


def _agency(content: DraftContent, given: str) -> DraftContent:
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Invalid("No agency.", sentence="请选一个机关。")
    return content.answering(Step.AGENCY, agency_id=int(given))


def _kind(content: DraftContent, given: str) -> DraftContent:
    return content.answering(Step.KIND, kind=_one(ApplicantKind, given))


def _category(content: DraftContent, given: str) -> DraftContent:
    return content.answering(Step.CATEGORY, org_category=_one(OrgCategory, given))


def _identity_kind(content: DraftContent, given: str) -> DraftContent:
    kind = _one(IdentityKind, given)
    offered = ORGANISATIONS_DOCUMENTS if content.is_organisation else PERSONS_DOCUMENTS
    if kind not in offered:
        raise Invalid("Not offered.", sentence="请从列出的证件里选一种。")
    return content.answering(Step.IDENTITY_KIND, identity_kind=kind)


def _way(content: DraftContent, given: str) -> DraftContent:
    return content.answering(Step.WAY, delivery_way=_one(DeliveryWay, given))


def _carrier(content: DraftContent, given: str) -> DraftContent:
    return content.answering(Step.CARRIER, carrier=_one(Carrier, given))


def _other_form(content: DraftContent, given: str) -> DraftContent:
    if given not in {"yes", "no"}:
        raise Invalid("Neither yes nor no.", sentence="请选一个。")
    return content.answering(Step.OTHER_FORM, accepts_other_form=given == "yes")


def _help(content: DraftContent, given: str) -> DraftContent:
    if given not in HELP:
        raise Invalid("No such help.", sentence="请选一个。")
    return content.answering(Step.HELP, help_wanted=HELP[given] if given else "")


def _public(content: DraftContent, given: str) -> DraftContent:
    if given != "none":
        raise Invalid("Not answered.", sentence="请选一个。")
    return content.answering(Step.PUBLIC)


def _notice(content: DraftContent, given: str) -> DraftContent:
    """Keep which notice was read (个人信息保护法 Article 17): the version is what the page sends."""
    if not given or len(given) > 40:
        raise Invalid("No version of the notice.", sentence="请先看告知，再按“我知道了”。")
    return content.answering(Step.NOTICE, notice_version=given)


def _one(choices: type[E], given: str) -> E:
    try:
        return choices(given)
    except ValueError:
        raise Invalid(f"{given[:20]!r} is no {choices.__name__}.", sentence="请选一个。") from None


_CHOSEN: dict[Step, Callable[[DraftContent, str], DraftContent]] = {
    Step.AGENCY: _agency,
    Step.PUBLIC: _public,
    Step.KIND: _kind,
    Step.CATEGORY: _category,
    Step.IDENTITY_KIND: _identity_kind,
    Step.WAY: _way,
    Step.CARRIER: _carrier,
    Step.OTHER_FORM: _other_form,
    Step.HELP: _help,
    Step.NOTICE: _notice,
}
