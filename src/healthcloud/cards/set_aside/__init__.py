"""Set aside: what a card was when it came to stand for another, so that parting gives everything back."""

from healthcloud.cards.set_aside.model import SetAside
from healthcloud.cards.set_aside.store import forget, keep, kept

__all__ = ["SetAside", "forget", "keep", "kept"]
