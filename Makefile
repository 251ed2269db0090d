# SPDX-License-Identifier: AGPL-3.0-or-later
# Thin daily habits over Meson. `make` is a debug build; the rest says what it is.
B ?= build
MESON = meson
.PHONY: all setup test quick format lint sanitize bench fuzz fault cover

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

lint:
	tests/rules/format
	git ls-files '*.c' | xargs -P2 -n8 clang-tidy -p $(B) --quiet
	shellcheck run check .ci/run tools/setup.sh samples/make
	codespell --skip='*.json,LICENSE,ui/node_modules,build*' README.md ARCHITECTURE.md CONTRIBUTING.md STYLE.md docs src
	npm --prefix ui run check

# everything under ASan and UBSan; what has threads under TSan
sanitize:
	$(MESON) setup --wipe build-asan -Dui=false -Db_sanitize=address,undefined -Db_lundef=false || $(MESON) setup build-asan -Dui=false -Db_sanitize=address,undefined -Db_lundef=false
	$(MESON) test -C build-asan --suite unit --timeout-multiplier 5 --print-errorlogs
	$(MESON) setup --wipe build-tsan -Dui=false -Db_sanitize=thread -Db_lundef=false || $(MESON) setup build-tsan -Dui=false -Db_sanitize=thread -Db_lundef=false
	$(MESON) test -C build-tsan --suite unit --timeout-multiplier 5 --print-errorlogs wall/wall store/jobs archive/ingest

# one target, S seconds: make fuzz T=edtf S=60; finds land in tests/fuzz/regress/
T ?= edtf
S ?= 60
fuzz:
	CC=clang $(MESON) setup build-fuzz -Dui=false -Dfuzz=true -Db_lundef=false -Db_sanitize=address,undefined 2>/dev/null || true
	ninja -C build-fuzz tests/fuzz/fuzz_$(T)
	mkdir -p build-fuzz/corpus/$(T) tests/fuzz/regress/$(T)
	build-fuzz/tests/fuzz/fuzz_$(T) -max_total_time=$(S) -artifact_prefix=tests/fuzz/regress/$(T)/ build-fuzz/corpus/$(T) $(wildcard tests/fuzz/corpus/$(T))

fault: all
	tests/fault/run $(B)

bench: all
	python3 tests/bench/bench.py $(B)

cover:
	$(MESON) setup build-cover -Dui=false -Db_coverage=true 2>/dev/null || true
	$(MESON) test -C build-cover --suite unit
	python3 tools/cover build-cover
