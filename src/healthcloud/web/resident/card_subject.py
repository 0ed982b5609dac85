"""Whose card a page is about: one's own, or that of somebody one acts for; nobody else's is told apart from none."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.web.page import page
from healthcloud.web.resident.visitor import own_person

CARD = people.grants.GrantScope.CARD


@dataclass(frozen=True, slots=True)
class Subject:
    """The member whose card it is, everyone whose card this visitor may show, and their masked names."""

    chosen: people.grants.Member
    members: list[people.grants.Member]
    names: dict[UUID, str]

    @property
    def person_id(self) -> UUID:
        """The canonical person."""
        return self.chosen.person_id

    @property
    def whose(self) -> UUID | None:
        """Whom an act names: nobody where it is about the visitor themself."""
        return None if self.own else self.person_id

    @property
    def own(self) -> bool:
        """Whether it is the visitor themself."""
        return not self.chosen.relation

    @property
    def face(self) -> people.MaskedFace:
        """Their face, masked."""
        return people.masked(self.chosen.face)

    @property
    def query(self) -> str:
        """What addresses of this card end with."""
        return "" if self.own else f"?person={self.person_id}"


async def subject_of(read: Read, caller: Caller, person: UUID | None) -> Subject | None:
    """Return whose card it is; None where the visitor does not act for them."""
    members = await people.grants.members(read, own_person(caller), CARD)
    wanted = person or (members[0].person_id if members else None)
    chosen = next((one for one in members if one.person_id == wanted), None)
    return None if chosen is None else among(members, chosen)


def among(members: list[people.grants.Member], chosen: people.grants.Member) -> Subject:
    """Return one of these members as whom a page is about."""
    return Subject(chosen, members, {one.person_id: people.masked(one.face).name for one in members})


def not_kept(request: Request) -> Response:
    """Say that there is no card here for whoever looks, nor whose it might be."""
    return page(request, "resident/card_not_kept.html", status=404, back="/card")
