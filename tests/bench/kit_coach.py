#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tests/bench/kit_coach.py BUILD [SEED...]: how often the coach names the worst of sound, light and steadiness.

Clips are made from good ones (a photograph held still, with a camera's grain, and a clear voice) by spoiling each in one
known way at three strengths; and the real clips of the material, labelled by eye and ear before the coach ever saw them.
Seeds 101, 102 and 103 score and use other photographs and voices than any lower seed; lower ones are for tuning. From 201
on, clips lean by a photograph that no other seed uses.
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
import cv2
import numpy as np

cv2.setNumThreads(1)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build"))
MATERIAL = os.environ.get("KINREEL_MATERIAL", os.path.join(os.path.dirname(ROOT), "shared", "material"))
SEEDS = [int(word) for word in sys.argv[2:]] or [101, 102, 103]
WIDTH, HEIGHT, FPS, SECONDS, MARGIN, RATE = 640, 360, 25, 5, 110, 48000
PARTS = ("sound", "light", "steady")

# Good ones, of daylight and of houses; "lines": such as have straight lines to lean.
PICTURES = {
    "tuning": ["originals/open/DSCN0012.jpg", "originals/open/IMG-20191006-WA0002.jpg", "originals/open/prairie_falcon.jpg",
               "video/open/wpt/face-top-left.jpg", "originals/open/DSCN0029.jpg"],
    "tuning lines": ["originals/open/DSCN0029.jpg"],
    "scoring": ["originals/open/tanners_ridge.jpg", "video/open/wpt/face-center.jpg", "originals/open/IMG_1054.JPG",
                "originals/open/DSCN0025.jpg", "originals/open/DSCN0040.jpg"],
    "scoring lines": ["originals/open/IMG_1054.JPG", "originals/open/DSCN0025.jpg", "originals/open/DSCN0040.jpg"],
    "fresh lines": ["old-photos/open/demo_001.jpg"]}
PICTURES["fresh"] = PICTURES["scoring"]
VOICES = {"tuning": ["speech-en-librivox", "speech-fr-prompts"],
          "scoring": ["speech-en-prompts", "speech-es-prompts", "speech-it-prompts", "speech-ru-prompts"]}
VOICES["fresh"] = VOICES["scoring"]

# Labelled on 2026-11-30 from contact sheets, waveforms, spectra and loudness, before the first run. None: two of
# the three are equally bad, or it is a test card or a screen; it is shown and not counted.
REAL = {
    "dark/mp4/sowt-with-video.mov": "light",           # a stage in the dark
    "hand-held/VID_0001.ogg": "sound",                 # an empty room: hiss, nobody speaks
    "hand-held/box.mp4": "sound",                      # a loud beat
    "hand-held/max-heromode.mp4": "steady",            # walking with a camera on the chest
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
}


def found(name):
    """Where a file of that name lies, in the folder the path begins with."""
    top, base = os.path.join(MATERIAL, *name.split("/")[:2]), os.path.basename(name)
    for folder, _, names in sorted(os.walk(top)):
        if base in names:
            return os.path.join(folder, base)
    sys.exit("the material has no " + name)


def picture(rng, split, lines):
    """Linear light in BGR, with a margin all round to move in."""
    names = PICTURES[split + " lines" if lines else split]
    seen = cv2.imread(found(names[rng.integers(len(names))]))
    wide, high = WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN
    scale = max(wide / seen.shape[1], high / seen.shape[0])
    seen = cv2.resize(seen, None, fx=scale + 1e-3, fy=scale + 1e-3, interpolation=cv2.INTER_AREA)
    x, y = (seen.shape[1] - wide) // 2, (seen.shape[0] - high) // 2
    return (seen[y:y + high, x:x + wide] / 255.0) ** 2.2


def voice(rng, split):
    """Five seconds of somebody speaking, at -20 dBFS while they do, over the faint breath of a quiet room."""
    kind = VOICES[split][rng.integers(len(VOICES[split]))]
    folder = os.path.join(MATERIAL, "sound", "open", kind)
    names = sorted(name for name in os.listdir(folder) if name.endswith(".wav") and os.path.getsize(os.path.join(folder, name)) > 180000)
    raw = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", os.path.join(folder, names[rng.integers(len(names))]), "-ac", "1",
                          "-ar", str(RATE), "-f", "f32le", "-"], capture_output=True, check=True).stdout
    heard = np.resize(np.frombuffer(raw, np.float32), SECONDS * RATE).astype(np.float64)
    heard *= 10 ** (-20 / 20) / level(heard)
    return heard + rng.normal(0, 10 ** (-62 / 20), heard.size)


