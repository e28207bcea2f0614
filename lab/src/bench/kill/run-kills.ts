import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from 'topspark/base/random.js';
import { CheckpointStore } from 'topspark/checkpoint/checkpoint-store.js';
import { uninterrupted } from './life.js';
import { killAt, type KillMoment, type KilledProcess } from './victim.js';

/** Options of the kills. */
export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly neurons: number;
  /** Time between checkpoints [s]. */
  readonly interval: number;
  /** One in so many restarts begins with a truncated newest checkpoint; 0: none. */
  readonly cutEvery: number;
}

/** Results. */
export interface KillResult {
  readonly kills: number;
  /** Kills during a save, by the reports of the process. */
  readonly killsWhileSaving: number;
  /** Restarts that restored a state, and those that started from scratch because there was none yet. */
  readonly restored: number;
  readonly anew: number;
  /** Checkpoints that were truncated on purpose, and those that the process refused. */
  readonly cut: number;
  readonly refused: number;
  /** Restored states whose weights differ from an uninterrupted run; must be 0. */
  readonly corruptAccepted: number;
  /** Checkpoints that were saved completely and are missing; must be 0. */
  readonly checkpointsLost: number;
  /** Longest learning time that was lost, in intervals; only where no checkpoint was truncated. */
  readonly maxIntervalsLost: number;
  /** Samples learned at the end. */
  readonly samples: number;
}

interface Restart {
  readonly samples: number;
  readonly hash: string;
}

/** Kills a learning process again and again, and checks the state that each restart restores. */
export async function runKills(options: KillOptions, progress: (done: number) => void): Promise<KillResult> {
  const { kills, seed, neurons, interval, cutEvery } = options;
  const folder = mkdtempSync(join(tmpdir(), 'topspark-kill-'));
  const random = new Random(seed);
  const restarts: Restart[] = [];
  const sum = { killsWhileSaving: 0, anew: 0, cut: 0, refused: 0, checkpointsLost: 0, maxIntervalsLost: 0 };
  let last: KilledProcess | undefined;
  let durable = 0;
  // True until the next state is restored.
  let cut = false;
  try {
    // One more start than kills, so that the state after the last kill is checked too.
    for (let k = 0; k <= kills; k++) {
      if (last !== undefined && cutEvery > 0 && k % cutEvery === 0 && cutNewest(folder, random)) {
        cut = true;
        sum.cut++;
      }
      const killed = await killAt(
        k < kills ? someMoment(random, interval) : { after: 'restored', delay: 0 },
        folder,
        neurons,
        interval,
      );
      sum.refused += killed.refused;
      progress(1);
      const { restored } = killed;
      if (restored) {
        restarts.push(restored);
        sum.anew += Number(restored.samples === 0);
        if (!cut && restored.samples < durable) sum.checkpointsLost++;
        if (!cut && last) sum.maxIntervalsLost = Math.max(sum.maxIntervalsLost, lostTime(last, restored) / interval);
        durable = restored.samples;
        cut = false;
        last = killed;
      }
      const begun = [...killed.begun.keys()].at(-1) ?? 0;
      sum.killsWhileSaving += Number(begun > killed.saved);
      durable = Math.max(durable, killed.saved);
    }
    const counts = [...new Set(restarts.map(({ samples }) => samples))].sort((a, b) => a - b);
    const right = uninterrupted(neurons, counts);
    const corruptAccepted = restarts.filter(({ samples, hash }) => right.get(samples) !== hash).length;
    return { kills, ...sum, restored: restarts.length - sum.anew, corruptAccepted, samples: counts.at(-1) ?? 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Picks when to kill: 40 % at any time of learning, 40 % during a save, 20 % while the process starts. */
function someMoment(random: Random, interval: number): KillMoment {
  const kind = random.uniform();
  if (kind < 0.4) return { after: 'restored', delay: 3 * interval * random.uniform() };
  if (kind < 0.8) return { after: 'saving', delay: 0.05 * random.uniform() };
  return { after: 'start', delay: 0.5 * random.uniform() };
}

/** Learning time between the restored state and the kill [s]. */
function lostTime(killed: KilledProcess, { samples }: Restart): number {
  return Math.max(0, killed.killed - (killed.begun.get(samples) ?? killed.ready));
}

/**
 * Truncates the newest checkpoint at a random byte, like a file system that lost its last blocks; false: there is none.
 */
function cutNewest(folder: string, random: Random): boolean {
  const newest = new CheckpointStore(folder, 1).names().at(0);
  if (newest === undefined) return false;
  const path = join(folder, newest);
  truncateSync(path, Math.floor(random.uniform() * readFileSync(path).length));
  return true;
}
