#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""tests/bench/bench.py BUILD [NAME...]: the numbers we promise, each beside its peer, from one run.

ingest    300 JPEGs of 12 megapixels: CPU of `kinreel add` against three vipsthumbnail runs
thumbsup  30 of them: against the thumbsup gallery (where it is installed)
serve     start, idle memory, the timeline and a thumbnail at 100,000 items
Prints a line for each number: what, measured, promised, held or not."""
import http.client
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build"))
KINREEL = os.path.join(BUILD, "kinreel")
WORK = os.path.join(BUILD, "bench")
failed = []


def told(what, value, most, unit):
    held = value <= most
    if not held:
        failed.append(what)
    print("%-52s %10.3f %-4s promised <= %-7g %s" % (what, value, unit, most, "held" if held else "NOT HELD"))


def cpu_of(words, **more):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
    if done.returncode not in (0, 3):
        sys.exit("%s: %s" % (words[0], done.stderr.decode()[-300:]))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - began)


def photographs(count):
    """Distinct JPEGs of 4000x3000: ten painted, noisy ones, each with many comments of its own."""
    folder = os.path.join(WORK, "photographs-%d" % count)
    if os.path.isdir(folder) and len(os.listdir(folder)) == count:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    bases = []
    for i in range(min(10, count)):
        base = os.path.join(WORK, "base-%d.jpg" % i)
        if not os.path.exists(base):
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
                            "mandelbrot=size=4000x3000:start_scale=%f:start_x=-0.74:start_y=0.%d1,noise=alls=9:allf=t"
                            % (2.0 / (i + 1), i + 1), "-frames:v", "1", "-q:v", "2", base], check=True)
        with open(base, "rb") as f:
            bases.append(f.read())
    for i in range(count):
        comment = ("photograph %d" % i).encode()
        marker = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        base = bases[i % len(bases)]
        with open(os.path.join(folder, "IMG_2019%02d%02d_%06d.jpg" % (i % 12 + 1, i % 28 + 1, i)), "wb") as f:
            f.write(base[:2] + marker + base[2:])
    return folder


def bench_ingest(count=300):
    folder = photographs(count)
    files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    size = sum(os.path.getsize(name) for name in files) / 1048576.0
    print("ingest: %d JPEGs of 12 megapixels, %.0f MiB" % (count, size))
    peer = 0.0
    for px in (256, 1024, 2048):
        with tempfile.TemporaryDirectory(dir=WORK) as out:
            peer += cpu_of(["vipsthumbnail", *files, "-s", "%dx%d" % (px, px), "-o", out + "/%s.jpg[Q=80]"])[0]
    with tempfile.TemporaryDirectory(dir=WORK) as out:
        archive = os.path.join(out, "archive")
        subprocess.run([KINREEL, "init", "--anywhere", archive], check=True, stdout=subprocess.DEVNULL)
        cpu, wall = cpu_of([KINREEL, "-C", archive, "--json", "add", folder])
        found = subprocess.run([KINREEL, "-C", archive, "--json", "find", "--limit", "100000", "type:photo"],
                               stdout=subprocess.PIPE, text=True, check=True)
        if len(found.stdout.splitlines()) != count:
            sys.exit("ingest: %d items instead of %d" % (len(found.stdout.splitlines()), count))
    print("  vipsthumbnail x3 %.1f CPU s; kinreel add %.1f CPU s, %.1f s of wall time" % (peer, cpu, wall))
    told("ingest CPU / three vipsthumbnail", cpu / peer, 0.75, "")


def bench_thumbsup(count=30):
    program = shutil.which("thumbsup") or os.path.join(WORK, "node_modules", ".bin", "thumbsup")
    if not os.path.exists(program):
        print("thumbsup: not here (npm install --prefix %s thumbsup@2.18.0, apt's graphicsmagick and libimage-exiftool-perl)" % "build/bench")
        return
    folder = photographs(count)
    with tempfile.TemporaryDirectory(dir=WORK) as out:
        peer, peer_wall = cpu_of([program, "--input", folder, "--output", os.path.join(out, "site")], cwd=out)
        archive = os.path.join(out, "archive")
        subprocess.run([KINREEL, "init", "--anywhere", archive], check=True, stdout=subprocess.DEVNULL)
        cpu, wall = cpu_of([KINREEL, "-C", archive, "--json", "add", folder])
    print("thumbsup, %d files: %.1f CPU s, %.1f s; kinreel %.1f CPU s, %.1f s" % (count, peer, peer_wall, cpu, wall))
    told("ingest CPU / thumbsup", cpu / peer, 1.0, "")


class Serving:
    def __init__(self, archive):
        self.began = time.monotonic()
        self.child = subprocess.Popen([KINREEL, "-C", archive, "--json", "serve", "--listen", "127.0.0.1:0", "--no-worker"],
                                      stdout=subprocess.PIPE, text=True)
        address = json.loads(self.child.stdout.readline())["address"]
        self.port = int(address.rstrip("/").rsplit(":", 1)[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def get(self, path):
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Accept-Language": "zh-CN"})
        answer = self.connection.getresponse()
        first = time.perf_counter() - began
        body = answer.read()
        if answer.status != 200:
            sys.exit("%s: %d %s" % (path, answer.status, body[:200]))
        return body, time.perf_counter() - began, first

    def memory_mib(self):
        with open("/proc/%d/smaps_rollup" % self.child.pid) as f:
            return int([line for line in f if line.startswith("Pss:")][0].split()[1]) / 1024.0

    def close(self):
        self.child.terminate()
        self.child.wait()


def p99(times):
    return sorted(times)[int(len(times) * 0.99)] * 1000


def bench_serve(count=100000):
    archive = os.path.join(WORK, "items-%d" % count)
    if not os.path.exists(os.path.join(archive, "kinreel.db")):
        print("serve: filling an archive with %d items" % count)
        subprocess.run([os.path.join(BUILD, "tests", "bench", "fill"), archive, str(count)], check=True)
    starts = []
    for _ in range(5):
        serving = Serving(archive)
        serving.get("/api/v1/about")
        starts.append((time.monotonic() - serving.began) * 1000)
        serving.close()
    told("start to first answer (median of 5)", sorted(starts)[2], 100, "ms")
    serving = Serving(archive)
    time.sleep(1)
    told("idle memory (PSS)", serving.memory_mib(), 40, "MiB")
    told("timeline of %d items, p99" % count, p99([serving.get("/api/v1/timeline")[1] for _ in range(200)]), 20, "ms")
    sections = json.loads(serving.get("/api/v1/timeline")[0])["sections"]
    pages = [serving.get("/api/v1/items?section=%s&limit=200" % sections[i * 7 % len(sections)]["key"])[1] for i in range(300)]
    told("a page of 200 items, p99", p99(pages), 20, "ms")
    cursor, times = "", []
    for _ in range(200):
        body, took, _ = serving.get("/api/v1/items?limit=200&cursor=" + cursor)
        cursor = json.loads(body)["next"]
        times.append(took)
    told("page after page, p99", p99(times), 20, "ms")
    searches = [serving.get("/api/v1/search?limit=100&q=" + q)[1] for q in ("%E5%A5%B6%E5%A5%B6", "bridge", "year:1980s") for _ in range(10)]
    print("  search, median %.1f ms" % (sorted(searches)[len(searches) // 2] * 1000))
    serving.close()
    with tempfile.TemporaryDirectory(dir=WORK) as out:
        small = os.path.join(out, "archive")
        subprocess.run([KINREEL, "init", "--anywhere", small], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([KINREEL, "-C", small, "add", photographs(30)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        serving = Serving(small)
        items = json.loads(serving.get("/api/v1/items?limit=30")[0])["items"]
        firsts = [serving.get(items[i % len(items)]["thumb"] + "256")[2] for i in range(300)]
        told("first byte of a thumbnail, p99", p99(firsts), 5, "ms")
        serving.close()


def main():
    os.makedirs(WORK, exist_ok=True)
    names = sys.argv[2:] or ["ingest", "thumbsup", "serve"]
    print("kinreel %s, %d cores; libvips %s" % (
        subprocess.run([KINREEL, "--version"], stdout=subprocess.PIPE, text=True).stdout.split()[-1], os.cpu_count(),
        subprocess.run(["vipsthumbnail", "--vips-version"], stdout=subprocess.PIPE, text=True).stdout.strip()))
    for name in names:
        {"ingest": bench_ingest, "thumbsup": bench_thumbsup, "serve": bench_serve}[name]()
    sys.exit("not held: " + ", ".join(failed) if failed else 0)


main()
