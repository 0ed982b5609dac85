"""What a reader tells of a scan, for a screen or another program."""

from dataclasses import dataclass
from typing import TypeAlias

from healthcloud_reader.certificates import Certificate
from healthcloud_reader.offline.words import Caution, Outcome, Refusal, age_in_words
from healthcloud_reader.reasons import Reason

_SEXES = {1: ("male", "男"), 2: ("female", "女"), 9: ("not stated", "未说明")}
_LEVELS = {
    0: ("identity as declared", "自报身份"),
    1: ("identity checked with the registry", "人口库核验"),
    2: ("identity seen at a counter", "窗口见证件"),
    3: ("face compared", "人脸比对"),
}
Why: TypeAlias = Refusal | Reason


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the phone, enough to compare with who stands there: masked name, sex (GB/T 2261.1), year of birth."""

    name: str
    sex: int
    birth_year: int
    level: int

    @classmethod
    def of(cls, certificate: Certificate) -> "Holder":
        """Take it from a certificate that was found genuine."""
        return cls(certificate.name, certificate.sex, certificate.birth_year, certificate.level)

    @property
    def sex_in_words(self) -> tuple[str, str]:
        """The sex in English and Chinese."""
        return _SEXES.get(self.sex, ("unknown", "未知"))

    @property
    def level_in_words(self) -> tuple[str, str]:
        """How well the city knows who this is, in English and Chinese."""
        return _LEVELS.get(self.level, (f"level {self.level}", f"实名 {self.level} 级"))


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The answer to one scan: `why` where it is refused, `minutes` where a clock is off, `use_id` where a use was kept.

    `list_age` is in seconds, None without a list. A REPEAT has the id of the use it repeats.
    """

    outcome: Outcome
    scene: str
    at: float
    why: Why | None = None
    holder: Holder | None = None
    cautions: tuple[Caution, ...] = ()
    list_age: float | None = None
    minutes: int | None = None
    use_id: str | None = None

    def document(self) -> dict[str, object]:
        """Write it as an object for JSON: stable codes, and a sentence in each language beside every one."""
        age_en, age_zh = age_in_words(self.list_age)
        return {
            "outcome": self.outcome.value,
            "word": {"en": self.outcome.en, "zh": self.outcome.zh},
            "why": None if self.why is None else {"code": self.why.value, "en": self.why.en, "zh": self.why.zh},
            "minutes": self.minutes,
            "holder": self._holder(),
            "cautions": [{"code": one.value, "en": one.en, "zh": one.zh} for one in self.cautions],
            "list_age_seconds": None if self.list_age is None else int(self.list_age),
            "list_age": {"en": age_en, "zh": age_zh},
            "scene": self.scene,
            "at": int(self.at),
            "use": self.use_id,
        }

    def _holder(self) -> dict[str, object] | None:
        if self.holder is None:
            return None
        sex_en, sex_zh = self.holder.sex_in_words
        level_en, level_zh = self.holder.level_in_words
        return {
            "name": self.holder.name,
            "sex": {"en": sex_en, "zh": sex_zh},
            "birth_year": self.holder.birth_year,
            "level": {"number": self.holder.level, "en": level_en, "zh": level_zh},
        }
