"""This hospital's own codes, and what they are in the standard's; a code it has no word for is 其他, never a guess."""

SEX = {"1": "男", "2": "女", "9": "未说明", "0": "未知"}
ETHNIC_NAMES = {
    "01": "汉族",
    "02": "蒙古族",
    "03": "回族",
    "04": "藏族",
    "05": "维吾尔族",
    "11": "满族",
    "15": "土家族",
}
# Rooms by what happens there (诊疗环节), with the department's standard code.
ROOMS = {"window": ("010101", "5500"), "doctor": ("010102", "0300"), "pharmacy": ("010103", "5400"),
         "laboratory": ("010104", "3000"), "cashier": ("010105", "5600")}  # fmt: skip
VISIT = {"MZ": "O", "ZY": "I", "JZ": "E", "TJ": "H"}
