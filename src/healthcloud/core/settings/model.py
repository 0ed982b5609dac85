"""
Every setting, its type, its default and what it is for; docs/reference/settings.md is generated from here.

A value comes from `HEALTHCLOUD_<NAME>` in the environment, else from the file that `HEALTHCLOUD_SETTINGS` names
(lines `HEALTHCLOUD_<NAME>=value`), else from the default. A list is written as JSON: `["10.0.0.0/8"]`.
"""

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class _Group(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="HEALTHCLOUD_", extra="ignore", frozen=True)


class _Place(_Group):
    """Where this process stands."""

    production: bool = Field(default=False, description="Real persons' data: refuse what is only for development.")
    var: Path = Field(Path("var"), description="Folder for the embedded database, keys and everything else kept.")
    host: str = Field("127.0.0.1", description="Network address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    workers: int = Field(2, ge=1, le=256, description="Web worker processes.")
    public_url: str = Field("http://127.0.0.1:8000", description="Address people and machines reach this city at.")
    tls: bool = Field(
        default=False, description="Speak HTTPS, by a local authority under `var` where no certificate file is named."
    )
    tls_certificate_file: Path | None = Field(None, description="Certificate chain to speak HTTPS with, PEM.")
    tls_key_file: Path | None = Field(None, description="The private key of `tls_certificate_file`, PEM.")
    trusted_proxies: list[IPv4Network | IPv6Network] = Field(
        [], description="Networks whose X-Forwarded-For is believed; nobody's by default."
    )
    clock_offset_seconds: int = Field(0, description="Moves the process's clock, for drills; refused in production.")
    sandbox: bool = Field(
        default=False,
        description="A city to try things in: clock, failures and journal at /sandbox; refused in production.",
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level that is logged.")
    log_format: str = Field(
        "auto", pattern="^(auto|json|console)$", description="json lines, console, or auto: console on a terminal."
    )


class _Store(_Group):
    """The database."""

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL as the application role; empty: the embedded database under `var`."
    )
    owner_database_url: SecretStr | None = Field(
        None, description="PostgreSQL as the owner role, for migrations; needed with `database_url`."
    )
    database_pool_size: int = Field(10, ge=2, le=100, description="Connections per worker process.")


class _Keys(_Group):
    """Keys and proofs."""

    keys_file: Path | None = Field(None, description="The key store; empty: development keys made under `var`.")
    audit_heads_file: Path | None = Field(
        None, description="Where the sealer appends signed heads, outside the database; empty: under `var`."
    )


class _Evidence(_Group):
    """Evidence of messages."""

    evidence_months: int = Field(
        36, ge=6, le=240, description="Months that messages are kept as evidence; holds from the next start."
    )
    evidence_scans: bool = Field(
        default=True, description="Keep scans of our own interface as evidence too; other faces always do."
    )
    evidence_heads_file: Path | None = Field(
        None, description="Where the sealer of evidence appends signed heads, outside the database; empty: under `var`."
    )


class _Partners(_Group):
    """Systems of others."""

    sms_url: str | None = Field(None, description="The SMS aggregator's address.")
    sms_app_id: str = Field("healthcloud", description="The name the SMS aggregator knows us by.")
    sms_key: SecretStr | None = Field(None, description="The key the SMS aggregator gave us.")
    registry_url: str | None = Field(None, description="The population registry's address.")
    registry_app_id: str = Field("healthcloud", description="The name the population registry knows us by.")
    registry_key: SecretStr | None = Field(None, description="The key the population registry gave us.")
    province_url: str | None = Field(
        None, description="The provincial card platform's address; empty: uses of cards wait, and miss their day."
    )
    simulators: list[str] = Field(
        [], description="Addresses that are declared to be simulators; refused in production wherever they are used."
    )
    partner_timeout_seconds: float = Field(5, gt=0, le=60, description="Longest wait for an answer of such a system.")


class _SignIn(_Group):
    """Sign-in, sessions and their limits."""

    session_idle_minutes: int = Field(
        15, ge=1, le=60, description="A staff session without a request is locked after this."
    )
    session_hours: int = Field(12, ge=1, le=24, description="A staff session ends after this in any case.")
    resident_session_idle_days: int = Field(
        30, ge=1, le=90, description="A resident's session without a request ends after this."
    )
    resident_session_days: int = Field(
        90, ge=1, le=365, description="A resident's session ends after this in any case."
    )
    password_failures: int = Field(
        5, ge=3, le=10, description="Wrong passwords or codes in a row that lock an account."
    )
    address_failures: int = Field(
        50, ge=5, description="Failed sign-ins of staff from one network address, a hospital's perhaps, that lock it."
    )
    lock_minutes: int = Field(15, ge=10, le=1440, description="How long a locked account or address stays locked.")
    password_days: int = Field(90, ge=1, le=365, description="A password must be changed after this.")
    password_memory_kib: int = Field(
        19456, ge=8, description="Memory of one Argon2id hash; production refuses less than 19456 (19 MiB)."
    )
    password_passes: int = Field(2, ge=1, description="Passes of one Argon2id hash; production refuses less than 2.")
    code_minutes: int = Field(5, ge=1, le=15, description="How long a one-time code by SMS is good.")
    code_guesses: int = Field(5, ge=3, le=10, description="Wrong guesses that spend a one-time code.")
    code_again_seconds: int = Field(
        60, ge=1, le=600, description="Least time between two one-time codes to one number."
    )
    code_guesses_per_number_day: int = Field(30, ge=3, description="Wrong one-time codes for one number in a day.")
    code_guesses_per_address_hour: int = Field(
        200, ge=3, description="Wrong one-time codes from one network address, a hall's perhaps, in an hour."
    )
    code_sends_per_number_hour: int = Field(5, ge=1, description="One-time codes to one number in an hour.")
    code_sends_per_number_day: int = Field(10, ge=1, description="One-time codes to one number in a day.")
    code_sends_per_address_hour: int = Field(
        60, ge=1, description="One-time codes from one network address in an hour."
    )
    code_sends_per_device_hour: int = Field(10, ge=1, description="One-time codes from one device in an hour.")
    invitation_days: int = Field(7, ge=1, le=30, description="How long an invitation to a member of staff is good.")
    persons_per_account: int = Field(8, ge=1, le=50, description="Persons one resident's account may act for.")
    keepers_per_person: int = Field(5, ge=1, le=50, description="Accounts that may act for one person by a care grant.")
    signature_window_seconds: int = Field(300, ge=30, le=600, description="How far a signed request's time may be off.")


class _Faces(_Group):
    """The faces other platforms' clients speak to."""

    tencent_prefixes: dict[str, str] = Field(
        default_factory=dict,
        description="Other path prefixes of the Tencent face by method, as JSON, for those no public source states.",
    )


class _People(_Group):
    """Persons and who may act for them."""

    persons_per_phone: int = Field(5, ge=1, le=100, description="Persons one phone number may be registered for.")
    guardian_below: int = Field(
        14, ge=8, le=18, description="Age in years below which a guardian decides (PIPL article 31)."
    )
    adult_from: int = Field(18, ge=16, le=21, description="Age in years at which grants over a child end.")
    death_undo_days: int = Field(90, ge=0, le=3650, description="Days in which a counter may undo a recorded death.")


class _Cards(_Group):
    """Cards and their codes."""

    code_window_steps: int = Field(1, ge=1, le=5, description="Minutes a code is good before and after its own.")
    phones_per_card: int = Field(5, ge=1, le=20, description="Phones that may make codes of one card by themselves.")
    temporary_card_days: int = Field(90, ge=1, le=366, description="Longest time a temporary card is issued for.")
    second_fact_tries: int = Field(5, ge=1, le=50, description="Wrong second facts an hour that lock a printed code.")
    certificate_days: int = Field(7, ge=1, le=7, description="How long a phone's certificate is good with no network.")
    late_use_days: int = Field(30, ge=1, le=30, description="How late a use made with no network may be told of.")
    city_code: str = Field("370400", pattern="^[0-9]{6}$", description="行政区划代码 of the city in readers' lists.")
    offline_fresh_minutes: int = Field(
        1440, ge=5, le=10_080, description="Age of a revocation list up to which an offline reader takes it as fresh."
    )
    offline_stale_minutes: int = Field(
        4320,
        ge=5,
        le=10_080,
        description="Age up to which it still takes one, with a warning; beyond only some scenes.",
    )
    offline_beyond_scenes: list[str] = Field(
        ["000000"], description="Steps of treatment, an ambulance's, at which a reader goes on with an older list."
    )
    offline_trust_days: int = Field(30, ge=2, le=366, description="How long a list of the city's keys is believed.")


class _Index(_Group):
    """The person index: files of patients, and its batch, `healthcloud people link`."""

    import_days: int = Field(30, ge=1, le=366, description="How long the rows of imported patient files are kept.")
    linkage_engine: str = Field(
        "duckdb", pattern="^(duckdb|spark)$", description="Where splink works: in memory here, or on Spark."
    )
    linkage_memory_mib: int = Field(
        6144, ge=512, description="Memory DuckDB or Spark's driver may use; a batch that needs more fails."
    )
    linkage_spark_master: str = Field("", description="Spark's master; empty: Spark on this machine.")


class _Hl7(_Group):
    """HL7 v2 over MLLP."""

    mllp_port: int = Field(0, ge=0, le=65535, description="Port for HL7 messages; 0: none. With `tls` it speaks TLS.")
    mllp_client_authority_file: Path | None = Field(
        None, description="Authority of hospitals' client certificates, PEM: each HL7 connection must then show one."
    )
    mllp_seconds: float = Field(10, gt=0, le=60, description="Longest an HL7 message waits for its ACK.")


class _Onboarding(_Group):
    """How institutions come in."""

    conformance_key_files: list[Path] = Field(
        [], description="Public keys (PEM) of sandboxes whose conformance reports count; a sandbox counts its own too."
    )
    onboarding_fresh_days: int = Field(
        7, ge=1, le=90, description="Days without traffic after which an institution's is fresh no more."
    )


class _Edge(_Group):
    """What a request may cost."""

    body_limit_bytes: int = Field(1 << 20, ge=1 << 10, description="Largest request body; beyond it 413.")
    body_depth: int = Field(32, ge=4, le=200, description="Deepest nesting of a JSON body; beyond it 400.")
    body_seconds: float = Field(30, gt=0, le=300, description="Longest time a body may take to arrive; beyond it 408.")
    in_flight: int = Field(
        200, ge=8, description="Requests one worker can bear at once, scans aside; classes of work have shares of it."
    )
    shedding: bool = Field(
        default=True, description="Refuse early when too much is asked; off for drills only, refused in production."
    )
    hot_queue: int = Field(
        2000, ge=1, description="Requests that may wait for a gathered batch; beyond it 503 at once."
    )
    hot_batch: int = Field(512, ge=1, le=5000, description="Requests answered by one gathered batch.")
    hot_client_quota: int = Field(1000, ge=1, description="Waiting requests of one client; beyond it 503 at once.")
    hot_seconds: float = Field(3, gt=0, le=30, description="Longest a gathered request waits for its answer.")


class Settings(
    _Place,
    _Store,
    _Keys,
    _Partners,
    _SignIn,
    _People,
    _Cards,
    _Index,
    _Faces,
    _Hl7,
    _Onboarding,
    _Edge,
    _Evidence,
):
    """Every setting of a Health Cloud process."""

    @classmethod
    def load(cls) -> Self:
        """Read the environment, and the file that HEALTHCLOUD_SETTINGS names, if it does."""
        return cls(_env_file=os.environ.get("HEALTHCLOUD_SETTINGS"))


GROUPS: tuple[type[BaseSettings], ...] = (
    _Place,
    _Store,
    _Keys,
    _Partners,
    _SignIn,
    _People,
    _Cards,
    _Index,
    _Faces,
    _Hl7,
    _Onboarding,
    _Edge,
    _Evidence,
)
