"""The guide's samples, run exactly as they are printed: shell and Python against a served city, Java where a JDK is."""

import asyncio
import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conformance.city import Whole, whole_city
from people.makers import a_woman

from healthcloud import access
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.web.developers.samples import Sample, samples, scenes

SCOPES = (
    "cards.verify",
    "cards.identity",
    "cards.issue",
    "people.register",
    "people.open",
    "index.submit",
    "exchange.deliver",
)
# In an order in which each finds what it speaks of.
SCENES = (
    *("who-am-i", "fhir", "register", "find", "open-card", "scan-card", "scan", "scan-many", "late"),
    *("report", "link", "visit", "records", "newborn", "foreigner", "unlink"),
)
NUMBERS = {"curl": "370402190001010015", "python": "37040219000101004X", "sdk": "370402190001010066"}
JAVA = "370402190001010023"


@dataclass
class Reader:
    """Somebody who follows the guide: a folder with what it says to save, and the variables it says to set."""

    city: Whole
    folder: Path
    variables: dict[str, str]

    async def set_up(self, number: str) -> None:
        """Set what the scenes ask for: a person of this number, their card, a code and a time of now."""
        town = self.city.town
        holder = await town.holder()
        self.variables |= {
            "NAME": "张三",
            "ID_NUMBER": number,
            "PATIENT": f"P{number[-4:]}",
            "CODE": town.code(holder.card),
            "USE": str(new_id()),
            "NOW": town.now.isoformat(timespec="seconds"),
            "PERSON": str(holder.person_id),
            "MOTHER": str(await a_woman(town.database)),
            "CARD": "",
            "INSTITUTION": str(town.here.id),
            "VISIT": f"V{number[-4:]}",
        }

    async def shell(self, text: str) -> str:
        """Run a shell sample."""
        return await asyncio.to_thread(self._run, "bash", "-c", text)

    async def python(self, text: str) -> str:
        """Run a Python sample, in this process: a thread with the reader's variables and folder."""
        return await asyncio.to_thread(self._python, text)

    def _python(self, text: str) -> str:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(text, "sample", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own guide
        return said.getvalue()

    def _run(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own guide
            command, cwd=self.folder, env=os.environ | self.variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
async def city(database: Database) -> AsyncIterator[Whole]:
    async with whole_city(database) as city:
        yield city


@pytest.fixture(params=["HMAC-SHA-256", "HMAC-SM3"])
async def reader(city: Whole, tmp_path: Path, request: pytest.FixtureRequest) -> Reader:
    return await a_reader(city, tmp_path, access.Algorithm(request.param))


async def a_reader(city: Whole, folder: Path, algorithm: access.Algorithm) -> Reader:
    hospital = await city.town.hospital(*SCOPES, algorithm=algorithm)
    for sample in samples("signing"):
        (folder / sample.file).write_text(sample.text, encoding="utf-8")
    (folder / "hc1.sh").chmod(0o755)
    secret = b64encode(hospital.secret).decode()
    his = {"key_id": str(hospital.key_id), "algorithm": str(algorithm), "secret": secret}
    (folder / "his.json").write_text(json.dumps(his))
    digest = "sm3" if algorithm is access.Algorithm.SM3 else "sha256"
    names = {"HC_CITY": city.url, "HC_KEY": str(hospital.key_id), "HC_SECRET": secret, "HC_DIGEST": digest}
    return Reader(city, folder, names | {"TERMINAL": str(hospital.window)})


def of(name: str, language: str) -> Sample:
    return next(one for one in samples(name) if one.language == language)


async def learn(reader: Reader, name: str, said: str) -> None:
    """Set the variables the guide says to take from an answer."""
    if name == "register":
        found = next(part.strip("\"{}',:") for part in said.split() if part.strip("\"{}',:").count("-") == 4)
        reader.variables["PERSON"] = found
    if name == "open-card":
        found = next(
            part.strip("\"{}',:") for part in said.replace(":", " ").replace(",", " ").split() if _is_card(part)
        )
        reader.variables["CARD"] = found


def _is_card(part: str) -> bool:
    return len(part.strip("\"{}',:")) == 64


@pytest.mark.parametrize("language", NUMBERS)
async def test_samples_run_as_printed(reader: Reader, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await reader.set_up(NUMBERS[language])
    monkeypatch.chdir(reader.folder)
    monkeypatch.syspath_prepend(str(reader.folder))
    monkeypatch.delitem(sys.modules, "hc1", raising=False)
    for name in SCENES:
        for variable, value in reader.variables.items():
            monkeypatch.setenv(variable, value)
        if language == "sdk" and name == "fhir":
            continue
        text = of(name, language).text
        said = await (reader.shell(text) if language == "curl" else reader.python(text))
        assert "who_acts" not in said, (name, said)
        assert language == "sdk" or name in ("link", "unlink") or "{" in said, name
        await learn(reader, name, said.replace('":"', '" "').replace('","', '" "'))
    monkeypatch.delitem(sys.modules, "hc1", raising=False)


def test_every_scene_is_run() -> None:
    assert sorted(SCENES) == sorted(scenes())


def test_the_sandboxs_keys_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"ways": ["own", "fhir"], "algorithm": "HMAC-SM3", "app_id": "a-key", "secret": "c2VjcmV0"}
    other = {"ways": ["family-c"], "algorithm": "APP-SECRET", "app_id": "an-app", "secret": "0123456789ABCDEF"}
    told = [
        {
            "name": "一院",
            "institution_id": "an-institution",
            "code": "KGA00001",
            "keys": [other, own],
            "desks": [{"id": "a-desk", "name": "挂号窗口1"}],
        }
    ]
    (tmp_path / "keys.json").write_text(json.dumps(told))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["sandbox_keys.py", "keys.json"])
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(samples("sandbox-keys")[0].text, "sandbox_keys.py", "exec"), {})  # noqa: S102 - our own guide
    assert "export HC_KEY='a-key'" in said.getvalue()
    assert "export APP_ID='an-app'" in said.getvalue()
    assert "export HC_DIGEST='sm3'" in said.getvalue()
    assert json.loads((tmp_path / "his.json").read_text())["algorithm"] == "HMAC-SM3"


@pytest.mark.city
@pytest.mark.skipif(shutil.which("javac") is None, reason="no JDK here: Java samples were not run")
async def test_java_samples_compile_and_run_as_printed(city: Whole, tmp_path: Path) -> None:
    reader = await a_reader(city, tmp_path, access.Algorithm.SHA256)
    await reader.set_up(JAVA)
    blocks = []
    for name in ("who-am-i", "link", "unlink", "register", "find", "scan", "records"):
        text = of(name, "java").text.removeprefix("import java.util.UUID;\n\n")
        blocks.append("{\n" + text + "}\n")
    body = "".join(blocks)
    main = f"public static void main(String[] given) throws Exception {{\n{body}}}"
    scenes_java = f"import java.util.UUID;\npublic class Scenes {{ {main} }}\n"
    (tmp_path / "Scenes.java").write_text(scenes_java, encoding="utf-8")
    await reader.shell("javac -encoding UTF-8 Hc1.java Scenes.java")
    said = (await reader.shell("java -Dfile.encoding=UTF-8 Scenes")).splitlines()
    assert [line[:3] for line in said if line[:3].isdigit()] == ["200", "204", "204", "201", "200", "200", "200"], said
