"""Residents' accounts and the codes sent to their phones; pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

CODE_DIGITS = 6


class CodePurpose(StrEnum):
    """What a code is good for; it is good for nothing else."""

    SIGN_IN = "sign-in"
    CHANGE_PHONE = "change-phone"
    AGREE = "agree"  # to be acted for by who stands beside them


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
    if purpose is CodePurpose.AGREE:
        return (
            f"【健康云】有人申请替您代办健康卡事务，同意验证码 {code}，{minutes} 分钟内有效。"
            "只有您同意时才把它告诉帮您办理的家人，随时可以撤回；不同意请不要告诉任何人。"
        )
    act = "登录" if purpose is CodePurpose.SIGN_IN else "更换手机号"
    return f"【健康云】{act}验证码 {code}，{minutes} 分钟内有效。工作人员不会向您索要验证码，请勿告诉他人。"


PHONE_CHANGED = "【健康云】您账号的登录手机号已更换，本号码不再能登录。如非本人操作，请立即到就近医疗机构窗口办理。"
