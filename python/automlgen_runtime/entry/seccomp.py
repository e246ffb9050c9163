"""A filter of system calls that a data-science program never needs and that kernel exploits often do.

Written as classic BPF by hand, because it must not need a library: load the call's number, compare, answer `EPERM`.
New namespaces are what matters: with them a program could gain capabilities over a namespace of its own.
"""

import errno
import os
import struct

LOAD, JUMP_EQUAL, JUMP_SET, JUMP_GREATER_EQUAL, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, REFUSE, MISSING, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
# CLONE_NEWTIME | NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET
NEW_NAMESPACES = 0x7E020080

# mount, umount2, pivot_root, unshare, setns, bpf, perf_event_open, userfaultfd, keyctl, add_key, request_key, ptrace,
# process_vm_readv, process_vm_writev, kexec_load, kexec_file_load, init_module, finit_module, delete_module,
# swapon, swapoff, reboot, chroot, open_by_handle_at; and by the same number everywhere: open_tree, move_mount, fsopen,
# fsmount, fspick, mount_setattr, io_uring_setup.
EVERYWHERE = (428, 429, 430, 432, 433, 442, 425)
REFUSED = {
    "x86_64": (
        *(165, 166, 155, 272, 308, 321, 298, 323, 250, 248, 249, 101),
        *(310, 311, 246, 320, 175, 313, 176),
        *(167, 168, 169, 161, 304),
        *EVERYWHERE,
    ),
    "aarch64": (
        *(40, 39, 41, 97, 268, 280, 241, 282, 219, 217, 218, 117),
        *(270, 271, 104, 294, 105, 273, 106),
        *(224, 225, 142, 51, 265),
        *EVERYWHERE,
    ),
}
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Numbers of the x32 interface, which would slip past the comparison.
X32 = 0x40000000


def filter_for_this_machine() -> bytes | None:
    """None on a processor whose call numbers are not listed here."""
    machine = os.uname().machine
    return build(machine) if machine in AUDIT else None


def build(machine: str) -> bytes:
    calls = REFUSED[machine]
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, AUDIT[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (JUMP_GREATER_EQUAL, 0, 1, X32),
        (RETURN, 0, 0, REFUSE),
        # glibc falls back to clone, whose flags can be looked at.
        (JUMP_EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, MISSING),
    ]
    for call in calls:
        program += [(JUMP_EQUAL, 0, 1, call), (RETURN, 0, 0, REFUSE)]
    program += [
        (JUMP_EQUAL, 0, 3, CLONE[machine]),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_SET, 0, 1, NEW_NAMESPACES),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)
