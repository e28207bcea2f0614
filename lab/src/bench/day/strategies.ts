import type { QuestionSettings } from 'topspark/agent/asking.js';
import { standardBounds, type AgentSettings } from 'topspark/agent/agent-settings.js';
import { type Goals } from 'topspark/timestep/controller/energy-controller.js';
import type { Dataset } from '../../datasets/dataset.js';
import { defaultModes, type ModeTable } from 'topspark/timestep/controller/modes.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { OperatingProfile } from 'topspark/timestep/controller/profile.js';
import type { Strategy } from './day-run.js';
import { defaultPoint } from './morning.js';

/** Parameters of the strategies. */
export interface StrategyOptions {
  readonly neurons: number;
  readonly dataset: Dataset;
  readonly profile: OperatingProfile;
  readonly goals: Goals;
  /** Absent: the robot asks no questions. */
  readonly questions?: QuestionSettings;
}

/** Goals with a target accuracy only. */
export function accuracyAlone(target: number): Goals {
  return { target, deadline: 0, mission: { until: '', timeZone: 'UTC', reserve: 0 } };
}

/** Caps of decision rates, for a camera of one image a second: those for 30 a second, slowed down. */
const rates = { FULL: 0, BALANCED: 1 / 2, SAVER: 1 / 4, CRITICAL: 1 / 10 } as const;
const modes = Object.fromEntries(
  Object.entries(defaultModes).map(([name, mode]) => [name, { ...mode, maxRate: rates[name as keyof typeof rates] }]),
) as ModeTable;

/** The energy controller. */
export function controlled(options: StrategyOptions, name = 'controller'): Strategy {
  return { name, settings: settingsOf(options) };
}

/** Modes by the battery's thresholds alone, each at its own point. */
export function thresholdsAlone(options: StrategyOptions): Strategy {
  return { name: 'battery thresholds alone', settings: { ...settingsOf(options), profile: undefined } };
}

/** One point on every message. */
function always(options: StrategyOptions, name: string, point: OperatingPoint): Strategy {
  const settings = settingsOf(options);
  const full = { ...modes.FULL, point };
  return { name, settings: { ...settings, profile: undefined, modes: { ...modes, FULL: full } }, forced: 'FULL' };
}

/** The default point on every message. */
export function alwaysDefault(options: StrategyOptions): Strategy {
  return always(options, 'default point', defaultPoint);
}

/** The cheapest point on every message. */
export function alwaysCheapest(options: StrategyOptions): Strategy {
  return always(options, 'cheapest point', defaultModes.CRITICAL.point);
}

function settingsOf({ neurons, dataset, profile, goals, questions }: StrategyOptions): AgentSettings {
  const [width, height] = [dataset.columns, dataset.rows];
  return {
    network: { neurons, classes: dataset.classNames.length, memory: 256 },
    sensors: {
      use: [{ name: 'image', values: { width, height } }],
      sync: { slop: 0.05, policy: 'wait', queue: 32 },
    },
    input: standardBounds,
    ...{ modes, profile, goals },
    ...(questions && { questions }),
    battery: { timeout: 60, hysteresis: 0.02 },
    accuracy: { measure: 'accuracy', window: 1000, fading: 0.995 },
    dwell: 30,
    learning: true,
  };
}
