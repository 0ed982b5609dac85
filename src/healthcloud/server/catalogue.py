"""What the code declares and the reference pages list: found by importing every module, so nothing can be forgotten."""

import importlib
import pkgutil

import healthcloud
from healthcloud import audit
from healthcloud.core.errors import Problem

# Started as processes of their own, with what the extra `linkage` installs or a province has.
_OF_EXTRAS = tuple(f"healthcloud.index.linkage.batch.{name}" for name in ("linking", "on_duckdb", "on_spark", "job"))


def import_everything() -> None:
    """Import every module of the package, but for scripts and what needs an extra."""
    for module in pkgutil.walk_packages(healthcloud.__path__, "healthcloud."):
        if not module.name.endswith("__main__") and module.name not in _OF_EXTRAS:
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
