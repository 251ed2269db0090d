#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tests/bench/kit_hour.py BUILD [MINUTES] [FPS] [WIDTHxHEIGHT]: a long clip through the whole kit.

A made clip, shaken, its frames at uneven times (every seventh is missing), with a flash and a beep together at the beginning
of each minute. Twice a second the memory of the worker is read while kinreel mends the clip, and how far it says that it is:
up to 40 % it studies, from 50 % on it treats and writes. At the end the last flash and the last beep are looked for.
Promised: resident memory flat within 5 % from minute 2 of the clip on, in each of the two passes; picture and sound together
within 20 ms at the end. An hour of 1080 lines takes about an hour."""
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import time

from kit_common import BUILD, failed, run, told

MINUTES = int(sys.argv[2]) if len(sys.argv) > 2 else 60
FPS = int(sys.argv[3]) if len(sys.argv) > 3 else 25
SIZE = sys.argv[4] if len(sys.argv) > 4 else "1920x1080"
FLASH_S = 0.2
PASSES = {"first": (0, 0.4), "second": (0.5, 1)}  # shares of the job's own progress


def make(path):
    """Encoded once for a minute, which is then repeated: times run on."""
    minute = path + ".minute.mkv"
    width, height = (int(side) for side in SIZE.split("x"))
    shake = "crop=%d:%d:16+8*sin(2.1*n):16+8*cos(1.7*n)" % (width, height)
    run("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=%dx%d:r=%d:d=60" % (width + 32, height + 32, FPS),
        "-f", "lavfi", "-i", "aevalsrc='0.3*sin(2*PI*1000*t)*lt(t,%g)+0.01*random(0)':s=48000:d=60" % FLASH_S, "-vf",
        shake + ",drawbox=c=white:t=fill:enable='lt(t,%g)',select='mod(n+1,7)',format=yuv420p" % FLASH_S, "-fps_mode", "passthrough",
        "-c:v", "libx264", "-preset", "ultrafast", "-g", str(2 * FPS), "-c:a", "flac", minute)
    run("ffmpeg", "-v", "error", "-y", "-stream_loop", str(MINUTES - 1), "-i", minute, "-c", "copy", path)
    os.unlink(minute)


def resident(parent):
    """Bytes of the largest worker below a process."""
    most = 0
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % number) as file:
                name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
            if name == "kinreel-media" and int(rest.split()[1]) == parent:
                most = max(most, int(rest.split()[21]) * os.sysconf("SC_PAGE_SIZE"))
        except (OSError, IndexError):
            pass
    return most


class Screen(threading.Thread):
    """What the program draws where it believes that somebody looks."""

    def __init__(self):
        super().__init__(daemon=True)
        self.near, self.far = pty.openpty()
        self.text, self.done = "", 0.0

    def run(self):
        while True:
            try:
                self.text = (self.text + os.read(self.near, 4096).decode("utf-8", "replace"))[-4096:]
            except OSError:  # nobody draws any more
                return
            shares = re.findall(r"\] +([0-9]+) %", self.text)
            self.done = int(shares[-1]) / 100 if shares else self.done


def watched(path, out):
    """Runs the kit; what it answered, and [(share done, bytes)]."""
    screen, seen = Screen(), []
    with tempfile.TemporaryFile("w+") as answer:
        kit = subprocess.Popen([os.path.join(BUILD, "kinreel"), "--json", "kit", path, "-o", out], stdout=answer, stderr=screen.far)
        os.close(screen.far)
        screen.start()
        while kit.poll() is None:
            seen.append((screen.done, resident(kit.pid)))
            time.sleep(0.5)
        if kit.returncode:
            sys.exit("kit: " + screen.text[-400:])
        answer.seek(0)
        return json.loads(answer.read().splitlines()[-1]), [(done, bytes_) for done, bytes_ in seen if bytes_ > 0]


def first_over(values, times, level):
    for value, at in zip(values, times):
        if value > level:
            return at
    sys.exit("nothing is over %g" % level)


def last_flash(path, begin):
    """Seconds of the first bright frame from `begin` on."""
    text = run("ffprobe", "-v", "error", "-f", "lavfi", "-i",
               "movie=%s:seek_point=%g,scale=64:36,signalstats" % (path, begin), "-show_entries", "frame=pts_time:frame_tags=lavfi.signalstats.YAVG",
               "-of", "csv=p=0").decode()
    rows = [tuple(map(float, line.strip(",").split(",")[:2])) for line in text.split() if line]
    rows = [(at, luma) for at, luma in rows if begin <= at]
    most = max(luma for _, luma in rows)
    usual = sorted(luma for _, luma in rows)[len(rows) // 2]
    return first_over([luma for _, luma in rows], [at for at, _ in rows], (most + usual) / 2)


def last_beep(path, begin):
    import numpy as np
    raw = run("ffmpeg", "-v", "error", "-ss", "%g" % begin, "-i", path, "-map", "0:a:0", "-ac", "1", "-ar", "48000", "-f", "f32le", "-")
    sound = np.frombuffer(raw, np.float32)
    level = np.sqrt(np.convolve(sound ** 2, np.ones(96) / 96, "same"))  # 2 ms
    at = int(np.argmax(level > level.max() / 2))
    return begin + at / 48000


def main():
    with tempfile.TemporaryDirectory() as folder:
        path, out = os.path.join(folder, "long.mkv"), os.path.join(folder, "out.mp4")
        make(path)
        began = time.monotonic()
        answer, seen = watched(path, out)
        spent = time.monotonic() - began
        print("%d minutes of %s at %d frames a second in %.0f s; steps %s" % (
            MINUTES, SIZE, FPS, spent, [step["step"] for step in answer["steps"]]))
        for name, (begin, end) in PASSES.items():
            from_minute_2 = begin + min(2 / MINUTES, 0.5) * (end - begin)
            part = [bytes_ for done, bytes_ in seen if from_minute_2 <= done < end]
            if len(part) < 10:
                sys.exit("%d looks at the %s pass are too few: take a longer clip" % (len(part), name))
            print("%s pass: %.1f to %.1f MB, %.1f at its end" % (name, min(part) / 1e6, max(part) / 1e6, part[-1] / 1e6))
            grown = max(part) / part[0] - 1
            told("memory grown in the %s pass, %%" % name, 100 * grown, grown <= 0.05, "<= 5")
        begin = (MINUTES - 1) * 60 - 1.0
        off = last_flash(out, begin) - last_beep(out, begin)
        told("picture behind the sound at the end, ms", 1000 * off, abs(off) <= 0.020, "+-20")
    sys.exit(1 if failed else 0)


main()
