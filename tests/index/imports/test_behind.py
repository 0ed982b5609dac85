"""What happens to imports behind the requests: jobs read and work them, keys change, workbooks are held in bounds."""

import io
import zipfile
from datetime import timedelta
from math import inf
from pathlib import Path

from fixtures.databases import Copy
from index.imports.files import announce, bytes_of, hospital, imported, mapped, patients, put, seen, sheet, upload

from healthcloud import institutions, people
from healthcloud.core.background import Runner, Wiring
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import FileKeyStore, Vault, create_development_keys
from healthcloud.core.db import Database
from healthcloud.index import imports
from healthcloud.server.purposes import PURPOSES


async def test_the_runner_reads_tries_and_works_an_import(database: Database) -> None:
    caller, file = await hospital(database), sheet(patients(2))
    runner = Runner(database, Wiring(jobs=imports.kinds(people.Policy())))
    one = await announce(database, caller, file)
    await put(database, caller, one.id, 0, file)
    await database.transact(lambda tx: imports.complete(tx, caller, one.id))
    await runner.settle()
    await mapped(database, caller, one.id)
    await database.transact(lambda tx: imports.try_out(tx, caller, one.id))
    await runner.settle()
    assert (await seen(database, caller, one.id)).state == "tried"
    await database.transact(lambda tx: imports.start(tx, caller, one.id))
    await runner.settle()
    done = await seen(database, caller, one.id)
    assert (done.state, done.new) == ("done", 2)


async def test_what_is_kept_follows_its_key(fresh_copy: Copy, tmp_path: Path) -> None:
    create_development_keys(tmp_path / "keys.json", PURPOSES)
    keys = FileKeyStore(tmp_path / "keys.json", settling=timedelta(days=-1), look_every=inf)
    database = await Database.connect(fresh_copy.app_url, vault=Vault(keys), size=2)
    await institutions.load_standard_sets(database, SYSTEM)
    caller = await hospital(database)
    one = await imported(database, caller, sheet(patients(2)))
    waiting = sheet(patients(1))
    other = await announce(database, caller, waiting)
    await put(database, caller, other.id, 0, waiting)
    for step in ("add_key", "promote"):
        getattr(keys, step)("index.imported")
    await database.transact(imports.keep_seals)
    await Runner(database, Wiring(jobs=imports.kinds(people.Policy()))).settle()
    keys.retire("index.imported")
    told = await bytes_of(await imports.answers(database, caller, one.id))
    assert len(told.splitlines()) == 3
    await database.transact(lambda tx: imports.complete(tx, caller, other.id))
    await imports.read_file(database, other.id)
    assert (await seen(database, caller, other.id)).state == "read"
    await database.close()


async def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused(database: Database) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(40):
            part.write(b"\0" * (1 << 20))
    one = await upload(database, await hospital(database), file.getvalue(), "bomb.xlsx")
    assert (one.state, one.fault_en) == ("failed", "unpacks to far more than it is")
