#!/usr/bin/env bash
# Builds everything with all analyzers, runs every test project, and ends with one line: N passed, N failed.
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

# The browser tests drive Debian's Chromium. Without it, and without the right to install it, they are skipped.
if ! command -v chromium >/dev/null && [ "${KILDE_INSTALL:-yes}" = yes ] && command -v apt-get >/dev/null \
    && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium for the browser tests …"
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) \
    >/dev/null 2>&1 || echo "Chromium could not be installed; the browser tests are skipped."
fi

dotnet build Kilde.slnx --nologo -v q || { echo "0 passed, 1 failed"; exit 1; }
dotnet build bench/Bench.csproj -c Release --nologo -v q -p:RunAnalyzers=false \
  || { echo "0 passed, 1 failed"; exit 1; }

passed=0 failed=0 skipped=0
projects=("$@")
[ ${#projects[@]} -gt 0 ] || projects=(tests/*.Tests)
for project in "${projects[@]}"; do
  name="$(basename "$project")"
  log="$root/artifacts/test-$name.log"
  started=$SECONDS
  dotnet "artifacts/bin/$name/debug/Kilde.$name.dll" --no-progress --no-ansi >"$log" 2>&1
  code=$?
  count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1; }
  good="$(count succeeded)" bad="$(count failed)" left="$(count skipped)"
  if [ -z "$good" ] || { [ $code -ne 0 ] && [ "${bad:-0}" -eq 0 ]; }; then
    # A project that ends without a count, or badly without a failed test, counts as one failure.
    bad=1
  fi
  printf '%-22s %4d passed %3d failed %3d skipped  %4d s\n' \
    "$name" "${good:-0}" "$bad" "${left:-0}" $((SECONDS - started))
  if [ "$bad" -gt 0 ]; then cat "$log"; else grep -E '^skipped ' "$log"; fi
  passed=$((passed + ${good:-0})) failed=$((failed + bad)) skipped=$((skipped + ${left:-0}))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
