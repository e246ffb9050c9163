#!/usr/bin/env bash
# Takes the node tier down when whoever started this has ended, in whatever way, SIGKILL too: its end of our standard input closes.
#
#   guard.sh SCRATCH      SCRATCH/run is the tier's folder, SCRATCH/cache that of the product's embedded servers
#
# GUARD_GRACE_SECONDS is the time from the order to end to SIGKILL, default 10.
# Reads lines `start GROUP` and `end GROUP`: process groups that have to end first. Exit 1 when a step failed.
set -uo pipefail
trap '' INT TERM HUP PIPE
scratch=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export K8S_TIER_RUN=$scratch/run

declare -A groups=()
while read -r word group; do
  case $word in
    start) groups[$group]=1 ;;
    end) unset "groups[$group]" ;;
  esac
done

each() { local group; for group in "${!groups[@]}"; do kill "$1" -- "-$group" 2>/dev/null && alive=1; done; }
alive=''; each -TERM
for _ in $(seq "${GUARD_GRACE_SECONDS:-10}0"); do [[ -n $alive ]] || break; sleep 0.1; alive=''; each -0; done
each -KILL

status=0
step() { # what command...: bounded, and its words only when it fails
  local what=$1 said; shift
  said=$(timeout -k 5 150 "$@" 2>&1) || { status=1; echo "guard.sh: $what failed: $said" >&2; }
}
[[ ! -d $scratch/cache ]] || step "stopping the demo's servers" \
  env AUTOMLGEN_CACHE="$scratch/cache" node "$here/../../../bin/automlgen.mjs" stack down
[[ ! -d $scratch/run ]] || { step "stopping the node" "$here/node-tier.sh" stop; step "stopping the servers" "$here/api-tier.sh" stop; }
rm -rf --one-file-system "$scratch" || status=1
exit $status
