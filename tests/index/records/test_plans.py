"""The statements of receiving and placing find their rows by key, however large the city."""

import pytest
from cards.test_plans import BY_KEY, scans_of, sql_of

HOT = [
    ("index/records/store.py", "numbered"),
    ("index/records/store.py", "records"),
    ("index/records/store.py", "lock"),
    ("index/records/store.py", "settle"),
    ("index/records/store.py", "members_of"),
    ("index/records/store.py", "waiting"),
    ("index/records/neighbours/store.py", "neighbours"),
    ("index/records/neighbours/store.py", "pairs_of"),
    ("index/records/neighbours/store.py", "drop_blocks"),
    ("cards/store.py", "statuses"),
    ("people/seen/store.py", "whose"),
]


@pytest.mark.parametrize(("place", "function"), HOT)
async def test_no_hot_statement_reads_a_table_but_by_key(owner_url: str, place: str, function: str) -> None:
    found = await scans_of(owner_url, sql_of(place, function))
    assert {node["Node Type"] for node in found} <= BY_KEY
    assert found
