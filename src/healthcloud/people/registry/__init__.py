"""The population registry: whether a name and a number belong together, asked outside every transaction."""

from healthcloud.people.registry.checks import verify_registration
from healthcloud.people.registry.client import HttpRegistry
from healthcloud.people.registry.ports import Claim, PopulationRegistry, Verdict

__all__ = ["Claim", "HttpRegistry", "PopulationRegistry", "Verdict", "verify_registration"]
