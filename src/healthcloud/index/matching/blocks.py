"""
Blocks: texts two records of one person are likely to have in common; each holds few persons in any city.

A block is bounded by what it is made of, never by counting: a name or a phone alone is none, both together are.
"""

from healthcloud.index.matching.decide import name_bits
from healthcloud.index.matching.features import skeleton
from healthcloud.index.matching.model import Features, Model
from healthcloud.index.matching.readings import UNREADABLE

# Of so rare a name a city of four million has about four bearers. By frequencies alone: weights may be learned anew
# while blocks stand.
_RARE_BITS = 20.0
_FEWEST_NUMBERS = _FEWEST_DIGITS = 2
_MOST_NUMBERS = _MOST_PARTS = 4  # so that nobody's long name or address makes blocks without end


def block_texts(features: Features, model: Model) -> tuple[str, ...]:
    """Return the texts of a record's blocks, about ten, none twice; a candidate shares at least one."""
    texts = [f"number|{features.number}"] if features.number else []
    texts += _of_name(features, model)
    texts += _of_phone(features)
    texts += [f"home|{place}|{number}" for place in features.places for number in _numbers(features)]
    return tuple(dict.fromkeys(texts))


def _of_name(features: Features, model: Model) -> list[str]:
    """Return the name's sound with parts of the birth date or with the street, and a rare name by itself."""
    if not features.sounds:
        return []
    sound = " ".join(features.blurred) if features.is_han else skeleton(features.sounds)
    texts = []
    born = features.hinted_birth
    if born is not None:
        texts.append(f"sound-year|{sound}|{born.year}")
        if (born.month, born.day) != (1, 1):  # the day registers write for one nobody knows is too common
            texts.append(f"sound-day|{sound}|{born:%m%d}")
            texts += [f"part-birth|{part}|{born:%Y%m%d}" for part in _parts(features)]
    texts += [f"sound-place|{sound}|{place}" for place in features.places]
    if UNREADABLE not in features.name and name_bits(features, model) >= _RARE_BITS:
        texts.append(f"rare|{features.name}")
    return texts


def _parts(features: Features) -> list[str]:
    """Return the sound of the surname and of the given name, or of each Latin part."""
    if not features.is_han:
        longest = sorted(features.sounds, key=lambda part: (-len(part), part))
        return [f"latin {skeleton((part,))}" for part in longest[:_MOST_PARTS]]
    kept = len(features.surname)
    halves = {"sur": features.blurred[:kept], "given": features.blurred[kept:]}
    return [f"{half} {' '.join(sounds)}" for half, sounds in halves.items() if sounds]


def _numbers(features: Features) -> list[str]:
    """Return what tells homes of one street apart: building and door together; abroad each number, in any order."""
    if not features.content.address or features.content.address.isascii():
        long = [number for number in features.house if len(number) >= _FEWEST_DIGITS]
        return ["".join(sorted(number)) for number in long[:_MOST_NUMBERS]]
    return ["-".join(features.house)] if len(features.house) >= _FEWEST_NUMBERS else []


def _of_phone(features: Features) -> list[str]:
    """Return the phone with the given name's sound, and with the birth date: a family shares one, a ward clerk many."""
    if not features.phone:
        return []
    texts = []
    if features.sounds:
        texts.append(f"phone-given|{features.phone}|{' '.join(features.blurred[len(features.surname) :])}")
    if features.hinted_birth is not None:
        texts.append(f"phone-birth|{features.phone}|{features.hinted_birth:%Y%m%d}")
    return texts
