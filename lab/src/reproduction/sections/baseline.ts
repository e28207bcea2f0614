import { imageSets, trainJob } from '../reproduction-jobs.js';
import {
  accuracyText,
  claimFigure,
  overSeeds,
  percentOf,
  samplesOf,
  table,
  type Section,
  type Spread,
} from '../scope.js';

const bars: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  mnist: { 100: 0.87, 400: 0.92 },
  'fashion-mnist': { 100: 0.73, 400: 0.76 },
};

/** The baseline: spikes in time, nothing scaled, T = 350. */
export const baseline: Section = (scope) => {
  const rows = imageSets.flatMap(([dataset, title]) =>
    [100, 400, 900].map((neurons) => {
      const by = (rule: 'pair' | 'adaptive'): Spread | undefined =>
        overSeeds(scope, (seed) => {
          const cell = { dataset, policy: 'none', timesteps: 350, neurons, samples: samplesOf(scope, 20_000) } as const;
          return scope.ask(trainJob({ ...cell, seed, rule }))?.accuracy;
        });
      const pair = by('pair');
      const bar = bars[dataset][neurons];
      if (bar) claimFigure(scope, `\`none\` at T = 350, ${title}, N = ${neurons}`, bar, pair, percentOf);
      return [title, String(neurons), accuracyText(pair), accuracyText(by('adaptive'))];
    }),
  );
  return `## The baseline: \`none\` at T = 350

Test accuracy in percent after 20,000 training samples with Poisson spikes. A pass over 10,000 of them without learning gives
neurons their classes; the readout is by proportion. (Diehl & Cook 2015: 82.9 for N = 100, 87.0 for 400, 95.0 for 6400.)

${table(['data', 'N', 'pair rule', 'adaptive rule'], rows)}
`;
};
