#!/usr/bin/env bash
# The runner image without Docker: the interpreter and the pinned packages that are installed here already, the C library and
# whatever else they link to, and the entry supervisor, at the paths of k8s/runner/Dockerfile.
#
#   runner-image.sh NAME:TAG OUT.tar
#
# AUTOMLGEN_PYTHON names the interpreter; default: the newest environment of the cache (`automlgen stack up` makes it).
# Exit 75 means "cannot be had here".
set -euo pipefail
name=$1 out=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
cache=${AUTOMLGEN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/automlgen}
python=${AUTOMLGEN_PYTHON:-$(find "$cache/python/" -path '*/runtime-*/bin/python' 2>/dev/null | sort | tail -1)}
layer() { tar -C "$1" --owner=0 --group=0 --numeric-owner --sort=name --mtime='1970-01-01' -cf "$2" .; }
[[ -x $python ]] || { echo "SKIPPED: no Python environment; run: automlgen stack up --only python" >&2; exit 75; }

read -r version base site < <("$python" -I -c \
  'import sys, sysconfig; print("python%d.%d" % sys.version_info[:2], sys.base_prefix, sysconfig.get_path("platlib"))')
dir=$(mktemp -d "$(dirname "$out")/.image.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# The packages are a layer of their own, kept for as long as the lock and the interpreter are the same.
packages=$(dirname "$out")/packages-$({ cat "$root"/python/requirements.lock "$here/runner-image.sh"; "$python" -VV; } | sha256sum | cut -c1-12).tar
if [[ ! -f $packages ]]; then
  image=$dir/packages opt=$dir/packages/opt/automlgen
  mkdir -p "$image"/{etc,tmp,dev/shm,proc,sys,workspace,views} "$opt"/{cpython/bin,cpython/lib,venv/bin,venv/lib/"$version"}
  chmod 1777 "$image/tmp"
  echo 'runner:x:10001:10001::/tmp:/bin/false' > "$image/etc/passwd"
  echo 'runner:x:10001:' > "$image/etc/group"

  cp -L "$base/bin/$version" "$opt/cpython/bin/$version"
  cp -a "$base/lib/$version" "$opt/cpython/lib/"
  rm -rf "$opt/cpython/lib/$version"/{test,idlelib,ensurepip,site-packages,tkinter}
  cp -a "$site" "$opt/venv/lib/$version/site-packages"
  find "$opt/venv" -type d -name tests -prune -exec rm -rf {} +
  printf 'home = /opt/automlgen/cpython/bin\ninclude-system-site-packages = false\n' > "$opt/venv/pyvenv.cfg"
  ln -s "../../cpython/bin/$version" "$opt/venv/bin/python"

  # Everything that is linked to and not part of a package, at its own path.
  { echo "$opt/cpython/bin/$version"; find "$opt" -name '*.so*' -type f; } | xargs -r -n 200 ldd 2>/dev/null \
    | grep -oE '/[^ ]+\.so[^ ]*' | grep -v "^$dir" | sort -u | while read -r library; do
      [[ -e $library ]] || continue
      mkdir -p "$image$(dirname "$library")"
      cp -L "$library" "$image$library"
    done
  layer "$image" "$dir/packages.tar"
  rm -f "$(dirname "$out")"/packages-*.tar
  mv "$dir/packages.tar" "$packages"
fi

mkdir -p "$dir/runtime/opt/automlgen/python"
cp -a "$root/python/automlgen_runtime" "$dir/runtime/opt/automlgen/python/"
find "$dir/runtime" -name __pycache__ -prune -exec rm -rf {} +
layer "$dir/runtime" "$dir/runtime.tar"
"$here/oci-image.sh" "$packages,$dir/runtime.tar" "$name" "$dir/image.tar" \
  /opt/automlgen/venv/bin/python -I -S /opt/automlgen/python/automlgen_runtime/entry
mv "$dir/image.tar" "$out"
