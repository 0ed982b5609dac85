"""Migrations: one ordered line of plain SQL, safe under live traffic."""

import re
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "migrations"
NAME = re.compile(r"^(?P<number>\d{4})_(?P<feature>[a-z]+)_[a-z0-9_]+\.sql$")
HEADER = re.compile(r"^-- (expand|contract)(, no-transaction)?$")
FORBIDDEN = {
    r"\bCREATE\s+TRIGGER\b": "a trigger",
    r"\bCREATE\s+EXTENSION\b": "an extension",
    r"\b(BIG)?SERIAL\b": "a sequence",
    r"\bGENERATED\s+(ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY\b": "a sequence",
    r"\bCREATE\s+SEQUENCE\b": "a sequence",
    r"(^|;)\s*SET\s+(LOCAL\s+)?lock_timeout\b": "its own lock timeout",
}


def name_faults(names: Sequence[str], features: Sequence[str]) -> list[str]:
    """Tell of names out of form, numbers out of line, and features that do not exist."""
    faults = []
    for expected, name in enumerate(sorted(names), start=1):
        match = NAME.match(name)
        if not match:
            faults.append(f"{name}: not NNNN_feature_what.sql")
            continue
        if int(match["number"]) != expected:
            faults.append(f"{name}: number {expected:04} expected")
        if match["feature"] not in features:
            faults.append(f"{name}: {match['feature']} is not a feature")
    return faults


def text_faults(name: str, text: str) -> list[str]:
    """Tell of a missing header or a thing no migration may hold."""
    first, _, rest = text.partition("\n")
    faults = [] if HEADER.match(first) else [f"{name}: first line is not -- expand or -- contract"]
    if not rest.startswith("-- "):
        faults.append(f"{name}: no sentence saying what it does")
    bare = re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", text)
    faults += [f"{name}: {what}" for pattern, what in FORBIDDEN.items() if re.search(pattern, bare, re.IGNORECASE)]
    if first.startswith("-- expand") and re.search(r"\bDROP\s+(TABLE|COLUMN)\b", bare, re.IGNORECASE):
        faults.append(f"{name}: drops something, so it is a contract")
    return faults
