import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TopsparkError } from 'topspark/base/errors.js';
import { Random } from 'topspark/base/random.js';
import { BagReader } from 'topspark/bag/bag-reader.js';
import { bagTopics } from 'topspark/bag/bag-topics.js';
import { Replay } from 'topspark/cli/replay-run.js';
import { sensorKind } from 'topspark/sensing/sensor-kinds.js';
import { benchSettings } from '../bench-settings.js';
import { damagedBag, type BagForm } from './damaged-bag.js';
import { fuzzedSensors } from './fuzz-messages.js';

/** A task: bags to read. */
export interface BagFuzzTask {
  /** Form of the bags. */
  readonly bag: BagForm;
  /** Messages recorded in all bags, about a thousand per bag. */
  readonly messages: number;
  readonly seed: number;
}

/** Outcomes of reading damaged bags. */
export interface BagFuzzResult {
  readonly bag: BagForm;
  readonly bags: number;
  /** Bags of which nothing could be read; each was reported. */
  readonly unreadable: number;
  /** Bags whose damage was reported, readable or not. */
  readonly told: number;
  /** Recorded messages, and those that could still be read. */
  readonly messages: number;
  readonly heard: number;
  /** Decided samples, and labels that were used or still wait for their samples. */
  readonly accepted: number;
  /** Number of refusals by cause. */
  readonly refused: Readonly<Record<string, number>>;
  /** Faults of the program, and the first one in words. */
  readonly crashes: number;
  readonly firstCrash: string;
  /** Messages without a decision or a used label that changed the weights nevertheless; must be 0. */
  readonly changedWeights: number;
  /** Messages that were read, but neither accepted nor counted as refused. */
  readonly uncounted: number;
}

const perBag = 1000;
const { values } = fuzzedSensors['scan'];
const sensors = { use: [{ name: 'scan', values }], sync: { slop: 0.05, policy: 'wait', queue: 8 } } as const;

/**
 * Reads damaged bags as `topspark replay` does, by an agent that learns.
 *
 * @param begin - called with the number of each message, from 0, before it is read
 */
export async function fuzzBags(
  { bag: form, messages, seed }: BagFuzzTask,
  begin: (message: number) => void,
): Promise<BagFuzzResult> {
  const random = new Random(seed);
  const folder = mkdtempSync(join(tmpdir(), 'topspark-fuzz-'));
  const refused = new Map<string, number>();
  const total = { bags: 0, unreadable: 0, told: 0, messages: 0, heard: 0, accepted: 0, changedWeights: 0, crashes: 0 };
  let firstCrash = '';
  let uncounted = 0;
  const crashed = (error: unknown): void => {
    total.crashes++;
    firstCrash ||= error instanceof Error ? (error.stack ?? error.message) : String(error);
  };
  try {
    while (total.messages < messages) {
      begin(total.messages);
      const count = Math.min(perBag, messages - total.messages);
      const path = join(folder, 'bag');
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path);
      const files = await damagedBag(form, count, random);
      for (const [name, bytes] of files) writeFileSync(join(path, name), bytes);
      try {
        const read = await readBag(path, (k) => {
          begin(total.messages + Math.min(k, count - 1));
        });
        total.told += Number(read.problems > 0);
        total.heard += read.heard;
        total.accepted += read.accepted;
        total.changedWeights += read.changedWeights;
        uncounted += read.uncounted;
        if (read.internal !== undefined) crashed(read.internal);
        for (const [cause, more] of read.refused) refused.set(cause, (refused.get(cause) ?? 0) + more);
      } catch (error) {
        if (!(error instanceof TopsparkError)) crashed(error);
        total.told++;
        total.unreadable++;
      }
      total.bags++;
      total.messages += count;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    bag: form,
    ...total,
    uncounted,
    firstCrash,
    refused: Object.fromEntries([...refused].sort(([, a], [, b]) => b - a)),
  };
}

/** Replays one bag; throws where nothing of it can be read. */
async function readBag(path: string, begin: (message: number) => void) {
  const settings = benchSettings({ neurons: 10, classes: 16, memory: 8 }, sensors);
  const replay = new Replay({ settings, topics: bagTopics([sensorKind('scan')], '/', []), mode: 'FULL', rate: 0 });
  const { agent } = replay;
  let before = agent.weightsHash();
  let [seen, decided, changedWeights] = [0, false, 0];
  let labelled = 0;
  // The effect of a message is known only when the next one is read.
  const look = (): void => {
    const after = agent.weightsHash();
    if (after !== before && !decided) {
      const taught = agent.status().labelled;
      if (taught === labelled) changedWeights++;
      labelled = taught;
    }
    [before, decided] = [after, false];
  };
  const bag = await BagReader.open(path);
  try {
    const result = await replay.run(
      bag,
      () => {
        decided = true;
      },
      () => {
        look();
        begin(seen++);
      },
    );
    look();
    const { class_given_up: given = 0, ...causes } = result.refusedByCause;
    const accepted = result.decisions + result.labelled + result.labelsWaiting;
    return {
      ...{ heard: result.messages, accepted, changedWeights, problems: result.problems.length },
      refused: Object.entries(causes),
      uncounted: result.messages - accepted - (result.refused - given),
      internal: 'internal_error' in causes ? result.reasons['internal_error'] : undefined,
    };
  } finally {
    bag.close();
  }
}
