# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the benches of the kit share: where things lie, running a program, telling a promise."""
import os
import resource
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build"))
SHARED = os.path.join(os.path.dirname(ROOT), "shared")
failed = []


def run(*words, given=None):
    """Runs to the end; what it printed. Ends the bench where it fails."""
    done = subprocess.run(words, input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit("%s: %s" % (" ".join(words), done.stderr.decode()[-400:]))
    return done.stdout


def seconds_of(*words, given=None):
    """Seconds of CPU, in user mode, that it took with all it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run(*words, given=given)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def told(what, value, held, promise):
    if not held:
        failed.append(what)
    print("%-44s %8.3f  promised %-8s %s" % (what, value, promise, "held" if held else "NOT HELD"), flush=True)
