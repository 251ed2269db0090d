#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The repository checks itself. One function a rule; each yields what breaks it.

Prints `ok: rule` or `not ok: rule` with the places, and ends with 1 if any broke."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILES = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"],
                       stdout=subprocess.PIPE, text=True, check=True).stdout.split("\n")
FILES = [f for f in FILES if f and os.path.isfile(os.path.join(ROOT, f))]
CODE = (".c", ".h", ".ts", ".tsx", ".css", ".mjs", ".py", ".sql", ".sh", ".def")
_texts = {}


def text_of(path):
    if path not in _texts:
        with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as f:
            _texts[path] = f.read()
    return _texts[path]


def sources(*endings):
    return [f for f in FILES if f.endswith(endings)]


def layers():
    """A folder of src/ may include only what its row in src/layers.txt names."""
    rows = {}
    doors = {}
    for line in text_of("src/layers.txt").split("\n"):
        if ":" in line and not line.startswith("#"):
            folder, rest = line.split(":", 1)
            allowed, _, foreign = rest.partition("|")
            rows[folder.strip()] = set(allowed.split())
            for header in foreign.split():
                doors.setdefault(header, set()).add(folder.strip())
    for path in sources(".c", ".h"):
        parts = path.split("/")
        if parts[0] != "src" or len(parts) < 3:
            continue
        folder = parts[1]
        if folder not in rows:
            yield "%s: the folder has no row in src/layers.txt" % path
            continue
        for n, line in enumerate(text_of(path).split("\n"), 1):
            own = re.match(r'\s*#include "([a-z]+)/', line)
            if own and own.group(1) != folder and own.group(1) not in rows[folder]:
                yield "%s:%d: %s may not know %s" % (path, n, folder, own.group(1))
            if own and own.group(1) != folder and "_priv.h" in line:
                yield "%s:%d: a private header of another folder" % (path, n)
            foreign = re.match(r"\s*#include <([^>]+)>", line)
            for door, folders in doors.items():
                if foreign and foreign.group(1).startswith(door) and folder not in folders:
                    yield "%s:%d: <%s> only in %s" % (path, n, foreign.group(1), "/".join(sorted(folders)))


def licence_lines():
    """Each source file begins with its SPDX line."""
    for path in sources(*CODE):
        if "SPDX-License-Identifier: AGPL-3.0-or-later" not in "\n".join(text_of(path).split("\n")[:3]):
            yield path


def sizes():
    """Files at most 600 lines, headers 150, lines of C 100 columns, functions 60."""
    for path in sources(".c", ".h", ".ts", ".tsx", ".css", ".py", ".mjs"):
        lines = text_of(path).split("\n")
        most = 150 if path.endswith(".h") and path.startswith("src/") else 600
        if len(lines) - 1 > most:
            yield "%s: %d lines, at most %d" % (path, len(lines) - 1, most)
        if not path.endswith((".c", ".h")):
            continue
        start = None
        for n, line in enumerate(lines, 1):
            if len(line) > 100:
                yield "%s:%d: %d columns" % (path, n, len(line))
            if line == "{":
                start = n
            if line == "}" and start:
                if n - start - 1 > 60:
                    yield "%s:%d: a function of %d lines" % (path, start, n - start - 1)
                start = None


