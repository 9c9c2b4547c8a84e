"""Takes from this process all that a picture needs no more, for good: memory, time, files, network, other programs.

What decodes hostile bytes may be taken over by them. Afterwards it can read its input, write its answer, compute, and
nothing else. The limits hold everywhere; the list of calls to the kernel on Linux on x86-64, see the decision record.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys

MEGABYTE = 1024 * 1024
MEMORY = 216 * MEGABYTE
CPU_SECONDS = 4
# How a process ends that cannot be confined here: then it reads no picture.
UNCONFINED = 3
NOBODY = 65534
LIMITS = {
    resource.RLIMIT_AS: MEMORY,
    resource.RLIMIT_CPU: CPU_SECONDS,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 3,  # the three it has: neither a file nor a socket can be opened
}

# Numbers of the x86-64 kernel. Threads are allowed, since the HEIC decoder starts some; processes are not.
ALLOWED = (
    *(0, 1, 3, 5, 8),  # read, write, close, fstat, lseek
    *(9, 10, 11, 12, 25, 28),  # mmap, mprotect, munmap, brk, mremap, madvise
    *(13, 14, 15, 131, 219),  # rt_sigaction, rt_sigprocmask, rt_sigreturn, sigaltstack, restart_syscall
    *(24, 35, 39, 186, 204),  # sched_yield, nanosleep, getpid, gettid, sched_getaffinity
    *(202, 273, 334),  # futex, set_robust_list, rseq
    *(96, 228, 230, 318),  # gettimeofday, clock_gettime, clock_nanosleep, getrandom
    *(60, 231, 234),  # exit, exit_group, tgkill
)
CLONE, CLONE3, CLONE_THREAD = 56, 435, 0x10000
ARCHITECTURE = 0xC000003E
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
ALLOW, REFUSE, ABSENT, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
LOAD, EQUAL, ANY_OF, RETURN = 0x20, 0x15, 0x45, 0x06


class Program(ctypes.Structure):
    """What the kernel takes: how many steps, and where they are."""

    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def confine() -> None:
    """From here on this process can do no more than compute and answer; where that cannot be, it ends."""
    try:
        _give_up_all()
    except OSError:
        os._exit(UNCONFINED)


def _give_up_all() -> None:
    os.nice(5)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    for what, most in LIMITS.items():
        resource.setrlimit(what, (most, most))
    if sys.platform == "linux" and platform.machine() == "x86_64":
        _answer_few_calls()


def _answer_few_calls() -> None:
    """The kernel answers what is on the list; all else fails as forbidden."""
    steps = _steps()
    program = Program(len(steps) // 8, steps)
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if kernel.prctl(PR_SET_SECCOMP, FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "The kernel takes no list of calls")


def _steps() -> bytes:
    """A program of the kernel’s packet filter: each step a code, two distances to jump and a number."""
    body = [
        (LOAD, 0, 0, 4),  # the architecture
        (EQUAL, 1, 0, ARCHITECTURE),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, 0),  # the number of the call
        (EQUAL, 0, 3, CLONE),
        (LOAD, 0, 0, 16),  # its first argument
        (ANY_OF, 0, len(ALLOWED) + 2, CLONE_THREAD),
        (RETURN, 0, 0, ALLOW),
        (EQUAL, len(ALLOWED) + 1, 0, CLONE3),  # as if this kernel had none: threads are then made by clone
        *((EQUAL, len(ALLOWED) - place + 1, 0, number) for place, number in enumerate(ALLOWED)),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ABSENT),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in body)
