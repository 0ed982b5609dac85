"""`python -m healthcloud_simulators.hospital --city URL --keys FILE`: start one, until it is told to stop."""

import argparse
import sys
import time
from pathlib import Path

from healthcloud_simulators.hospital.making import hospital_from
from healthcloud_simulators.hospital.serving import HospitalServer

PATIENCE_SECONDS = 120


def main() -> None:
    """Wait for the city to write its keys, then serve."""
    parser = argparse.ArgumentParser(prog="healthcloud_simulators.hospital", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8094, help="port to listen on (%(default)s)")
    parser.add_argument("--city", default="http://127.0.0.1:8000", help="the city's address")
    parser.add_argument("--mllp", default="127.0.0.1:8075", help="the city's MLLP port")
    parser.add_argument("--keys", type=Path, required=True, help="the file of keys the sandbox wrote")
    parser.add_argument("--number", type=int, default=1, help="which of its hospitals")
    parser.add_argument("--folder", type=Path, help="where this hospital keeps its book")
    chosen = parser.parse_args()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not chosen.keys.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    hospital = hospital_from(chosen.keys, chosen.number, chosen.city, chosen.mllp, chosen.folder)
    sys.stderr.write(f"医院信息系统模拟器 · hospital {chosen.number}\nhttp://{chosen.host}:{chosen.port}/\n")
    HospitalServer(hospital, chosen.host, chosen.port).serve_forever()


if __name__ == "__main__":
    main()
