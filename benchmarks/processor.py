"""What processes used: the processor, which other load changes little, and memory."""

import os
from pathlib import Path

MIB = 1024  # of the KiB in /proc
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(roots: set[int]) -> float:
    """Return the seconds of these processes and all that they started, ended ones included."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for pid in (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()):
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended
            continue
        parents[pid] = int(after_name[1])
        # In user and system mode, then the same of children that ended.
        ticks[pid] = sum(map(int, after_name[11:15]))
    counted = (pid for pid in ticks if not roots.isdisjoint(_with_ancestors(pid, parents)))
    return sum(ticks[pid] for pid in counted) / TICKS


def _with_ancestors(pid: int, parents: dict[int, int]) -> set[int]:
    found = set()
    while pid:
        found.add(pid)
        pid = parents.get(pid, 0)
    return found


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def status(pid: int, name: str) -> float:
    """Return a figure in KiB from the status of a process, in MiB; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / MIB for line in lines if line.startswith(name)), 0)
