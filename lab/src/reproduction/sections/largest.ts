import { steadyLife } from '../../training/lives.js';
import type { StageResult } from '../../training/life-result.js';
import { imageSets, lifeJob, pointOfEncoding } from '../reproduction-jobs.js';
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
  [3200, 200, 48, 'plain'],
  [6400, 200, 48, 'plain'],
  [6400, 400, 96, 'plain'],
  [6400, 400, 96, 'edges'],
] as const;
const bars = { mnist: { plain: 0.96, edges: 0.982 }, 'fashion-mnist': { plain: undefined, edges: 0.89 } } as const;

/** Results of the default method with more neurons. */
export const largest: Section = (scope) => {
  const rows = imageSets.flatMap(([dataset, title]) =>
    networks.map(([neurons, events, keep, image]) => {
      const stages = steadyLife({ ...pointOfEncoding(neurons, image), events, keep }, [samplesOf(scope, 60_000)]);
      const of = (pick: (stage: StageResult) => number): Spread | undefined =>
        overSeeds(scope, (seed) => {
          const life = scope.ask(lifeJob({ dataset, neurons, seed, stages, image }));
          return life && pick(life.stages[0]);
        });
      const accuracy = of(({ tests }) => tests[0].accuracy);
      const bar = neurons === 6400 && events === 400 ? bars[dataset][image] : undefined;
      if (bar !== undefined) {
        const eye = image === 'edges' ? ', edges' : '';
        const text = `\`lean\`, ${title}, N = ${neurons}, E = ${events}, K = ${keep}${eye}`;
        claimFigure(scope, text, bar, accuracy, percentOf);
      }
      return [
        title,
        image,
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

\`lean\`, 60,000 samples, each image once:

${table(['data', 'intensities', 'N', 'E, K', 'test accuracy %', 'neurons used', 'µJ train', 'µJ infer'], rows)}
`;
};
