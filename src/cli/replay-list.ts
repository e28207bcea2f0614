import pc from 'picocolors';
import type { BagReader, BagTopic } from '../bag/bag-reader.js';
import { isSensor, useOf } from '../bag/bag-topics.js';
import { togetherIn, type SensorsTogether } from '../bag/sensor-names.js';

/** A topic of a bag, and what it can be to the agent. */
export interface ListedTopic extends BagTopic {
  /** Name of a sensor's kind, or `label`, `battery_state`; absent where its messages are of no use. */
  readonly input?: string;
  /** With which options `topspark replay` hears it; empty: it hears it as it is. */
  readonly options?: string;
}

/** What `topspark replay --list` tells. */
export interface BagList {
  readonly path: string;
  /** By name. */
  readonly topics: readonly ListedTopic[];
  /** Of each sensor that the bag has several of: how they are heard together. */
  readonly together: readonly SensorsTogether[];
  readonly messages: number;
  /** Recorded time [s]. */
  readonly duration: number;
  /** What of the bag could not be read, a sentence each. */
  readonly problems: readonly string[];
}

/** Reads a whole bag, and says what is in it. */
export function listOf(bag: BagReader): BagList {
  const { topics, duration } = bag.contents();
  const listed = topics.map((each) => ({ ...each, ...useOf(each) }));
  return {
    path: bag.path,
    topics: listed,
    together: togetherIn(listed),
    messages: topics.reduce((sum, { messages }) => sum + messages, 0),
    duration: Number(duration) / 1e9,
    problems: bag.problems,
  };
}

/** The same for people, with a command for each sensor. */
export function describeList(
  { path, topics, together, messages, duration }: BagList,
  paths: readonly string[],
): string {
  const rows = topics.map(({ topic, type, messages: count, input = '' }) => [topic, type || '-', String(count), input]);
  const table = [['topic', 'type', 'messages', 'heard as'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, column) =>
      column === 2 ? cell.padStart(widths[2]) : cell.padEnd(widths[column] ?? 0),
    );
    return `  ${cells.join('  ')}`.trimEnd();
  };
  const heard = topics.filter((each) => each.messages > 0);
  const beside = heard.filter(({ input = '', options = '' }) => input !== '' && !isSensor(input) && options !== '');
  const more = beside.map(({ options = '' }) => ` ${options}`).join('');
  const commands = [...heard.filter(({ input = '' }) => input !== '' && isSensor(input)), ...together].map(
    ({ options = '' }) => `  topspark replay ${paths.map(shellWord).join(' ')} ${options}${more}`,
  );
  return [
    `${pc.bold(path)}: ${duration.toFixed(1)} s recorded, ${messages} messages`,
    ...table.map(line),
    ...(commands.length > 0 ? commands : ['  no topic is of a type that a sensor is heard by']),
    '',
  ].join('\n');
}

const shellWord = (text: string): string =>
  /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
