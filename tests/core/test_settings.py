"""Settings come from environment and file, and production refuses what is only for development."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from healthcloud.core.settings import Settings, production_faults

PROPER: dict[str, Any] = {
    "production": True,
    "public_url": "https://health.example.cn",
    "keys_file": Path("/etc/healthcloud/keys.json"),
    "audit_heads_file": Path("/mnt/heads/audit.jsonl"),
    "database_url": SecretStr("postgresql://app@db.example.cn/city"),
    "owner_database_url": SecretStr("postgresql://owner@db.example.cn/city"),
    "sms_url": "https://sms.example.cn",
    "sms_key": SecretStr("k"),
    "registry_url": "https://registry.example.cn",
    "registry_key": SecretStr("k"),
}


def test_development_needs_no_setting_at_all() -> None:
    settings = Settings()
    assert settings.production is False
    assert settings.database_url is None
    assert production_faults(settings) == []


def test_a_proper_production_has_no_fault() -> None:
    assert production_faults(Settings(**PROPER)) == []


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"keys_file": None}, "KEYS_FILE"),
        ({"clock_offset_seconds": 60}, "CLOCK_OFFSET_SECONDS"),
        ({"public_url": "http://health.example.cn"}, "PUBLIC_URL"),
        ({"owner_database_url": None}, "OWNER_DATABASE_URL"),
        ({"audit_heads_file": None}, "AUDIT_HEADS_FILE"),
        ({"sms_url": None}, "SMS_URL"),
        ({"sms_url": "http://sms.example.cn"}, "SMS_URL"),
        ({"sms_url": "https://127.0.0.1:8101"}, "SMS_URL is a simulator"),
        ({"sms_url": "https://[::1]:8101/send"}, "SMS_URL is a simulator"),
        ({"sms_url": "https://localhost:8101"}, "SMS_URL is a simulator"),
        ({"sms_key": None}, "SMS_KEY"),
        ({"sms_key": SecretStr("")}, "SMS_KEY"),
        ({"registry_url": None}, "REGISTRY_URL"),
        ({"registry_url": "https://127.8.0.1"}, "REGISTRY_URL is a simulator"),
        ({"simulators": ["https://registry.example.cn"]}, "REGISTRY_URL is a simulator"),
        ({"registry_key": None}, "REGISTRY_KEY"),
    ],
)
def test_production_refuses_what_is_only_for_development(wrong: dict[str, Any], named: str) -> None:
    faults = production_faults(Settings(**PROPER | wrong))
    assert len(faults) == 1, faults
    assert named in faults[0]


def test_a_fault_repeats_no_secret() -> None:
    settings = Settings(**PROPER | {"sms_url": "http://user:hunter2@sms.example.cn"})
    assert "hunter2" not in " ".join(production_faults(settings))
    assert "app@db" not in repr(settings)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "city.env"
    file.write_text('HEALTHCLOUD_PORT=9001\nHEALTHCLOUD_WORKERS=3\nHEALTHCLOUD_TRUSTED_PROXIES=["10.0.0.0/8"]\n')
    monkeypatch.setenv("HEALTHCLOUD_SETTINGS", str(file))
    monkeypatch.setenv("HEALTHCLOUD_PORT", "9002")
    settings = Settings.load()
    assert (settings.port, settings.workers) == (9002, 3)
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8"]


def test_a_value_out_of_bounds_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALTHCLOUD_WORKERS", "0")
    with pytest.raises(ValidationError, match="workers"):
        Settings.load()
