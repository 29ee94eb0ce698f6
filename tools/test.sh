#!/usr/bin/env bash
# Builds everything with all analyzers, runs every test project, and ends with one line: N passed, N failed. Projects may
# be named, and what begins with the first option goes to the tests of each: tests/Intake.Tests -class '*BusTests'.
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

projects=() options=()
for word in "$@"; do
  if [ ${#options[@]} -gt 0 ] || [[ "$word" == -* ]]; then options+=("$word"); else projects+=("$word"); fi
done

# The browser tests drive Debian's Chromium, the bus tests its RabbitMQ, the key store's SoftHSM. Without them, and
# without the right to install them, those tests are skipped. RUNLEVEL keeps the package from starting a server of its
# own.
missing=()
command -v chromium >/dev/null || missing+=(chromium)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
[ -f /usr/lib/softhsm/libsofthsm2.so ] || missing+=(softhsm2)
if [ ${#missing[@]} -gt 0 ] && [ "${KILDE_INSTALL:-yes}" = yes ] && command -v apt-get >/dev/null \
    && [ "$(id -u)" = 0 ]; then
  echo "Installing ${missing[*]} for the tests …"
  (apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}") \
    >/dev/null 2>&1 || echo "${missing[*]} could not be installed; the tests that need it are skipped."
fi

# One compiler process for the whole build; it is ended again, so that nothing outlives the run. A run inside a run, as
# in the tests of this very script, takes what is built already.
if [ "${KILDE_BUILD:-yes}" = yes ]; then
  dotnet build Kilde.slnx --nologo -v q -p:UseSharedCompilation=true
  built=$?
  dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
  [ "$built" -eq 0 ] || { echo "0 passed, 1 failed"; exit 1; }
fi

# Tests make and drop databases by the hundred, each of a thousand small files: in memory, where there is room for
# them, that takes a third of the time.
room="$(df --output=avail --block-size=G /dev/shm 2>/dev/null | tail -n 1 | tr -dc 0-9)"
[ "${room:-0}" -lt 8 ] || export TMPDIR=/dev/shm

# Two projects at a time: much of a test is waiting for a server to start or stop. The longest ones go first.
[ ${#projects[@]} -gt 0 ] || projects=(tests/EndToEnd.Tests tests/Portal.Tests tests/Intake.Tests tests/*.Tests)
logs="${KILDE_TEST_LOGS:-$root/artifacts}"
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT

run() {
  local name="$1" log="$logs/test-$1.log" started=$SECONDS code total bad left aside good
  dotnet "artifacts/bin/$name/debug/Kilde.$name.dll" -noLogo -noColor "${options[@]}" >"$log" 2>&1
  code=$?
  count() {
    local counted
    counted="$(sed -n "s/^ *Kilde\.$name  Total:.*[^A-Za-z]$1: \([0-9]*\),.*/\1/p" "$log" | tail -n 1)"
    echo "${counted:-0}"
  }
  total="$(sed -n "s/^ *Kilde\.$name  Total: \([0-9]*\),.*/\1/p" "$log" | tail -n 1)"
  bad=$(($(count Failed) + $(count Errors))) left="$(count Skipped)" aside="$(count 'Not Run')"
  # A project that ends without a count, or badly without a failed test, counts as one failure.
  if [ -z "$total" ] || { [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; }; then bad=1 total=1 left=0 aside=0; fi
  good=$((total - bad - left - aside))
  {
    printf '%-22s %4d passed %3d failed %3d skipped  %4d s\n' "$name" "$good" "$bad" "$left" $((SECONDS - started))
    if [ "$bad" -gt 0 ]; then cat "$log"; else grep -A1 -F '[SKIP]' "$log"; fi
  } >"$results/$name.text"
  echo "$good $bad $left" >"$results/$name.count"
  cat "$results/$name.text"
}

declare -A begun=()
for project in "${projects[@]}"; do
  name="$(basename "$project")"
  [ -z "${begun[$name]:-}" ] || continue
  begun[$name]=yes
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  run "$name" &
done
wait

# A project of which nothing was written, counts as one failure too.
read -r passed failed skipped < <(cat "$results"/*.count 2>/dev/null | awk -v begun="${#begun[@]}" \
  '{ p += $1; f += $2; s += $3 } END { print p + 0, f + begun - NR, s + 0 }')
[ "$skipped" -eq 0 ] || echo "$skipped skipped, with the reasons above"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
