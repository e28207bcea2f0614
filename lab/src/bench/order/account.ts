import type { AgentStatus } from 'topspark/agent/agent-status.js';

/** Outcomes of the messages of one kind. */
export interface Share {
  readonly taken: number;
  /** Messages in a decided sample or a window, or labels that were used. */
  readonly used: number;
  /** Messages that were refused, dropped or skipped, each with a cause. */
  readonly counted: number;
  /** Labels whose samples may still come; they survive a restart. */
  readonly waiting: number;
  /** `taken − used − counted − waiting`: unaccounted messages; must be 0. */
  readonly unaccounted: number;
}

/** Outcomes of the messages of a run. */
export interface Account extends Share {
  readonly labels: Share;
  /** All counts by cause, including those of samples whose messages may be part of other samples too. */
  readonly causes: Readonly<Record<string, number>>;
  /** Faults of the program, and the first one in words. */
  readonly crashes: number;
  readonly firstCrash: string;
  /** Scenarios that learned something else than a replay of the same messages; must be 0. */
  readonly differentFromReplay: number;
}

/**
 * Makes the account of an agent after all its messages.
 *
 * @param taken - numbers of sensor messages and of labels that it was given
 * @param faults - faults of the program, in words
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

/** Adds two accounts. */
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
