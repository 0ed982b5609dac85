"""Where this installation keeps what is its own: everything under `var`, unless a setting names another place."""

from pathlib import Path

from healthcloud.core.settings import Settings

METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus-client when it is imported


def keys_file(settings: Settings) -> Path:
    """Return where the keys are."""
    return settings.keys_file or settings.var / "keys.json"


def heads_file(settings: Settings) -> Path:
    """Return where the sealer appends signed heads of the audit chain."""
    return settings.audit_heads_file or settings.var / "audit-heads.jsonl"


def evidence_heads_file(settings: Settings) -> Path:
    """Return where the sealer of evidence appends signed heads of its chain."""
    return settings.evidence_heads_file or settings.var / "evidence-heads.jsonl"


def database_folder(settings: Settings) -> Path:
    """Return the embedded database's folder."""
    return settings.var / "database"


def metrics_folder(settings: Settings) -> Path:
    """Return where the processes of each run of the city add up their measurements."""
    return settings.var / "metrics"


def last_backup_file(settings: Settings) -> Path:
    """Return where the manifest of this installation's own last backup is kept."""
    return settings.var / "last-backup.json"
