"""Where an embedded database lies, which programs run it, and as whom; and how its data folder comes to be."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from healthcloud.core.postgres.binaries import Binaries, copy_binaries, find_binaries
from healthcloud.core.postgres.cluster import scram_verifier
from healthcloud.core.postgres.configuration import ROLES
from healthcloud.core.postgres.errors import NobodyToRunAs, StartFailed
from healthcloud.core.postgres.folder import Folder
from healthcloud.core.postgres.runner import Runner, ways

# Where root keeps a database whose own folder the unprivileged account cannot enter, if nothing else helps.
_COPIES = (Path("/var/lib/healthcloud"), Path("/tmp/healthcloud"))  # noqa: S108 - 0710 and root's, made by us


@dataclass(frozen=True, slots=True)
class Placement:
    """A home with `data/`, `log/` and `run/` in it, programs that are reachable, and who runs them."""

    home: Path
    binaries: Binaries
    runner: Runner

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.home / "data"


def place(folder: Folder, account: str | None, copies: tuple[Path, ...] = _COPIES) -> Placement:
    """Choose, first what keeps everything in the folder; raise NobodyToRunAs when nothing works."""
    binaries = find_binaries()
    home = Path(folder.state.get("home", folder.path))
    runners = ways(account)
    if home == folder.path:
        for runner in runners:
            if runner.works(binaries, folder.path.parent):
                return _settled(folder, Placement(folder.path, binaries, runner))
    name = hashlib.sha256(os.fsencode(folder.path)).hexdigest()[:16]
    for runner in runners:
        for elsewhere in [home] if home != folder.path else [above / name for above in copies]:
            if found := _copied(elsewhere, binaries, runner):
                return _settled(folder, found)
    raise NobodyToRunAs


def create_data(placement: Placement, password: str, *, for_tests: bool) -> None:
    """Run initdb: UTF-8, plain byte order, checksums, a password for everybody; whole or not at all."""
    draft = placement.home / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    secret = placement.home / "run" / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
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


def set_superuser_password(placement: Placement, password: str) -> None:
    """Set it without knowing the one before, in single-user mode: for restored data, or after the file was lost."""
    done = placement.runner.run(
        [placement.binaries.program("postgres"), "--single", "-D", str(placement.data), "postgres"],
        told=f"ALTER ROLE {ROLES['superuser']} PASSWORD '{scram_verifier(password)}'\n",
    )
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise StartFailed(done.stderr[-2000:])


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


def _settled(folder: Folder, placement: Placement) -> Placement:
    if placement.home != folder.path:
        folder.remember({"home": str(placement.home)})
    folder.settle(placement.home, placement.runner)
    return placement
