"""Where an embedded database lies, which programs run it, and as whom; and how its data folder comes to be."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from healthcloud.core.postgres.binaries import Binaries, copy_binaries, find_binaries
from healthcloud.core.postgres.cluster import scram_verifier
from healthcloud.core.postgres.configuration import ROLES
from healthcloud.core.postgres.errors import NobodyToRunAs, StartFailed
from healthcloud.core.postgres.folder import Folder
from healthcloud.core.postgres.runner import Runner, ways

# Where root keeps a database whose own folder the unprivileged account cannot enter, if nothing else helps.
COPIES = Path("/var/lib/healthcloud")


@dataclass(frozen=True, slots=True)
class Placement:
    """A home that the runner can enter, and programs that he can run."""

    home: Path
    binaries: Binaries
    runner: Runner

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / "data"

    @property
    def settings(self) -> Path:
        """The file of settings."""
        return self.home / "postgresql.conf"

    @property
    def access(self) -> Path:
        """The file that says who may connect, and how."""
        return self.home / "pg_hba.conf"


def place(folder: Folder, account: str | None) -> Placement:
    """Choose, first what keeps everything in the folder; raise NobodyToRunAs when nothing works."""
    binaries = find_binaries()
    home = Path(folder.state.get("home", folder.path))
    runners = ways(account)
    if home == folder.path:
        for runner in runners:
            if runner.works(binaries, folder.path.parent):
                return Placement(folder.path, binaries, runner)
    name = hashlib.sha256(os.fsencode(folder.path)).hexdigest()[:16]
    for runner in runners:
        if found := _copied(COPIES / name if home == folder.path else home, binaries, runner):
            folder.remember({"home": str(found.home)})
            return found
    raise NobodyToRunAs


def create_data(placement: Placement, password: str, *, for_tests: bool) -> None:
    """Run initdb: UTF-8, plain byte order, checksums, a password for everybody; whole or not at all."""
    draft = _draft(placement)
    handle, name = tempfile.mkstemp(dir=placement.home / "run")
    with os.fdopen(handle, "w") as file:
        file.write(password)
    secret = Path(name)
    placement.runner.own(draft)
    placement.runner.own(secret)
    arguments = [placement.binaries.program("initdb"), "-D", str(draft), "-U", ROLES["superuser"]]
    arguments += ["--pwfile", str(secret), "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--data-checksums"]
    try:
        done = placement.runner.run([*arguments, "--no-sync"] if for_tests else arguments)
    finally:
        secret.unlink()
    if done.returncode != 0:
        raise StartFailed(done.stderr[-2000:])
    draft.rename(placement.data)


def copy_data(placement: Placement, origin: Path, *, for_tests: bool) -> None:
    """Begin with the data folder of a backup, whole or not at all."""
    draft = _draft(placement)
    shutil.copytree(origin, draft, symlinks=True, dirs_exist_ok=True)
    draft.chmod(0o700)
    for place, _, files in os.walk(draft):
        for path in (Path(place), *(Path(place, name) for name in files)):
            placement.runner.own(path)
    if not for_tests:
        os.sync()
    draft.rename(placement.data)


def set_superuser_password(placement: Placement, password: str) -> None:
    """Set it without knowing the one before, in single-user mode: for restored data, or after the file was lost."""
    done = placement.runner.run(
        [placement.binaries.program("postgres"), "--single", "-D", str(placement.data), "postgres"],
        told=f"ALTER ROLE {ROLES['superuser']} PASSWORD '{scram_verifier(password)}'\n",
    )
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise StartFailed(done.stderr[-2000:])


def _draft(placement: Placement) -> Path:
    """Make a data folder under another name; drafts of a start that was killed are removed."""
    for left in placement.home.glob("data.new-*"):
        shutil.rmtree(left)
    return Path(tempfile.mkdtemp(prefix="data.new-", dir=placement.home))


def _copied(home: Path, binaries: Binaries, runner: Runner) -> Placement | None:
    """Try to live elsewhere, with a copy of the programs; leave nothing behind when it does not work."""
    try:
        home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        if home.stat().st_uid != os.geteuid() or home.is_symlink():
            return None
        os.chown(home, -1, runner.gid)
        home.chmod(0o710)
        copied = copy_binaries(binaries, home / "programs")
    except OSError:
        return None
    if runner.works(copied, home):
        return Placement(home, copied, runner)
    if not (home / "data").exists():
        shutil.rmtree(home)
    return None
