"""Lighthouse, mobile with slow 4G: the home page and the card of somebody signed in; only where Node is installed."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from bench.city import BenchCity
from bench.row import Row
from bench.serving import serve
from bench.signed_in import sign_in

PROMISES = {"performance": 95, "accessibility": 100, "best-practices": 100}
PAGES = {"home": "/", "card": "/card"}
PINNED = Path(__file__).with_name("lighthouse")
TOOL = Path("var/lighthouse")
CHROME_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


def measure(city: BenchCity, runs: int = 3) -> list[Row]:
    """Ask Lighthouse about each page so many times; the middle score counts. Nothing where it cannot run."""
    if not shutil.which("npm") or not shutil.which("chromium"):
        return []
    _install()
    with serve(city) as serving:
        [cookie] = sign_in(city, 1)
        found = {name: [_scores(serving.url + path, cookie) for _ in range(runs)] for name, path in PAGES.items()}
    return [_row(city, name, scores) for name, scores in found.items()]


def _row(city: BenchCity, name: str, runs: list[dict[str, int]]) -> Row:
    middle = {category: sorted(run[category] for run in runs)[len(runs) // 2] for category in PROMISES}
    least = min(run["performance"] for run in runs)
    return Row(
        name=f"Lighthouse, {name}",
        promise=", ".join(f"{category} ≥ {score}" for category, score in PROMISES.items()),
        found=", ".join(f"{category} {score}" for category, score in middle.items()),
        kept=all(middle[category] >= score for category, score in PROMISES.items()),
        data=f"mobile, simulated slow 4G, {len(runs)} runs; one of {city.persons:,} persons signed in",
        command="python -m bench lighthouse",
        checked=f"performance at least {least}",
    )


def _install() -> None:
    """Install what the lock file names, unless it is there."""
    there, lock = TOOL / "package-lock.json", PINNED / "package-lock.json"
    if (TOOL / "node_modules").exists() and there.exists() and there.read_bytes() == lock.read_bytes():
        return
    shutil.rmtree(TOOL, ignore_errors=True)
    shutil.copytree(PINNED, TOOL)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=TOOL, check=True, capture_output=True, timeout=600)


def _scores(url: str, cookie: str) -> dict[str, int]:
    """Return each category's score of a hundred."""
    command = ["npx", "--no-install", "lighthouse", url, "--quiet", "--output=json", "--output-path=stdout"]
    command += [f"--only-categories={','.join(PROMISES)}", f"--chrome-flags={CHROME_FLAGS}"]
    command += [f"--extra-headers={json.dumps({'Cookie': cookie})}"]
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(command, cwd=TOOL, check=True, capture_output=True, env=environment, timeout=300)
    categories = json.loads(done.stdout)["categories"]
    return {name: round(categories[name]["score"] * 100) for name in PROMISES}
