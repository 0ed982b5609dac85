"""Residents' accounts and the codes sent to their phones; pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

CODE_DIGITS = 6


class CodePurpose(StrEnum):
    """What a code is good for; it is good for nothing else."""

    SIGN_IN = "sign-in"
    CHANGE_PHONE = "change-phone"


@dataclass(frozen=True, slots=True)
class ResidentAccount:
    """A resident's account."""

    id: UUID
    state: str
    phone_sealed: bytes = field(repr=False)


def code_text(purpose: CodePurpose, number: str, code: str) -> str:
    """Write a code with the number and purpose it is good for: what its fingerprint is made of."""
    return f"{purpose}\n{number}\n{code}"


def code_message(purpose: CodePurpose, code: str, minutes: int) -> str:
    """Return the words that go to the phone."""
    act = "登录" if purpose is CodePurpose.SIGN_IN else "更换手机号"
    return f"【健康云】{act}验证码 {code}，{minutes} 分钟内有效。工作人员不会向您索要验证码，请勿告诉他人。"


PHONE_CHANGED = "【健康云】您账号的登录手机号已更换，本号码不再能登录。如非本人操作，请立即到就近医疗机构窗口办理。"
