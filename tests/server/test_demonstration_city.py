"""The demonstration city: the same institutions every time, each marked, numbered by the rules, loaded once."""

from collections import Counter

from healthcloud import institutions
from healthcloud.core.db import Database
from healthcloud.institutions.numbers import checked
from healthcloud.server.demonstration import load_city
from healthcloud.server.demonstration.plan import plan_city


def test_the_plan_is_the_same_every_time() -> None:
    assert plan_city() == plan_city()


def test_every_name_is_marked_and_no_two_are_alike() -> None:
    names = [one.particulars.name for one in plan_city()[1]]
    assert all(name.endswith("（演示）") for name in names)
    assert len(set(names)) == len(names)


def test_every_number_holds_by_its_rule_and_is_one_institutions() -> None:
    numbers = [number for one in plan_city()[1] for number in one.numbers]
    assert [checked(number.kind, number.number) for number in numbers] == numbers
    assert len(set(numbers)) == len(numbers)


def test_each_district_and_each_street_is_served() -> None:
    _, planned = plan_city()
    classes = Counter(one.particulars.class_code for one in planned)
    served = {one.particulars.street_code for one in planned if one.particulars.class_code in {"B100", "C210", "C220"}}
    general = {one.particulars.district_code for one in planned if one.particulars.class_code == "A100"}
    feverish = {one.particulars.district_code for one in planned if one.particulars.has_fever_clinic}
    assert len(served) == 66
    assert len(general) == len(feverish) == 6
    assert classes["D600"] >= 300
    assert classes["E100"] == classes["F120"] == 1
    assert {"A100", "A210", "A519", "A521", "G100"} <= classes.keys()
    assert sum(count for code, count in classes.items() if code.startswith(("A", "G"))) >= 16


async def test_loading_twice_is_loading_once(fresh_database: Database) -> None:
    first, again = await load_city(fresh_database), await load_city(fresh_database)
    assert (first.created, again.created) == (first.institutions, 0)
    assert first.ids == again.ids
    assert (again.departments, again.terminals, again.practitioners) == (
        first.departments,
        first.terminals,
        first.practitioners,
    )
    async with fresh_database.read() as read:
        hospital = await institutions.institution_named(read, "KGADEMO0001")
        assert hospital is not None
        assert hospital.demonstration
        desk = await institutions.terminal_named(read, hospital.id, "挂号窗口1")
        assert desk is not None
        assert (desk.kind, desk.scene_code) == ("01", "010101")
        clinic = institutions.InstitutionFilter(parent_id=first.ids[22])
        assert len(await institutions.list_institutions(read, clinic)) == 3
