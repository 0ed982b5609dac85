"""What the code declares and the reference pages list: found by importing every module, so nothing can be forgotten."""

import importlib
import pkgutil

import healthcloud
from healthcloud import audit
from healthcloud.core.errors import Problem


def import_everything() -> None:
    """Import every module of the package, but for scripts."""
    for module in pkgutil.walk_packages(healthcloud.__path__, "healthcloud."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def every_problem() -> list[type[Problem]]:
    """Return every imported Problem of this package, by status and code; two with one code are two entries."""
    found: set[type[Problem]] = {Problem}
    waiting = [Problem]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.partition(".")[0] == "healthcloud" and kind not in found:
                found.add(kind)
                waiting.append(kind)
    return sorted(found, key=lambda kind: (kind.status, kind.code, kind.__module__))


def every_deed() -> list[audit.DeedKind]:
    """Return the kinds of deeds the features declare, by name; a name begins with its feature."""
    features = {module.name for module in pkgutil.iter_modules(healthcloud.__path__)}
    declared = audit.declared_deeds()
    return [declared[name] for name in sorted(declared) if name.partition(".")[0] in features]


def problem_faults(kinds: list[type[Problem]]) -> list[str]:
    """Tell of a code used twice, and of a problem that does not say in both languages what people should know."""
    owners: dict[str, type[Problem]] = {}
    faults = []
    for kind in kinds:
        name = f"{kind.__module__}.{kind.__qualname__}"
        first = owners.setdefault(kind.code, kind)
        if first is not kind:
            faults.append(f"{name} has the code of {first.__module__}.{first.__qualname__}: {kind.code}")
        missing = [member for member in ("__doc__", "zh", "code") if vars(kind).get(member) is None]
        faults += [f"{name} has no {member} of its own" for member in missing]
    return faults
