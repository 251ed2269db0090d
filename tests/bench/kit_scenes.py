#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tests/bench/kit_scenes.py BUILD [SEED...]: is the card of a scene ever worse than the usual kit, on a clip of that scene?

For each of the eight cards a good clip (kit_spoiled.py) is spoiled as such a scene spoils it, and treated twice: as usual,
and with --scene. Both are scored by the coach as that scene weighs, and by what the coach does not see: the luma of the good
clip (mean difference of a frame's mean, in codes), the way between frames (px, 1 to 12 Hz, by phase correlation), and how
far words stand above pauses (dB). The parts compared are those of the clip before it was treated; one that can no longer be
scored after that counts as 0. Promised: the coach never scores the card below the usual kit, by a point of rounding; the
light of a card brightens a night by at most 15 %, against the same card without it, which holds and crops alike. Seeds above
100 score; lower ones are for tuning."""
import importlib.util
import json
import os
import sys
import tempfile

if importlib.util.find_spec("cv2") is None or importlib.util.find_spec("scipy") is None:
    print("skipped: apt's python3-opencv or python3-scipy is not here")
    sys.exit(0)
import cv2
import numpy as np
from scipy.signal import butter, sosfiltfilt

from kit_common import BUILD, failed, run, told
import kit_spoiled as made

SEEDS = [int(word) for word in sys.argv[2:]] or [301]
KINREEL = os.path.join(BUILD, "kinreel")
NIGHT_MOST, ROUNDING = 1.15, 1.0

# How each scene spoils a clip that was made without its card: ways and their strength.
SCENES = {
    "bedside": [(made.dark, 0), (made.noise, 0), (made.tremor, 0)],
    "letter": [(made.cast, 0), (made.tremor, 1)],
    "morning-table": [(made.backlight, 0), (made.drift, 0)],
    "night-home": [(made.dark, 0), (made.noise, 1), (made.tremor, 0)],
    "old-house": [(made.steps, 0), (made.cast, 0)],
    "reunion": [(made.noise, 2), (made.drift, 0)],
    "ride": [(made.steps, 1), (made.noise, 0)],
    "small-child": [(made.dark, 0), (made.steps, 0)],
}


def weigh(scene):
    cards = [json.loads(line) for line in run(KINREEL, "--json", "coach", "--scenes").decode().splitlines()]
    return next(card["weigh"] for card in cards if card["scene"] == scene)


def judged_as(path, scene):
    return json.loads(run(KINREEL, "--json", "coach", "--scene", scene, path))


def scored(judged, before, weights):
    """By the coach, as the scene weighs: of 100, over the parts that could be scored before."""
    parts = [part for part in weights if "score" in before[part]]
    return sum(weights[part] * judged[part].get("score", 0) for part in parts) / sum(weights[part] for part in parts)


def frames_of(path):
    raw = run("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-vf", "scale=320:180,format=gray", "-f", "rawvideo", "-")
    return np.frombuffer(raw, np.uint8).reshape(-1, 180, 320).astype(np.float32)


def shake_of(frames):
    """px of a picture 640 wide, rms of the way between 1 and 12 Hz."""
    window = cv2.createHanningWindow((320, 180), cv2.CV_32F)
    way = 2 * np.cumsum([cv2.phaseCorrelate(a, b, window)[0] for a, b in zip(frames[:-1], frames[1:])], 0)
    held = sosfiltfilt(butter(2, [1, 12], "band", fs=made.FPS, output="sos"), way, axis=0)
    return float(np.sqrt((held ** 2).sum(1).mean()))


def words_over_pauses(path, voice):
    """dB between the louder and the quieter moments of the voice as it was."""
    raw = run("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-ac", "1", "-ar", str(made.RATE), "-f", "f32le", "-")
    heard = np.frombuffer(raw, np.float32)[:voice.size]
    blocks, was = ((part[:heard.size // 960 * 960].reshape(-1, 960).astype(np.float64) ** 2).mean(1) for part in (heard, voice))
    loud, still = was > np.percentile(was, 70), was < np.percentile(was, 15)
    return float(10 * np.log10(blocks[loud].mean() / (blocks[still].mean() + 1e-12)))


def seen(path, good, voice):
    frames = frames_of(path)
    return np.abs(frames.mean((1, 2)) - good.mean()).mean(), shake_of(frames), words_over_pauses(path, voice)


def one(work, scene, seed):
    rng = np.random.default_rng([seed, sorted(SCENES).index(scene)])
    clip = made.Clip(rng, "scoring" if seed > 100 else "tuning", False)
    paths = {name: os.path.join(work, name + ".mp4") for name in ("good", "spoiled", "usual", "card")}
    made.write(clip, paths["good"], work)
    voice, good = clip.sound.copy(), frames_of(paths["good"])
    for way, k in SCENES[scene]:
        way(clip, k)
    made.write(clip, paths["spoiled"], work)
    run(KINREEL, "kit", "--force", "-o", paths["usual"], paths["spoiled"])
    run(KINREEL, "kit", "--force", "--scene", scene, "-o", paths["card"], paths["spoiled"])
    points, weights, before = {}, weigh(scene), judged_as(paths["spoiled"], scene)
    for name in ("spoiled", "usual", "card"):
        judged = judged_as(paths[name], scene)
        points[name] = scored(judged, before, weights)
        light, shake, words = seen(paths[name], good, voice)
        print("seed %d %-13s %-7s coach %5.1f (%s) | luma off by %5.1f, shake %5.2f px, words over pauses %5.1f dB" %
              (seed, scene, name, points[name], " ".join("%s %s" % (part, judged[part].get("score", "?")) for part in ("sound", "light", "steady")),
               light, shake, words), flush=True)
    if scene == "night-home":
        unlit = os.path.join(work, "unlit.mp4")
        run(KINREEL, "kit", "--force", "--scene", scene, "--steady", "--sound", "-o", unlit, paths["spoiled"])
        points["brighter"] = frames_of(paths["card"]).mean() / frames_of(unlit).mean()
    return points


def bench():
    with tempfile.TemporaryDirectory(prefix="kinreel-scenes-", dir=BUILD) as work:
        for scene in SCENES:
            rows = [one(work, scene, seed) for seed in SEEDS]
            least = min(row["card"] - row["usual"] for row in rows)
            told("%s: card against usual, points" % scene, least, least >= -ROUNDING, ">= -1")
            if scene == "night-home":
                most = max(row["brighter"] for row in rows)
                told("night-home: brighter by a factor of", most, most <= NIGHT_MOST, "<= 1.15")


if not os.path.isdir(os.path.join(made.MATERIAL, "video")):
    print("skipped: the material is not here")
else:
    bench()
    sys.exit(1 if failed else 0)
