"""What every subject of people shares: broken rules, sexes, levels, states, purposes of keys, policy."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Self

from healthcloud.core.crypto import Purpose, Use
from healthcloud.core.settings import Settings

FACE = "people.face"
DOCUMENT = "people.document"
PHONE = "people.phone"
HISTORY = "people.history"
PHOTO = "people.photo"
IDENTITY_INDEX = "people.identity-index"
PHONE_INDEX = "people.phone-index"

PURPOSES = (
    Purpose(FACE, Use.SEAL),
    Purpose(DOCUMENT, Use.SEAL),
    Purpose(PHONE, Use.SEAL),
    Purpose(HISTORY, Use.SEAL),
    Purpose(PHOTO, Use.SEAL),
    Purpose(IDENTITY_INDEX, Use.FINGERPRINT),
    Purpose(PHONE_INDEX, Use.FINGERPRINT),
)


class Broken(ValueError):
    """A value breaks a rule, told in words that never repeat the value."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh


class Sex(StrEnum):
    """Sex, GB/T 2261.1."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"

    @property
    def is_stated(self) -> bool:
        """Tell whether it says male or female."""
        return self in (Sex.MALE, Sex.FEMALE)


class Level(IntEnum):
    """How well a person's identity is verified; a level is only ever raised by evidence."""

    DECLARED = 0  # 自报
    REGISTRY = 1  # 人口库核验
    FACE_TO_FACE = 2  # 窗口见证件
    FACE_COMPARED = 3  # 人脸比对


class PersonState(StrEnum):
    """Whether there is somebody."""

    ALIVE = "alive"
    DECEASED = "deceased"
    WITHDRAWN = "withdrawn"  # registered in error; nobody stands behind it


class PersonKind(IntEnum):
    """personnelType 人员类型."""

    ORDINARY = 1
    CHILD_WITHOUT_DOCUMENT = 2


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits a city sets; the defaults are those of core.settings."""

    persons_per_phone: int = 5
    persons_per_keeper: int = 8
    keepers_per_person: int = 5
    guardian_below: int = 14  # PIPL article 31: whose grants and consents a guardian must give
    adult_from: int = 18  # when a grant over a child ends
    death_undo_days: int = 90

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read them from the settings."""
        return cls(
            persons_per_phone=settings.persons_per_phone,
            persons_per_keeper=settings.persons_per_account,
            keepers_per_person=settings.keepers_per_person,
            guardian_below=settings.guardian_below,
            adult_from=settings.adult_from,
            death_undo_days=settings.death_undo_days,
        )
