import { kindOf, sensorKind } from '../sensing/sensor-kinds.js';
import type { BagTopic } from './bag-reader.js';

/** Topics of one type in a bag, each as a sensor with its own name, and the options that use them together. */
export interface SensorsTogether {
  /** Names and topics of the sensors. */
  readonly sensors: readonly { readonly name: string; readonly topic: string }[];
  readonly options: string;
}

/** Longest ending of a name [character]. */
const longest = 32;

/**
 * Names for several topics of a kind: by the parts in which the topics differ, `/front/scan` and `/rear/scan` become
 * `scan_front` and `scan_rear`; otherwise by number.
 *
 * @param kind - name of a kind
 * @param topics - of its type, two or more, each once
 */
export function sensorNamesOf(kind: string, topics: readonly string[]): string[] {
  const parts = topics.map((topic) => topic.split('/').filter((part) => part !== ''));
  const common = parts[0].filter((part) => parts.every((each) => each.includes(part)));
  const names = parts.map((each) => {
    const own = each.filter((part) => !common.includes(part)).join('_');
    const words = own.split(/[^A-Za-z\d]+/).filter((word) => word !== '' && word !== kind);
    return [kind, ...words].join('_');
  });
  const fit = names.every((name) => kindOf(name)?.name === kind && name.length <= kind.length + 1 + longest);
  return fit && new Set(names).size === names.length ? names : topics.map((_, at) => `${kind}${at + 1}`);
}

/** For each kind with several topics in a bag, the options that use them together. */
export function togetherIn(topics: readonly (BagTopic & { readonly input?: string })[]): SensorsTogether[] {
  const byKind = new Map<string, string[]>();
  for (const { input, topic, messages } of topics) {
    if (input === undefined || kindOf(input) === undefined || messages === 0) continue;
    byKind.set(input, [...(byKind.get(input) ?? []), topic]);
  }
  return [...byKind]
    .filter(([, own]) => own.length > 1)
    .map(([kind, own]) => {
      const names = sensorNamesOf(kind, own);
      const remaps = own.map((topic, at) => ` -r ${sensorKind(names[at]).topic}:=${topic}`).join('');
      return {
        sensors: own.map((topic, at) => ({ name: names[at], topic })),
        options: `-p "sensors:=[${names.join(', ')}]"${remaps}`,
      };
    });
}
