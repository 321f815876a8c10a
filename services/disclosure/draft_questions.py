"""How each question of the application is put: one a page, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from models.applicant import IdentityKind
from models.application import ApplicantKind, Carrier, DeliveryWay, OrgCategory
from services.disclosure.draft_answers import (
    HELP,
    LONGEST,
    ORGANISATIONS_DOCUMENTS,
    PERSONS_DOCUMENTS,
)
from services.disclosure.draft_content import DraftContent, Step
from services.disclosure.personal_notice import NOTICE_VERSION

_WAYS = {
    DeliveryWay.IN_PERSON: "当面领取",
    DeliveryWay.POST: "邮寄给我",
    DeliveryWay.EMAIL: "发电子邮件",
    DeliveryWay.ONLINE: "网上查看",
    DeliveryWay.INSPECTION: "到现场查阅、抄录",
    DeliveryWay.FAX: "传真",
}


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from: a button each."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """One page."""

    title: str
    hint: str = ""
    short: str = ""
    """What the page that shows everything calls it."""
    dictate: str = "none"
    """What somebody may say: "request", "words" or "digits", as the voice protocol has it."""
    read_back: str = ""
    """What is asked after it was said; {} stands for the words."""
    rows: int = 1
    inputmode: str = "text"
    passes: str = ""
    """What the button says that passes the question over, "" where it must be answered."""
    choices: tuple[Choice, ...] = ()
    longest: int = 0


def question_of(step: Step, content: DraftContent) -> Question:
    """Return how a question is put to who answered the earlier ones so."""
    if step is Step.NAME and content.is_organisation:
        return _written(Step.NAME, "单位叫什么名称？", "与登记证书上的一致。", "名称", "words")
    if step is Step.IDENTITY_KIND and content.is_organisation:
        return Question("用哪种证件？", short="证件", choices=_documents(ORGANISATIONS_DOCUMENTS))
    if step is Step.IDENTITY and content.identity_kind is IdentityKind.CREDIT_CODE:
        return _written(
            Step.IDENTITY,
            "统一社会信用代码是多少？",
            "营业执照、登记证书上的 18 位代码。没有带的可以先不填，以后可能要补正。",
            "统一社会信用代码",
            passes="先不填",
        )
    if step is Step.ADDRESS and content.delivery_way is not DeliveryWay.POST:
        return _written(
            Step.ADDRESS,
            "没有电话，怎样能联系到您？",
            "写下通信地址，机关要靠它告诉您办理情况。",
            "通信地址",
            "words",
            rows=3,
        )
    return _QUESTIONS[step]


def _written(
    step: Step,
    title: str,
    hint: str,
    short: str,
    dictate: str = "none",
    *,
    read_back: str = "",
    rows: int = 1,
    inputmode: str = "text",
    passes: str = "",
) -> Question:
    return Question(
        title,
        hint,
        short,
        dictate,
        read_back or ("您说的是{}，对吗？" if dictate == "words" else ""),
        rows,
        inputmode,
        passes,
        longest=LONGEST[step],
    )


def _documents(kinds: tuple[IdentityKind, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(kind.value, kind.label) for kind in kinds)


_QUESTIONS: dict[Step, Question] = {
    Step.AGENCY: Question("您要向哪个机关申请？", "一份申请只能写给一个机关。", "受理机关"),
    Step.INFORMATION: _written(
        Step.INFORMATION,
        "您要的是什么信息？",
        "写下它的名称，或者说说它讲的是什么。一份申请最好只要一件信息。不用写用来做什么。",
        "所需信息",
        "request",
        read_back="您要申请的是{}，对吗？",
        rows=3,
    ),
    Step.PUBLIC: Question(
        "这些已经公开了，是您要的吗？",
        "已经公开的信息可以马上看，不用申请。点开看看；不是的话，接着申请。",
        choices=(Choice("none", "都不是，接着申请"),),
    ),
    Step.FEATURES: _written(
        Step.FEATURES,
        "还有什么便于查找的线索？",
        "比如哪个项目、哪条街道、由谁发出。没有就跳过。",
        "其他特征",
        "words",
        rows=3,
        passes="没有，跳过",
    ),
    Step.NUMBER: _written(
        Step.NUMBER,
        "知道文号吗？",
        "比如“渝府办发〔2021〕100号”。不知道就跳过。",
        "文号",
        "words",
        passes="不知道，跳过",
    ),
    Step.PERIOD: _written(
        Step.PERIOD,
        "是什么时候的信息？",
        "比如“2024年”或者“2020年到2023年”。不知道就跳过。",
        "时间范围",
        "words",
        passes="不知道，跳过",
    ),
    Step.KIND: Question(
        "谁来申请？",
        short="申请人类型",
        choices=(
            Choice(ApplicantKind.NATURAL_PERSON.value, "我自己", "公民个人"),
            Choice(ApplicantKind.LEGAL_OR_OTHER.value, "一个单位", "法人或者其他组织"),
        ),
    ),
    Step.CATEGORY: Question(
        "是哪一类单位？",
        "律师事务所替别人申请的，请按被代理的那一方来选。",
        "单位类别",
        choices=tuple(Choice(one.value, one.label) for one in OrgCategory),
    ),
    Step.NAME: _written(Step.NAME, "您叫什么名字？", "与证件上的一致。", "姓名", "words"),
    Step.CONTACT: _written(
        Step.CONTACT, "找谁联系？", "单位里办这件事的人。", "联系人", "words", passes="跳过"
    ),
    Step.IDENTITY_KIND: Question(
        "用哪种证件？", short="证件", choices=_documents(PERSONS_DOCUMENTS)
    ),
    Step.IDENTITY: _written(
        Step.IDENTITY,
        "证件号码是多少？",
        "号码只显示在这一页，加密保存。没有带证件的可以先不填，以后可能要补正。",
        "证件号码",
        "digits",
        passes="先不填",
    ),
    Step.PHONE: _written(
        Step.PHONE,
        "您的电话是多少？",
        "有事要靠它联系您。没有电话的可以跳过。",
        "联系电话",
        "digits",
        inputmode="tel",
        passes="没有电话",
    ),
    Step.WAY: Question(
        "怎样拿到答复？",
        short="获取方式",
        choices=tuple(Choice(way.value, label) for way, label in _WAYS.items()),
    ),
    Step.ADDRESS: _written(
        Step.ADDRESS, "寄到哪里？", "写下完整的通信地址，到门牌号。", "通信地址", "words", rows=3
    ),
    Step.POSTCODE: _written(
        Step.POSTCODE,
        "邮政编码是多少？",
        "不知道就跳过。",
        "邮政编码",
        "digits",
        inputmode="numeric",
        passes="不知道，跳过",
    ),
    Step.EMAIL: _written(
        Step.EMAIL, "电子邮箱是什么？", "样子是 name@example.org。", "电子邮箱", inputmode="email"
    ),
    Step.FAX: _written(Step.FAX, "传真号码是多少？", "", "传真", "digits", inputmode="tel"),
    Step.CARRIER: Question(
        "要哪种形式的？",
        short="载体形式",
        choices=tuple(Choice(one.value, one.label) for one in Carrier),
    ),
    Step.OTHER_FORM: Question(
        "做不到的话，换一种形式可以吗？",
        "比如原件怕损坏，只能给复印件或者请您来看。",
        "可以换一种形式",
        choices=(Choice("yes", "可以"), Choice("no", "不行，先问我")),
    ),
    Step.HELP: Question(
        "需要什么帮助吗？",
        "看字、听话不方便的，机关会按您说的来帮。",
        "需要的帮助",
        choices=tuple(Choice(value, label) for value, label in HELP.items()),
    ),
    Step.NOTICE: Question(
        "关于您的个人信息",
        choices=(Choice(NOTICE_VERSION, "我知道了，继续"),),
    ),
}


def shown_answer(content: DraftContent, step: Step) -> str:
    """Return what was answered before, for the field. Numbers of documents are never sent back."""
    shown = {
        Step.INFORMATION: content.title,
        Step.FEATURES: content.features,
        Step.NUMBER: content.document_number,
        Step.PERIOD: content.period,
        Step.NAME: content.name,
        Step.CONTACT: content.contact,
        Step.PHONE: content.phone,
        Step.ADDRESS: content.address,
        Step.POSTCODE: content.postcode,
        Step.EMAIL: content.email,
        Step.FAX: content.fax,
        Step.AGENCY: str(content.agency_id or ""),
        Step.KIND: content.kind or "",
        Step.CATEGORY: content.org_category or "",
        Step.IDENTITY_KIND: content.identity_kind or "",
        Step.WAY: content.delivery_way or "",
        Step.CARRIER: content.carrier or "",
    }
    if step is Step.OTHER_FORM and step in content.answered:
        return "yes" if content.accepts_other_form else "no"
    if step is Step.HELP and step in content.answered:
        return next(
            value for value, label in HELP.items() if label == (content.help_wanted or "不需要")
        )
    return str(shown.get(step, ""))
