"""Addresses of invented households: the city's districts, and streets, estates and villages that are not there."""

from dataclasses import dataclass
from random import Random

DISTRICTS = ("市中区", "薛城区", "峄城区", "台儿庄区", "山亭区", "滕州市")
_STREETS = (
    "青檀", "榴园", "文化", "解放", "建设", "光明", "和谐", "泰山", "黄河", "长江", "北京", "振兴", "永安", "君山",
    "龙头", "华山", "民生", "府前", "学院", "龙泉", "善国", "荆河", "杏坛", "大同", "祁连", "珠江", "燕山", "常山",
    "武夷", "匡山",
)  # fmt: skip
_WAYS = ("路", "路", "路", "街", "大道")
_SIDES = ("", "", "", "东", "西", "南", "北", "中")
_ESTATES = (
    "锦绣", "阳光", "和顺", "翠湖", "凤鸣", "东湖", "金水", "丽景", "书香", "幸福", "安居", "盛世", "华府", "秀水",
    "枫林", "紫荆", "清华", "御景", "明珠", "福临", "龙城", "嘉和", "新城", "水岸", "桃源", "祥和",
)  # fmt: skip
_KINDS = ("花园", "小区", "家园", "苑", "新村", "名邸")
_TOWNS = (
    "柳泉",
    "石屋",
    "官桥东",
    "泥沟南",
    "涧头西",
    "城头北",
    "水泉",
    "冯家",
    "洪绪东",
    "界河西",
    "阴平南",
    "古邵东",
)
_VILLAGES = "前后东西南北大小上下"
_CLANS = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马宋郑谢韩冯于董"
_VILLAGE_ENDS = ("庄村", "楼村", "家村", "营村", "河村", "山村", "湾村")
_URBAN = 0.62


@dataclass(frozen=True, slots=True)
class Home:
    """Where a household lives: `estate` is empty in a village, whose houses have one number."""

    district: str
    street: str
    number: int
    estate: str = ""
    building: int = 0
    unit: int = 0
    room: int = 0


def home(chance: Random) -> Home:
    """Return somewhere to live."""
    district = chance.choice(DISTRICTS)
    if chance.random() < _URBAN:
        street = chance.choice(_STREETS) + chance.choice(_SIDES) + chance.choice(_WAYS)
        estate = chance.choice(_ESTATES) + chance.choice(_KINDS)
        room = chance.randrange(1, 19) * 100 + chance.randrange(1, 5)
        return Home(
            district, street, chance.randrange(1, 400), estate, chance.randrange(1, 30), chance.randrange(1, 5), room
        )
    village = chance.choice(_VILLAGES) + chance.choice(_CLANS) + chance.choice(_VILLAGE_ENDS)
    return Home(district, chance.choice(_TOWNS) + "镇" + village, chance.randrange(1, 500))


def written(chance: Random, place: Home) -> str:
    """Return an address as somebody writes it: with or without province and city, in full or short, or cut off."""
    start = chance.choices(("山东省枣庄市", "枣庄市", "山东枣庄", ""), weights=(35, 30, 5, 30))[0] + place.district
    if not place.estate:
        return f"{start}{place.street}{place.number}号" if chance.random() < 0.85 else start + place.street  # noqa: PLR2004 - the rest leave the number out
    form = chance.choices(range(5), weights=(38, 22, 18, 12, 10))[0]
    street = f"{start}{place.street}{place.number}号" if chance.random() < 0.6 else start  # noqa: PLR2004 - the estate is enough
    return (
        f"{street}{place.estate}{place.building}号楼{place.unit}单元{place.room}室",
        f"{street}{place.estate}{place.building}-{place.unit}-{place.room}",
        f"{street}{place.estate}{place.building}栋{place.unit}单元{place.room}",
        f"{street}{place.estate}",
        f"{start}{place.street}{place.number}号",
    )[form]
