"""How a reader stands, as an object for JSON: for programs and for the page."""

from healthcloud_reader.offline import Aside, Caution, Reader, Refusal, age_in_words


def standing(reader: Reader) -> dict[str, object]:
    """Tell what it was set up for, its lists, its clock and its queue; sentences in both languages."""
    status = reader.status()
    en, zh = age_in_words(status.list_age)
    return {
        "city": status.city,
        "terminal": reader.set_up.terminal,
        "scene": reader.set_up.scene,
        "emergency_scenes": sorted(status.emergency_scenes),
        "trust_number": status.trust_number,
        "trust_expires_at": status.trust_expires_at,
        "list_number": status.list_number,
        "list_age_seconds": None if status.list_age is None else int(status.list_age),
        "list_age": {"en": en, "zh": zh},
        "refuses": None if status.leave.refusal is None else _worded(status.leave.refusal),
        "cautions": [_worded(one) for one in status.leave.cautions],
        "waiting": status.waiting,
        "damaged": status.damaged,
        "clock_offset_seconds": int(status.clock_offset),
        "clock_believable": status.clock_believable,
        "aside": [_put_aside(one) for one in reader.aside()],
    }


def _worded(one: Refusal | Caution) -> dict[str, object]:
    return {"code": one.value, "en": one.en, "zh": one.zh}


def _put_aside(one: Aside) -> dict[str, object]:
    return {"use": one.use.id, "at": int(one.use.at), "code": one.problem, "en": one.en, "zh": one.zh}
