"""
How values of dictionaries are spelled: one form to look them up by, words everybody uses, what may be told; pure.

The labels and codes of the standard sets are read from the sets themselves; here stands what they do not say.
"""

import re
import unicodedata

LONGEST = 64
_WORDS = {
    "sex": {
        "0": "未知 不详 unknown u un",
        "1": "男 男性 m male",
        "2": "女 女性 f female",
        "9": "未说明 其他 其它 other o",
    },
    "marital-status": {
        "10": "single s nevermarried",
        "20": "married m 结婚",
        "30": "widowed w",
        "40": "离异 divorced d",
        "90": "未说明 未知 不详 其他 其它 unknown u",
    },
    "ethnic-group": {"97": "其他民族 其它 其它民族", "98": "外国血统 外国血统中国籍"},
    "identity-document-kind": {
        "01": "身份证 二代身份证 居民身份证件",
        "02": "户口簿 户口本",
        "05": "驾照 机动车驾驶证",
        "06": "港澳通行证 港澳居民通行证 港澳居民来往大陆通行证 回乡证",
        "07": "台湾通行证 台湾居民通行证 台湾居民来往内地通行证 台胞证",
        "08": "出生证 出生证明 医学出生证明",
        "99": "其他 其它 其他证件 其他法定有效证件",
    },
    "country": {"CHN": "中国 中华人民共和国 cn china", "HKG": "香港 hk", "MAC": "澳门 mo", "TWN": "台湾 tw"},
    "med-step": {
        "010101": "登记 预约挂号",
        "010102": "就诊 接诊 诊疗",
        "010103": "药房",
        "010105": "缴费 结算 付费",
        "010108": "报告",
        "000000": "其它",
    },
    "card-channel": {
        "0100": "窗口",
        "0200": "自助终端 自助",
        "0300": "医生站 诊间",
        "0401": "公众号 微信公众号",
        "0402": "微信小程序",
    },
    "terminal-kind": {"01": "窗口", "02": "自助机 自助", "99": "其它"},
    "cost-type": {"0000": "其它", "0100": "全自费 自费患者", "0200": "医疗保险 社保", "0300": "公费医疗"},
    "visit-type": {
        "I": "inpatient ip imp",
        "O": "outpatient op amb",
        "E": "emergency er emer",
        "H": "健康体检",
        "T": "其他 other",
    },
    "department-type": {"10": "其他"},
}
# What a value of a person's dictionary holds when it is a word of such a dictionary and no name that strayed into it.
_MARKS = {
    "sex": "男女性",
    "marital-status": "婚偶离",
    "ethnic-group": "族",
    "identity-document-kind": "证照簿本",
    "country": "国籍",
    "standard-department": "科室门诊病房中心药部区",
}
_CODE = re.compile(r"[0-9A-Za-z_.-]{1,8}")
_PERSONAL = frozenset({"sex", "marital-status", "ethnic-group", "identity-document-kind", "country"})
_TOLD = 20


def fold(text: str) -> str:
    """Return a value as it is looked up: half width, small letters, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def words_of(set_name: str) -> dict[str, str]:
    """Return what everybody writes for a code besides its label, looked up to its code."""
    return {word: code for code, words in _WORDS.get(set_name, {}).items() for word in words.split()}


def told(set_name: str, value: str) -> str:
    """
    Return how an unmapped value is reported: as it stands where it can be no person's, else by its shape alone.

    A code of at most eight signs without many digits in a row, or a short word that ends in a sign of its dictionary
    (族 of an ethnic group), is told; `汉字×3`, `×18` stand for everything else.
    """
    folded = unicodedata.normalize("NFKC", value).strip()
    personal, marks = set_name in _PERSONAL, _MARKS.get(set_name)
    plain = len(folded) <= _TOLD and folded.isprintable() and not _many_digits(folded, 4 if personal else 7)
    if _CODE.fullmatch(folded):
        # Letters alone may be a name; alpha-3 codes and those of ethnic groups are no longer than three.
        plain = plain and not (personal and folded.isalpha() and len(folded) > 3)  # noqa: PLR2004 - see above
    elif marks is not None:
        plain = plain and folded[-1:] in marks
    return folded if plain else f"{'汉字' if folded[:1] >= '㐀' else ''}×{len(folded)}"


def _many_digits(text: str, most: int) -> bool:
    return any(len(run) > most for run in re.findall(r"\d+", text))
