# SPDX-License-Identifier: Apache-2.0
"""Our answer beside one that kubectl gave."""
import datetime
import difflib
import shlex


def answer(medic, verb, data, arguments, now):
    time = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    code, out, err = medic.run(verb, data, *shlex.split(arguments), "--now", time)
    return code, out.decode(), err.decode()


def differs(medic, arguments, data, line, wanted):
    """Nothing where kubectl's answer is ours at one of the seconds that it took, otherwise how they differ. `arguments` begin with
    the verb."""
    verb, _, rest = arguments.partition(" ")
    for now in range(int(line["t0"]), int(line["t1"]) + 1):
        code, got, err = answer(medic, verb, data, rest, now)
        if got == wanted and (code == 0) == (line["rc"] == 0):
            return None
    diff = difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), "kubectl", "etcdmedic", n=0)
    return f"exit codes {line['rc']} and {code}\n{''.join(diff)}{line['stderr']}{err}"
