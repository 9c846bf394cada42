"""`python meter.py REPORT CORE PROGRAM [ARGUMENT …]`: runs a program and writes down what it took.

Small on purpose: the system counts the memory of whoever starts a program as the program's own.
"""

import json
import os
import sys
import time


def main() -> int:
    """The program's exit status is ours."""
    report, core, *command = sys.argv[1:]
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        if core and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {int(core)})
        os.execvp(command[0], command)  # noqa: S606 - no shell is wanted
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    cost = {"wall_ms": wall * 1000, "cpu_ms": (used.ru_utime + used.ru_stime) * 1000, "peak_mib": used.ru_maxrss / 1024}
    with open(report, "w") as file:  # noqa: PTH123 - pathlib is as large as all the rest
        json.dump(cost, file)
    return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    sys.exit(main())
