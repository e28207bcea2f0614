import type { Random } from 'topspark/base/random.js';
import type { LabelKind } from 'topspark/classifier/label-kinds.js';
import { Questions } from 'topspark/agent/questions.js';

/** How people label: at random, mistakes only, half of each, what the network asks, in bursts, or everything. */
export const labelPolicies = ['random', 'mistakes', 'half', 'asked', 'burst', 'all'] as const;

/** One of {@link labelPolicies}. */
export type LabelPolicy = (typeof labelPolicies)[number];

/** Most corrections that can be saved up: a person who corrected nothing for long does not then correct everything. */
const mostSaved = 20;
/** Samples in a row that are labelled in a burst. */
const burstLength = 20;

/** What is known of an answer before it may be labelled. */
export interface SeenAnswer {
  /** The reported answer was right. */
  readonly right: boolean;
  /** Lead of the first class [votes]. */
  readonly lead: number;
  /** Its group was met before and has no name. */
  readonly group: boolean;
}

/** Somebody who labels. Called once for every sample, in order. */
export interface Labeller {
  /** @returns why the sample is labelled; `undefined`: it is not labelled */
  kindOf(answer: SeenAnswer): LabelKind | undefined;
}

/**
 * Somebody who labels at most a share of all samples; `all` has no limit.
 *
 * @param budget - labels per sample, 0..1
 * @param random - a generator that nothing else uses
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
      // One sample a second.
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

// Corrects wrong answers as far as the budget allows.
function corrector(budget: number): (answer: SeenAnswer) => LabelKind | undefined {
  let saved = 0;
  return ({ right }) => {
    saved = Math.min(mostSaved, saved + budget);
    if (right || saved < 1) return undefined;
    saved--;
    return 'correction';
  };
}
