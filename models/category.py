"""What agencies must publish of their own accord, as the regulation lists it."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """The top of the document tree (主动公开类别).

    Source: Regulation on Open Government Information (2019 revision), Articles 20 and 21.
    """

    RULES = "rules"
    ORGANISATION = "organisation"
    PLANS = "plans"
    STATISTICS = "statistics"
    LICENSING = "licensing"
    PENALTIES = "penalties"
    BUDGETS = "budgets"
    FEES = "fees"
    PROCUREMENT = "procurement"
    PROJECTS = "projects"
    WELFARE = "welfare"
    EMERGENCIES = "emergencies"
    INSPECTIONS = "inspections"
    RECRUITMENT = "recruitment"
    OTHER = "other"
    LOCAL = "local"
    """Article 21: what cities, counties and towns publish besides."""
    UNSORTED = "unsorted"

    @property
    def label(self) -> str:
        """A short name for lists and buttons."""
        return _NAMES[self][0]

    @property
    def wording(self) -> str:
        """What the regulation calls it."""
        return _NAMES[self][1]

    @classmethod
    def from_label(cls, label: str) -> Category:
        """Return the category that a name or the regulation's wording means, else UNSORTED."""
        return next((c for c in cls if label.strip() in _NAMES[c]), cls.UNSORTED)


_NAMES = {
    Category.RULES: ("法规和文件", "行政法规、规章和规范性文件"),
    Category.ORGANISATION: (
        "机构职能",
        "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名",
    ),
    Category.PLANS: ("规划", "国民经济和社会发展规划、专项规划、区域规划及相关政策"),
    Category.STATISTICS: ("统计信息", "国民经济和社会发展统计信息"),
    Category.LICENSING: (
        "行政许可和服务",
        "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果",
    ),
    Category.PENALTIES: (
        "行政处罚和强制",
        "实施行政处罚、行政强制的依据、条件、程序以及有一定社会影响的行政处罚决定",
    ),
    Category.BUDGETS: ("预算决算", "财政预算、决算信息"),
    Category.FEES: ("收费", "行政事业性收费项目及其依据、标准"),
    Category.PROCUREMENT: ("政府采购", "政府集中采购项目的目录、标准及实施情况"),
    Category.PROJECTS: ("重大建设项目", "重大建设项目的批准和实施情况"),
    Category.WELFARE: (
        "教育医疗社保就业",
        "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况",
    ),
    Category.EMERGENCIES: ("突发事件应急", "突发公共事件的应急预案、预警信息及应对情况"),
    Category.INSPECTIONS: (
        "监督检查",
        "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况",
    ),
    Category.RECRUITMENT: ("公务员招考", "公务员招考的职位、名额、报考条件等事项以及录用结果"),
    Category.OTHER: (
        "其他应当公开的",
        "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息",
    ),
    Category.LOCAL: (
        "本地事项",
        "市政建设、公共服务、公益事业、土地和房屋征收、治安管理、社会救助、农村集体等事项",
    ),
    Category.UNSORTED: ("未分类", "还没有分类"),
}
