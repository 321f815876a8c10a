"""The form for an application (政府信息公开申请表): what it asks, blank, as a sample and filled in.

The regulation asks for three things alone: who applies and how they are reached, what is wanted, and
in which form. A purpose (用途) is nowhere on it: no application may fail for want of one, and what is
not needed is not asked for (个人信息保护法 Article 6). No clock, no database here.

Source: Regulation on Open Government Information (2019 revision), Article 29.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.applicant import IdentityKind
from models.application import ApplicantKind, Carrier, DeliveryWay, OrgCategory
from services.disclosure.personal_notice import NOTICE
from services.disclosure.request import Person, Request

TITLE = "政府信息公开申请表"
_MOST_BLANKS = "　" * 12


class Need(StrEnum):
    """Whether a field has to be filled."""

    REQUIRED = "required"
    BY_CHOICE = "by_choice"
    """Required by what was chosen elsewhere, as the address by 邮寄."""
    OPTIONAL = "optional"

    @property
    def mark(self) -> str:
        """What stands after the name of a field."""
        return {"required": "*", "by_choice": "△", "optional": ""}[self.value]


@dataclass(frozen=True)
class Choice:
    """A box that may be ticked."""

    label: str
    is_chosen: bool = False

    @property
    def text(self) -> str:
        """The box with its label, in characters that every Chinese font has."""
        return f"{'■' if self.is_chosen else '□'}{self.label}"


@dataclass(frozen=True)
class Cell:
    """One field of the form."""

    label: str
    need: Need
    value: str = ""
    choices: tuple[Choice, ...] = ()
    lines: int = 1
    """Room for writing by hand, in lines."""

    @property
    def name(self) -> str:
        """The name of the field with its mark."""
        return f"{self.label}{self.need.mark}"

    @property
    def text(self) -> str:
        """What stands in it."""
        boxes = "　".join(choice.text for choice in self.choices)
        return "\n".join(part for part in (boxes, self.value) if part)


@dataclass(frozen=True)
class Group:
    """A part of the form."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class FormSheet:
    """The whole form, ready to be shown or printed."""

    title: str
    agency: str
    """To whom it is addressed, "" to be filled in."""
    groups: tuple[Group, ...]
    notes: tuple[str, ...]
    notice: tuple[str, ...]
    signature: str
    """The last line: signature or seal, and the day."""
    is_sample: bool = False

    def cell(self, label: str) -> Cell:
        """Return a field by its name; of two, the first."""
        return next(c for group in self.groups for c in group.cells if c.label == label)


NOTES = (
    "带 * 的请填写；带 △ 的按您选择的获取方式填写：选邮寄请填通信地址，选电子邮件请填邮箱。",
    "名称、文号、其他特征描述至少填一项。一张表写一件事，办得更快；写了几件也照收。",
    "请附身份证明复印件。漏填或者写得不清楚，机关会一次性告知怎样补正，不影响收件。",
    "填表不收费。书写有困难的，可以口头申请，由政府信息公开工作机构的人员代填。",
)


def blank(agency: str = "") -> FormSheet:
    """Return the form with nothing on it but, where it is known, whom it is addressed to."""
    return _sheet(agency, None, None, None)


def filled(agency: str, person: Person, request: Request, on: date | None) -> FormSheet:
    """Return the form filled in, to be read through and signed."""
    return _sheet(agency, person, request, on)


def sample(agency: str = "") -> FormSheet:
    """Return the form as somebody might fill it in. No place has the area code of the number."""
    person = Person(
        kind=ApplicantKind.NATURAL_PERSON,
        name="张示例",
        identity_kind=IdentityKind.RESIDENT_ID,
        identity_number="000000195501010008",
        phone="13800000000",
        address="示例区示例路1号2单元3号",
        postcode="400000",
    )
    request = Request(
        title="示例路老旧小区改造的实施方案",
        features="2025年示例区住房城乡建设部门批准的示例路1号至9号改造项目，方案全文和附图。",
        period="2025年1月至12月",
        place="示例区示例路",
        delivery_way=DeliveryWay.POST,
        carrier=Carrier.PAPER,
    )
    sheet = _sheet(agency or "示例区住房和城乡建设委员会", person, request, date(2026, 3, 2))
    return FormSheet(
        title=f"{sheet.title}（填写示例）",
        agency=sheet.agency,
        groups=sheet.groups,
        notes=sheet.notes,
        notice=sheet.notice,
        signature=sheet.signature.replace("签名或盖章：", "签名或盖章：张示例（手写）", 1),
        is_sample=True,
    )


