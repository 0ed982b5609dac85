"""
Samples of code: the programs that sign, and each scene in every language, made from one table (scenes.toml).

tests/web/developers runs what is shown here exactly as it is printed: shell and Python against a served city, Java
where a JDK is at hand; tests/sandbox runs those of the other faces. C# is not run.
"""

import json
import re
import textwrap
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SIGNING, SANDBOX_KEYS = "signing", "sandbox-keys"  # the samples that are whole programs
_PROGRAMS: tuple[tuple[str, str, str], ...] = (
    ("curl", "hc1.sh", "hc1.sh"),
    ("python", "hc1.py", "hc1.py.txt"),
    ("java", "Hc1.java", "Hc1.java"),
    ("csharp", "Hc1.cs", "Hc1.cs"),
)
# The programs of faces whose signature is another than ours, by the sample's name.
FACES = {"family-b": "family_b", "family-c": "family_c", "tencent": "tencent", "shandong": "shandong", "hl7": "hl7"}
_BLANK = re.compile(r"\{([A-Z_]+)\}")
_SDK_NAMES = {
    "datetime": "from datetime import datetime",
    "date": "from datetime import date",
    "UUID": "from uuid import UUID",
}
_SDK_MODULES = ("Refused", "cards", "encounters", "people", "records", "station")


@dataclass(frozen=True, slots=True)
class Sample:
    """One listing: its language (curl, python, sdk, java, csharp), the file it is, and its text."""

    language: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What is asked: method, path and body with {BLANKS}, whether under an Idempotency-Key, and how the SDK says it."""

    name: str
    method: str
    path: str
    sdk: str = ""
    body: str = ""
    once: bool = False

    @property
    def blanks(self) -> list[str]:
        """Return the variables a reader sets, in the order they are met."""
        return list(dict.fromkeys(_BLANK.findall(self.path + self.body)))


@cache
def scenes() -> dict[str, Scene]:
    """Return every scene by its name."""
    told = tomllib.loads((HERE / "data" / "scenes.toml").read_text(encoding="utf-8"))
    return {name: Scene(name, **one) for name, one in told.items()}


@cache
def samples(name: str) -> tuple[Sample, ...]:
    """Return the listings of a scene, or of `signing`; raise KeyError."""
    if name == SANDBOX_KEYS:
        text = (HERE / "samples" / "sandbox_keys.py.txt").read_text(encoding="utf-8")
        return (Sample("python", "sandbox_keys.py", text),)
    folder = HERE / "samples"
    if name in FACES:
        shell, python = f"{FACES[name]}.sh", f"{FACES[name]}.py"
        return (
            Sample("curl", shell, (folder / shell).read_text(encoding="utf-8")),
            Sample("python", python, (folder / f"{python}.txt").read_text(encoding="utf-8")),
        )
    if name == SIGNING:
        return tuple(Sample(one, file, (folder / kept).read_text(encoding="utf-8")) for one, file, kept in _PROGRAMS)
    scene = scenes()[name]
    sdk = (Sample("sdk", "", _sdk(scene)),) if scene.sdk else ()
    return (
        Sample("curl", "", _curl(scene)),
        Sample("python", "", _python(scene)),
        *sdk,
        Sample("java", "", _java(scene)),
        Sample("csharp", "", _csharp(scene)),
    )


def _curl(scene: Scene) -> str:
    parts = ["./hc1.sh", scene.method, _BLANK.sub(r"$\1", scene.path)]
    if scene.body:
        parts.append("'" + _BLANK.sub(r"""'"$\1"'""", scene.body) + "'")
    if scene.once:
        parts.append('"$(openssl rand -hex 16)"')
    return " ".join(parts) + "\n"


def _python(scene: Scene) -> str:
    path = json.dumps(scene.path)
    target = f"f{_BLANK.sub(lambda found: '{' + found[1].lower() + '}', path)}" if _BLANK.search(path) else path
    names = [f'{name.lower()} = os.environ["{name}"]\n' for name in scene.blanks]
    imports = ("import os\n" if names else "") + ("import uuid\n" if scene.once else "")
    ask = f"ask({json.dumps(scene.method)}, {target}"
    if scene.body:
        ask += ", wish"
    if scene.once:
        ask += ", once=uuid.uuid4().hex"
    wish = f"wish = {_literal(json.loads(scene.body))}\n" if scene.body else ""
    lead = f"{imports}\n" if imports else ""
    return f"{lead}from hc1 import ask\n\n{''.join(names)}{wish}status, answer = {ask})\nprint(status, answer)\n"


def _literal(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False, indent=4)
    written = re.sub(r'"\{([A-Z_]+)\}"', lambda found: found[1].lower(), written)
    return re.sub(r"(?<=: )(true|false)\b", lambda found: found[1].title(), written)


def _sdk(scene: Scene) -> str:
    used = [name for name in _SDK_MODULES if re.search(rf"\b{name}\b", scene.sdk)]
    imports = [text for name, text in _SDK_NAMES.items() if re.search(rf"\b{name}\b", scene.sdk)]
    names = ", ".join(sorted(["City", "Key", *used], key=lambda one: (one.islower(), one)))
    head = "\n".join(["import os", *imports]) + f"\n\nfrom healthcloud_sdk import {names}\n\n"
    opened = 'with City(os.environ["HC_CITY"], Key.read("his.json")) as city:\n'
    return head + opened + textwrap.indent(scene.sdk.strip("\n"), "    ") + "\n"


def _java(scene: Scene) -> str:
    names = "".join(f'String {_camel(name)} = System.getenv("{name}");\n' for name in scene.blanks)
    path = _BLANK.sub(lambda found: f'" + {_camel(found[1])} + "', json.dumps(scene.path)).removesuffix(' + ""')
    body = '""'
    if scene.body:
        blanks = ", ".join(_camel(name) for name in _BLANK.findall(scene.body))
        text = _BLANK.sub("%s", scene.body)
        body = f'"""\n    {text}""".formatted({blanks})' if blanks else f'"""\n    {text}"""'
    once = "UUID.randomUUID().toString()" if scene.once else "null"
    lead = "import java.util.UUID;\n\n" if scene.once else ""
    return f'{lead}{names}System.out.println(Hc1.ask("{scene.method}", {path}, {body}, {once}));\n'


def _csharp(scene: Scene) -> str:
    names = "".join(f'var {_camel(name)} = Environment.GetEnvironmentVariable("{name}");\n' for name in scene.blanks)
    path = json.dumps(scene.path)
    target = f"${_BLANK.sub(lambda found: '{' + _camel(found[1]) + '}', path)}" if _BLANK.search(path) else path
    arguments = [f'"{scene.method}"', target]
    if scene.body:
        text = _BLANK.sub(lambda found: "{{{" + _camel(found[1]) + "}}}", scene.body)
        arguments.append(f'$$$"""{text}"""')
    if scene.once:
        arguments.append("once: Guid.NewGuid().ToString()")
    return f"{names}Console.WriteLine(await Hc1.Ask({', '.join(arguments)}));\n"


def _camel(name: str) -> str:
    first, *rest = name.lower().split("_")
    return first + "".join(part.title() for part in rest)
