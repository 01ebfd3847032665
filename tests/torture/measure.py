# SPDX-License-Identifier: Apache-2.0
"""measure.py FILE SECONDS PROGRAM...: runs a program, ends it after SECONDS of computing (or ten times as long of waiting), and writes its exit
code and the most memory that it took, in KiB, into FILE. A process of its own, because the kernel counts what a process held before exec,
and the caller may hold a lot."""
import os
import resource
import signal
import sys

file, seconds, *program = sys.argv[1:]
child = os.fork()
if child == 0:
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    os.execv(program[0], program)
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.alarm(10 * int(seconds))
_, status, usage = os.wait4(child, 0)
with open(file, "w") as out:
    out.write(f"{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss}")
