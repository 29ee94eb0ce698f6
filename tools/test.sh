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

# One compiler process for the whole build; it is ended again, so that nothing outlives the run.
dotnet build Kilde.slnx --nologo -v q -p:UseSharedCompilation=true
built=$?
dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
[ "$built" -eq 0 ] || { echo "0 passed, 1 failed"; exit 1; }

passed=0 failed=0 skipped=0
projects=("$@")
[ ${#projects[@]} -gt 0 ] || projects=(tests/*.Tests)
for project in "${projects[@]}"; do
  name="$(basename "$project")"
  log="$root/artifacts/test-$name.log"
  started=$SECONDS
  dotnet "artifacts/bin/$name/debug/Kilde.$name.dll" -noLogo -noColor >"$log" 2>&1
  code=$?
  count() { sed -n "s/^ *Kilde\.$name  Total:.*[^A-Za-z]$1: \([0-9]*\),.*/\1/p" "$log" | tail -n 1; }
  total="$(sed -n "s/^ *Kilde\.$name  Total: \([0-9]*\),.*/\1/p" "$log" | tail -n 1)"
  bad=$(($(count Failed) + $(count Errors))) left="$(count Skipped)" aside="$(count 'Not Run')"
  # A project that ends without a count, or badly without a failed test, counts as one failure.
  if [ -z "$total" ] || { [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; }; then bad=1 total=1 left=0 aside=0; fi
  good=$((total - bad - left - aside))
  printf '%-22s %4d passed %3d failed %3d skipped  %4d s\n' "$name" "$good" "$bad" "$left" $((SECONDS - started))
  if [ "$bad" -gt 0 ]; then cat "$log"; else grep -A1 -F '[SKIP]' "$log"; fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
