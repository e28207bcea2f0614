"""BindsNET: DiehlAndCook2015 (variant v1: an inhibitory layer) or DiehlAndCook2015v2 (direct inhibition), batch 1.

Drawing the input spikes counts, as for all other peers, and is also reported separately. Normalisation is BindsNET's
own, in every run().
"""

from contestant import cpu, options, rates, serve

import torch
from bindsnet.encoding import poisson
from bindsnet.models import DiehlAndCook2015, DiehlAndCook2015v2
from bindsnet.network.monitors import Monitor

given = options()
T = given.timesteps
torch.set_num_threads(1)
torch.manual_seed(0)
common = dict(n_inpt=784, n_neurons=given.neurons, inh=120, dt=1.0, norm=78.4, theta_plus=0.05, inpt_shape=(1, 28, 28))
if given.variant == "v2":
    network, layer = DiehlAndCook2015v2(**common), "Y"
else:
    network, layer = DiehlAndCook2015(exc=22.5, batch_size=1, **common), "Ae"
spikes = Monitor(network.layers[layer], state_vars=["s"], time=T)
network.add_monitor(spikes, "spikes")
network.train(given.mode == "train")
images = torch.from_numpy(rates())
place = 0


def present(samples):
    global place
    seconds, drawing, output, inputs = [], [], 0, 0
    for _ in range(samples):
        begin = cpu()
        trains = poisson(images[place % len(images)].clone(), time=T, dt=1.0).view(T, 1, 1, 28, 28)
        drawing.append(cpu() - begin)
        place += 1
        network.run({"X": trains}, time=T)
        output += spikes.get("s").sum().item()
        network.reset_state_variables()
        seconds.append(cpu() - begin)
        inputs += trains.sum().item()
    return seconds, output / samples, inputs / samples, drawing


serve(present)
