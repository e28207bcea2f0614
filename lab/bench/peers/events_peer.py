"""Reads recordings of event cameras by other libraries, compares what they read with ours, and times them.

For each file NAME of the arguments, NAME.columns holds the events that topspark has read: x and y (uint16), polarity
(uint8) and time in microseconds (uint64), one column after the other. Prints one JSON line a file and library.
"""

import argparse
import json
import time
from pathlib import Path

import aedat
import evt3
import expelliarmus
import numpy as np


def read_evt3(path):
    events = evt3.decode_file(str(path))
    return events.x, events.y, events.polarity, events.timestamp


def read_expelliarmus(path):
    events = expelliarmus.Wizard(encoding="evt3").read(path)
    return events["x"], events["y"], events["p"], events["t"]


def read_aedat(path):
    parts = [packet["events"] for packet in aedat.Decoder(str(path)) if "events" in packet]
    events = np.concatenate(parts)
    # Ours begin at 0.
    return events["x"], events["y"], events["on"], events["t"] - events["t"].min()


readers = {
    ".raw": {"evt3": read_evt3, "expelliarmus": read_expelliarmus},
    ".aedat4": {"aedat": read_aedat},
}


def columns_of(path):
    data = path.read_bytes()
    count = len(data) // 13
    kinds = (("<u2", 2), ("<u2", 2), ("u1", 1), ("<u8", 8))
    at = 0
    for kind, size in kinds:
        yield np.frombuffer(data, kind, count, at)
        at += size * count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    for path in given.files:
        ours = list(columns_of(Path(f"{path}.columns")))
        for library, read in readers[path.suffix].items():
            if (path.stem, library) == ("all", "expelliarmus"):
                continue
            seconds = []
            for _ in range(given.rounds):
                begin = time.perf_counter()
                theirs = read(path)
                seconds.append(time.perf_counter() - begin)
            count = len(theirs[0])
            pairs = zip(ours, theirs)
            same = len(ours[0]) == count and all(np.array_equal(a, b) for a, b in pairs)
            least = min(count, len(ours[0]))
            alike = np.all([a[:least] == np.asarray(b)[:least] for a, b in zip(ours, theirs)], axis=0)
            line = {
                "file": path.name,
                "library": library,
                "events": count,
                "equal": bool(same),
                "equalEvents": int(np.count_nonzero(alike)),
                "seconds": sorted(seconds)[len(seconds) // 2],
            }
            print(json.dumps(line), flush=True)


main()
