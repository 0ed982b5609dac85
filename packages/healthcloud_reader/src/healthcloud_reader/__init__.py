"""The electronic health card's codes: what a scanned text is, whether it is genuine, and the lists that tell it."""

from healthcloud_reader.base45 import b45decode, b45encode
from healthcloud_reader.certificates import Certificate, SignedCertificate, certificate_message, key_proof_message
from healthcloud_reader.devices import CertificateMemory, DeviceCode, check_device, device_message
from healthcloud_reader.forms import (
    BareCardId,
    DynamicCode,
    InsuranceVoucher,
    Reading,
    ResidentId,
    StaticCode,
    parse,
)
from healthcloud_reader.jws import SignedList, read_list, sign_list, signing_input
from healthcloud_reader.keys import KeyFault, KeyUnreadable, PublicKey
from healthcloud_reader.reasons import Reason, Unreadable
from healthcloud_reader.revocations import ALL_VOID, EVERY_SLOT, is_void, revocation_key
from healthcloud_reader.steps import PERIOD_STEPS, STEP_SECONDS, period_of, step_at, step_start
from healthcloud_reader.tokens import (
    PLATFORM_SLOT,
    Algorithm,
    ClockOff,
    Derive,
    Token,
    check_token,
    make_token,
    masters_of,
    slot_secrets,
    token_of,
)

__all__ = [
    "ALL_VOID",
    "EVERY_SLOT",
    "PERIOD_STEPS",
    "PLATFORM_SLOT",
    "STEP_SECONDS",
    "Algorithm",
    "BareCardId",
    "Certificate",
    "CertificateMemory",
    "ClockOff",
    "Derive",
    "DeviceCode",
    "DynamicCode",
    "InsuranceVoucher",
    "KeyFault",
    "KeyUnreadable",
    "PublicKey",
    "Reading",
    "Reason",
    "ResidentId",
    "SignedCertificate",
    "SignedList",
    "StaticCode",
    "Token",
    "Unreadable",
    "b45decode",
    "b45encode",
    "certificate_message",
    "check_device",
    "check_token",
    "device_message",
    "is_void",
    "key_proof_message",
    "make_token",
    "masters_of",
    "parse",
    "period_of",
    "read_list",
    "revocation_key",
    "sign_list",
    "signing_input",
    "slot_secrets",
    "step_at",
    "step_start",
    "token_of",
]
