# SPDX-License-Identifier: AGPL-3.0-or-later
"""Clips whose shake is known: a photograph filmed by a hand that sways, steps and trembles (turning and
breathing a little too), line after line as a phone's sensor reads them, while somebody walks through the picture."""
import os
import subprocess

import cv2
import numpy as np

WIDTH, HEIGHT, FPS, FRAMES = 640, 360, 30, 240
READOUT = 0.6  # of a frame's time, from the first line to the last
FINE = 16  # points of the way a frame
PHOTOS = ("exif-samples/Reconyx_HC500_Hyperfire.jpg", "immich/metadata/gps-position/empty_gps.jpg",
          "immich/albums/text/japanese-shop.jpg", "forensics-photos/IMG_20200827_231612.jpg",
          "exif-samples/hdr/canon_hdr_YES.jpg")


def band(rng, low, high, rms):
    """Noise between two frequencies, FINE values a frame."""
    n = (FRAMES + 1) * FINE
    wave = np.fft.rfft(rng.normal(size=n))
    hertz = np.fft.rfftfreq(n, 1 / (FPS * FINE))
    wave[(hertz < low) | (hertz > high)] = 0
    wave = np.fft.irfft(wave, n)
    return wave * rms / max(wave.std(), 1e-9)


def hand(rng, size):
    """x, y (px), turn (rad), log of the scale, FINE rows a frame."""
    path = np.zeros(((FRAMES + 1) * FINE, 4))
    for axis, of in ((0, 1.0), (1, 0.8)):
        path[:, axis] = band(rng, 0.1, 0.4, 1.5 * of) + band(rng, 1, 3, size * of) + band(rng, 6, 11, 0.15 * size * of)
    path[:, 2] = band(rng, 0.8, 4, 0.0012 * size)
    path[:, 3] = band(rng, 0.5, 2, 0.0008 * size)
    return path


