import { grouped, percent, si } from 'topspark/base/units.js';
import type { Figures } from './demo-tally.js';

/** Options and course of the run, beside the figures. */
export interface RunFacts {
  readonly samples: number;
  readonly rate: number;
  readonly labels: number;
  readonly neurons: number;
  readonly seed: number;
  /** Time from the start of the demo to the first decision [s]; null where none came. */
  readonly secondsToFirstDecision: number | null;
  /** Time from the start of the demo to its end [s]. */
  readonly seconds: number;
  /** Whether it was stopped before all samples were shown. */
  readonly interrupted: boolean;
}

/** The summary as one object; unknown values are null. The names are part of the demo's interface. */
export interface Summary {
  /** Images that the camera sent. */
  readonly samples: number;
  /** Share of right answers among the last 1000 scored samples, against the truth. */
  readonly accuracy: number | null;
  /** The node's own estimate from labels only, with its 95 % bounds. */
  readonly estimatedAccuracy: number | null;
  readonly estimatedLow: number | null;
  readonly estimatedHigh: number | null;
  /** Scored samples until the mean over the last 1000 first reached 80 %. */
  readonly samplesTo80: number | null;
  /** Mean T of the operating points, and mean timesteps that were run. */
  readonly meanTimesteps: number | null;
  readonly meanTimestepsRun: number | null;
  readonly timestepsPerMode: Readonly<Record<string, number>>;
  readonly decisionsPerMode: Readonly<Record<string, number>>;
  /** Energy of the unscaled network at T = 350, divided by the energy used. */
  readonly energyRatioFull: number | null;
  /** [J] */
  readonly energyUsed: number | null;
  /** [J] */
  readonly energySaved: number | null;
  /** Images that the node received. */
  readonly received: number | null;
  readonly decided: number;
  /** Messages that the node refused or skipped, in total and by cause. */
  readonly dropped: number | null;
  readonly droppedByCause: Readonly<Record<string, number>>;
  /** [s] */
  readonly latencyP50: number | null;
  /** [s] */
  readonly latencyP99: number | null;
  readonly run: RunFacts;
}

/** Summarises the figures of a run. */
export function summariseDemo(figures: Figures, run: RunFacts): Summary {
  const { status } = figures;
  const modes = Object.entries(figures.modes);
  return {
    samples: figures.sent,
    accuracy: known(figures.accuracy),
    estimatedAccuracy: known(status?.accuracy),
    estimatedLow: known(status?.accuracyLow),
    estimatedHigh: known(status?.accuracyHigh),
    samplesTo80: figures.samplesTo80 ?? null,
    meanTimesteps: known(figures.overall.timesteps),
    meanTimestepsRun: known(figures.overall.timestepsRun),
    timestepsPerMode: Object.fromEntries(modes.map(([name, { timesteps }]) => [name, timesteps])),
    decisionsPerMode: Object.fromEntries(modes.map(([name, { decisions }]) => [name, decisions])),
    energyRatioFull: status === undefined ? null : known((status.energyUsed + status.energySaved) / status.energyUsed),
    energyUsed: known(status?.energyUsed),
    energySaved: known(status?.energySaved),
    received: known(status?.received),
    decided: figures.decided,
    dropped: status === undefined ? null : Object.values(status.dropped).reduce((sum, count) => sum + count, 0),
    droppedByCause: status?.dropped ?? {},
    latencyP50: known(status?.latencyP50),
    latencyP99: known(status?.latencyP99),
    run,
  };
}

/** The summary for people, one line per item. */
export function summaryLines(summary: Summary): string[] {
  const { run } = summary;
  const line = (name: string, text: string): string => `  ${name.padEnd(14)}${text}`;
  const share = (value: number | null): string => percent(value ?? NaN);
  const per = (counts: Readonly<Record<string, number>>, digits: number): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count.toFixed(digits)}`)
      .join(', ');
  const bounds = `${share(summary.estimatedLow)} … ${share(summary.estimatedHigh)}`;
  const energy = `${si(summary.energyUsed ?? NaN, 'J')} used, ${si(summary.energySaved ?? NaN, 'J')} saved`;
  const ratio =
    summary.energyRatioFull === null ? '' : `: 1/${summary.energyRatioFull.toFixed(0)} of the unscaled network`;
  const causes = per(summary.droppedByCause, 0);
  const count = (value: number | null): string => (value === null ? '–' : grouped(value));
  return [
    run.interrupted ? `Stopped after ${grouped(summary.samples)} of ${grouped(run.samples)} samples.` : 'Done.',
    line('accuracy', `${share(summary.accuracy)} of the last 1000 samples, against the truth`),
    line('estimate', `${share(summary.estimatedAccuracy)} (${bounds}), the node's own, from labels alone`),
    line('80 % after', summary.samplesTo80 === null ? 'not reached' : `${grouped(summary.samplesTo80)} samples`),
    line('timesteps', `${mean(summary.meanTimesteps)} on average; ${per(summary.timestepsPerMode, 1)}`),
    line('energy', energy + ratio),
    line(
      'messages',
      `${count(summary.samples)} sent, ${count(summary.received)} received, ${count(summary.decided)} decided`,
    ),
    line('dropped', causes === '' ? count(summary.dropped) : `${count(summary.dropped)}: ${causes}`),
    line('latency', `${si(summary.latencyP50 ?? NaN, 's')} median, ${si(summary.latencyP99 ?? NaN, 's')} p99`),
  ];
}

function mean(value: number | null): string {
  return value === null ? '–' : value.toFixed(1);
}

function known(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
