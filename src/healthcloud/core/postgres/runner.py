"""
As whom PostgreSQL runs: it refuses root.

An ordinary user runs it himself. Root has it run by an unprivileged account that exists already, with files of that
account. Where the account cannot enter the folder or reach the programs (a clone under a root-only folder), PostgreSQL
runs in a user namespace in which root is called by that account's number: outside, the files stay root's and nobody's
rights are widened.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from healthcloud.core.postgres.binaries import ENVIRONMENT, Binaries
from healthcloud.core.postgres.errors import NobodyToRunAs

ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Runner:
    """One way to run PostgreSQL's programs. `uid` and `gid` own the files, seen from outside."""

    uid: int
    gid: int
    drops: bool = False  # become that account
    prefix: tuple[str, ...] = ()  # or run behind this command

    def run(self, arguments: Sequence[str], *, told: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, with `told` as its input; the outcome is the caller's to judge."""
        # The programs are our own installation's and no shell reads the arguments.
        return subprocess.run(  # noqa: S603
            [*self.prefix, *arguments],
            env=ENVIRONMENT,
            cwd="/",
            umask=0o077,
            user=self.uid if self.drops else None,
            group=self.gid if self.drops else None,
            extra_groups=[] if self.drops else None,
            input=told,
            stdin=subprocess.DEVNULL if told is None else None,
            capture_output=True,
            text=True,
            check=False,
        )

    def spawn(self, arguments: Sequence[str], *, output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own, so that a Ctrl-C meant for us does not reach it."""
        return subprocess.Popen(  # noqa: S603 - as in run
            [*self.prefix, *arguments],
            env=ENVIRONMENT,
            cwd="/",
            umask=0o077,
            user=self.uid if self.drops else None,
            group=self.gid if self.drops else None,
            extra_groups=[] if self.drops else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def own(self, path: Path) -> None:
        """Give a file or a folder to the account that will run PostgreSQL, and to nobody else."""
        if self.drops:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_tree(self, folder: Path) -> None:
        """Give a whole folder to the account, if it is not its already."""
        if folder.stat().st_uid == self.uid:
            return
        for place, _, files in os.walk(folder, topdown=False):  # the top last, so that half of it is not taken for all
            for path in (Path(place), *(Path(place, name) for name in files)):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def works(self, binaries: Binaries, folder: Path) -> bool:
        """Try whether it can enter the folder and run the programs."""
        script = '[ -x "$1" ] && exec "$2" --version'
        try:
            return self.run(["/bin/sh", "-c", script, "sh", str(folder), binaries.program("initdb")]).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False


def ways(account: str | None) -> list[Runner]:
    """Return the ways to run, best first."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0 and _has_name(uid):
        return [Runner(uid, gid)]
    entry = _unprivileged_entry(account)
    # initdb looks its user's name up, so the number inside the namespace must be one that has a name.
    namespace = Runner(
        uid,
        gid,
        prefix=("unshare", "--user", f"--map-user={entry.pw_uid}", f"--map-group={entry.pw_gid}", "--"),
    )
    if uid != 0:
        return [namespace]
    return [Runner(entry.pw_uid, entry.pw_gid, drops=True), namespace]


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _unprivileged_entry(account: str | None) -> pwd.struct_passwd:
    for name in (account,) if account else ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return entry
    raise NobodyToRunAs(account=account)
