"""Our own wording of the letters of a case (§8), N1 to N13. Agencies may put theirs in its place.

`{…}` is a fact of the case, `【…】` what whoever drafts has to write. Source: Regulation on Open Government
Information (2019 revision), Articles 30 to 35 and 42; 国办函〔2020〕109号 for the fee.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.official_letter import LetterKind
from models.outcome import Outcome
from services.disclosure.reply_wording import reply_wording

_LAW = "《中华人民共和国政府信息公开条例》"
_HEAD = "{申请人}：\n您于{申请日期}提出的政府信息公开申请（登记编号：{登记编号}），"
_CONTACT = "\n联系单位：{工作机构}；地址：{工作机构地址}；电话：{联系电话}。"
_L = LetterKind


@dataclass(frozen=True)
class Wording:
    """A title and a text, with placeholders."""

    title: str
    body: str


_BODIES: dict[LetterKind, str] = {
    _L.N1_RECEIPT: (
        "{申请人}：\n您通过{提交方式}提出的政府信息公开申请已经登记。\n"
        "登记编号：{登记编号}\n受理机关：{机关}\n申请内容：{申请内容}\n收到日：{收到日期}\n"
        "最迟答复日期：{答复期限}\n查询码：{查询码}\n"
        "需要补正、征求意见或者延长期限的，最迟答复日期会相应变化，本机关会另行告知。" + _CONTACT
    ),
    _L.N2_CORRECTION: (
        _HEAD + "内容不明确，需要补正。"
        f"依照{_LAW}第三十条的规定，现将需要补正的全部事项一次性告知如下：\n{{补正事项}}\n"
        "请写明信息的名称、文号，或者便于查询的其他特征；不清楚怎样写的，可以打电话或者到现场，"
        "由工作人员协助。\n"
        "请您自收到本告知书之日起{补正工作日}个工作日内（最迟{补正期限}）补正。"
        "{补正的影响}。"
        "没有正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。" + _CONTACT
    ),
    _L.N3_NO_FURTHER_PROCESSING: (
        _HEAD + "本机关不再处理，原因是：{结束原因}。\n"
        f"依照{_LAW}{{依据}}的规定，现予告知。您仍然需要这些信息的，可以写明所需信息的名称、文号"
        "或者其他特征，重新提出申请。\n{救济途径}" + _CONTACT
    ),
    _L.N4_REASONS: (
        _HEAD + "本机关已经收到。经统计，您在{统计期间}共提出{申请数量}件政府信息公开申请，"
        "数量、频次明显超过合理范围。\n"
        f"依照{_LAW}第三十五条的规定，请您在【请写合理的期限】前书面说明理由。"
        "理由不合理的，本机关不予处理；理由合理但无法在规定期限内答复的，"
        "本机关会确定延迟答复的合理期限并告知您。" + _CONTACT
    ),
    _L.N4B_DELAY: (
        _HEAD + "您已经说明理由，本机关认为理由合理，但是无法在规定的期限内答复。\n"
        f"依照{_LAW}第三十五条的规定，本机关最迟在{{延迟日期}}答复您。" + _CONTACT
    ),
    _L.N5_EXTENSION: (
        _HEAD + "因【请写需要延长的原因】，不能按原定期限（最迟{答复期限}）答复。\n"
        f"依照{_LAW}第三十三条的规定，经本机关政府信息公开工作机构负责人同意，"
        "答复期限延长{延长工作日}个工作日，最迟在{新答复期限}答复您。" + _CONTACT
    ),
    _L.N6_THIRD_PARTY: (
        "{征求对象}：\n本机关收到一件政府信息公开申请，所申请的信息涉及你（单位）：{征求内容}。\n"
        f"依照{_LAW}第三十二条的规定，请自收到本征求意见书之日起15个工作日内书面提出意见："
        "是否同意公开；不同意的，请说明理由，并指明涉及商业秘密或者个人隐私的部分。\n"
        "逾期未提出意见的，由本机关依照条例的规定决定是否公开。"
        "你（单位）不同意公开且有合理理由的，本机关不予公开；"
        "本机关认为不公开可能对公共利益造成重大影响的，可以决定公开，并会书面告知公开的内容和理由。"
        + _CONTACT
        + "\n（回执）收件日期：____年__月__日　　收件人签名或者盖章：__________"
    ),
    _L.N7_CONSULTING: (
        _HEAD + "所申请的信息需要征求有关方面的意见。\n"
        f"依照{_LAW}第三十三条的规定，征求第三方和其他机关意见所需的时间，不计算在答复期限内。"
        "意见收到之后，本机关继续办理并答复您。" + _CONTACT
    ),
    _L.N8_AGENCY: (
        "{征求对象}：\n本机关收到一件政府信息公开申请，所申请的信息：{征求内容}。\n"
        f"该信息由你单位【共同制作，或者需要与你单位协商】。依照{_LAW}"
        "【共同制作的写第三十四条，需要协商的写第十一条】的规定，现征求你单位意见。"
        "请自收到本函之日起15个工作日内提出意见。"
        "【共同制作的写：逾期未提出意见的，视为同意公开。】" + _CONTACT
    ),
    _L.N9_FEE: (
        _HEAD + "数量、频次明显超过合理范围。"
        f"依照{_LAW}第四十二条和《政府信息公开信息处理费管理办法》的规定，本机关决定收取信息处理费。\n"
        "收费标准：{收费标准}。\n{收费计算}。应缴金额：{收费金额}元。\n缴费方式：{缴费方式}\n"
        "请您自收到本通知书次日起20个工作日内缴费。缴费之后，本机关继续办理；"
        "逾期未缴费的，视为放弃申请，本机关不再处理该申请。" + _CONTACT
    ),
    _L.N10_PAID: (
        _HEAD + "信息处理费{收费金额}元已于{缴费日期}收到，财政票据号码：{收据号码}。\n"
        "{缴费的影响}，最迟答复日期：{答复期限}。" + _CONTACT
    ),
    _L.N11_WITHDRAWN: (
        _HEAD + "您已于{撤回日期}书面撤回，本机关予以确认，不再处理该申请。\n"
        "您仍然需要这些信息的，可以重新提出申请。" + _CONTACT
    ),
    _L.N13_DISCLOSURE: (
        "{征求对象}：\n本机关就一件政府信息公开申请征求过你（单位）的意见。经审查，"
        "本机关认为不公开可能对公共利益造成重大影响，"
        f"依照{_LAW}第三十二条的规定，决定公开下列内容：\n{{公开内容}}\n"
        "理由：【请写决定公开的理由】\n{救济途径}" + _CONTACT
    ),
}


def wording(kind: LetterKind, outcome: Outcome | None = None) -> Wording:
    """Return the wording that ships: of a reply the one for its outcome."""
    if kind is LetterKind.N12_REPLY:
        assert outcome is not None
        return Wording("政府信息公开申请答复书", reply_wording(outcome))
    return Wording(f"政府信息公开{kind.label}", _BODIES[kind])
