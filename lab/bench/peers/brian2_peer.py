"""Brian2: the compact model of Diehl & Cook, equal to BindsNET's v2; pair STDP with event-driven traces.

Variant standalone: compiled C++, all samples in one run. It does not normalise between samples, and cannot decide
between them. It measures CPU time itself, of the loop only. Variant runtime: Cython, one run() per sample, normalised
after each.
"""

import os
import tempfile

from contestant import SUM_OF_WEIGHTS, cpu, options, rates, serve

import brian2 as b2
import numpy as np
from brian2 import Hz, ms

given = options()
N, T, LEARN = given.neurons, given.timesteps, given.mode == "train"
STANDALONE = given.variant != "runtime"
PER_RUN = 40  # samples in one standalone run; the number is compiled in
b2.seed(0)
np.random.seed(0)
b2.defaultclock.dt = 1 * ms
images = rates(2000).astype(float)


def build():
    if STANDALONE:
        timed = b2.TimedArray(images[:PER_RUN] * Hz, dt=T * ms)
        source = b2.PoissonGroup(784, rates="timed(t, i)", namespace={"timed": timed})
    else:
        source = b2.PoissonGroup(784, rates=images[0] * Hz)
    theta = "dtheta/dt = -theta / (1e7*ms) : 1" if LEARN else "theta : 1"
    neurons = b2.NeuronGroup(
        N,
        "dv/dt = (-65.0 - v) / (100*ms) : 1 (unless refractory)\n" + theta,
        threshold="v > -52.0 + theta",
        reset="v = -60.0" + ("; theta += 0.05" if LEARN else ""),
        refractory=5 * ms,
        method="exact",
    )
    neurons.v = -65.0
    if LEARN:
        weights = b2.Synapses(
            source,
            neurons,
            """w : 1
            dpre/dt = -pre / (20*ms) : 1 (event-driven)
            dpost/dt = -post / (20*ms) : 1 (event-driven)""",
            on_pre="v_post += w; pre = 1.0; w = clip(w - 1e-4*post, 0, 1)",
            on_post="post = 1.0; w = clip(w + 1e-2*pre, 0, 1)",
        )
    else:
        weights = b2.Synapses(source, neurons, "w : 1", on_pre="v_post += w")
    weights.connect()
    weights.w = "0.2 * rand()" if STANDALONE else 0.3 * np.random.rand(784 * N)
    inhibition = b2.Synapses(neurons, neurons, on_pre="v_post -= 120.0")
    inhibition.connect(condition="i != j")
    output, inputs = b2.SpikeMonitor(neurons, record=False), b2.SpikeMonitor(source, record=False)
    return b2.Network(source, neurons, weights, inhibition, output, inputs), source, neurons, weights, output, inputs


def standalone():
    folder = tempfile.mkdtemp(prefix="topspark-brian2-")
    b2.set_device("cpp_standalone", build_on_run=False, directory=folder)
    network, _, neurons, _, output, inputs = build()
    neurons.run_regularly("v = -65.0", dt=T * ms)
    b2.device.insert_code("before_network_run", "const std::clock_t begin_of_loop = std::clock();")
    told = 'std::ofstream("loop_seconds.txt") << double(std::clock() - begin_of_loop) / CLOCKS_PER_SEC;'
    b2.device.insert_code("after_network_run", told)
    network.run(PER_RUN * T * ms)
    b2.device.build(directory=folder, compile=True, run=False)

    def present(_samples):
        b2.device.run(folder, with_output=False, run_args=[])
        with open(os.path.join(folder, "loop_seconds.txt")) as file:
            seconds = float(file.read())
        return [seconds / PER_RUN] * PER_RUN, int(output.num_spikes) / PER_RUN, int(inputs.num_spikes) / PER_RUN

    return present


def runtime():
    b2.prefs.codegen.target = "cython"
    network, source, neurons, weights, output, inputs = build()

    def normalise():
        w = np.asarray(weights.w).reshape(784, N)
        weights.w = (w * (SUM_OF_WEIGHTS / np.maximum(w.sum(0), 1e-9))).ravel()

    normalise()
    place = 0

    def present(samples):
        nonlocal place
        seconds, before = [], (int(output.num_spikes), int(inputs.num_spikes))
        for _ in range(samples):
            begin = cpu()
            source.rates = images[place % len(images)] * Hz
            neurons.v = -65.0
            network.run(T * ms)
            if LEARN:
                normalise()
            seconds.append(cpu() - begin)
            place += 1
        spikes = int(output.num_spikes) - before[0], int(inputs.num_spikes) - before[1]
        return seconds, spikes[0] / samples, spikes[1] / samples

    return present


serve(standalone() if STANDALONE else runtime())
