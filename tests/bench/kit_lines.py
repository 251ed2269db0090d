#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tests/bench/kit_lines.py BUILD: lines of a tape that tremble, and film that weaves; each number before and after, from one run.

The clips of kit_footage.py, worn in a known way: each line begins too far to the left or right, by waves down the frame
(1.5 px, correlated over some 20 lines) and a little of its own (0.4 px), at most 4 px, anew in every frame, about a mean of 0;
with and without a tape's noise of luma. What is left is measured against the clip as it was: each line's offset, found by
least squares, against the frame's median; its root of the mean square in px. Film weaves by whole frames: 2 px across and
1.4 px down (standard deviations), anew in each, alone or with dirt and flicker too. It goes through the program a family
runs, `kinreel kit --footage`, with and without `--steady`. Jumps are how a film moves from frame to frame in itself, found by
least squares: third differences of its way over their gain, so that pans do not count; beside them those of the clip as it
was, which a hand made and which are not asked to go (measured against that clip instead, taking a hand's trembling out would
count as weaving that is left). Where the camera stands every frame has its true place, and what is left is measured
against that, cut as the result is. Seeds and clips that nothing was tuned on.
Prints each promise, held or not. Without the material it says so and ends."""
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

import kit_footage as footage

FRAMES, SKIPPED, LOUD, MOST = 40, 3, 40, 6


def offsets(rng, height):
    import numpy as np
    waves = np.convolve(rng.normal(0, 1, height + 80), np.exp(-np.arange(-40, 41) ** 2 / 128), "valid")
    away = waves / waves.std() * 1.5 + rng.normal(0, 0.4, height)
    return np.clip(away - away.mean(), -4, 4)


def shifted(plane, away):
    """Each line `away` px to the right, by cubics."""
    import cv2
    import numpy as np
    y, x = np.mgrid[0:plane.shape[0], 0:plane.shape[1]].astype(np.float32)
    return cv2.remap(plane, x - away[:, None].astype(np.float32), y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def trembling(clip, seed, noise):
    import cv2
    import numpy as np
    rng, out = np.random.default_rng(seed), clip.worn()
    for i in range(len(out.frames)):
        away = offsets(rng, clip.height)
        luma = shifted(clip.luma()[i].copy(), away).astype(np.float32)
        if noise:
            luma += cv2.GaussianBlur(rng.normal(0, 14, luma.shape).astype(np.float32), (0, 0), 1.0, sigmaY=0.1)
        out.luma()[i][:] = np.clip(luma + 0.5, 0, 255)
        for plane in out.chroma(i):
            plane[:] = shifted(plane.copy(), (away[::2] + away[1::2]) / 4)
    return out


def away_of(truth, now):
    """Of each line, px to the right of its place in the truth; and which lines have enough in them to tell."""
    import cv2
    import numpy as np
    a, b = (cv2.GaussianBlur(part.astype(np.float32), (0, 0), 1.5, sigmaY=0.1) for part in (truth, now))
    inner = slice(MOST + 4, -MOST - 4)
    cost = [np.minimum(np.abs(b - np.roll(a, k, 1))[:, inner], LOUD).mean(1) for k in range(-MOST, MOST + 1)]
    away = np.argmin(cost, 0) - float(MOST)
    for _ in range(4):
        there = shifted(a, away)
        slope, apart = np.gradient(there, axis=1), b - there
        seen = np.abs(apart) < LOUD
        seen[:, :MOST + 4] = seen[:, -MOST - 4:] = False
        strength = (seen * slope * slope).sum(1)
        away -= (seen * slope * apart).sum(1) / np.maximum(strength, 1)
    return away, strength > 4 * a.shape[1]


def left(clip, out):
    import numpy as np
    all_of = []
    for i in range(SKIPPED, len(clip.frames) - SKIPPED):
        away, told = away_of(clip.luma()[i], out.luma()[i])
        all_of.append(np.sqrt(np.mean((away[told] - np.median(away[told])) ** 2)))
    return float(np.mean(all_of))


def bench_jitter():
    parts, gains = [], []
    inner = slice(SKIPPED, -SKIPPED)
    for seed in footage.SEEDS[:2]:
        for name, _, clip in footage.sources(FRAMES, 720, 576):
            for noise in (False, True):
                worn = trembling(clip, seed, noise)
                out, spent, report = footage.kinreel(worn, "tape")
                row = {way: (left(clip, of), footage.psnr(of.luma()[inner], clip.luma()[inner]))
                       for way, of in (("was", worn), ("now", out))}
                parts.append(row["now"][0] / row["was"][0])
                gains.append(row["now"][1] - row["was"][1])
                footage.line(name, seed, "tape, noisy" if noise else "tape", spent, px=row["was"][0], now=row["now"][0],
                             dB=row["was"][1], then=row["now"][1], found=report["line_jitter"])
    footage.told("lines: px that are left, of those there were", parts, lambda v: v <= 0.5, "<= 0.5")
    footage.told("lines: dB of luma gained", gains, lambda v: v >= 1.5, ">= 1.5")
    footage.told("lines: px that are left, the most of any clip", [max(parts)], lambda v: v <= 0.67, "<= 0.67")


# Film that weaves.

def woven(clip, seed):
    import cv2
    import numpy as np
    rng, out = np.random.default_rng(seed), clip.worn()

    def moved(plane, by):
        there = np.float32([[1, 0, by[0]], [0, 1, by[1]]])
        return cv2.warpAffine(plane, there, plane.shape[::-1], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    for i in range(len(out.frames)):
        by = np.clip(rng.normal(0, 2, 2) * (1, 0.7), -6, 6)
        out.luma()[i][:] = moved(clip.luma()[i].copy(), by)
        for plane in out.chroma(i):
            plane[:] = moved(plane.copy(), by / 2)
    return out


def place_of(truth, now, kept, begin=(0, 0), softly=(8, 8, 8, 4, 4, 2, 2, 1, 1)):
    """px to the right and down, by least squares from coarse to fine."""
    import cv2
    import numpy as np
    h, w = now.shape
    rect = np.float32([[kept, 0, (1 - kept) * (w - 1) / 2], [0, kept, (1 - kept) * (h - 1) / 2]])
    truth = cv2.warpAffine(truth, rect, (w, h), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP).astype(np.float32)
    place = np.array(begin, float)
    for soft in softly:
        a, b = (cv2.GaussianBlur(part.astype(np.float32), (0, 0), soft) for part in (truth, now))
        there = cv2.warpAffine(a, np.float32([[1, 0, place[0]], [0, 1, place[1]]]), (w, h), borderMode=cv2.BORDER_REPLICATE)
        down, right = np.gradient(there)
        apart = b - there
        apart -= np.median(apart)
        seen = (np.abs(apart) < (25 if soft < 4 else 100))[16:-16, 16:-16]
        slopes = np.array([part[16:-16, 16:-16][seen] for part in (right, down)])
        place -= np.linalg.lstsq(slopes @ slopes.T, slopes @ apart[16:-16, 16:-16][seen], rcond=None)[0]
    return place


def off_place(clip, out, kept):
    import numpy as np
    place = np.array([place_of(a, b, kept) for a, b in zip(clip.luma(), out.luma())])
    return float(np.sqrt(((place - np.median(place, 0)) ** 2).sum(1).mean()))


def jumps_of(clip):
    import cv2
    import numpy as np
    window, steps = cv2.createHanningWindow((clip.width, clip.height), cv2.CV_32F), []
    for a, b in zip(clip.luma()[:-1], clip.luma()[1:]):
        far, _ = cv2.phaseCorrelate(a.astype(np.float32), b.astype(np.float32), window)
        steps.append(place_of(a.copy(), b, 1, far, (4, 4, 2, 2, 1, 1)))
    return float(np.sqrt((np.diff(steps, 2, axis=0) ** 2).sum(1).mean() / 20))


def by_kit(clip, work, options):
    path, out = os.path.join(work, "film.mkv"), os.path.join(work, "out.mp4")
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p"]
    said = ["-r", "25", "-colorspace", "bt709", "-color_range", "tv"]
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *raw, "-s", "%dx%d" % (clip.width, clip.height), *said, "-i", "-",
                    "-c:v", "ffv1", *said[2:], path], input=clip.frames.tobytes(), check=True)
    told = subprocess.run([os.path.join(footage.BUILD, "kinreel"), "--json", "kit", path, *options, "--force", "-o", out],
                          stdout=subprocess.PIPE, check=True).stdout
    import numpy as np
    got = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", out, *raw, "-"], stdout=subprocess.PIPE, check=True).stdout
    return footage.Clip(np.frombuffer(got, np.uint8).reshape(clip.frames.shape), clip.width, clip.height), json.loads(told)["report"]


def bench_weave(work):
    stands, jumps, cut, steadied = [], [], [], []
    for seed in footage.SEEDS[:2]:
        for name, kind, clip in footage.sources(60):
            worn = woven(clip, seed)
            own, was = jumps_of(clip), jumps_of(worn)
            for old in (False, True):
                given = footage.with_flicker(footage.with_dirt(worn, seed)[0], seed) if old else worn
                for options in (["--footage"], ["--footage", "--steady"]):
                    out, report = by_kit(given, work, options)
                    now, kept = jumps_of(out), report["footage"]["kept"]
                    (steadied if "--steady" in options else jumps).append(now / was)
                    row = {"own": own, "jumps": was, "now": now, "found": report["footage"]["weave"], "kept": kept}
                    if "--steady" not in options:
                        cut.append(kept)
                        if kind == "still":
                            row.update(px=off_place(clip, worn, 1), then=off_place(clip, out, kept))
                            stands.append(row["then"] / row["px"])
                    print("%-9s %d %-5s %-22s %s  %s" % (name, seed, "old" if old else "", " ".join(options), "  ".join(
                        "%s %.3f" % pair for pair in row.items()), report.get("steady", "")), flush=True)
    footage.told("weave, standing: px that are left, of those there were", stands, lambda v: v <= 0.35, "<= 0.35")
    footage.told("weave: jumps that are left, of those there were", jumps, lambda v: v <= 0.15, "<= 0.15")
    footage.told("weave, and steadied: jumps that are left", steadied, lambda v: v <= 0.15, "<= 0.15")
    footage.told("weave: part of each side that stays, the least", [min(cut)], lambda v: v >= 0.95, ">= 0.95")


def bench_new():
    import numpy as np
    for name, path in footage.NEW.items():
        clip = footage.load(path, FRAMES, 720, 576, 0)
        out, _, report = footage.kinreel(clip, "both")
        same = float(np.array_equal(out.frames, clip.frames))
        footage.told("the kit leaves a clip of today as it is: " + name, [same], lambda v: v == 1, "1")
        print("          %.3f px of lines, %.3f px of weave" % (report["line_jitter"], report["weave"]), flush=True)


if __name__ == "__main__":
    if not os.path.isdir(footage.VIDEO):
        print("skipped: the material is not here")
    elif importlib.util.find_spec("cv2") is None:
        print("skipped: apt's python3-opencv is not here")
    else:
        print("seeds", footage.SEEDS[:2])
        bench_new()
        with tempfile.TemporaryDirectory(prefix="kinreel-lines-", dir=footage.BUILD) as folder:
            bench_weave(folder)
        bench_jitter()
        sys.exit(1 if footage.failed else 0)
