"""Starts the program for the soak and waits for it.

A process of its own, and a small one: the peak of memory that the system tells of a child is never below that
of the process that started it, and the soak itself is larger than what it tests.

Reads orders as JSON, one a line. {"start": argv, "stdin": path, "stdout": path, "stderr": path, "env": {...}}
answers the number of the process, {"wait": number} its exit code (below 0 for a signal) and its peak in KiB.
"""

import json
import os
import sys


def start(order: dict) -> int:
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    files = [
        (os.POSIX_SPAWN_OPEN, 0, order["stdin"], os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, order["stdout"], write, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, order["stderr"], write, 0o644),
    ]
    return os.posix_spawn(
        order["start"][0], order["start"], {**os.environ, **order["env"]}, file_actions=files
    )


def wait(process: int) -> dict:
    _, status, usage = os.wait4(process, 0)
    return {"exit": os.waitstatus_to_exitcode(status), "peak": usage.ru_maxrss}


for line in sys.stdin:
    order = json.loads(line)
    answer = start(order) if "start" in order else wait(order["wait"])
    print(json.dumps(answer), flush=True)
