#!/usr/bin/env bash
# What a Kubernetes node changes on its machine, one line for each thing: to be compared before a node tier and after it.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
set +eo pipefail # what is not there changes nothing

{
  sysctl "${KERNEL_SETTINGS[@]}" 2>/dev/null | sed 's/^/setting /'
  ip -o link 2>/dev/null | sed -nE 's/^[0-9]+: ((k8s-tier|veth|cni)[^@:]*).*/interface \1/p'
  ip route 2>/dev/null | sed -n '/k8s-tier/s/^/route /p'
  { iptables-save; ip6tables-save; nft list ruleset; } 2>/dev/null | grep -iE 'kube|cni' | sed 's/\[[0-9:]*\]//; s/^/rule /'
  awk '$2 ~ /kubelet|containerd|node-tier|netns\/cni-/ { print "mount " $2 }' /proc/self/mounts
  find /run/netns -maxdepth 1 -name 'cni-*' 2>/dev/null | sed 's/^/network namespace /'
  find /sys/fs/cgroup -maxdepth 4 -type d \( -name 'kubepods*' -o -path '*/kubepods/*' -o -path '*/k8s.io/*' \) 2>/dev/null | sed 's/^/control group /'
  for folder in "${NODE_FOLDERS[@]}"; do find "$folder" -maxdepth 2 2>/dev/null; done | sed 's/^/path /'
  # Servers by the folder of their state, programs by their control group.
  for process in /proc/[0-9]*; do
    grep -qs kubepods "$process/cgroup" && echo "process in a pod: $(tr '\0' ' ' < "$process/cmdline" 2>/dev/null)"
    words=$(tr '\0' ' ' 2>/dev/null < "$process/cmdline") || continue
    [[ ! $words =~ (containerd-shim|/kubelet |node-tier-[A-Za-z0-9]+/(run|cache)/) ]] || echo "process $words"
  done
} | sort -u
