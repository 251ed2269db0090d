#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tests/bench/kit_coach.py BUILD [SEED...]: how often the coach names the worst of sound, light and steadiness.

Clips are made from good ones (a photograph held still, with a camera's grain, and a clear voice) by spoiling each in one
known way at three strengths; and the real clips of the material, labelled by eye and ear before the coach ever saw them.
Seeds 101, 102 and 103 score and use other photographs and voices than any lower seed; lower ones are for tuning. From 201
on only the clips that lean are of a photograph that no other seed uses; the others are the scoring ones again.
Prints what was named for each way, the share right for each seed, the cause behind it, and the promise: held or not.
Needs apt's python3-numpy and python3-opencv. Without the material it says so and ends."""
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

if importlib.util.find_spec("cv2") is None or importlib.util.find_spec("numpy") is None:
    print("skipped: apt's python3-opencv or python3-numpy is not here")
    sys.exit(0)
import numpy as np

from kit_common import BUILD
from kit_spoiled import MATERIAL, WAYS, Clip, found, tilt, write

SEEDS = [int(word) for word in sys.argv[2:]] or [101, 102, 103]
PARTS = ("sound", "light", "steady")

# Labelled on 2026-11-30 from contact sheets, waveforms, spectra and loudness, each before the coach's first run on it.
# None: two of the three are equally bad, or it is a test card or a screen; it is shown and not counted.
REAL = {
    "dark/mp4/sowt-with-video.mov": "light",           # a stage in the dark
    "hand-held/VID_0001.ogg": "sound",                 # an empty room: hiss, nobody speaks
    "hand-held/box.mp4": "sound",                      # a loud beat
    # Walking with a camera on the chest: labelled "steady" at first, from a contact sheet. By phase correlation of what is
    # far away it moves 0.8 px of 640 between 0.9 and 4 Hz, and 0.06 px above: the camera has steadied it itself.
    "hand-held/max-heromode.mp4": None,
    "hand-held/street.mp4": "steady",                  # whipped round over the roofs
    "home-phone/VID_20191220_170832.mp4": "sound",     # a dog; hiss
    "home-phone/movie-hello.ogg": None,                # a screen
    "home-phone/mp4/internal_emulator_transformer_output.mp4": None,  # dim, moving, and nobody speaks
    "rotation-hdr/mkv/sample_with_htc_rotation_track_name.mkv": "sound",  # cannot be heard
    "rotation-hdr/mp4/bt601.mov": "sound",
    "rotation-hdr/mp4/sample_portrait.mp4": "sound",
    "rotation-hdr/mp4/sample_rotate_and_reflect.mp4": "sound",
    "rotation-hdr/mp4/hdr10-av1.mp4": "sound",         # cannot be heard
    "time-structure/mkv/sample_with_ass_subtitles.mkv": "sound",
    "time-structure/mkv/sample_with_chapters.mkv": None,     # test cards
    "time-structure/mp4/fragmented_captions.mp4": None,
    "time-structure/mp4/sample_sef_slow_motion.mp4": "sound",  # a floor slides past for two seconds; cannot be heard
    "time-structure/mp4/sample_fragmented.mp4": "sound",       # cannot be heard
    "time-structure/mp4/sample_with_chapters.mp4": "sound",    # washed out; cannot be heard at all
    "time-structure/mp4/long_1080p_lowbitrate.mp4": None,      # black
    "wpt/counting.mp4": None,                                  # test cards
    "wpt/test.mp4": None,
}
# The same second of the same man, in other wrappers and tones: each is shown, and one clip is counted, right where all are.
COPIES = ("rotation-hdr/mkv/sample_with_htc_rotation_track_name.mkv", "rotation-hdr/mp4/bt601.mov",
          "rotation-hdr/mp4/sample_portrait.mp4", "rotation-hdr/mp4/sample_rotate_and_reflect.mp4",
          "time-structure/mkv/sample_with_ass_subtitles.mkv", "time-structure/mp4/sample_fragmented.mp4",
          "time-structure/mp4/sample_with_chapters.mp4")


def judged(path):
    done = subprocess.run([os.path.join(BUILD, "kinreel"), "--json", "coach", path], capture_output=True, text=True)
    if done.returncode:
        sys.exit("coach %s: %s" % (path, done.stderr[-300:]))
    return json.loads(done.stdout)


def told(judgement):
    """Scores, and all that cost something."""
    parts = " ".join("%s %s" % (part, judgement[part].get("score", judgement[part].get("why"))) for part in PARTS)
    costly = ["%s %g%s -%g" % (cause["cause"], cause["value"], cause["unit"], cause["cost"]) for part in PARTS
              for cause in judgement[part].get("causes", []) if cause["cost"] >= 1]
    return "%s | %s" % (parts, ", ".join(costly))


def score_made(work, seed, confusion):
    split, right, causes, all_made = "fresh" if seed > 200 else "scoring" if seed > 100 else "tuning", 0, 0, 0
    for part in PARTS:
        for number, way in enumerate(WAYS[part]):
            for k in range(3):
                rng = np.random.default_rng([seed, PARTS.index(part), number, k])
                clip = Clip(rng, split, way is tilt)
                way(clip, k)
                path = os.path.join(work, "clip.mp4")
                write(clip, path, work)
                judgement = judged(path)
                worst, first = judgement.get("worst", "none"), (judgement["advice"] or [{"cause": "none"}])[0]["cause"]
                row = confusion.setdefault((part, way.__name__), {})
                row[worst] = row.get(worst, 0) + 1
                all_made, right, causes = all_made + 1, right + (worst == part), causes + (first == way.__name__)
                print("seed %d %-9s %d %-5s %s" % (seed, way.__name__, k, "" if worst == part else "WRONG", told(judgement)), flush=True)
    print("seed %d: %d of %d right (%.1f %%), first advice is of the cause itself in %d" % (seed, right, all_made, 100 * right / all_made, causes),
          flush=True)
    return right, all_made


def score_real():
    right = {}
    for name, label in REAL.items():
        judgement = judged(os.path.join(MATERIAL, "video", "open", name))
        worst = judgement.get("worst", "none")
        if label is not None:
            clip = COPIES[0] if name in COPIES else name
            right[clip] = right.get(clip, True) and worst == label
        print("real %-46s labelled %-6s named %-6s %s" % (os.path.basename(name), label, worst, told(judgement)), flush=True)
    return sum(right.values()), len(right)


def bench():
    confusion, right, counted = {}, 0, 0
    with tempfile.TemporaryDirectory(prefix="kinreel-coach-", dir=BUILD) as work:
        for seed in SEEDS:
            good, made = score_made(work, seed, confusion)
            right, counted = right + good, counted + made
    print("%-20s %s" % ("spoiled", " ".join("%7s" % name for name in (*PARTS, "none"))))
    for (part, way), row in confusion.items():
        print("%-20s %s" % (part + " " + way, " ".join("%7d" % row.get(name, 0) for name in (*PARTS, "none"))))
    held = [promised("made", right, counted), promised("real", *score_real())]
    return all(held)


def promised(kind, right, counted):
    share = right / counted
    print("worst of %s clips named right: %.3f of %d, promised >= 0.95: %s" % (kind, share, counted, "held" if share >= 0.95 else "NOT HELD"))
    return share >= 0.95


if not os.path.isdir(os.path.join(MATERIAL, "video")):
    print("skipped: the material is not here")
else:
    sys.exit(0 if bench() else 1)
