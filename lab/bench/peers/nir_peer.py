"""Runs a NIR graph in Norse, and compares its decisions with those of topspark on the same samples.

There are two ways; for each the share of equal decisions is reported:
- imported: `norse.torch.from_nir` only. Norse ignores v_reset, and NIR has neither of the two rules below.
- ruled: the same modules with the reset of the graph and two rules. Of several neurons that reach their thresholds in a
  step, only the one farthest above it fires; the others keep their potential. A refractory neuron gets no input.
"""

import argparse
import json
import time
import warnings

warnings.filterwarnings("ignore")

import nir  # noqa: E402
import norse.torch  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

BATCH = 250


class Samples:
    """Input of the graph: spikes by step, or shares that are the same in every step."""

    def __init__(self, folder, steps, inputs):
        self.answers = np.fromfile(f"{folder}/answers.u8", np.uint8)
        self.truths = np.fromfile(f"{folder}/truths.u8", np.uint8)
        self.fired = np.fromfile(f"{folder}/fired.u8", np.uint8)
        self.steps, self.inputs, count = steps, inputs, len(self.answers)
        try:
            self.before = np.fromfile(f"{folder}/before.u32", np.uint32).reshape(count, steps + 1)
            self.spikes = np.fromfile(f"{folder}/spikes.u16", np.uint16)
            self.begins = np.concatenate([[0], np.cumsum(self.before[:, -1], dtype=np.int64)])
        except FileNotFoundError:
            self.before = None
            self.shares = np.fromfile(f"{folder}/shares.f32", np.float32).reshape(count, inputs)

    def batch(self, first, last):
        """Yields one tensor of samples × inputs per step."""
        if self.before is None:
            constant = torch.from_numpy(self.shares[first:last])
            for _ in range(self.steps):
                yield constant
            return
        counts = np.diff(self.before[first:last].astype(np.int64), axis=1)
        step = np.repeat(np.tile(np.arange(self.steps), last - first), counts.ravel())
        row = np.repeat(np.arange(last - first), counts.sum(1))
        order = np.argsort(step, kind="stable")
        ends = np.searchsorted(step[order], np.arange(self.steps + 1))
        spikes = self.spikes[self.begins[first] : self.begins[last]].astype(np.int64)
        for t in range(self.steps):
            now = order[ends[t] : ends[t + 1]]
            dense = torch.zeros(last - first, self.inputs)
            dense[torch.from_numpy(row[now]), torch.from_numpy(spikes[now])] = 1
            yield dense


def imported(graph, dt, steps_of):
    network = norse.torch.from_nir(graph, ignore_warnings=True, dt=dt)
    votes, state = 0, None
    for x in steps_of:
        out, state = network(x, state)
        votes = votes + out
    return votes


def ruled(graph, dt, steps_of):
    """Steps the modules that Norse makes of the nodes, with the two rules."""
    modules = dict(norse.torch.from_nir(graph, ignore_warnings=True, dt=dt).named_children())
    rest = int(graph.metadata["refractory_steps"])
    neurons = modules["neurons"]
    threshold = neurons.p.v_th
    chosen = None

    def winner(z, v, reset, _):
        nonlocal chosen
        ahead = torch.where(z > 0, v - threshold, -torch.inf)
        chosen = torch.zeros_like(z).scatter_(1, ahead.argmax(1, keepdim=True), 1) * z
        return torch.where(chosen > 0, reset, v)

    v_reset = torch.from_numpy(graph.nodes["neurons"].v_reset)
    neurons.p = neurons.p._replace(v_reset=v_reset, reset_method=winner)
    votes, state, left = 0, None, None
    for x in steps_of:
        drive = modules["synapses"](x)
        if chosen is None:
            left = torch.zeros_like(drive)
        else:
            drive = drive * (left <= 0) + modules["inhibition"](chosen)
            left = left - 1
        _, state = neurons(drive, state)
        left = torch.where(chosen > 0, float(rest), left)
        votes = votes + modules["evidence"](chosen)
    return votes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--graph", required=True)
    parser.add_argument("--samples", required=True)
    parser.add_argument("--ways", default="imported,ruled")
    given = parser.parse_args()
    torch.set_num_threads(1)
    graph = nir.read(given.graph)
    steps, dt = int(graph.metadata["timesteps"]), float(graph.metadata["dt"])
    inputs = int(graph.nodes["input"].input_type["input"][0])
    samples = Samples(given.samples, steps, inputs)
    count = len(samples.answers)
    told = {"samples": count, "fired": float(samples.fired.mean())}
    for name in given.ways.split(","):
        start, answers, silent = time.process_time(), [], 0
        with torch.no_grad():
            for first in range(0, count, BATCH):
                last = min(count, first + BATCH)
                votes = {"imported": imported, "ruled": ruled}[name](graph, dt, samples.batch(first, last))
                silent += int((votes.sum(1) == 0).sum())
                answers.append(votes.argmax(1).numpy())
        answers = np.concatenate(answers)
        some = samples.fired > 0
        told[name] = {
            "equal": float((answers == samples.answers).mean()),
            "equal_where_fired": float((answers == samples.answers)[some].mean()),
            "accuracy": float((answers == samples.truths).mean()),
            "silent": silent / count,
            "ms_per_sample": 1000 * (time.process_time() - start) / count,
        }
    told["topspark"] = {"accuracy": float((samples.answers == samples.truths).mean())}
    print(json.dumps(told))


main()
