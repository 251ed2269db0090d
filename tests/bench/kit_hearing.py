# SPDX-License-Identifier: AGPL-3.0-or-later
"""How like the truth a sound is: intelligibility, distortion, loudness. All at 48 kHz, one channel."""
import re
import subprocess

import numpy as np
from scipy.signal import resample_poly

RATE = 48000


def decode(path, *filters):
    """Any file's sound, one channel."""
    words = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "a:0", *filters, "-ar", str(RATE), "-ac", "1",
             "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout, "<f4").astype(float)


def si_sdr(truth, heard):
    """Scale-invariant signal to distortion, dB (Le Roux et al. 2019)."""
    n = min(len(truth), len(heard))
    truth, heard = truth[:n] - truth[:n].mean(), heard[:n] - heard[:n].mean()
    part = (heard @ truth) / max(truth @ truth, 1e-30) * truth
    return 10 * np.log10(max(part @ part, 1e-30) / max((heard - part) @ (heard - part), 1e-30))


def thirds(rate=10000, size=512, count=15, lowest=150):
    """Which bins make up each third of an octave."""
    bins = np.arange(size // 2 + 1) * rate / size
    centres = lowest * 2.0 ** (np.arange(count) / 3)
    edges = [[np.argmin(abs(bins - c * 2.0 ** (side / 6))) for side in (-1, 1)] for c in centres]
    return np.array([[low <= k < high for k in range(len(bins))] for low, high in edges], float)


BANDS = thirds()


def frames_of(wave, window):
    starts = range(0, len(wave) - len(window) + 1, len(window) // 2)
    return np.array([wave[i:i + len(window)] * window for i in starts])


def without_pauses(truth, heard, window):
    """Both without the frames where the truth is 40 dB below its loudest, laid together again."""
    pairs = [frames_of(wave, window) for wave in (truth, heard)]
    levels = 20 * np.log10(np.linalg.norm(pairs[0], axis=1) + 1e-12)
    out = []
    for frames in pairs:
        kept, half = frames[levels > levels.max() - 40], len(window) // 2
        wave = np.zeros((len(kept) + 1) * half)
        for i, frame in enumerate(kept):
            wave[i * half:i * half + len(window)] += frame
        out.append(wave)
    return out


def normed(part):
    """Rows (bands) without mean and of length one, then columns (moments)."""
    for axis in (2, 1):
        part = part - part.mean(axis=axis, keepdims=True)
        part = part / (np.linalg.norm(part, axis=axis, keepdims=True) + 1e-12)
    return part


def estoi(truth, heard):
    """Extended short-time objective intelligibility (Jensen and Taal 2016)."""
    n, window = min(len(truth), len(heard)), np.hanning(258)[1:-1]
    waves = without_pauses(*(resample_poly(wave[:n], 5, 24) for wave in (truth, heard)), window)
    bands = [np.sqrt(BANDS @ (abs(np.fft.rfft(frames_of(wave, window), 512)) ** 2).T) for wave in waves]
    parts = [normed(np.lib.stride_tricks.sliding_window_view(b, 30, axis=1).transpose(1, 0, 2)) for b in bands]
    return float((parts[0] * parts[1]).sum(axis=(1, 2)).mean() / 30)


def aligned(truth, heard, most=RATE // 10):
    """`heard` moved to where it agrees best with the truth, and by how many samples it was late."""
    size = 1 << (len(truth) + len(heard)).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(truth, size)), size)
    late = int(np.argmax(np.abs(np.concatenate([likeness[-most:], likeness[:most]])))) - most
    return np.concatenate([np.zeros(max(0, -late)), heard[max(0, late):]]), late


def loudness(path):
    """LUFS and dBTP, by FFmpeg's ebur128."""
    words = ["ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(words, stderr=subprocess.PIPE, check=True).stderr.decode().rsplit("Summary:", 1)[1]
    return tuple(float(re.search(key + r":\s+(\S+) ", said).group(1)) for key in ("I", "Peak"))


def check():
    """The measures themselves, on what is known of them. Raises AssertionError."""
    rng = np.random.default_rng(1)
    t = np.arange(4 * RATE) / RATE
    voice = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 33)) * np.sin(2 * np.pi * 2 * t) ** 2
    voice += 0.001 * rng.standard_normal(len(t))
    voice -= voice.mean()
    noise = rng.standard_normal(len(t))
    noise -= (noise @ voice) / (voice @ voice) * voice
    noise -= noise.mean()
    noise *= np.sqrt((voice @ voice) / (noise @ noise))
    assert abs(estoi(voice, voice) - 1) < 1e-6 and abs(estoi(voice, 0.1 * voice) - 1) < 1e-6
    told = [(estoi(voice, voice + noise * 10 ** (-snr / 20)), si_sdr(voice, voice + noise * 10 ** (-snr / 20)))
            for snr in (-10, 0, 10, 20, 30)]
    assert all(a < b for (a, _), (b, _) in zip(told, told[1:])), told
    assert abs(estoi(voice, noise)) < 0.1
    assert all(abs(db - snr) < 0.1 for (_, db), snr in zip(told, (-10, 0, 10, 20, 30))), told
    assert abs(si_sdr(voice, -3 * (voice + 0.1 * noise)) - 20) < 0.1
    moved, late = aligned(voice + noise, np.concatenate([np.zeros(777), voice + noise]))
    assert late == 777 and np.array_equal(moved, voice + noise)