def _sheet(
    agency: str, person: Person | None, request: Request | None, on: date | None
) -> FormSheet:
    return FormSheet(
        title=TITLE,
        agency=agency,
        groups=(
            Group("一、申请人信息", _applicant(person)),
            Group("二、所需信息", _wanted(agency, request)),
            Group("三、获取信息的方式", _form_wanted(request)),
        ),
        notes=NOTES,
        notice=NOTICE,
        signature=f"申请人签名或盖章：{_MOST_BLANKS}申请日期：{_day(on)}",
    )


def _applicant(person: Person | None) -> tuple[Cell, ...]:
    kind = person.kind if person else None
    natural = kind is not ApplicantKind.LEGAL_OR_OTHER
    both = kind is None
    cells = [
        Cell("申请人类型", Need.REQUIRED, choices=_choices(ApplicantKind, kind)),
    ]
    if natural:
        cells += [
            Cell("姓名", Need.REQUIRED, person.name if person else ""),
            Cell("证件类型", Need.REQUIRED, person.identity_kind.label if person else ""),
            Cell("证件号码", Need.REQUIRED, person.identity_number if person else ""),
        ]
    if both or not natural:
        number = person.identity_number if person else ""
        cells += [
            Cell("单位名称", Need.REQUIRED, person.name if person else ""),
            Cell(
                "单位类别",
                Need.REQUIRED,
                choices=_choices(OrgCategory, person.org_category if person else None),
            ),
            Cell("统一社会信用代码", Need.REQUIRED, number),
            Cell("法定代表人或负责人", Need.OPTIONAL, person.representative if person else ""),
            Cell("联系人", Need.REQUIRED, person.contact if person else ""),
        ]
    cells += [
        Cell("联系电话", Need.REQUIRED, person.phone if person else ""),
        Cell("通信地址", Need.BY_CHOICE, person.address if person else "", lines=2),
        Cell("邮政编码", Need.BY_CHOICE, person.postcode if person else ""),
        Cell("电子邮箱", Need.BY_CHOICE, person.email if person else ""),
        Cell("传真", Need.OPTIONAL, person.fax if person else ""),
        Cell("代理人姓名和电话（附授权委托书）", Need.OPTIONAL, _agent(person)),
        Cell("需要的帮助（大字、朗读等）", Need.OPTIONAL, person.help_wanted if person else ""),
    ]
    return tuple(cells)


def _wanted(agency: str, request: Request | None) -> tuple[Cell, ...]:
    period = [request.period, request.place] if request else []
    return (
        Cell("向哪个机关申请", Need.REQUIRED, agency),
        Cell("信息名称", Need.BY_CHOICE, request.title if request else "", lines=2),
        Cell("文号", Need.BY_CHOICE, request.document_number if request else ""),
        Cell("其他特征描述", Need.BY_CHOICE, request.features if request else "", lines=5),
        Cell("时间范围、地点", Need.OPTIONAL, "；".join(part for part in period if part)),
    )


def _form_wanted(request: Request | None) -> tuple[Cell, ...]:
    other = request.accepts_other_form if request else None
    publication = request.suggests_publication if request else None
    return (
        Cell(
            "获取方式",
            Need.REQUIRED,
            choices=_choices(DeliveryWay, request.delivery_way if request else None),
        ),
        Cell(
            "载体形式",
            Need.REQUIRED,
            choices=_choices(Carrier, request.carrier if request else None),
        ),
        Cell("不能按此形式提供时", Need.OPTIONAL, choices=_yes_no(other, "接受其他形式")),
        Cell("建议转为主动公开", Need.OPTIONAL, choices=_yes_no(publication, "建议公开")),
    )


def _choices(
    members: Iterable[ApplicantKind | OrgCategory | DeliveryWay | Carrier], chosen: object
) -> tuple[Choice, ...]:
    return tuple(Choice(member.label, member is chosen) for member in members)


def _yes_no(answer: bool | None, yes: str) -> tuple[Choice, ...]:
    return (Choice(yes, answer is True), Choice(f"不{yes}", answer is False))


def _agent(person: Person | None) -> str:
    if person is None or person.agent is None:
        return ""
    return "，".join(part for part in (person.agent.name, person.agent.phone) if part)


def _day(on: date | None) -> str:
    return f"{on.year}年{on.month}月{on.day}日" if on else "　　　　年　　月　　日"
