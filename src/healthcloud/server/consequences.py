"""What would follow from joining or parting persons: each feature that keeps something of them tells its part."""

from healthcloud import cards, encounters, people
from healthcloud.core.consequences import Consequence

CONSEQUENCES: tuple[Consequence, ...] = (people.what_follows, cards.what_follows, encounters.what_follows)
