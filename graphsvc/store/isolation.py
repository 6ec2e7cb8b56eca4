"""Walls around a worker process, as far as the system allows: no network, no growth past its memory, no orphans."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
import time
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 1, 38, 22, 2
_LOWEST_PRIORITY = 19
_PROCESSORS = os.sched_getaffinity(0) if sys.platform == "linux" else set()
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM
_ARCHITECTURES = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}  # audit number, socket, io_uring_setup


def end_with_parent() -> None:
    """End this process when the one that started it ends, also while it works."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def work_in_batches() -> None:
    """Interrupt nobody on waking (SCHED_BATCH): of two processes that wake each other, each then does more in one go."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def processors() -> int:
    """How many processors this process may work on."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def worked_seconds(pid: int) -> float:
    """How long a process has been let to work on processors; infinity where that cannot be known."""
    try:  # its clock, by the number that clock_getcpuclockid(3) gives
        return time.clock_gettime((~pid << 3) | 2) if sys.platform == "linux" else float("inf")
    except OSError:
        return float("inf")


def keep_to_one_processor(number: int) -> None:
    """Stay, with the processes started from now on, on one of the processors: the next one for each `number`.

    To wake a process on another processor can cost more than a small query.
    """
    if sys.platform == "linux":
        os.sched_setaffinity(0, {sorted(_PROCESSORS)[number % len(_PROCESSORS)]})


def give_way(pid: int) -> None:
    """Let a process work only when no other wants to, from now on, and on any processor."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, _LOWEST_PRIORITY)
        if sys.platform == "linux":
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
            os.sched_setaffinity(pid, _PROCESSORS)


def allow_files(number: int) -> None:
    """Let this process have so many files and connections open as far as the system allows; many begin with 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < number:
        most = number if hard == resource.RLIM_INFINITY else min(number, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def leave_network() -> str:
    """Give up the network; what was found to work: `namespace`, `filter`, or `open` where the system allows neither."""
    if sys.platform != "linux":
        return "open"
    for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET):
        if _libc().unshare(flags) == 0:
            return "namespace"
    return "filter" if _refuse_sockets() else "open"


def bound_memory(most_bytes: int) -> None:
    """Let the address space grow by no more than `most_bytes`; an allocation past that ends the process. No core files."""
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if sys.platform == "linux" else 0
    limit = pages * os.sysconf("SC_PAGE_SIZE") + most_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_first() -> None:
    """Be what the system ends first where memory runs out: it would end the largest process, and that can be the service."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _refuse_sockets() -> bool:
    """Install a seccomp filter that refuses socket(2) (and io_uring, which can make sockets too)."""
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        return False
    architecture, *refused = known
    program = [(_LOAD_WORD, 0, 0, 4), (_JUMP_IF_EQUAL, 0, len(refused) + 2, architecture), (_LOAD_WORD, 0, 0, 0)]
    program += [(_JUMP_IF_EQUAL, len(refused) - at, 0, number) for at, number in enumerate(refused)]
    program += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    header = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    address = ctypes.c_void_p(ctypes.addressof(header))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, address, 0, 0) == 0)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
