"""A module that ends with its parent, `python -m healthcloud.server.processes.tethered <parent> <module> …`."""

import runpy
import sys

from healthcloud.server.processes.lifeline import end_with_parent

if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
