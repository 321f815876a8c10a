"""Places named in a text, so that another place's rule is not given as an answer."""

from __future__ import annotations

import re

_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 "
    "四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
).split()
_CAPITALS = (
    "石家庄 太原 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 海口 成都 贵阳 昆明 西安 兰州 "
    "西宁 呼和浩特 南宁 拉萨 银川 乌鲁木齐 深圳 厦门 青岛 大连 宁波 苏州 无锡 佛山 东莞 珠海 温州 常州 徐州 烟台"
).split()
_CHONGQING_DISTRICTS = (
    "万州 黔江 涪陵 渝中 大渡口 江北区 沙坪坝 九龙坡 南岸区 北碚 渝北 巴南 长寿区 江津 合川 永川 南川 綦江 大足 璧山 铜梁 "
    "潼南 荣昌 开州 梁平 武隆 城口 丰都 垫江 忠县 云阳 奉节 巫山 巫溪 石柱县 秀山 酉阳 彭水 两江新区 万盛"
).split()
PLACES = (*_PROVINCES, *_CAPITALS, *_CHONGQING_DISTRICTS)
"""The names that are known wherever they stand."""
_KNOWN = re.compile("|".join(PLACES))
_NAMED = re.compile(r"[一-鿿]{2,3}(?=[市省县州])")


def regions_in(text: str) -> frozenset[str]:
    """Return the places that a normalized text names.

    Known names are met anywhere; other cities and counties only at the head of the text, where
    a policy question names its place, because elsewhere 本市 or 城市 would be mistaken for one.
    """
    found = set(_KNOWN.findall(text))
    head = _NAMED.match(text)
    if head and not re.search(r"[本我全各该城省市县]$|^[本我全各该]", head.group(0)):
        found.add(head.group(0))
    return frozenset(found)
