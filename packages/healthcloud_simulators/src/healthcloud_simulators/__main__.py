"""`python -m healthcloud_simulators <name> [--port N]`: start one; its key is in HEALTHCLOUD_SIMULATOR_KEY."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from healthcloud_simulators import authenticator, province, registry, sms
from healthcloud_simulators.options import Options


@dataclass(frozen=True, slots=True)
class Simulator:
    """One subcommand: what it stands in for, its usual port, and how its application is made."""

    about: str
    port: int
    create_app: Callable[[Options], ASGIApp]


SIMULATORS: Mapping[str, Simulator] = {
    "sms": Simulator("短信网关 · SMS aggregator: shows what would have been sent", 8091, sms.create_app),
    "registry": Simulator("人口库 · Population registry: knows people who do not exist", 8092, registry.create_app),
    "authenticator": Simulator("身份验证器 · Authenticators of the staff", 8093, authenticator.create_app),
    "province": Simulator("省平台 · The province: shows what was uploaded, and what twice", 8096, province.create_app),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the simulator that the command line names, until it is told to stop."""
    parser = argparse.ArgumentParser(prog="healthcloud_simulators", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    for name, simulator in SIMULATORS.items():
        command = commands.add_parser(name, help=simulator.about, description=simulator.about)
        command.add_argument("--host", default="127.0.0.1", help="address to listen on")
        command.add_argument("--port", type=int, default=simulator.port, help="port to listen on (%(default)s)")
        command.add_argument("--file", type=Path, help="JSON-lines file: what was received, whom it knows")
    chosen = parser.parse_args(arguments)
    simulator = SIMULATORS[chosen.name]
    sys.stderr.write(f"{simulator.about}\nhttp://{chosen.host}:{chosen.port}/\n")
    uvicorn.run(
        simulator.create_app(Options.of_environment(chosen.file)),
        host=chosen.host,
        port=chosen.port,
        log_level="warning",
        lifespan="off",
    )


if __name__ == "__main__":
    main()
