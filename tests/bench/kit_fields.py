#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tests/bench/kit_fields.py BUILD: woven pictures taken apart again, beside FFmpeg's filters, from one run.

Clips of whole pictures (the ones kit_footage.py wears) are taken as 50 a second and woven into fields, top or bottom first,
and flagged rightly, wrongly or not at all; or taken as 24 a second and spread over 60 fields (2:3). Files are lossless
(FFV1), so nothing but the weaving stands between a picture and its number. Promised: as good as FFmpeg's bwdif or better,
and that is asked twice: against a bwdif that is handed the right order, which ours has to find; and, where the flag lies or
is missing, against the bwdif one gets, which believes it. Clips that were never woven have to come out byte by byte. PSNR is
of luma against the pictures that were woven.
Prints each promise, held or not. Without the material it says so and ends."""
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

import kit_footage as footage

FLAGS = {"tff": "tff", "bff": "bff", "none": "prog"}
PULLERS = ("fieldmatch=order=ORDER,decimate", "pullup,fps=24000/1001")
WAYS = (("tff", "tff"), ("bff", "bff"), ("tff", "bff"), ("bff", "tff"), ("tff", "none"), ("bff", "none"))  # woven, flagged


def woven(clip, order):
    """Two pictures in each frame, luma and chroma line by line."""
    out = clip.frames[0::2].copy()
    h, first = clip.height, 0 if order == "tff" else 1
    out[:, 1 - first:h:2] = clip.frames[1::2, 1 - first:h:2]
    both = [part[:, h:].reshape(len(part), 2, h // 2, clip.width // 2) for part in (out, clip.frames[1::2])]
    both[0][:, :, 1 - first::2] = both[1][:, :, 1 - first::2]
    return footage.Clip(out, clip.width, clip.height)


def written(clip, rate, graph, path):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s",
                    "%dx%d" % (clip.width, clip.height), "-r", rate, "-i", "-", "-vf", graph, "-c:v", "ffv1", "-colorspace", "bt709",
                    "-color_range", "tv", path], input=clip.frames.tobytes(), check=True)


def decoded(clip, words):
    import numpy as np
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    return footage.Clip(np.frombuffer(done.stdout, np.uint8).reshape(-1, clip.height * 3 // 2, clip.width), clip.width,
                        clip.height), done.stderr


def ours(clip, path):
    out, told = decoded(clip, [os.path.join(footage.BUILD, "tests", "bench", "fields_tool"), path])
    return out, json.loads(told)


def peer(clip, path, graph):
    return decoded(clip, ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-vf", graph, "-f", "rawvideo", "-"])[0]


def likeness(clip, out):
    """dB of luma without the first and last pictures; a way may begin a picture early or late."""
    best = 0
    for late in (-1, 0, 1):
        a, b = clip.luma()[max(-late, 0):], out.luma()[max(late, 0):]
        n = min(len(a), len(b))
        best = max(best, footage.psnr(b[2:n - 2], a[2:n - 2]))
    return best


def clips(frames, width, height):
    for name, path in footage.HELD.items():
        yield name, footage.load(path, frames, width, height, 1)
    yield "standing", footage.standing(frames, width, height)


def bench_fields(work):
    path, found, gains, misled = os.path.join(work, "woven.mkv"), [], [], []
    for name, clip in clips(100, 720, 576):
        clip = footage.Clip(clip.frames[:len(clip.frames) // 2 * 2], clip.width, clip.height)
        for order, flag in WAYS:
            written(woven(clip, order), "25", "setfield=" + FLAGS[flag], path)
            out, told = ours(clip, path)
            found.append(float(told["weave"] == order and told["fps"] == 50))
            way = likeness(clip, out)
            row = {"kinreel": way}
            if order == flag:
                for graph in ("yadif", "bwdif", "w3fdif"):
                    row[graph] = likeness(clip, peer(clip, path, "setfield=%s,%s=%s:deint=all" % (
                        order, graph, "mode=send_field" if graph != "w3fdif" else "filter=complex")))
                best = row["bwdif"]
            elif order != ("bff" if flag == "bff" else "tff"):  # what it takes an unflagged film for
                row["bwdif"] = likeness(clip, peer(clip, path, "bwdif=mode=send_field:deint=all"))
                misled.append(way - row["bwdif"])
            gains.append(way - best)
            print("%-9s woven %s, flagged %-4s: found %-12s %s" % (name, order, flag, told["weave"], "  ".join(
                "%s %.2f" % pair for pair in row.items())), flush=True)
    footage.told("fields: order found, and 50 a second", found, lambda v: v == 1, "1")
    footage.told("fields: dB above bwdif told the order, the least", [min(gains)], lambda v: v >= -0.01, ">= -0.01")
    footage.told("fields: dB above bwdif misled by the flag, the least", [min(misled)], lambda v: v > 0, "> 0")


def bench_pulldown(work):
    path, found, gains = os.path.join(work, "pulldown.mkv"), [], []
    for name, clip in clips(80, 720, 480):
        for order, word in (("tff", "top"), ("bff", "bottom")):
            written(clip, "24000/1001", "telecine=first_field=%s:pattern=23" % word, path)
            out, told = ours(clip, path)
            found.append(float(told["weave"] == "pulldown " + order and abs(told["fps"] - 23.976) < 0.001))
            row = {"kinreel": likeness(clip, out)}
            for graph in PULLERS:
                row[graph.split("=")[0]] = likeness(clip, peer(clip, path, graph.replace("ORDER", order)))
            gains.append(row["kinreel"] - max(list(row.values())[1:]))
            print("%-9s 2:3, %s: found %-12s %6.3f fps, %d of %d pictures  %s" % (name, order, told["weave"], told["fps"], len(
                out.frames), len(clip.frames), "  ".join("%s %.2f" % pair for pair in row.items())), flush=True)
    footage.told("pulldown: found, and 24 a second back", found, lambda v: v == 1, "1")
    footage.told("pulldown: dB above fieldmatch, the least", [min(gains)], lambda v: v >= -0.01, ">= -0.01")


def bench_whole(work):
    import numpy as np
    path, same = os.path.join(work, "whole.mkv"), []
    for name, clip in clips(60, 720, 576):
        written(clip, "25", "setfield=prog", path)
        out, told = ours(clip, path)
        same.append(float(told["weave"] == "as said" and np.array_equal(out.frames, clip.frames)))
        print("%-9s never woven: %s" % (name, told), flush=True)
    footage.told("never woven: comes out as it went in", same, lambda v: v == 1, "1")


if __name__ == "__main__":
    if not os.path.isdir(footage.VIDEO):
        print("skipped: the material is not here")
    elif importlib.util.find_spec("numpy") is None:
        print("skipped: apt's python3-numpy is not here")
    else:
        with tempfile.TemporaryDirectory(prefix="kinreel-fields-", dir=footage.BUILD) as folder:
            bench_fields(folder)
            bench_pulldown(folder)
            bench_whole(folder)
        sys.exit(1 if footage.failed else 0)
