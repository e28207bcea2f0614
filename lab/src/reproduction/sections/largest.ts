import { steadyLife } from '../../training/lives.js';
import type { StageResult } from '../../training/life-result.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { imageSets, lifeJob } from '../reproduction-jobs.js';
import {
  accuracyText,
  claimFigure,
  microjoules,
  overSeeds,
  percentOf,
  samplesOf,
  spreadText,
  table,
} from '../scope.js';
import type { Section, Spread } from '../scope.js';

const networks = [
  [3200, 200, 48],
  [6400, 200, 48],
  [6400, 400, 96],
] as const;

/** How far the default way goes with more neurons. */
export const largest: Section = (scope) => {
  const rows = imageSets.flatMap(([dataset, title]) =>
    networks.map(([neurons, events, keep]) => {
      const stages = steadyLife({ ...leanPoint(neurons), events, keep }, [samplesOf(scope, 60_000)]);
      const of = (pick: (stage: StageResult) => number): Spread | undefined =>
        overSeeds(scope, (seed) => {
          const life = scope.ask(lifeJob({ dataset, neurons, seed, stages }));
          return life && pick(life.stages[0]);
        });
      const accuracy = of(({ tests }) => tests[0].accuracy);
      if (dataset === 'mnist' && neurons === 6400 && events === 400) {
        claimFigure(scope, `\`lean\`, MNIST, N = ${neurons}, E = ${events}, K = ${keep}`, 0.96, accuracy, percentOf);
      }
      return [
        title,
        String(neurons),
        `${events}, ${keep}`,
        accuracyText(accuracy),
        spreadText(
          of(({ neuronsUsed }) => neuronsUsed),
          (used) => used.toFixed(0),
        ),
        spreadText(
          of(({ energyPerSample }) => energyPerSample),
          microjoules,
        ),
        spreadText(
          of(({ tests }) => tests[0].energyPerSample),
          microjoules,
        ),
      ];
    }),
  );
  return `## Larger networks

\`lean\`, plain intensities, 60,000 samples, each image once:

${table(['data', 'N', 'E, K', 'test accuracy %', 'neurons used', 'µJ train', 'µJ infer'], rows)}
`;
};
