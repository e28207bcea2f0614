import type { LifeTest } from '../../training/life-result.js';
import { pointsLife, scheduleLife } from '../../training/lives.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { economy, imageSets, lifeJob, pointAt } from '../reproduction-jobs.js';
import { accuracyText, claimFigure, microjoules, overSeeds, percentOf, samplesOf, table } from '../scope.js';
import type { Scope, Section, Spread } from '../scope.js';

const standard = leanPoint(400);
const at = (timesteps: number, events: number, keep: number): OperatingPoint => ({
  ...standard,
  timesteps,
  events,
  keep,
});
const places = [
  at(350, 200, 48),
  at(100, 200, 48),
  standard,
  at(16, 200, 48),
  at(5, 200, 48),
  at(35, 400, 96),
  at(35, 400, 24),
  at(35, 150, 48),
  economy,
  at(35, 100, 24),
  at(8, 100, 24),
  at(35, 75, 24),
  at(35, 50, 48),
  at(35, 25, 48),
];
const margins = [
  [0, 0],
  [0, 6],
  [0, 3],
  [0, 0.01],
  [6, 3],
  [5, 3],
  [4, 3],
] as const;
const exits = [standard, economy].flatMap((point) =>
  margins.map(([exitFirst, exit]) => ({ ...point, exitFirst, exit })),
);
const lean = [...places, ...exits];
const inTime = [0, 16, 8, 4, 2, 1].map((exit) => ({ ...pointAt(400, 50), exit }));

function tested(
  scope: Scope,
  dataset: string,
  tests: readonly OperatingPoint[],
  k: number,
  pick: (test: LifeTest) => number,
): Spread | undefined {
  const [first] = tests === lean ? [standard] : tests;
  const stages = pointsLife(first, tests).map((stage) => ({ ...stage, samples: samplesOf(scope, stage.samples) }));
  const policy = tests === lean ? {} : ({ policy: 'rate' } as const);
  return overSeeds(scope, (seed) => {
    const life = scope.ask(lifeJob({ dataset, neurons: 400, seed, stages, ...policy }));
    return life && pick(life.stages[0].tests[k]);
  });
}

function testTable(
  scope: Scope,
  tests: readonly OperatingPoint[],
  shown: readonly number[],
  title: (point: OperatingPoint) => string,
): string {
  const head = imageSets.flatMap(([, title]) => [`${title} %`, 'steps', 'without steps', 'µJ']);
  const rows = shown.map((k) => [
    title(tests[k]),
    ...imageSets.flatMap(([dataset]) => {
      const of = (pick: (test: LifeTest) => number): Spread | undefined => tested(scope, dataset, tests, k, pick);
      return [
        accuracyText(of(({ accuracy }) => accuracy)),
        mean(
          of(({ steps }) => steps),
          (steps) => steps.toFixed(1),
        ),
        mean(
          of(({ withoutSteps }) => withoutSteps),
          (share) => `${percentOf(share)} %`,
        ),
        mean(
          of(({ energyPerSample }) => energyPerSample),
          microjoules,
        ),
      ];
    }),
  ]);
  return table(['', ...head], rows);
}

const mean = (spread: Spread | undefined, text: (value: number) => string): string =>
  spread ? text(spread.mean) : '–';

const schedules = [
  [350, 350, 350, 350, 350],
  [35, 35, 35, 35, 35],
  [350, 90, 35, 16, 350],
] as const;

function scheduleTable(scope: Scope): string {
  const end = (dataset: string, plan: readonly number[]): Spread | undefined => {
    const stages = scheduleLife(standard, plan).map((stage) => ({
      ...stage,
      samples: samplesOf(scope, stage.samples),
    }));
    return overSeeds(scope, (seed) => {
      const life = scope.ask(lifeJob({ dataset, neurons: 400, seed, stages }));
      return life?.stages.at(-1)?.tests[0].accuracy;
    });
  };
  for (const [dataset, title] of imageSets) {
    const [steady, switched] = [end(dataset, schedules[0]), end(dataset, schedules[2])];
    const lost = steady && switched && { ...switched, mean: steady.mean - switched.mean, deviation: NaN };
    const text = `${title}: learning through T = 350, 90, 35, 16, 350 loses against 350 throughout [points]`;
    claimFigure(scope, text, 0.01, lost, percentOf, true);
  }
  const rows = schedules.map((plan) => [
    plan.join(', '),
    ...imageSets.map(([dataset]) => accuracyText(end(dataset, plan))),
  ]);
  return table(['T while learning, 10,000 samples each', ...imageSets.map(([, title]) => title)], rows);
}

const span = (length: number, from = 0): number[] => Array.from({ length }, (_, k) => from + k);

/** One network decided at many points, early exits, and T switched while learning. */
export const pointsSection: Section = (scope) => `## The operating point may change at any sample

One network (N = 400, plain intensities) learned 20,000 samples at 35/200/48, and decides at other points T/E/K. Test
accuracy, and energy of a decision by operations:

${testTable(scope, lean, span(places.length), ({ timesteps, events, keep }) => `${timesteps}/${events}/${keep}`)}

T changes while the network learns; it is tested at T = 35:

${scheduleTable(scope)}

## Early exit

A decision ends early when the first class leads the second by enough votes: after the coarse pass over an eighth of the
events ('exit first'), or after the full pass and after every spike ('exit'). The same networks, at 35/200/48:

${testTable(scope, lean, span(margins.length, places.length), exitTitle)}

At the economy point 35/150/24:

${testTable(scope, lean, span(margins.length, places.length + margins.length), exitTitle)}

With spikes in time, policy \`rate\` at T = 50; neurons get their classes while they learn:

${testTable(scope, inTime, span(inTime.length), ({ exit }) => `exit ${exit || 'off'}`)}
`;

const exitTitle = ({ exitFirst, exit }: OperatingPoint): string => `${exitFirst || 'off'} / ${exit || 'off'}`;
