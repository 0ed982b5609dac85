"""An institution's own words as the city's codes and back, by its dictionaries."""

from dataclasses import dataclass

from healthcloud import institutions
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database


@dataclass(frozen=True, slots=True)
class Words:
    """The dictionaries of the institution that asks."""

    of: institutions.dictionaries.Dictionary

    def sex(self, theirs: str | None) -> str | None:
        """Return GB/T 2261.1; None where nothing was said, 9 for what nobody knows."""
        return None if theirs is None else self.of.ours("sex", theirs).code

    def document(self, theirs: str) -> str:
        """Return CV02.01.101; what is not known stays as it is, to be refused with its place."""
        found = self.of.ours("identity-document-kind", theirs)
        return found.code if found.is_known and found.code else theirs

    def ethnicity(self, theirs: str | None) -> str | None:
        """Return GB 3304, None for what is not known: never somebody else's."""
        return self._known("ethnic-group", theirs)

    def nationality(self, theirs: str | None) -> str | None:
        """Return alpha-3, None for what is not known."""
        return self._known("country", theirs)

    def scene(self, theirs: str | None) -> str | None:
        """Return medStepCode: 其他 for a step nobody knows, None for the terminal's own."""
        return None if theirs is None else self.of.ours("med-step", theirs).code

    def told(self, set_name: str, ours: str | None) -> str | None:
        """Return the institution's word for one of the city's codes."""
        return self.of.theirs(set_name, ours).code

    def _known(self, set_name: str, theirs: str | None) -> str | None:
        if theirs is None:
            return None
        found = self.of.ours(set_name, theirs)
        return found.code if found.is_known else None


async def words_of(database: Database, caller: Caller) -> Words:
    """Return the words of the caller's institution, without waiting where they are at hand."""
    found = institutions.dictionaries.dictionary_at_hand(database, caller.institution_id)
    if found is None:
        async with database.read() as read:
            found = await institutions.dictionaries.dictionary_of(read, caller.institution_id)
    return Words(found)
