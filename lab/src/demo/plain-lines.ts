import type { Figures } from './demo-tally.js';
import { grouped, percent, si } from 'topspark/base/units.js';

/** Samples between two lines. */
const every = 1000;

/** Progress where there is no terminal: a line every 1000 scored samples, and one at each change of the mode. */
export class PlainLines {
  #printed = 0;
  #mode: string | undefined;

  /** @param samples - number of samples that the camera will show */
  constructor(readonly samples: number) {}

  /** @returns the lines that are due now */
  due(figures: Figures): string[] {
    const lines: string[] = [];
    const { mode } = figures;
    if (mode !== undefined && mode.name !== this.#mode) {
      const from = this.#mode === undefined ? '' : `${this.#mode} → `;
      lines.push(`mode ${from}${mode.name} after ${grouped(figures.scored)} samples: ${mode.reason}`);
      this.#mode = mode.name;
    }
    if (figures.scored >= this.#printed + every) {
      this.#printed = figures.scored - (figures.scored % every);
      lines.push(this.#progress(figures));
    }
    return lines;
  }

  #progress(figures: Figures): string {
    const { status, mode } = figures;
    const used = status?.energyUsed ?? NaN;
    const ratio = (used + (status?.energySaved ?? NaN)) / used;
    return [
      `${grouped(figures.scored)} of ${grouped(this.samples)}`,
      `right ${percent(figures.accuracy)}`,
      `estimate ${percent(status?.accuracy ?? NaN)} (${percent(status?.accuracyLow ?? NaN)} … ${percent(status?.accuracyHigh ?? NaN)})`,
      `${mode?.name ?? '–'} T=${mode?.timesteps ?? '–'}`,
      `battery ${percent(figures.charge)}`,
      `energy ${si(used, 'J')}, 1/${Number.isFinite(ratio) ? ratio.toFixed(0) : '–'} of unscaled`,
      `latency ${si(status?.latencyP50 ?? NaN, 's')}`,
    ].join('  ');
  }
}
