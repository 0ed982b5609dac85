"""The words of the deed."""

from healthcloud.audit.model import DeedKind, declare

VERIFICATION_ASKED = "audit.verification-asked"

declare(DeedKind(VERIFICATION_ASKED, zh="要求校验审计链", en="A verification of the audit chain was asked for"))
