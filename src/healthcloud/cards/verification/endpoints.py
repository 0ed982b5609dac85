"""The two hot endpoints as the server mounts them, with their words for OpenAPI."""

from healthcloud.cards.verification import errors
from healthcloud.cards.verification.answers import BatchVerified, BatchWish, Verified, VerifyWish
from healthcloud.cards.verification.edge import SCOPE, VerifyEdge
from healthcloud.core.errors import Problem
from healthcloud.core.http import HotDocument, HotEndpoint
from healthcloud.core.settings import Settings

_PLACE: tuple[type[Problem], ...] = (errors.TerminalUnknown, errors.TerminalUnbound, errors.SceneUnknown)
_SCAN: tuple[type[Problem], ...] = (
    errors.CodeUnreadable,
    errors.InsuranceVoucherShown,
    errors.ResidentIdShown,
    errors.CodeForged,
    errors.CodeSignatureWrong,
    errors.CityKeyUnknown,
    errors.CodeExpired,
    errors.ClockOff,
    errors.CertificateExpired,
    errors.CodeReplayed,
    errors.PhoneGone,
    errors.CardFrozen,
    errors.CardWasCancelled,
    errors.CardNotActive,
    errors.CardExpired,
    errors.HolderDeceased,
    errors.HolderWithdrawn,
    errors.CardUnknown,
    errors.SecondFactRequired,
    errors.SecondFactWrong,
    errors.SecondFactLocked,
    errors.KeyRevokedMeanwhile,
)
_ONE = """
Scan one code at a terminal for a step of treatment (medStepCode). 在终端扫一个码。

It may be a dynamic code, one a phone signed (`EHC1:`), a printed one, or a card id.

The same code at the same terminal and step is the same answer, marked `repeat`, and no new use; at another terminal of
the same institution it is another use; at another institution it is refused (`code-replayed`). The person is masked
unless the caller holds `cards.identity`; that a use showed the identity, its owner can read. No Idempotency-Key is
needed: the code is one.
"""
_MANY = """
Scan up to 500 dynamic or phone-signed codes of one terminal and step. 批量验码。

Each code has its own result in the order sent: `valid` as a single scan answers, or `refused` with the problem. Printed
codes are verified one by one, with their second fact.
"""
VERIFY = HotDocument(
    "/api/v1/cards/verify", SCOPE, "Verify a code 验码", _ONE, VerifyWish, Verified, (*_PLACE, *_SCAN), "cards"
)
VERIFY_BATCH = HotDocument(
    "/api/v1/cards/verify-batch", SCOPE, "Verify many codes 批量验码", _MANY, BatchWish, BatchVerified, _PLACE, "cards"
)
HOT_DOCUMENTS = (VERIFY, VERIFY_BATCH)


def hot_endpoints(edge: VerifyEdge, settings: Settings) -> tuple[HotEndpoint, ...]:
    """Return POST /api/v1/cards/verify and /api/v1/cards/verify-batch."""
    return (
        HotEndpoint(VERIFY, edge.verify, settings, edge.is_full),
        HotEndpoint(VERIFY_BATCH, edge.verify_batch, settings, edge.bulk_is_full),
    )
