import type { EChartsCoreOption } from 'echarts/core';
import type { Draft, DraftOf, DraftResults } from './drafts.js';

/** Mean and sample standard deviation over the seeds. */
export interface Spread {
  readonly mean: number;
  /** NaN with one seed. */
  readonly deviation: number;
  readonly seeds: number;
}

/** A claim, and whether the runs confirm it. */
export interface Claim {
  readonly text: string;
  readonly bar: string;
  readonly found: string;
  /** `undefined`: not measured. */
  readonly met: boolean | undefined;
}

/** A plot in the text. */
export interface Plot {
  /** Name of the file, without extension. */
  readonly name: string;
  readonly title: string;
  readonly option: EChartsCoreOption;
}

/**
 * Source of a section of the results. A section asks for the results of runs. Where a run is not done yet, it is done
 * before the section is written again.
 */
export interface Scope {
  readonly seeds: readonly number[];
  /** A quick run: one seed, a tenth of the samples. */
  readonly quick: boolean;
  /** Result of a run; `undefined`: not done yet. */
  ask<K extends Draft['kind']>(draft: DraftOf<K>): DraftResults[K] | undefined;
  /** Names of the sets of photographs that the user gave. */
  readonly pictures: readonly string[];
  /** Whether an optional data set is on this machine. */
  present(dataset: string): boolean;
  claim(claim: Claim): void;
  plot(plot: Plot): void;
}

/** A part of docs/results.md in Markdown. */
export type Section = (scope: Scope) => string;

/** Number of samples to use: all, or a tenth in a quick run. */
export function samplesOf({ quick }: Scope, samples: number): number {
  return quick ? samples / 10 : samples;
}

/** Mean and deviation of figures, one for each seed; at least one. */
export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)), seeds: values.length };
}

/** Mean and deviation over all seeds; `undefined` while the figure of any seed is missing. */
export function overSeeds({ seeds }: Scope, figure: (seed: number) => number | undefined): Spread | undefined {
  // Asks for every seed, even where the first is missing.
  const values = seeds.map(figure);
  const found = values.filter((value) => value !== undefined);
  return found.length < values.length ? undefined : spreadOf(found);
}

const missing = '–';

/** A spread as text; `text` formats its figures. */
export function spreadText(spread: Spread | undefined, text: (value: number) => string): string {
  if (!spread) return missing;
  return Number.isNaN(spread.deviation) ? text(spread.mean) : `${text(spread.mean)} ± ${text(spread.deviation)}`;
}

/** A share in percent, with one decimal. */
export const percentOf = (share: number): string => (100 * share).toFixed(1);

/** Accuracy in percent, with its deviation. */
export const accuracyText = (spread: Spread | undefined): string => spreadText(spread, percentOf);

/** An energy [J] in microjoules. */
export const microjoules = (energy: number): string => (energy * 1e6).toFixed(energy < 1e-6 ? 4 : 2);

/** A ratio as text, such as `84×`. */
export const times = (ratio: number | undefined): string =>
  ratio === undefined || Number.isNaN(ratio) ? missing : `${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)}×`;

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Claims that a figure is at least (or, where `below`, at most) a bar. */
export function claimFigure(
  scope: Scope,
  text: string,
  bar: number,
  spread: Spread | undefined,
  show: (value: number) => string,
  below = false,
): void {
  const value = spread?.mean;
  const met = value === undefined ? undefined : below ? value <= bar : value >= bar;
  scope.claim({ text, bar: `${below ? '≤' : '≥'} ${show(bar)}`, found: spreadText(spread, show), met });
}
