"""The lists a reader holds: taken only when signed by who is trusted, never an older one, kept on the disk."""

from collections.abc import Mapping, Sequence

from healthcloud_reader.jws import SignedList, read_list
from healthcloud_reader.keys import PublicKey
from healthcloud_reader.offline.folder import Folder
from healthcloud_reader.offline.lists import (
    DELTA,
    SNAPSHOT,
    TRUST,
    Revocations,
    TrustList,
    read_delta,
    read_snapshot,
    read_trust,
)
from healthcloud_reader.reasons import Reason, Unreadable


class Holding:
    """The trust list and the revocations of one reader; `first_key` is the id it was set up to believe first."""

    def __init__(self, folder: Folder, first_key: str) -> None:
        """Read what the folder has."""
        self._folder, self._first_key = folder, first_key
        kept = folder.trust()
        self.trust: TrustList | None = None if kept is None else read_trust(kept)
        self.revoked: Revocations | None = folder.revocations()

    def take_trust(self, document: object) -> None:
        """Take a trust list signed by a key already trusted, the first by the key set up; raise Unreadable."""
        signed = read_list(document)
        new = read_trust(signed)
        trusted = _only(new.keys, self._first_key) if self.trust is None else self.trust.keys
        if signed.signed_by(TRUST, trusted) is None:
            raise Unreadable(Reason.LIST_UNTRUSTED)
        if self.trust is not None and not _is_later(self.trust, new):
            raise Unreadable(Reason.LIST_BACKWARDS)
        if new != self.trust:
            self._folder.keep_trust(signed)
            self.trust = new

    def take_revocations(self, snapshot: object, deltas: Sequence[object]) -> bool:
        """
        Take a snapshot or None, then deltas in their order; return whether one between is missing.

        What is older than what is held is passed over. Raises Unreadable where a list is none or not to be believed;
        what came before it in the same answer is not taken either.
        """
        held, missing = self.revoked, False
        if snapshot is not None:
            new = read_snapshot(self._believed(SNAPSHOT, snapshot))
            held = new if held is None or _is_later(held, new) else held
        for document in deltas:
            delta = read_delta(self._believed(DELTA, document))
            if held is None or delta.after > held.number:
                missing = True
                break
            if delta.number > held.number and delta.issued_at >= held.issued_at:
                held = held.with_delta(delta)
        if held is not None and held is not self.revoked:
            self._folder.keep_revocations(held)
            self.revoked = held
        return missing

    @property
    def newest(self) -> int:
        """When the newest of the lists was issued, Unix seconds: an instant that has passed; 0 without lists."""
        return max((one.issued_at for one in (self.trust, self.revoked) if one is not None), default=0)

    def _believed(self, kind: str, document: object) -> SignedList:
        signed = read_list(document)
        if self.trust is None or signed.signed_by(kind, self.trust.keys) is None:
            raise Unreadable(Reason.LIST_UNTRUSTED)
        return signed


def _only(keys: Mapping[str, PublicKey], name: str) -> Mapping[str, PublicKey]:
    return {name: keys[name]} if name in keys else {}


def _is_later(held: TrustList | Revocations, new: TrustList | Revocations) -> bool:
    """
    Tell whether a list may replace another: issued later, or at the same time with no lower number.

    The instant decides, not the number: a city put back from a backup counts anew, and its readers must follow.
    """
    return (new.issued_at, new.number) >= (held.issued_at, held.number)