def level(heard):
    """rms of the louder half of the moments."""
    blocks = (heard[:heard.size // 960 * 960].reshape(-1, 960) ** 2).mean(1)
    return np.sqrt(blocks[blocks > np.median(blocks)].mean())


def coloured(rng, n):
    """Noise that falls by 3 dB an octave: a fan, a street."""
    spectrum = np.fft.rfft(rng.normal(0, 1, n))
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
    made = np.fft.irfft(spectrum, n)
    return made / made.std()


class Clip:
    def __init__(self, rng, split, lines):
        self.rng, self.light, self.sound = rng, picture(rng, split, lines), voice(rng, split)
        n = FPS * SECONDS
        sway = rng.normal(0, 1, (n + 50, 2)).cumsum(0)
        sway = np.array([np.convolve(way, np.hanning(51) / 25, "valid")[:n] for way in sway.T]).T
        self.way = 1.5 * sway / max(np.abs(sway - sway.mean(0)).max(), 1e-9)  # a rested hand
        self.turn, self.gain, self.ripple, self.grain = 0.0, np.ones(n), np.zeros(n), 1.5
        self.time = np.arange(n) / FPS

    def wave(self, hz, px):
        """Of about that frequency, not a pure tone, in both directions; px rms each."""
        for way in range(2):
            made = sum(np.sin(2 * np.pi * hz * self.rng.uniform(0.88, 1.12) * self.time + self.rng.uniform(0, 6.28)) for _ in range(3))
            self.way[:, way] += px * made / made.std()


def noise(clip, k):
    clip.sound += coloured(clip.rng, clip.sound.size) * level(clip.sound) * 10 ** (-(8, 5, 3)[k] / 20)


def clipping(clip, k):
    rail = np.abs(clip.sound).max() * (0.35, 0.25, 0.15)[k]
    clip.sound = np.clip(clip.sound, -rail, rail) * 0.9 / rail


def echo(clip, k):
    n = int(1.6 * RATE)
    tail = clip.rng.normal(0, 1, n) * 10 ** (-3 * np.arange(n) / RATE / (0.9, 1.2, 1.5)[k])
    tail[:int(0.004 * RATE)] = 0
    tail *= 10 ** ((-2, 0, 3)[k] / 20) / np.sqrt((tail ** 2).sum())
    tail[0] = 1
    size = clip.sound.size + n
    clip.sound = np.fft.irfft(np.fft.rfft(clip.sound, size) * np.fft.rfft(tail, size), size)[:clip.sound.size]


def quiet(clip, k):
    clip.sound *= 10 ** (-(22, 27, 32)[k] / 20)


def speech(clip, k):
    """Nobody speaks: a room, a fan, a beat."""
    n = clip.sound.size
    if k < 2:
        clip.sound = coloured(clip.rng, n) * 10 ** (-(52, 32)[k] / 20)
        return
    since = np.arange(n) % int(RATE * clip.rng.uniform(0.4, 0.7)) / RATE
    clip.sound = (0.8 * np.sin(2 * np.pi * clip.rng.uniform(50, 90) * since) * np.exp(-since / 0.08) +
                  0.2 * clip.rng.normal(0, 1, n) * np.exp(-since / 0.03))


def dark(clip, k):
    clip.light = clip.light * 2.0 ** -(3, 4, 5)[k]
    clip.grain = 3.0


def burnt(clip, k):
    clip.light = clip.light * 2.0 ** (1.8, 2.3, 2.8)[k]


def backlight(clip, k):
    high, wide = clip.light.shape[:2]
    v, u = np.mgrid[0:high, 0:wide]
    inside = ((u - wide / 2) / (WIDTH * 0.20)) ** 2 + ((v - high * 0.62) / (HEIGHT * 0.48)) ** 2
    mask = cv2.GaussianBlur((inside < 1).astype(np.float64), (0, 0), 8)[..., None]
    clip.light = clip.light * mask * 2.0 ** -(3, 3.5, 4)[k] + (1 - mask) * clip.light * 2.0 ** 1.5


def flicker(clip, k):
    if clip.rng.random() < 0.5:
        clip.gain = 1 + clip.rng.normal(0, (0.08, 0.12, 0.18)[k], clip.gain.size)
    else:
        clip.ripple[:] = (0.10, 0.16, 0.22)[k]


def cast(clip, k):
    red = (1.7, 2.1, 2.6)[k]
    gains = np.array([1 / red, 1, red ** 0.5]) if clip.rng.random() < 0.5 else np.array([red ** 0.5, 1, 1 / red])
    clip.light = clip.light * gains / gains.max()


def tremor(clip, k):
    clip.wave(clip.rng.uniform(7, 10.5), (1.5, 2.5, 4)[k])


def steps(clip, k):
    clip.wave(clip.rng.uniform(1.5, 2.4), (8, 12, 18)[k])


def drift(clip, k):
    clip.wave(clip.rng.uniform(0.28, 0.45), (18, 26, 36)[k])


def pan(clip, k):
    speed = (0.5, 0.75, 1.0)[k] * WIDTH
    reach = 2 * MARGIN - 10
    far = (clip.time * speed) % (2 * reach)
    clip.way[:, 0] = np.where(far < reach, far, 2 * reach - far) - reach / 2


def tilt(clip, k):
    clip.turn = (5, 7, 10)[k] * clip.rng.choice([-1, 1])


def short(clip, k):
    seconds = (1.5, 1.2, 0.9)[k]
    clip.time, clip.sound = clip.time[:int(FPS * seconds)], clip.sound[:int(RATE * seconds)]


WAYS = {"sound": [noise, clipping, echo, quiet, speech], "light": [dark, burnt, backlight, flicker, cast],
        "steady": [tremor, steps, drift, pan, tilt, short]}


def write(clip, path, work):
    rng, shot = clip.rng, np.clip(clip.light, 0, 1)
    grains = [cv2.GaussianBlur(rng.standard_normal((HEIGHT, WIDTH, 3), np.float32), (0, 0), 0.6) * (clip.grain * 2) for _ in range(4)]
    wav = os.path.join(work, "voice.wav")
    np.clip(clip.sound * 32767, -32768, 32767).astype("<i2").tofile(wav)
    pipe = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", "%dx%d" % (WIDTH, HEIGHT),
                             "-r", str(FPS), "-i", "-", "-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", wav, "-threads", "1",
                             "-vf", "scale=out_color_matrix=bt709,format=yuv420p", "-colorspace", "bt709", "-c:v", "libx264", "-preset",
                             "ultrafast", "-crf", "20", "-c:a", "aac", "-b:a", "128k", path], stdin=subprocess.PIPE)
    encoded = (255 * shot ** (1 / 2.2)).astype(np.float32)
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None, None] / HEIGHT
    for i in range(clip.time.size):
        about = cv2.getRotationMatrix2D((WIDTH / 2 + MARGIN, HEIGHT / 2 + MARGIN), clip.turn, 1.06 if clip.turn else 1)
        about[:, 2] += clip.way[i] - MARGIN
        seen = cv2.warpAffine(encoded, about, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        lit = clip.gain[i] * (1 + clip.ripple[i] * np.sin(2 * np.pi * (2.2 * rows + 0.37 * i)))
        seen *= lit.astype(np.float32) ** (1 / 2.2)
        seen += grains[rng.integers(4)]
        pipe.stdin.write(cv2.convertScaleAbs(np.maximum(seen, 0, seen)).tobytes())
    pipe.stdin.close()
    if pipe.wait():
        sys.exit("ffmpeg could not write a clip")


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
    right, counted = 0, 0
    for name, label in REAL.items():
        judgement = judged(os.path.join(MATERIAL, "video", "open", name))
        worst = judgement.get("worst", "none")
        right, counted = right + (worst == label), counted + (label is not None)
        print("real %-46s labelled %-6s named %-6s %s" % (os.path.basename(name), label, worst, told(judgement)), flush=True)
    return right, counted


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
