import type { Json, Snapshot } from '../base/snapshot.js';
import { readouts, type Readout } from '../classifier/answer.js';
import type { DecisionEvent } from './events.js';

/** The part of a decision that is repeated for samples that hardly differ. */
export type LastAnswer = Omit<DecisionEvent, 'kind' | 'frameId' | 'latency' | 'energy' | 'learned' | 'repeated'>;

/** The part of a decision to repeat; its votes are a copy. */
export function lastAnswer(decision: DecisionEvent): LastAnswer {
  const { stamp, label, confidence, givenLabel, unknown, unknownScore, readout, classes, scores } = decision;
  const { timesteps, timestepsRun } = decision;
  const named = { label, confidence, givenLabel, unknown, unknownScore, readout, classes };
  return { stamp, ...named, scores: scores.slice(), timesteps, timestepsRun };
}

/** Puts the last answer into a snapshot: `last_answer` in the meta. */
export function withLastAnswer(snapshot: Snapshot, answer: LastAnswer | undefined): Snapshot {
  if (answer === undefined) return snapshot;
  const { stamp, scores, classes, ...rest } = answer;
  const last_answer = { ...rest, stamp: String(stamp), scores: [...scores], classes: [...classes] };
  return { ...snapshot, meta: { ...snapshot.meta, last_answer } };
}

/** Reads the last answer from a snapshot. Where it is missing or incomplete, the next sample is decided. */
export function lastAnswerOf({ meta }: Snapshot): LastAnswer | undefined {
  const found = meta['last_answer'];
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
  const stored = found as Readonly<Partial<Record<string, Json>>>;
  const { stamp, label, givenLabel, unknown, readout } = stored;
  const numbers = ['confidence', 'unknownScore', 'timesteps', 'timestepsRun'].map((name) => stored[name]);
  const [scores, classes] = [stored['scores'], stored['classes']];
  if (typeof label !== 'string' || typeof givenLabel !== 'string' || typeof unknown !== 'boolean') return undefined;
  if (typeof stamp !== 'string' || !/^-?\d{1,19}$/.test(stamp) || !isReadout(readout)) return undefined;
  if (!areNumbers(numbers) || !areNumbers(scores) || !areTexts(classes) || scores.length !== classes.length) {
    return undefined;
  }
  const [confidence, unknownScore, timesteps, timestepsRun] = numbers;
  return {
    stamp: BigInt(stamp),
    ...{ label, givenLabel, unknown, readout, confidence, unknownScore, timesteps, timestepsRun },
    ...{ scores: Float32Array.from(scores), classes },
  };
}

const isReadout = (found: Json | undefined): found is Readout => readouts.some((each) => each === found);

const areNumbers = (found: unknown): found is readonly number[] =>
  Array.isArray(found) && found.every((each) => typeof each === 'number' && Number.isFinite(each));

const areTexts = (found: unknown): found is readonly string[] =>
  Array.isArray(found) && found.every((each) => typeof each === 'string');