def calm_code():
    """No goto, nothing left to be done, no blanks at line ends, no tabs in C."""
    for path in sources(*CODE):
        for n, line in enumerate(text_of(path).split("\n"), 1):
            if path.endswith((".c", ".h")) and re.search(r"^\s*goto\s", line):
                yield "%s:%d: goto" % (path, n)
            if re.search(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b", line):
                yield "%s:%d: something left to be done" % (path, n)
            if line != line.rstrip():
                yield "%s:%d: blanks at the end" % (path, n)
            if path.endswith((".c", ".h")) and "\t" in line:
                yield "%s:%d: a tab" % (path, n)


def no_places():
    """No path or host of the machine it was written on."""
    for path in FILES:
        if path == "LICENSE" or path.endswith((".png", ".jpg", ".woff2")):
            continue
        for n, line in enumerate(text_of(path).split("\n"), 1):
            if re.search(r"(^|[^A-Za-z0-9_.\-])/(work|farm|root)/|/tmp/bash|registry\.npm|deb\.debian", line) \
                    and "no_places" not in line and not path.endswith("rules.py"):
                yield "%s:%d" % (path, n)


def words():
    """Both catalogues have the same keys; every key that C and TypeScript use is there."""
    zh, en = (json.loads(text_of("words/%s.json" % lang)) for lang in ("zh-CN", "en"))
    for key in sorted(zh.keys() ^ en.keys()):
        yield "'%s' stands in one catalogue only" % key
    for key in sorted(zh.keys() & en.keys()):
        if not zh[key].strip() or not en[key].strip():
            yield "'%s' is empty" % key
    used = set()
    for path in sources(".c", ".def"):
        if path.startswith("src/"):
            used |= set(re.findall(r'(?:kr_word|kr_words|kr_cli_tell|kr_cli_answer)\([^";]*?"([a-z_]+\.[a-z_.\-0-9]+)"',
                                   text_of(path)))
            used |= set(re.findall(r'"(cmd\.[a-z\-]+)"', text_of(path)))
    for key in sorted(used - zh.keys()):
        if not key.endswith("."):
            yield "'%s' is used and stands in no catalogue" % key


def words_used():
    """No sentence stands in the catalogues that nobody says."""
    quoted = set()
    begun = {"kin.", "step.param."}  # made of a path through the family; of the rows of a step, in a loop
    for path in sources(".c", ".h", ".def", ".ts", ".tsx"):
        if path.startswith(("src/", "ui/src/")):
            quoted |= set(re.findall(r"""["'`]([a-z][a-z0-9_\-]*(?:\.[a-z0-9_\-]+)+)["'`]""", text_of(path)))
            # "check.%s", `ui.kind.${kind}`, 'ui.who.' + who: a key of which the end comes at run time
            begun |= set(re.findall(r"""["'`]([a-z][a-z0-9_\-]*\.(?:[a-z0-9_\-]+\.)*)(?:%|\$\{|["'`])""", text_of(path)))
    for key in sorted(json.loads(text_of("words/en.json"))):
        plural = key.endswith(".one") and key[:-4] in quoted
        if key not in quoted and not plural and not key.startswith(tuple(begun)):
            yield "nobody says '%s'" % key


def predicates():
    """Every predicate that the archive states is described in docs/formats/claims.md."""
    stated = set()
    for path in sources(".c"):
        if not path.startswith(("src/archive/", "src/care/", "src/story/")):
            continue
        text = text_of(path)
        for call in re.findall(r"kr_reading_add\(\s*[^,]+,([^;]*?),\s*(?:value|json_|seen|region|kr_)", text):
            stated |= set(re.findall(r'"([a-z_]+)"', call))
        stated |= set(re.findall(r'read_text\(reading, meta, "([a-z_]+)"', text))
        stated |= set(re.findall(r'read_(?:texts|whole)\(reading, meta, "[a-z_]+", "([a-z_]+)"', text))
        stated |= set(re.findall(r'predicate = ([^;]*);', text) and
                      re.findall(r'"([a-z_]+)"', " ".join(re.findall(r'predicate = ([^;]*);', text))))
        table = re.search(r"} sayings\[\] = {(.*?)};", text, re.S)
        stated |= set(re.findall(r'{"([a-z_]+)"', table.group(1))) if table else set()
    if len(stated) < 20:
        yield "the rule no longer finds them (%d)" % len(stated)
    for name in sorted(stated):
        if not re.search(r"^\|[^|]*`%s`" % name, text_of("docs/formats/claims.md"), re.M):
            yield "'%s' is stated by src/archive and not described" % name


def seen():
    """A query that lists items says {seen}: it leaves out what somebody lets rest (docs/decisions/0014)."""
    folder = os.path.join(ROOT, "src/store/sql")
    for path in sorted(os.path.join(folder, name) for name in os.listdir(folder) if name[0].isalpha()):
        name = ""
        for line in open(path, encoding="utf-8"):
            name = line.split()[2] if line.startswith("-- name: ") else name
            if "visible = 1" in line and name not in ("section_recount", "sections"):
                yield "%s: %s lists what may rest; say {seen}" % (os.path.relpath(path, ROOT), name)
            if "trashed_ms = 0" in line and "{open}" not in line and not path.endswith("items.sql"):
                yield "%s: %s lists what may rest; say {open}" % (os.path.relpath(path, ROOT), name)


def users():
    """What a header offers is used by somebody besides the file that makes it: a folder or a test."""
    names_in = {f: set(re.findall(r"\bkr_\w+", text_of(f))) for f in sources(".c", ".h", ".def", ".S")}
    names_in.update({f: set(re.findall(r"\bkr_\w+", text_of(f))) for f in FILES if f.startswith("tools/")})
    for path in sources(".h"):
        if not path.startswith("src/") or path.endswith("_priv.h"):
            continue
        code = re.sub(r"//[^\n]*", "", text_of(path))
        for name in sorted(set(re.findall(r"\b(kr_\w+)\s*\(", code))):
            made = re.compile(r"\b%s\)?\([^;{]*\)\s*\n{" % name)
            lent = len(re.findall(r"\b%s\b" % name, code)) > 1  # to a macro of the same header
            if not lent and not any(name in names and f != path and not made.search(text_of(f))
                                    for f, names in names_in.items()):
                yield "%s: nobody uses %s()" % (path, name)


def documents():
    """Files that a document names in backquotes with a path are there."""
    for path in sources(".md"):
        if path.startswith("changes/"):
            continue
        for name in re.findall(r"`((?:src|tools|tests|docs|ui|samples|words)/[A-Za-z0-9_./\-]+)`", text_of(path)):
            made_up = path.startswith("docs/howto/") and "dust" in name  # the step a howto adds
            beside = os.path.join(ROOT, os.path.dirname(path), name)
            if "FOLDER" not in name and not made_up and not os.path.exists(os.path.join(ROOT, name)) \
                    and not os.path.exists(beside):
                yield "%s names `%s`" % (path, name)


def headers():
    """A public header says what it is for before anything else."""
    for path in sources(".h"):
        if not path.startswith("src/"):
            continue
        lines = text_of(path).split("\n")
        if len(lines) < 3 or not lines[1].startswith("// "):
            yield path
        if "#pragma once" not in text_of(path):
            yield "%s: no #pragma once" % path


def commits():
    """Subjects begin with an area, in lower case, without a full stop; 72 is the aim, 110 the limit."""
    log = subprocess.run(["git", "-C", ROOT, "log", "--format=%h %s"], stdout=subprocess.PIPE, text=True)
    for line in log.stdout.split("\n"):
        if line and not re.match(r"^[0-9a-f]+ [a-z0-9,/ _.\-]+: [^A-Z].{0,98}[^.]$", line):
            yield line


RULES = [layers, licence_lines, sizes, calm_code, no_places, words, words_used, predicates, seen, users, documents,
         headers, commits]


def main():
    broken = False
    for rule in RULES:
        places = list(rule())
        broken |= bool(places)
        print("%s: %s" % ("not ok" if places else "ok", rule.__name__))
        for place in places[:25]:
            print("    " + place)
        if len(places) > 25:
            print("    and %d more" % (len(places) - 25))
    sys.exit(1 if broken else 0)


main()