def frame_of(photo, path, at):
    """What the sensor reads from `at` on, each line a little later."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    when = (at + np.arange(HEIGHT) / HEIGHT * READOUT) * FINE
    dx, dy, turn, grow = (np.interp(when, np.arange(len(path)), path[:, k])[:, None] for k in range(4))
    c, s = np.cos(turn) * np.exp(grow), np.sin(turn) * np.exp(grow)
    u, v = x - WIDTH / 2, y - HEIGHT / 2
    map_x = (c * u - s * v + dx + photo.shape[1] / 2).astype(np.float32)
    map_y = (s * u + c * v + dy + photo.shape[0] / 2).astype(np.float32)
    return cv2.remap(photo, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def walk_through(photo, somebody, part):
    """The photograph with an upright oval of another one at this part of the way across."""
    h, w = somebody.shape[:2]
    x, y = int(part * (photo.shape[1] + w)) - w, photo.shape[0] // 2 - h // 3 + int(4 * np.sin(part * 60))
    out, x0, x1 = photo.copy(), max(x, 0), min(x + w, photo.shape[1])
    if x0 < x1:
        oval = cv2.ellipse(np.zeros((h, w), np.uint8), (w // 2, h // 2), (w // 2, h // 2), 0, 0, 360, 255, -1)
        mask = oval[:, x0 - x:x1 - x] > 0
        out[y:y + h, x0:x1][mask] = somebody[:, x0 - x:x1 - x][mask]
    return out


def loaded(path, width):
    picture = cv2.imread(path)
    return cv2.resize(picture, (width, picture.shape[0] * width // picture.shape[1]), interpolation=cv2.INTER_AREA)


def noisy(rng, frames):
    """As a small sensor gives them."""
    for frame in frames:
        grain = frame.astype(np.int16) + rng.normal(0, 2, frame.shape)
        yield np.clip(grain, 0, 255).astype(np.uint8)


def written(out, frames):
    """Frames of WIDTH x HEIGHT as a film."""
    pipe = subprocess.Popen(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s",
                             "%dx%d" % (WIDTH, HEIGHT), "-r", str(FPS), "-i", "-", "-c:v", "libx264", "-preset",
                             "veryfast", "-crf", "16", "-pix_fmt", "yuv420p", out], stdin=subprocess.PIPE)
    for frame in frames:
        pipe.stdin.write(frame.tobytes())
    pipe.stdin.close()
    if pipe.wait():
        raise SystemExit("ffmpeg could not write " + out)


def photographs(originals, work, seed):
    """One clip for each photograph: its path."""
    rng = np.random.default_rng(seed)
    paths = [os.path.join(originals, name) for name in PHOTOS]
    for n, path in enumerate(paths):
        photo, somebody = loaded(path, 1100), loaded(paths[n - 1], 130)[:240]
        out, way = os.path.join(work, "photo%d-%d.mp4" % (seed, n)), hand(rng, rng.uniform(3, 10))
        seen = (frame_of(walk_through(photo, somebody, at / FRAMES), way, at) for at in range(FRAMES))
        written(out, noisy(rng, seen))
        yield out


def slow_ride(rng):
    """The way a wheelchair goes along a wall: x, y (px), turn (rad), log of the scale, FINE rows a frame."""
    t = np.linspace(0, 1, (FRAMES + 1) * FINE)
    path = np.zeros((len(t), 4))
    path[:, 0] = rng.choice((-1, 1)) * (110 * (2 * t - 1) + 25 * np.sin(2 * np.pi * t))
    path[:, 1] = rng.choice((-1, 1)) * 22 * np.tanh(8 * (t - rng.uniform(0.4, 0.6)))  # up a ramp, or down
    path[:, 3] = 0.22 * (1 - t)  # towards it
    return path


def bumps(rng):
    """Edges of paving, which shake the seat for half a second each, and the floor's and the motor's steady trembling."""
    n = (FRAMES + 1) * FINE
    shake, t = np.zeros((n, 4)), np.arange(n) / (FPS * FINE)
    shake[:, 0], shake[:, 1] = band(rng, 6, 12, 0.6), band(rng, 6, 12, 1.3)
    shake[:, 2] = band(rng, 4, 10, 0.002)
    at = rng.uniform(0.3, 0.8)
    while at < t[-1]:
        since = np.maximum(t - at, 0)
        hit = np.exp(-since * rng.uniform(5, 9)) * np.sin(2 * np.pi * rng.uniform(2.5, 5) * since)
        shake[:, 1] += rng.uniform(5, 14) * hit
        shake[:, 2] += rng.uniform(-0.012, 0.012) * hit
        at += rng.uniform(0.5, 1.3)
    return shake


def rides(originals, work, seed):
    """Three rides along photographs: each its film, its photograph, and the slow way at the middle line of each frame."""
    rng = np.random.default_rng(seed)
    for n, name in enumerate(PHOTOS[:3]):
        photo, slow = loaded(os.path.join(originals, name), 1100), slow_ride(rng)
        out, way = os.path.join(work, "ride%d-%d.mp4" % (seed, n)), slow + bumps(rng)
        written(out, noisy(rng, (frame_of(photo, way, at) for at in range(FRAMES))))
        yield out, photo, slow[((np.arange(FRAMES) + READOUT / 2) * FINE).astype(int)]


def looks_at(photo, frame, near, crop):
    """Where on the photograph (px from its middle) the middle of a frame lies that shows about `near`, cut to `crop`."""
    c, s = np.cos(near[2]) * np.exp(near[3]) * crop, np.sin(near[2]) * np.exp(near[3]) * crop
    to_photo = np.array([[c, -s, near[0] + photo.shape[1] / 2 - c * WIDTH / 2 + s * HEIGHT / 2],
                         [s, c, near[1] + photo.shape[0] / 2 - s * WIDTH / 2 - c * HEIGHT / 2]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    there = cv2.cvtColor(cv2.warpAffine(photo, to_photo, (WIDTH, HEIGHT), flags=flags), cv2.COLOR_BGR2GRAY)
    p = cv2.goodFeaturesToTrack(there, 300, 0.01, 12)
    q, found, _ = cv2.calcOpticalFlowPyrLK(there, cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), p, None, winSize=(21, 21), maxLevel=4)
    kept = found.ravel() == 1
    move, _ = cv2.estimateAffinePartial2D(q[kept], p[kept], method=cv2.RANSAC, ransacReprojThreshold=1.5)
    x, y = move @ (WIDTH / 2, HEIGHT / 2, 1)
    return to_photo @ (x, y, 1) - np.array([photo.shape[1] / 2, photo.shape[0] / 2])


def way_of(path, photo, slow, crop):
    """The way that the middle of each frame of a film takes over the photograph."""
    film, way = cv2.VideoCapture(path), []
    for near in slow:
        more, frame = film.read()
        if not more:
            break
        way.append(looks_at(photo, frame, near, crop))
    return np.array(way)
