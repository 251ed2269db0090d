# SPDX-License-Identifier: AGPL-3.0-or-later
# Thin daily habits over Meson. `make` is a debug build; the rest says what it is.
# Needs the packages of tools/packages-build.txt, -check.txt and -habits.txt, and `npm ci` in ui/
# (./check sees to all but the habits).
B ?= build
J ?= $(shell nproc)
MESON = meson
PLAIN = -Dui=false
.PHONY: all setup test quick format lint sanitize scenes slow bench bench-kit fuzz fault cover deb

all: setup
	ninja -C $(B)

setup: $(B)/build.ninja
$(B)/build.ninja:
	$(MESON) setup $(B) -Dwerror=true

test: all
	$(MESON) test -C $(B) --suite unit

# every commit: build with -Werror, rules, format, units, fuzz regressions; under 90 s
quick: all
	python3 tests/rules/rules.py
	tests/rules/format
	$(MESON) test -C $(B) --suite unit --suite fuzz --print-errorlogs

format:
	git ls-files '*.c' '*.h' | xargs clang-format -i

# clang-tidy takes one file a run: with several, version 14 loses track of va_list. gcc's analyzer
# sees src/ alone: it cannot know that EXPECT ends a test (clang-tidy is told, in harness.h).
lint: all
	tests/rules/format
	git ls-files '*.c' | xargs -P$(J) -n1 clang-tidy -p $(B) --quiet --extra-arg=-DKR_ANALYSE
	tools/analyse $(B)
	codespell --ignore-words=tests/rules/codespell-ignore.txt README.md ARCHITECTURE.md CONTRIBUTING.md STYLE.md docs src tools samples tests/unit tests/story changes
	npm --prefix ui run check

# everything under ASan and UBSan (gcc warns falsely there: no -Werror); what has threads under
# TSan, which cannot see how FFmpeg's own threads agree
THREADED = base/belt sealed/line wall/wall wall/pool wall/channel web/lanes web/dispatch web/http store/blobs store/jobs store/db archive/ingest
build-asan/build.ninja:
	$(MESON) setup build-asan $(PLAIN) -Db_sanitize=address,undefined -Db_lundef=false
build-tsan/build.ninja:
	$(MESON) setup build-tsan $(PLAIN) -Db_sanitize=thread -Db_lundef=false
sanitize: build-asan/build.ninja build-tsan/build.ninja
	ninja -C build-asan
	$(MESON) test -C build-asan --no-rebuild --suite unit --suite fuzz --timeout-multiplier 5 --print-errorlogs
	ninja -C build-tsan
	TSAN_OPTIONS=ignore_noninstrumented_modules=1 $(MESON) test -C build-tsan --no-rebuild --timeout-multiplier 5 --print-errorlogs $(THREADED)

# ./check runs every scene once; here ingest is killed 20 times, and the pages are walked through
# in each language, theme and size
scenes: all
	KINREEL_KILLS=20 KINREEL_MATRIX=1 node --test --test-concurrency=1 tests/story/

# the same scenes on a machine that draws late: finds what comes too late for a quick hand
slow: all
	KINREEL_SLOW=1 node --test --test-concurrency=1 tests/story/

# one target, S seconds: make fuzz T=edtf S=60; finds land in tests/fuzz/regress/
T ?= edtf
S ?= 60
build-fuzz/build.ninja:
	CC=clang $(MESON) setup build-fuzz $(PLAIN) -Dfuzz=true -Db_lundef=false -Db_sanitize=address,undefined
fuzz: build-fuzz/build.ninja
	ninja -C build-fuzz tests/fuzz/fuzz_$(T)
	mkdir -p build-fuzz/corpus/$(T) tests/fuzz/regress/$(T)
	LSAN_OPTIONS=suppressions=tests/suppressions/leaks.txt build-fuzz/tests/fuzz/fuzz_$(T) -max_total_time=$(S) -artifact_prefix=tests/fuzz/regress/$(T)/ build-fuzz/corpus/$(T) $(wildcard tests/fuzz/corpus/$(T))
	-rmdir tests/fuzz/regress/$(T) 2>/dev/null

# a package for this Debian, with a service; says where it lies
deb: all
	tools/deb $(B)

fault: all
	tests/fault/run $(B)

bench: all
	python3 tests/bench/bench.py $(B)

# The kit beside its peers, on the material; measured with apt's python3-opencv, -pil, -scipy, so by Debian's Python.
# P="steady light" chooses parts.
P = steady sound light footage fields lines coach scenes
bench-kit: all
	status=0; for part in $(P); do /usr/bin/python3 tests/bench/kit_$$part.py $(B) || status=1; done; exit $$status

# which lines of what you changed no unit test reaches
build-cover/build.ninja:
	$(MESON) setup build-cover $(PLAIN) -Db_coverage=true
cover: build-cover/build.ninja
	ninja -C build-cover
	find build-cover -name '*.gcda' -delete
	$(MESON) test -C build-cover --no-rebuild --suite unit
	tools/cover build-cover
