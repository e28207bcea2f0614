import { printable } from '../base/quoted.js';
import { toNanoseconds, type Stamp } from '../base/time.js';
import type { BagReader } from '../bag/bag-reader.js';
import type { BagInput } from '../bag/bag-topics.js';
import { stretchLine } from './label-intervals.js';
import { MessageDecoder } from '../bag/message-decoder.js';

/** A sample of a recording and its answer. */
export interface Answered {
  /** Time in the recording, from the first message of a topic in use [s]. */
  readonly seconds: number;
  /** [ns] */
  readonly logTime: bigint;
  readonly stamp: bigint;
  /** Name of the class; empty: none. */
  readonly answer: string;
}

/** A stretch of the same answer. */
export interface AnswerRun {
  readonly from: number;
  readonly to: number;
  readonly answer: string;
  readonly samples: number;
}

const decisionType = 'topspark_msgs/msg/Decision';

/**
 * Reads the decisions that a node recorded in the bag.
 *
 * @param topics - topics in use: time begins with their first message
 */
export function recordedAnswers(bag: BagReader, topics: ReadonlyMap<string, BagInput>): Answered[] {
  const decoder = new MessageDecoder();
  const found: Answered[] = [];
  let first: bigint | undefined;
  const decisionTopics = new Set(bag.channels.filter(({ type }) => type === decisionType).map(({ topic }) => topic));
  for (const message of bag.messages((topic) => topics.has(topic) || decisionTopics.has(topic))) {
    const { channel, logTime } = message;
    if (topics.has(channel.topic)) first ??= logTime;
    if (channel.type !== decisionType) continue;
    const decision = decoder.decode(message) as { readonly header: { readonly stamp: Stamp }; readonly label: string };
    const seconds = Number(logTime - (first ?? logTime)) / 1e9;
    found.push({ seconds, logTime, stamp: toNanoseconds(decision.header.stamp), answer: decision.label });
  }
  return found;
}

/** Stretches of the same answer, in the order of the recording. */
export function runsOf(samples: readonly Answered[]): AnswerRun[] {
  const runs: AnswerRun[] = [];
  for (const { seconds, answer } of samples) {
    const last = runs.at(-1);
    if (last?.answer === answer) runs[runs.length - 1] = { ...last, to: seconds, samples: last.samples + 1 };
    else runs.push({ from: seconds, to: seconds, answer, samples: 1 });
  }
  return runs;
}

/** The stretches as lines for people. */
export function describeRuns(runs: readonly AnswerRun[]): string {
  const lines = runs.map((run) => {
    return stretchLine(run, run.samples, run.answer === '' ? '(no answer)' : printable(run.answer));
  });
  return lines.length === 0 ? 'no sample was answered\n' : lines.join('');
}
