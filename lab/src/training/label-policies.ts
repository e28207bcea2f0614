import type { Random } from 'topspark/base/random.js';
import type { LabelKind } from 'topspark/classifier/label-kinds.js';
import { Questions } from 'topspark/agent/questions.js';

/** How people label: drawn at random, only mistakes, half of each, what the network asks, in bursts, or everything. */
export const labelPolicies = ['random', 'mistakes', 'half', 'asked', 'burst', 'all'] as const;

/** One of {@link labelPolicies}. */
export type LabelPolicy = (typeof labelPolicies)[number];

/** Corrections that may be saved up: who has corrected nothing for long does not correct all of what comes then. */
const mostSaved = 20;
/** Samples in a row that a burst names. */
const burstLength = 20;

/** What is known of an answer when somebody may label it. */
export interface SeenAnswer {
  /** The reported answer was right. */
  readonly right: boolean;
  /** Of the given answer [votes]. */
  readonly lead: number;
  /** It was met before, and nothing like it has a name. */
  readonly group: boolean;
}

/** Somebody who labels. Asked once for every sample, in their order. */
export interface Labeller {
  /** @returns why the sample is named; `undefined`: it is not */
  kindOf(answer: SeenAnswer): LabelKind | undefined;
}

/**
 * Somebody who labels at most a share of all samples.
 *
 * @param budget - labels per sample, 0..1
 * @param random - numbers of its own
 */
export function labeller(policy: LabelPolicy, budget: number, random: Random): Labeller {
  switch (policy) {
    case 'random':
      return { kindOf: () => (random.uniform() < budget ? 'random' : undefined) };
    case 'mistakes':
      return { kindOf: corrector(budget) };
    case 'half': {
      const correct = corrector(budget / 2);
      return {
        kindOf: (answer) => {
          const correction = correct(answer);
          return random.uniform() < budget / 2 ? 'random' : correction;
        },
      };
    }
    case 'asked': {
      // A sample a second.
      const questions = new Questions({ perMinute: 60, perHour: 3600 * budget });
      let time = 0;
      return {
        kindOf: ({ lead, group }) => {
          const why = questions.see({ time: time++, lead, group, quiet: false });
          if (why === undefined) return undefined;
          return why === 'random_check' ? 'random' : 'answer';
        },
      };
    }
    case 'burst': {
      let left = 0;
      return {
        kindOf: () => {
          if (left === 0 && random.uniform() < budget / burstLength) left = burstLength;
          if (left === 0) return undefined;
          left--;
          return 'teaching';
        },
      };
    }
    case 'all':
      return { kindOf: () => 'random' };
  }
}

// Corrects what is wrong, as far as the budget goes.
function corrector(budget: number): (answer: SeenAnswer) => LabelKind | undefined {
  let saved = 0;
  return ({ right }) => {
    saved = Math.min(mostSaved, saved + budget);
    if (right || saved < 1) return undefined;
    saved--;
    return 'correction';
  };
}
