"""GB/T 3304 (中国各民族名称代码): the names as identity cards print them, without 族, in the order of their codes."""

import re

_NAMES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 "
    "土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 "
    "乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
CODES = {name: f"{place:02}" for place, name in enumerate(_NAMES.split(), 1)}
_CODE = re.compile(r"(?:0[1-9]|[1-4][0-9]|5[0-6])", re.ASCII)


def code_of_group(text: str) -> str | None:
    """Return the code of an ethnic group by its name, with or without 族, or by its code of two digits."""
    if _CODE.fullmatch(text):
        return text
    return CODES.get(text) or CODES.get(text.removesuffix("族"))
