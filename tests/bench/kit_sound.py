#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tests/bench/kit_sound.py BUILD: what the kit does to sound, each number beside its peers, from one run.

Voices of six languages from the material, under noises at 5 and 15 dB: tracks of the material's clips (a street, a
camera in a hand), the hiss of a record, pink noise, babble of the other voices, 50 Hz hum with harmonics; in a room
(image method, Allen and Berkley 1979); clipped. Measured: ESTOI and SI-SDR against the clean voice, loudness and true
peak. Peers: FFmpeg's afftdn (as it is, and told the floor), arnndn (with the weights of RNNoise 0.1), speexdsp (a small C
harness, where its headers are). Peers that come late are aligned first; ours may not be late. Numbers at random come
from seeds that were used for no tuning. Prints each promise, held or not. Without the material it says so and ends."""
import glob
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

from kit_arnndn import weights_text
from kit_common import BUILD, SHARED, failed, run, seconds_of, spectrograms, told

SOUND = os.path.join(SHARED, "material", "sound", "open")
TRACKS = {"street": "video/open/hand-held/street.mp4", "camera": "video/open/hand-held/max-heromode.mp4",
          "hiss": "sound/open/music-and-noise/vinyl_hiss.flac"}
KINDS = (*TRACKS, "pink", "babble", "hum")
NO_SPEECH = ("10.wav", "tt-monkeys.wav")  # among the prompts: ten seconds of silence, and monkeys
SEEDS = (20271, 30817, 41543)
SECONDS, A_SEED = 9, 2  # of each voice; voices under each noise for each seed
SPEEX = r"""
#include <speex/speex_preprocess.h>
#include <stdio.h>
int main(void)
{
    enum { RATE = 16000, FRAME = RATE / 50 };
    int on = 1, down = -25;
    spx_int16_t frame[FRAME];
    SpeexPreprocessState *state = speex_preprocess_state_init(FRAME, RATE);
    speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_DENOISE, &on);
    speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &down);
    while (fread(frame, sizeof *frame, FRAME, stdin) == FRAME) {
        speex_preprocess_run(state, frame);
        fwrite(frame, sizeof *frame, FRAME, stdout);
    }
    return 0;
}
"""

if importlib.util.find_spec("scipy"):
    import numpy as np
    from scipy.io import wavfile
    from scipy.signal import fftconvolve, resample_poly

    import kit_hearing as hearing
    from kit_hearing import RATE


def level(wave):
    """Of its 20 ms blocks within 35 dB of the loudest: a voice's, without its pauses."""
    blocks = (wave[:len(wave) // 960 * 960].reshape(-1, 960) ** 2).mean(axis=1)
    return float(np.sqrt(blocks[blocks > blocks.max() * 10 ** -3.5].mean()))


def voices():
    """Each language's prompts in a row, with short pauses between them."""
    out = {}
    for folder in sorted(glob.glob(os.path.join(SOUND, "speech-*"))):
        paths = sorted(glob.glob(folder + "/*.wav") + glob.glob(folder + "/*.mp3"))
        if folder.endswith("speech-noisy") or not paths:
            continue
        parts = [hearing.decode(path) for path in paths if os.path.basename(path) not in NO_SPEECH]
        rows = [np.concatenate([part / level(part), np.zeros(RATE // 5)]) for part in parts]
        out[os.path.basename(folder)[7:]] = np.concatenate(rows)
    return out


def piece(wave, rng, seconds=SECONDS):
    """A stretch of it, from a place at random; what is too short goes round."""
    n = seconds * RATE
    return np.roll(np.tile(wave, n // len(wave) + 1), -int(rng.integers(len(wave))))[:n]


def pink(n, rng):
    spectrum = np.fft.rfft(rng.standard_normal(n))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    return np.fft.irfft(spectrum, n)


def hum(n, rng):
    """A mains transformer: its rate is nearly 50 Hz, and the hiss beside it 40 dB below."""
    t, f0 = np.arange(n) / RATE, 50 + rng.uniform(-0.1, 0.1)
    tones = sum(rng.uniform(0.5, 1) / k ** 0.7 * np.sin(2 * np.pi * (f0 * k * t + rng.uniform())) for k in range(1, 16))
    hiss = pink(n, rng)
    return tones + hiss / hiss.std() * tones.std() * 0.01


def noise_of(kind, spoken, rng, voice):
    """A piece of it; babble is of all voices but the one that is to be heard."""
    if kind in TRACKS:
        return piece(hearing.decode(os.path.join(SHARED, "material", TRACKS[kind])), rng)
    if kind == "babble":
        return sum(piece(wave, rng) for name, wave in sorted(spoken.items()) if name != voice)
    return (pink if kind == "pink" else hum)(SECONDS * RATE, rng)


def room(rng):
    """How a room of 5 to 8 m answers a clap: images of the source behind six walls."""
    size = np.array([rng.uniform(5, 8), rng.uniform(4, 6), rng.uniform(2.4, 3)])
    source, ear = (size * rng.uniform(0.2, 0.8, 3) for _ in range(2))
    bounce, answer = rng.uniform(0.89, 0.93), np.zeros(RATE * 6 // 10)
    grid = np.stack(np.meshgrid(*[np.arange(-14, 15)] * 3, indexing="ij"), -1).reshape(-1, 3)
    for mirror in np.ndindex(2, 2, 2):
        image = (1 - 2 * np.array(mirror)) * source + 2 * grid * size
        walls = (abs(grid - np.array(mirror)) + abs(grid)).sum(axis=1)
        away = np.linalg.norm(image - ear, axis=1)
        late = (away / 343 * RATE).astype(int)
        within = late < len(answer)
        np.add.at(answer, late[within], bounce ** walls[within] / away[within])
    answer = answer[np.flatnonzero(answer)[0]:]
    return answer / answer[0]


def laughter(rng):
    """Bursts like laughter (the material has none): a breath and a falling vowel, four to five a second."""
    wave, at = 1e-4 * pink(SECONDS * RATE, rng) / 0.003, 0
    while at + RATE < len(wave):
        for k in range(int(rng.integers(4, 9))):
            n = int(RATE * rng.uniform(0.09, 0.13))
            t = np.arange(n) / n
            phase = 2 * np.pi * np.cumsum(rng.uniform(260, 330) * (1 - 0.25 * t)) / RATE
            vowel = sum(np.sin(h * phase) / h * (1 + 2 * np.exp(-((h * 280 - 800) / 400) ** 2)) for h in range(1, 20))
            burst = np.sin(np.pi * t) ** 0.7 * vowel + 0.6 * np.exp(-6 * t) * rng.standard_normal(n)
            wave[at:at + n] += 0.9 ** k * burst[:len(wave) - at]
            at += int(RATE * rng.uniform(0.2, 0.25))
            if at + RATE // 4 > len(wave):
                break
        at += int(RATE * rng.uniform(0.3, 0.9))
    return wave


def written(path, wave):
    wavfile.write(path, RATE, wave.astype("<f4"))
    return path


def speex_built(work):
    source, program = os.path.join(work, "speex.c"), os.path.join(work, "speex")
    with open(source, "w", encoding="ascii") as f:
        f.write(SPEEX)
    done = subprocess.run(["cc", "-O2", "-o", program, source, "-lspeexdsp"], stderr=subprocess.DEVNULL)
    return program if done.returncode == 0 else None


def speex_heard(program, wave):
    narrow = resample_poly(np.concatenate([wave, np.zeros(RATE // 10)]), 1, 3)
    sent = (np.clip(narrow, -1, 1) * 32767).astype("<i2").tobytes()
    return resample_poly(np.frombuffer(run(program, given=sent), "<i2") / 32768.0, 3, 1)


class Ways:
    """All ways of treating a sound; ours by file, as a family does it."""

    def __init__(self, work):
        self.work, self.weights, self.speex = work, weights_text(os.path.join(work, "weights.rnnn")), speex_built(work)
        for name, there in (("arnndn (its package is not in ui/)", self.weights), ("speexdsp (no headers)", self.speex)):
            if not there:
                print("absent: " + name)

    def ours(self, wave):
        before, after = os.path.join(self.work, "in.wav"), os.path.join(self.work, "out.wav")
        run(os.path.join(BUILD, "kinreel"), "kit", written(before, wave), "--sound", "--force", "-o", after)
        return hearing.decode(after), hearing.loudness(after)

    def peers(self, wave, noise_level):
        """What each makes of it, as late as it comes. afftdn is told the floor that was mixed in."""
        path = written(os.path.join(self.work, "peer.wav"), wave)
        told_floor = min(max(20 * np.log10(noise_level + 1e-9), -80), -20)
        out = {"afftdn": hearing.decode(path, "-af", "afftdn"),
               "afftdn told": hearing.decode(path, "-af", "afftdn=nr=20:nf=%.1f" % told_floor)}
        if self.weights:
            out["arnndn"] = hearing.decode(path, "-af", "arnndn=m=" + self.weights)
        if self.speex:
            out["speexdsp"] = speex_heard(self.speex, wave)
        return out


def scored(ways, truth, wave, noise_level):
    """ESTOI and SI-SDR of each way, as it was among them; loudness and true peak of ours."""
    heard, loud = ways.ours(wave)
    out = {"as it was": wave, "kinreel": heard}
    out.update((name, hearing.aligned(truth, peer)[0]) for name, peer in ways.peers(wave, noise_level).items())
    return {name: (hearing.estoi(truth, one), hearing.si_sdr(truth, one)) for name, one in out.items()}, loud


def mixed(voice, noise, snr):
    """Both at a level of a phone's recording; the noise's own level too."""
    voice = voice / level(voice) * 0.05
    noise = noise / noise.std() * 0.05 * 10 ** (-snr / 20)
    fits = min(1, 0.9 / abs(voice + noise).max())
    return voice * fits, (voice + noise) * fits, noise.std() * fits


def bench_noises(ways, spoken, louds):
    rows = {}
    for turn in range(len(SEEDS) * A_SEED):
        rng = np.random.default_rng(SEEDS[turn // A_SEED] + turn % A_SEED)
        for k, kind in enumerate(KINDS):
            name = sorted(spoken)[(turn + k) % len(spoken)]
            voice, noise = piece(spoken[name], rng), noise_of(kind, spoken, rng, name)
            for snr in (5, 15):
                truth, wave, noise_level = mixed(voice, noise, snr)
                row, loud = scored(ways, truth, wave, noise_level)
                if turn == 0:
                    spectrograms("sound-%s-%d" % (kind, snr), os.path.join(ways.work, "in.wav"), os.path.join(ways.work, "out.wav"))
                louds.append(("%s in %s at %d dB" % (name, kind, snr), *loud))
                for way, pair in row.items():
                    rows.setdefault((snr, kind, way), []).append(pair)
    return {key: np.mean(pairs, axis=0) for key, pairs in rows.items()}


def table(means, snr):
    sums = {}
    for way in dict.fromkeys(way for _, _, way in means):
        row = [means[snr, kind, way] for kind in KINDS]
        sums[way] = {"all": np.mean(row, axis=0), "no hum": np.mean(row[:-1], axis=0), "hum": row[-1]}
        cells = ["%s %.3f %5.1f" % (kind, *pair) for kind, pair in zip(KINDS, row)]
        print("%2d dB %-12s %s  mean %.3f %5.1f  without hum %.3f %5.1f" %
              (snr, way, "  ".join(cells), *sums[way]["all"], *sums[way]["no hum"]))
    return sums


def promise_noises(sums):
    for snr, least in ((5, (0.10, 5)), (15, (0.04, None))):
        of = sums[snr]
        for part, words in (("all", ""), ("no hum", " without hum")):
            gains = of["kinreel"][part] - of["as it was"][part]
            told("ESTOI gained at %d dB%s" % (snr, words), gains[0], gains[0] >= least[0], ">= %.2f" % least[0])
            if least[1]:
                told("SI-SDR gained at %d dB%s, dB" % (snr, words), gains[1], gains[1] >= least[1], ">= %g" % least[1])
        for k, name in enumerate(("ESTOI", "SI-SDR")):
            for part in ("no hum", "hum"):
                best = max((way for way in of if way not in ("kinreel", "as it was")), key=lambda w: of[w][part][k])
                over = of["kinreel"][part][k] - of[best][part][k]
                told("%s at %d dB, %s, over %s" % (name, snr, part, best), over, over > 0, "> 0")
    hum_db = sums[5]["kinreel"]["hum"][1]
    told("SI-SDR of hum at 5 dB, dB", hum_db, hum_db >= 24, ">= 24")


def bench_left_alone(ways, spoken, louds):
    """What is good stays: clear voices, music, laughter. The worst of each counts."""
    for what, least, waves in (
            ("clean voice", 28, {name: piece(wave, np.random.default_rng(SEEDS[0])) for name, wave in spoken.items()}),
            ("music", 30, {os.path.basename(path): piece(hearing.decode(path), np.random.default_rng(1))
                           for path in glob.glob(SOUND + "/music-and-noise/*.flac") if "hiss" not in path and
                           "door" not in path}),
            ("laughter (made)", 25, {str(seed): laughter(np.random.default_rng(seed)) for seed in SEEDS}),
            ("monkeys (shouts, real)", 25, {"it": hearing.decode(SOUND + "/speech-it-prompts/tt-monkeys.wav")})):
        kept = {}
        for name, wave in sorted(waves.items()):
            wave = wave / level(wave) * 0.05
            heard, loud = ways.ours(wave)
            kept[name] = hearing.si_sdr(wave, heard)
            if what == "clean voice":
                louds.append((name + " clean", *loud))
        print("%s: %s" % (what, "  ".join("%s %.1f dB" % pair for pair in kept.items())))
        told("SI-SDR of %s kept, worst, dB" % what, min(kept.values()), min(kept.values()) >= least, ">= %d" % least)


def bench_rooms_and_clips(ways, spoken):
    """Told without a promise: against the first 50 ms of a room's answer, and the wave before it was clipped."""
    rows = {}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        voice = piece(spoken[sorted(spoken)[int(rng.integers(len(spoken)))]], rng)
        answer = room(rng)
        loud = 0.05 / level(voice)
        early, late = (fftconvolve(voice, part)[:len(voice)] * loud / 2 for part in (answer[:RATE // 20], answer))
        high = np.quantile(abs(voice), 0.995) * 0.5
        clipped = np.clip(voice / high, -1, 1) * 0.9
        for kind, truth, wave in (("in a room", early, late), ("clipped", voice / high * 0.9, clipped)):
            for way, pair in scored(ways, truth, wave, 1e-4)[0].items():
                rows.setdefault((kind, way), []).append(pair)
    for (kind, way), pairs in sorted(rows.items()):
        print("%-10s %-12s ESTOI %.3f  SI-SDR %5.1f dB" % (kind, way, *np.mean(pairs, axis=0)))


def bench_speed(ways, spoken):
    rng = np.random.default_rng(SEEDS[0])
    parts = [mixed(piece(spoken[name], rng, 50), pink(50 * RATE, rng), 10)[1] for name in sorted(spoken)[:6]]
    wave = np.concatenate(parts)
    path = written(os.path.join(ways.work, "long.wav"), wave)
    out = os.path.join(ways.work, "long-out.wav")
    took = seconds_of(os.path.join(BUILD, "kinreel"), "kit", path, "--sound", "--force", "-o", out)
    told("speed on five minutes, x real time", len(wave) / RATE / took, len(wave) / RATE / took >= 60, ">= 60")
    if ways.weights:
        peer = seconds_of("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-af", "arnndn=m=" + ways.weights,
                          "-f", "null", "-")
        print("arnndn alone, of FFmpeg: %.0f x real time" % (len(wave) / RATE / peer))


def bench_sound(work):
    hearing.check()
    print("seeds %s" % (SEEDS,))
    ways, spoken, louds = Ways(work), voices(), []
    means = bench_noises(ways, spoken, louds)
    sums = {snr: table(means, snr) for snr in (5, 15)}
    promise_noises(sums)
    bench_left_alone(ways, spoken, louds)
    off, peak = max(louds, key=lambda row: abs(row[1] + 16)), max(louds, key=lambda row: row[2])
    told("loudness off -16 LUFS, worst (%s)" % off[0], abs(off[1] + 16), abs(off[1] + 16) <= 0.3, "<= 0.3")
    told("true peak, worst (%s), dBTP" % peak[0], peak[2], peak[2] <= -1, "<= -1")
    bench_rooms_and_clips(ways, spoken)
    bench_speed(ways, spoken)
    print(json.dumps({snr: {way: {part: list(pair) for part, pair in parts.items()} for way, parts in of.items()}
                      for snr, of in sums.items()}))


def main():
    if not os.path.isdir(SOUND):
        print("skipped: the material is not here")
    elif importlib.util.find_spec("scipy") is None:
        print("skipped: apt's python3-scipy is not here")
    else:
        with tempfile.TemporaryDirectory(prefix="kinreel-sound-", dir=BUILD) as folder:
            bench_sound(folder)
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
