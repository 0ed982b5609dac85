"""A birthday by the lunar calendar (农历), as the old write it into the field of the solar one; 1920–2029."""

from datetime import date, timedelta
from functools import cache

# One number a year: bits 15–4 whether month 1–12 has 30 days, bits 3–0 the leap month, bit 16 whether that has 30 days.
_YEARS = (
    0x04970, 0x0A4B0, 0x0B4B5, 0x06A50, 0x06D40, 0x1AB54, 0x02B60, 0x09570, 0x052F2, 0x04970,
    0x06566, 0x0D4A0, 0x0EA50, 0x06E95, 0x05AD0, 0x02B60, 0x186E3, 0x092E0, 0x1C8D7, 0x0C950,
    0x0D4A0, 0x1D8A6, 0x0B550, 0x056A0, 0x1A5B4, 0x025D0, 0x092D0, 0x0D2B2, 0x0A950, 0x0B557,
    0x06CA0, 0x0B550, 0x15355, 0x04DA0, 0x0A5B0, 0x14573, 0x052B0, 0x0A9A8, 0x0E950, 0x06AA0,
    0x0AEA6, 0x0AB50, 0x04B60, 0x0AAE4, 0x0A570, 0x05260, 0x0F263, 0x0D950, 0x05B57, 0x056A0,
    0x096D0, 0x04DD5, 0x04AD0, 0x0A4D0, 0x0D4D4, 0x0D250, 0x0D558, 0x0B540, 0x0B6A0, 0x195A6,
    0x095B0, 0x049B0, 0x0A974, 0x0A4B0, 0x0B27A, 0x06A50, 0x06D40, 0x0AF46, 0x0AB60, 0x09570,
    0x04AF5, 0x04970, 0x064B0, 0x074A3, 0x0EA50, 0x06B58, 0x055C0, 0x0AB60, 0x096D5, 0x092E0,
    0x0C960, 0x0D954, 0x0D4A0, 0x0DA50, 0x07552, 0x056A0, 0x0ABB7, 0x025D0, 0x092D0, 0x0CAB5,
    0x0A950, 0x0B4A0, 0x0BAA4, 0x0AD50, 0x055D9, 0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930,
    0x07954, 0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260, 0x0EA65, 0x0D530,
)  # fmt: skip
_FIRST_YEAR, _NEW_YEAR = 1920, date(1920, 2, 20)


def lunar_written(day: date) -> date | None:
    """Return the lunar date of a day as if it were a solar one; None where no solar date is written so."""
    named = _days().get(day)
    if named is None:
        return None
    try:
        return date(*named)
    except ValueError:
        return None


@cache
def _days() -> dict[date, tuple[int, int, int]]:
    found, day = {}, _NEW_YEAR
    for year, bits in enumerate(_YEARS, _FIRST_YEAR):
        leap = bits & 0xF
        for month in range(1, 13):
            lengths = [29 + (bits >> (16 - month) & 1)]
            if month == leap:
                lengths.append(29 + (bits >> 16))
            for length in lengths:
                for number in range(1, length + 1):
                    found[day] = (year, month, number)
                    day += timedelta(days=1)
    return found
