# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run and check: installs what is missing and builds. Says what it does.
# With KINREEL_NO_INSTALL=1 neither apt nor npm is touched.

: "${here:?is set by the script that sources this}"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# packages NAME...: installs those that are missing, by name, with apt.
packages() {
  [ "${KINREEL_NO_INSTALL:-0}" = 1 ] && return 0
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "installing: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# The names in tools/packages-WHAT.txt.
packages_of() {
  local names
  mapfile -t names < <(sed 's/#.*//' "$here/tools/packages-$1.txt" | xargs -n1)
  packages "${names[@]}"
}

# Node 18 or newer, with npm: those that are here, else Debian's.
node_and_npm() {
  local major=0
  command -v node >/dev/null && major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 18 ] || packages nodejs
  command -v npm >/dev/null || packages npm
}

# The front end's packages, as the lock file has them; again only when it changed.
front_end() {
  local stamp=$here/ui/node_modules/.kinreel-lock
  [ "${KINREEL_NO_INSTALL:-0}" = 1 ] && return 0
  cmp -s "$here/ui/package-lock.json" "$stamp" && return 0
  say "installing the front end's packages (npm ci)"
  (cd "$here/ui" && npm ci --no-audit --no-fund --loglevel=error)
  cp "$here/ui/package-lock.json" "$stamp"
}

build() { # build [TARGET...]
  if [ ! -f "$here/build/build.ninja" ]; then
    say "setting up the build in build/"
    meson setup "$here/build" "$here" -Dwerror=true >"$here/.setup.log" 2>&1 || {
      cat "$here/.setup.log"
      return 1
    }
    mv "$here/.setup.log" "$here/build/setup.log"
  fi
  say "building"
  ninja -C "$here/build" "$@"
}
