"""Code that the peers share: MNIST, CPU time, and the protocol of lab/src/bench/contestant.ts.

A peer writes {"ready": ...} once it can begin. For each line "SAMPLES" that it reads, it then writes one JSON line: CPU
time of each sample [ms], input and output spikes per sample. It sleeps while the others run.
"""

import argparse
import json
import os
import resource
import sys
import time

import numpy as np

PEAK_HZ = 128.0  # Poisson rate of a white pixel
SUM_OF_WEIGHTS = 78.4  # sum for one neuron: 0.1 per input
START = time.time()


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=["train", "infer"], required=True)
    parser.add_argument("--neurons", type=int, default=400)
    parser.add_argument("--timesteps", type=int, default=350)
    parser.add_argument("--variant", default="")
    return parser.parse_args()


def rates(count=4000):
    """Poisson rates [Hz] of the first training images of MNIST, one row per image."""
    path = os.path.join(os.environ["MNIST_DIR"], "train-images-idx3-ubyte")
    images = np.fromfile(path, np.uint8, offset=16, count=count * 784).reshape(-1, 784)
    return images.astype(np.float32) / 255 * PEAK_HZ


def cpu():
    """CPU time of all threads of this process [s]."""
    return time.process_time()


def answer(**told):
    told["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    sys.__stdout__.write(json.dumps(told) + "\n")
    sys.__stdout__.flush()


def serve(present, warm_up=3):
    """Calls present(samples) → (CPU seconds of each sample, output spikes, input spikes) for each line that it reads.
    An optional fourth part is the CPU seconds of drawing the input, which the first part includes."""
    present(warm_up)
    answer(ready=True, start_seconds=round(time.time() - START, 2))
    for line in sys.stdin:
        seconds, output, inputs, *drawing = present(int(line))
        told = {"drawing_ms": 1000 * float(np.median(drawing[0]))} if drawing else {}
        answer(cpu_ms=[1000 * s for s in seconds], output_spikes=output, input_spikes=inputs, **told)
