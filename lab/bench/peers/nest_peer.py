"""NEST: 784 Poisson generators → parrots → stdp_synapse → iaf_psc_delta with direct inhibition.

It has no adaptive threshold, since the model has none, and no normalisation, since setting weights from Python takes
far longer than a sample. Rates can only be set between calls of Simulate(), so each sample is one call.
"""

from contestant import SUM_OF_WEIGHTS, cpu, options, rates, serve

import nest
import numpy as np

given = options()
N, T = given.neurons, given.timesteps
nest.verbosity = nest.VerbosityLevel.ERROR
nest.ResetKernel()
nest.resolution = 1.0
nest.local_num_threads = 1
nest.rng_seed = 1
images = rates(2000).astype(float)
generators = nest.Create("poisson_generator", 784)
parrots = nest.Create("parrot_neuron", 784)
nest.Connect(generators, parrots, "one_to_one", {"delay": 1.0})
neuron = dict(E_L=-65.0, V_m=-65.0, V_reset=-60.0, V_th=-52.0, V_min=-300.0, C_m=100.0, tau_m=100.0, t_ref=5.0)
neurons = nest.Create("iaf_psc_delta", N, {**neuron, "tau_minus": 20.0})
weights = 0.3 * np.random.default_rng(0).random((784, N))
weights *= SUM_OF_WEIGHTS / weights.sum(0)
if given.mode == "train":
    rule = {"tau_plus": 20.0, "lambda": 1e-2, "alpha": 1e-2, "mu_plus": 0.0, "mu_minus": 0.0, "Wmax": 1.0}
    nest.CopyModel("stdp_synapse", "plastic", rule)
else:
    nest.CopyModel("static_synapse", "plastic")
nest.Connect(parrots, neurons, "all_to_all", {"synapse_model": "plastic", "weight": weights.T, "delay": 1.0})
lateral = {"synapse_model": "static_synapse", "weight": -120.0, "delay": 1.0}
nest.Connect(neurons, neurons, {"rule": "all_to_all", "allow_autapses": False}, lateral)
recorder = nest.Create("spike_recorder", params={"record_to": "memory"})
nest.Connect(neurons, recorder)
place = 0


def present(samples):
    global place
    seconds, before = [], recorder.n_events
    for _ in range(samples):
        begin = cpu()
        generators.rate = images[place % len(images)]
        neurons.V_m = -65.0
        nest.Simulate(T)
        seconds.append(cpu() - begin)
        place += 1
    return seconds, (recorder.n_events - before) / samples, None


serve(present)
