#!/usr/bin/env bash
# Helm and kubeconform for the tests of the chart, built once with Go; prints the folder they are in.
# Exit 75 means "cannot be had here": callers print SKIPPED and go on.
set -euo pipefail
helm=v4.3.1
kubeconform=v0.8.0
folder=${AUTOMLGEN_CHART_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/automlgen/chart-tools-$helm-$kubeconform}

if [[ ! -x $folder/helm || ! -x $folder/kubeconform ]]; then
  command -v go >/dev/null || { echo "SKIPPED: helm is not there and Go is missing to build it" >&2; exit 75; }
  mkdir -p "$folder"
  tmp=$(mktemp -d "$folder/.build.XXXXXX")
  trap 'rm -rf "$tmp"' EXIT
  echo "building helm $helm and kubeconform $kubeconform (once; some minutes)" >&2
  # The version stamp is that of the module, so no flags are needed; a module without network is an honest "cannot".
  GOBIN=$tmp CGO_ENABLED=0 GOFLAGS=-buildvcs=false go install -trimpath -ldflags '-s -w' "helm.sh/helm/v4/cmd/helm@$helm" \
    && GOBIN=$tmp CGO_ENABLED=0 GOFLAGS=-buildvcs=false go install -trimpath -ldflags '-s -w' "github.com/yannh/kubeconform/cmd/kubeconform@$kubeconform" \
    || { echo "SKIPPED: helm cannot be built here" >&2; exit 75; }
  mv "$tmp/helm" "$tmp/kubeconform" "$folder"
fi
echo "$folder"
