"""
The fields of a record as the batch sees them: tokens in columns, and each level of matching as equality among tokens.

Order and meaning follow `matching.compare`, as far as equality of tokens can tell them; what it cannot (names in Latin
letters that are only alike, unreadable characters, two digits changed about) is told as the next level below, and such
levels keep the weights they have. Decision 0061 names each.
"""

from healthcloud.index.linkage.batch.job import ROW_COLUMNS

WRITTEN, NAME, SOUND, BLUR, ORDER = "written", "name", "sound", "blur", "letters"
SURNAME, GIVEN, GIVEN_ONLY, GIVEN_FIRST, GIVEN_LAST = "surname", "given", "given_only", "given_first", "given_last"
SCRIPT, PROVISIONAL = "script", "provisional"
HAN, LATIN = 1, 2
NO, YES = 1, 2

BIRTH, YEAR, DAY, LUNAR, SWAPPED, PLACEHOLDER = "birth", "year", "day", "lunar", "swapped", "placeholder"
BIRTH_GAPS = tuple(f"birth_gap{place}" for place in range(8))  # the date with one digit left out

KEY, NUMBER, NUMBER_STATE = "key", "number", "number_state"
INVALID, RESIDENT, CERTAIN, OTHER_VALID = 1, 2, 3, 4
NUMBER_CUTS = ((0, 6), (6, 10), (10, 12), (12, 14), (14, 15), (15, 16), (16, 17), (17, 17))
NUMBER_GAPS = tuple(f"number_gap{place}" for place in range(len(NUMBER_CUTS)))  # 17 characters with a part left out

SEX = "sex"
PHONE = "phone"
PHONE_CUTS = ((0, 3), (3, 5), (5, 7), (7, 9), (9, 11))
PHONE_GAPS = tuple(f"phone_gap{place}" for place in range(len(PHONE_CUTS)))

ADDRESS, HOUSE = "address", "house"
STREETS = tuple(f"street{place}" for place in range(4))  # least tokens of its pairs of characters, in four orders

COLUMNS = (
    *ROW_COLUMNS,
    *(WRITTEN, NAME, SOUND, BLUR, ORDER, SURNAME, GIVEN, GIVEN_ONLY, GIVEN_FIRST, GIVEN_LAST, SCRIPT, PROVISIONAL),
    *(BIRTH, YEAR, DAY, LUNAR, SWAPPED, PLACEHOLDER, *BIRTH_GAPS),
    *(KEY, NUMBER, NUMBER_STATE, *NUMBER_GAPS),
    *(SEX, PHONE, *PHONE_GAPS, ADDRESS, HOUSE, *STREETS),
)  # fmt: skip

REST = "ELSE"


def _same(one: str, other: str | None = None) -> str:
    return f"{one}_l = {other or one}_r"


def _either(one: str, other: str) -> str:
    return f"{_same(one, other)} or {_same(other, one)}"


def _any(columns: tuple[str, ...]) -> str:
    return " or ".join(map(_same, columns))


def _both(column: str, value: int) -> str:
    return f"{column}_l = {value} and {column}_r = {value}"


def _none(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


_ONE_OFF = " or ".join(
    (
        f"({GIVEN_ONLY}_l is not null and {GIVEN_ONLY}_r is not null)",
        _same(GIVEN_FIRST),
        _same(GIVEN_LAST),
        _either(GIVEN_ONLY, GIVEN_FIRST),
        _either(GIVEN_ONLY, GIVEN_LAST),
    )
)
_STREETS_SHARED = " + ".join(f"(case when {_same(one)} then 1 else 0 end)" for one in STREETS)
_YEAR_ONLY = f"{_same(YEAR)} and ({PLACEHOLDER}_l = {YES} or {PLACEHOLDER}_r = {YES})"
_RESIDENTS = " and ".join(f"{NUMBER_STATE}_{side} in ({RESIDENT}, {CERTAIN})" for side in "lr")

MISSING: dict[str, str] = {
    # Two names in Latin letters that are not equal may be alike, which tokens cannot tell: they say nothing.
    "name": f"{_none(NAME)} or ({_both(SCRIPT, LATIN)} and {NAME}_l <> {NAME}_r)",
    "birth": _none(BIRTH),
    "number": _none(NUMBER),
    "sex": _none(SEX),
    "phone": _none(PHONE),
    "address": _none(ADDRESS),
}

# Of each field the levels a batch can tell, the first that holds counts.
LEVELS: dict[str, dict[str, str]] = {
    "name": {
        "same": _same(WRITTEN),
        "variant": _same(NAME),
        "provisional": f"{PROVISIONAL}_l <> {PROVISIONAL}_r",
        "sound": _same(SOUND),
        "near-sound": _same(BLUR),
        "order": _same(ORDER),
        "one-off": f"{_same(SURNAME)} and ({_ONE_OFF})",
        "given": _same(GIVEN),
        "surname": _same(SURNAME),
        "different": REST,
    },
    "birth": {
        "same": f"{_same(BIRTH)} and {_both(PLACEHOLDER, NO)}",
        "lunar": _either(LUNAR, BIRTH),
        "swapped": _same(SWAPPED, BIRTH),
        "placeholder": f"{_same(BIRTH)} or ({_YEAR_ONLY})",
        "digit": _any(BIRTH_GAPS),
        "day": _same(DAY),
        "year": _same(YEAR),
        "different": REST,
    },
    "number": {
        "same": _same(KEY),
        "written": _same(NUMBER),
        "doubtful": f"{_RESIDENTS} and not ({_both(NUMBER_STATE, CERTAIN)})",
        "near-valid": f"{_both(NUMBER_STATE, CERTAIN)} and ({_any(NUMBER_GAPS)})",
        "two-valid": _both(NUMBER_STATE, CERTAIN),
        "near": _any(NUMBER_GAPS),
        "different": REST,
    },
    "sex": {"same": _same(SEX), "different": REST},
    "phone": {"same": _same(PHONE), "near": _any(PHONE_GAPS), "different": REST},
    "address": {
        "same": _same(ADDRESS),
        "house": f"{_same(HOUSE)} and ({_any(STREETS)})",
        "close": f"{_STREETS_SHARED} >= 3",
        "partial": _any(STREETS),
        "different": REST,
    },
}

# The columns whose frequency makes a field's first level weigh more or less, as `matching.decide` does by name.
FREQUENCY = {"name": WRITTEN}

# Records that share all columns of one of these are compared. Each holds few: nobody is found by a common name alone.
BLOCKS = (
    (KEY,),
    (NUMBER,),
    (BLUR, BIRTH),
    (ORDER, BIRTH),
    (BLUR, PHONE),
    (BIRTH, PHONE),
    (BLUR, DAY),
    (BLUR, YEAR, SEX),
    (BLUR, HOUSE),
    (BIRTH, HOUSE, SEX),
)
TRAINING = ((KEY,), (BLUR, BIRTH))
CERTAIN_BLOCKS = ((KEY, SURNAME), (WRITTEN, BIRTH, PHONE))
CERTAIN_RECALL = 0.8
