"""The index in memory: the same blocks and decisions as the database's, for tests, learning and measuring."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from healthcloud.index.matching.blocks import block_texts
from healthcloud.index.matching.decide import decide
from healthcloud.index.matching.features import features_of
from healthcloud.index.matching.model import Content, Decision, Features, Model, Outcome

Id = TypeVar("Id", bound=Hashable)


class Shelf(Generic[Id]):
    """Records one after the other, each with what is decided of it and those before."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.features: dict[Id, Features] = {}
        self._blocks: dict[str, list[Id]] = defaultdict(list)

    def add(self, record: Id, content: Content) -> list[tuple[Id, Decision]]:
        """Add a record; return the earlier ones it is linked with or a person is to be asked about."""
        features = features_of(content)
        found = [(other, decide(features, self.features[other], self.model)) for other in self.candidates(features)]
        self.features[record] = features
        for text in block_texts(features, self.model):
            self._blocks[text].append(record)
        return [(other, decision) for other, decision in found if decision.outcome is not Outcome.NONE]

    def candidates(self, features: Features) -> Iterator[Id]:
        """Yield the records that share a block, each once."""
        texts = block_texts(features, self.model)
        return iter(dict.fromkeys(record for text in texts for record in self._blocks.get(text, ())))
