"""Somebody who follows the guide's ten-minute start: reads the page, and gives its commands in a shell."""

import html
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

_LISTING = re.compile(
    r"(?:<summary>(?P<summary>[^<]*)</summary>\s*)?"
    r"<div class=\"listing\">.*?<code id=\"(?P<id>[^\"]+)\">(?P<text>.*?)</code>",
    re.DOTALL,
)
# What the page says to take from an answer, by the scene that was asked.
_TAKEN = {"register": ("PERSON", "person_id"), "open-card": ("CARD", "card_id")}
_SPARED = {"PATH", "HOME", "LANG"}


@dataclass(frozen=True)
class Listing:
    """A block of the page: `code-…` to be given as it stands, or SCENE-LANGUAGE, with the file to save it as."""

    id: str
    file: str
    text: str


def listings_of(page: str) -> list[Listing]:
    """Return the page's listings from top to bottom."""
    found = []
    for one in _LISTING.finditer(page):
        _, _, file = (one["summary"] or "").partition(" · ")
        found.append(Listing(one["id"], file.strip(), html.unescape(one["text"])))
    return found


@dataclass
class GuideReader:
    """One folder, one shell, one language to program in."""

    folder: Path
    port: int
    program: str
    variables: dict[str, str] = field(default_factory=dict)
    followed: list[str] = field(default_factory=list)
    said: str = ""

    def follow(self, listing: Listing) -> None:
        """Do what the page says with a listing; another language's is passed over, and what is running already."""
        if listing.id.startswith("code-"):
            if not listing.text.startswith("make "):
                self._shell(listing.text.replace(":8000", f":{self.port}"))
            return
        scene, _, language = listing.id.rpartition("-")
        if listing.file and (language == self.program or scene == "sandbox-keys"):
            (self.folder / listing.file).write_text(listing.text, encoding="utf-8")
            if listing.file.endswith(".sh"):
                self._shell(f"chmod +x {listing.file}")
        elif language == self.program:
            self._ask(scene, listing.text)

    def run(self, file: str, text: str) -> str:
        """Save a program, run it, and return what it says."""
        (self.folder / file).write_text(text, encoding="utf-8")
        return self._shell(f"{'bash' if file.endswith('.sh') else 'python3'} {file}")

    def _ask(self, scene: str, text: str) -> None:
        self.said = self._shell(text) if self.program == "curl" else self.run(f"{scene}.py", text)
        self.followed.append(scene)
        assert "who_acts" not in self.said, (scene, self.said)
        if scene in _TAKEN:
            variable, name = _TAKEN[scene]
            found = re.search(rf"[\"']{name}[\"']: ?[\"']([0-9A-Fa-f-]+)[\"']", self.said)
            assert found, self.said
            self.variables[variable] = found[1]

    def _shell(self, text: str) -> str:
        """Give a command, and keep the variables it exports, as one shell would."""
        clean = {name: os.environ[name] for name in _SPARED if name in os.environ} | self.variables
        clean["PATH"] = f"{Path(sys.executable).parent}:{clean['PATH']}"
        done = subprocess.run(  # noqa: S603 - our own guide
            ["/bin/bash", "-c", f"set -e\n{text}\nenv -0 > .variables"],
            cwd=self.folder,
            env=clean,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (text, done.stderr)
        lines = (self.folder / ".variables").read_text().split("\0")
        told = dict(line.partition("=")[::2] for line in lines if line)
        self.variables |= {name: value for name, value in told.items() if name not in _SPARED}
        return done.stdout
