import pc from 'picocolors';
import type { BagReader, BagTopic } from '../bag/bag-reader.js';
import { isSensor, useOf } from '../bag/bag-topics.js';
import { togetherIn, type SensorsTogether } from '../bag/sensor-names.js';

/** A topic of a bag, and its possible use by the agent. */
export interface ListedTopic extends BagTopic {
  /** Name of a sensor's kind, or `label`, `battery_state`; absent where its messages have no use. */
  readonly input?: string;
  /** Options by which `topspark replay` uses it; empty: none needed. */
  readonly options?: string;
}

/** Output of `topspark replay --list`. */
export interface BagList {
  readonly path: string;
  /** By name. */
  readonly topics: readonly ListedTopic[];
  /** For each kind with several topics: how to use them together. */
  readonly together: readonly SensorsTogether[];
  readonly messages: number;
  /** Recorded time [s]. */
  readonly duration: number;
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/** Reads a whole bag, and lists its contents. */
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

/** Describes the list for people, with a command for each sensor. */
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
    ...(commands.length > 0 ? commands : ['  no topic has the type of a sensor']),
    '',
  ].join('\n');
}

const shellWord = (text: string): string =>
  /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
