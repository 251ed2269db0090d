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


def sheet(name):
    """Where a picture goes that somebody is to look at."""
    folder = os.path.join(BUILD, "kit-sheets")
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, name + ".png")


def pictured(name, paths, each):
    """One below the other, what FFmpeg's filter makes a picture of in each."""
    inputs = [word for path in paths for word in ("-i", path)]
    rows = "".join("[%d]%s[row%d];" % (n, each, n) for n in range(len(paths)))
    rows += "".join("[row%d]" % n for n in range(len(paths))) + "vstack=inputs=%d" % len(paths)
    run("ffmpeg", "-nostdin", "-v", "error", "-y", *inputs, "-filter_complex", rows, "-frames:v", "1", sheet(name))


def contact_sheet(name, *films):
    """Frames 0, 40, 80 … 200 of each, in a row."""
    pictured(name, films, r"select='not(mod(n\,40))',scale=320:180,setsar=1,tile=6x1")


def spectrograms(name, *sounds):
    pictured(name, sounds, "aformat=channel_layouts=mono,showspectrumpic=s=1200x240:legend=0:stop=12000:drange=90")
