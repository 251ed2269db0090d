# SPDX-License-Identifier: AGPL-3.0-or-later
"""Good clips (a photograph held still, with a camera's grain, and a clear voice), and known ways to spoil them, each at
three strengths k = 0, 1, 2. "scoring" uses other photographs and voices than "tuning", also where a photograph was merely
mirrored, cut or renamed. "fresh" is "scoring" over again, but for the photograph that leans."""
import os
import subprocess
import sys

import cv2
import numpy as np

cv2.setNumThreads(1)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MATERIAL = os.environ.get("KINREEL_MATERIAL", os.path.join(os.path.dirname(ROOT), "shared", "material"))
WIDTH, HEIGHT, FPS, SECONDS, MARGIN, RATE = 640, 360, 25, 5, 110, 48000

# Good ones, of daylight and of houses; "lines": such as have straight lines to lean.
PICTURES = {
    "tuning": ["originals/open/DSCN0012.jpg", "originals/open/IMG-20191006-WA0002.jpg", "originals/open/prairie_falcon.jpg",
               "video/open/wpt/face-top-left.jpg", "originals/open/DSCN0029.jpg"],
    "tuning lines": ["originals/open/DSCN0029.jpg"],
    "scoring": ["originals/open/tanners_ridge.jpg", "originals/open/wood_anemones.jpg", "originals/open/IMG_1054.JPG",
                "originals/open/DSCN0025.jpg", "originals/open/DSCN0040.jpg"],
    "scoring lines": ["originals/open/IMG_1054.JPG", "originals/open/DSCN0025.jpg", "originals/open/DSCN0040.jpg"],
    "fresh lines": ["old-photos/open/demo_001.jpg"]}
PICTURES["fresh"] = PICTURES["scoring"]
VOICES = {"tuning": ["speech-en-librivox", "speech-fr-prompts"],
          "scoring": ["speech-en-prompts", "speech-es-prompts", "speech-it-prompts", "speech-ru-prompts"]}
VOICES["fresh"] = VOICES["scoring"]


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
