"""Settings: one documented model, read from the environment (`HEALTHCLOUD_…`) and an optional file."""

from healthcloud.core.settings.model import GROUPS, Settings
from healthcloud.core.settings.production import production_faults

__all__ = ["GROUPS", "Settings", "production_faults"]
