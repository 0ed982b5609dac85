"""
Blocks: texts two records of one person are likely to have in common; each holds few persons in any city.

A block is bounded by what it is made of, never by counting: a name or a phone alone is none, both together are.
"""

from healthcloud.index.matching.decide import rarity
from healthcloud.index.matching.model import Features, Model
from healthcloud.index.matching.readings import UNREADABLE

_RARE_ENOUGH = 4.0  # bits: of so rare a name a city of four million has a few bearers
_RESIDENT_LENGTH = 18
_FEWEST_NUMBERS = 2
_LONGEST_SKELETON = 5
_VOWELS = str.maketrans("", "", "aeiouyhw")


def block_texts(features: Features, model: Model) -> tuple[str, ...]:
    """Return the texts of a record's blocks, none twice; a candidate shares at least one."""
    texts = [*_of_number(features), *_of_name(features, model), *_of_places(features)]
    return tuple(dict.fromkeys(texts))


def _of_number(features: Features) -> list[str]:
    number = features.number
    if not number:
        return []
    texts = [f"number|{number}"]
    if len(number) == _RESIDENT_LENGTH:
        texts.append(f"number-end|{number[6:]}")
        if features.blurred:
            texts.append(f"number-ends|{number[:6]}{number[14:]}|{features.blurred[0]}")
    return texts


def _of_name(features: Features, model: Model) -> list[str]:
    """Return the name's sound with parts of the birth date; the register's 1 January is too common for a part."""
    if not features.blurred:
        return []
    sound = " ".join(features.blurred) if features.is_han else _skeleton(features.sounds)
    texts = []
    if features.birth is not None:
        born = features.birth
        texts.append(f"sound-year|{sound}|{born.year}")
        if not features.is_placeholder:
            texts.append(f"sound-day|{sound}|{born:%m%d}")
            texts += [f"part-birth|{part}|{born:%Y%m%d}" for part in _halves(features)]
    if UNREADABLE not in features.name and rarity(features, model) >= _RARE_ENOUGH:
        texts.append(f"rare|{features.name}")
    return texts


def _halves(features: Features) -> tuple[str, ...]:
    """Return the sound of the surname and of the given name, or of each Latin part."""
    if not features.is_han:
        return tuple(f"latin {_skeleton((part,))}" for part in features.sounds)
    kept = len(features.surname)
    return f"sur {' '.join(features.blurred[:kept])}", f"given {' '.join(features.blurred[kept:])}"


def _skeleton(parts: tuple[str, ...]) -> str:
    """Return what spelling errors leave of Latin parts: their first consonants, each once."""
    bones = []
    for part in parts:
        bare = part[:1] + part[1:].translate(_VOWELS)
        bones.append("".join(c for c, before in zip(bare, " " + bare, strict=False) if c != before)[:_LONGEST_SKELETON])
    return " ".join(sorted(bones))


def _of_places(features: Features) -> list[str]:
    """Return phone and house, each with the given name's sound or with the birth date."""
    places = [f"phone|{features.phone}"] if features.phone else []
    if len(features.house) >= _FEWEST_NUMBERS:
        places.append(f"house|{'-'.join(features.house)}")
    if not places:
        return []
    kept = len(features.surname)
    whose = [f"given {' '.join(features.blurred[kept:])}"] if features.blurred else []
    if features.birth is not None:
        whose.append(f"{features.birth:%Y%m%d}")
    return [f"{place}|{who}" for place in places for who in whose]
