import type { AgentStatus } from 'topspark/agent/agent-status.js';

/** Outcomes of the messages of one kind. */
export interface Share {
  readonly taken: number;
  /** Messages in a decided sample, a window or a class. */
  readonly used: number;
  /** Refused, dropped or skipped, each under a cause. */
  readonly counted: number;
  /** Labels whose samples may still come; they are kept over a restart. */
  readonly waiting: number;
  /** `taken − used − counted − waiting`; anything but 0 is an unaccounted message. */
  readonly unaccounted: number;
}

/** Outcomes of traffic. */
export interface Account extends Share {
  readonly labels: Share;
  /** All counts by cause, including those of samples whose messages may be part of other samples. */
  readonly causes: Readonly<Record<string, number>>;
  /** Faults of the program; the first in words. */
  readonly crashes: number;
  readonly firstCrash: string;
  /** Lives that learned something else than a replay of the same messages. */
  readonly differentFromReplay: number;
}

/**
 * The account of an agent after all its messages.
 *
 * @param taken - messages of sensors, and labels, that were handed over
 * @param faults - of the program, in words
 */
export function accountOf(
  { sensors, labelled, labelsWaiting, dropped }: AgentStatus,
  taken: { readonly sensors: number; readonly labels: number },
  faults: readonly string[],
): Account {
  const total = (counts: readonly number[]): number => counts.reduce((sum, each) => sum + each, 0);
  const ofLabels = [...dropped].filter(([cause]) => cause.startsWith('label_')).map(([, count]) => count);
  return {
    ...share(taken.sensors, total(sensors.map(({ used }) => used)), total(sensors.map(({ counted }) => counted))),
    labels: share(taken.labels, labelled, total(ofLabels), labelsWaiting),
    causes: Object.fromEntries(dropped),
    crashes: faults.length,
    firstCrash: faults.at(0) ?? '',
    differentFromReplay: 0,
  };
}

/** Two accounts as one. */
export function sum(a: Account, b: Account): Account {
  const causes = new Map(Object.entries(a.causes));
  for (const [cause, count] of Object.entries(b.causes)) causes.set(cause, (causes.get(cause) ?? 0) + count);
  const shares = (x: Share, y: Share): Share =>
    share(x.taken + y.taken, x.used + y.used, x.counted + y.counted, x.waiting + y.waiting);
  return {
    ...shares(a, b),
    labels: shares(a.labels, b.labels),
    causes: Object.fromEntries(causes),
    crashes: a.crashes + b.crashes,
    firstCrash: a.firstCrash === '' ? b.firstCrash : a.firstCrash,
    differentFromReplay: a.differentFromReplay + b.differentFromReplay,
  };
}

const share = (taken: number, used: number, counted: number, waiting = 0): Share => ({
  ...{ taken, used, counted, waiting },
  unaccounted: taken - used - counted - waiting,
});
