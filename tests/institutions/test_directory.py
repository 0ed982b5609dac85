"""People find a hospital by what they remember of it: a word, the initials they type, a district, a level."""

from typing import Any

import pytest
from fixtures.cities import city

from healthcloud import institutions
from healthcloud.institutions.directory import DirectoryWish, Listed, initials_of, search_directory
from healthcloud.server.demonstration.city import load_city

__all__ = ["city"]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("市立医院", "slyy"), ("滕州市中心人民医院", "tzszxrmyy"), ("峄城区妇幼保健院", "ycqfybjy"), ("A座", "az")],
)
def test_a_name_has_the_initials_people_type(name: str, initials: str) -> None:
    assert initials_of(name) == initials


async def test_the_directory_is_searched_and_paged(city: Any) -> None:
    await load_city(city.database)

    async def found(wish: DirectoryWish, **more: Any) -> list[Listed]:
        async with city.database.read() as read:
            return await search_directory(read, wish, limit=200, **more)

    everything = await found(DirectoryWish())
    assert [one.place for one in everything] == sorted(one.place for one in everything)
    some = [one for one in everything if one.has_fever_clinic]
    assert {one.id for one in await found(DirectoryWish(fever_clinic=True))} >= {one.id for one in some}
    one = everything[0]
    assert one.id in {hit.id for hit in await found(DirectoryWish(text=one.name[2:6]))}
    assert one.id in {hit.id for hit in await found(DirectoryWish(text=initials_of(one.name)[:6].upper()))}
    assert [one.name for one in everything if not initials_of(one.name).isascii()] == []
    assert await found(DirectoryWish(text="没有这样的医院")) == []
    assert {hit.district_code for hit in await found(DirectoryWish(district_code=one.district_code))} == {
        one.district_code
    }
    rest = await found(DirectoryWish(), after=everything[0].place)
    assert everything[0] not in rest
    async with city.database.read() as read:
        divisions = {code.code for code in await institutions.codes.every_code(read, "division")}
    assert one.district_code in divisions
