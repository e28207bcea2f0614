import type { LifeStage, WorldChange } from '../../training/life-options.js';
import type { StageResult } from '../../training/life-result.js';
import { classesLife, driftLife, steadyLife } from '../../training/lives.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { imageSets, lifeJob, pointOfEncoding } from '../reproduction-jobs.js';
import { accuracyText, claimFigure, overSeeds, percentOf, samplesOf, spreadText, table } from '../scope.js';
import type { Scope, Section, Spread } from '../scope.js';

interface Cell {
  readonly dataset: string;
  readonly neurons: number;
  readonly labels?: number;
  readonly image?: (typeof images)[number];
}

function figure(
  scope: Scope,
  cell: Cell,
  stages: readonly LifeStage[],
  pick: (stages: readonly StageResult[]) => number | undefined,
): Spread | undefined {
  const scaled = stages.map((stage) => ({ ...stage, samples: samplesOf(scope, stage.samples) }));
  return overSeeds(scope, (seed) => {
    const life = scope.ask(lifeJob({ ...cell, seed, stages: scaled }));
    return life && pick(life.stages);
  });
}

const checks = [20_000, 60_000, 200_000, 500_000, 1_000_000];
const images = ['plain', 'contrast', 'edges'] as const;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function millionTable(scope: Scope): string {
  const rows = imageSets.flatMap(([dataset, title]) =>
    images.map((image) => {
      const stages = steadyLife(pointOfEncoding(400, image), checks);
      const of = (pick: (stages: readonly StageResult[]) => number): Spread | undefined =>
        figure(scope, { dataset, neurons: 400, image }, stages, pick);
      const alarms = of((all) => sum(all.map(({ alarms }) => alarms)));
      const lost = of((all) => Math.max(...all.map(({ tests }) => tests[0].accuracy)) - all[4].tests[0].accuracy);
      if (image === 'plain') {
        claimFigure(scope, `a million samples, ${title}: below its best by [points]`, 0.01, lost, percentOf, true);
        claimFigure(scope, `a million samples, ${title}: false alarms`, 0, alarms, String, true);
      }
      if (image === 'edges') {
        claimFigure(
          scope,
          `a million samples, ${title}, edges: below its best by [points]`,
          0.005,
          lost,
          percentOf,
          true,
        );
        claimFigure(scope, `a million samples, ${title}, edges: false alarms`, 0, alarms, String, true);
      }
      const accuracies = checks.map((_, k) => accuracyText(of((all) => all[k].tests[0].accuracy)));
      return [title, image, ...accuracies, spreadText(alarms, (count) => count.toFixed(1))];
    }),
  );
  return table(['data', 'intensities', '20,000', '60,000', '200,000', '500,000', '1,000,000', 'false alarms'], rows);
}

function classesTable(scope: Scope): string {
  const rows = imageSets.flatMap(([dataset, title]) =>
    [100, 400, 900].flatMap((neurons) =>
      images.map((image) => {
        const stages = classesLife(pointOfEncoding(neurons, image), 10);
        const of = (labels: number): Spread | undefined =>
          figure(scope, { dataset, neurons, image, labels }, stages, (all) => all.at(-1)?.tests[0].accuracy);
        const found = of(1);
        if (neurons === 400 && image === 'plain') {
          const bar = dataset === 'mnist' ? 0.9 : 0.7;
          claimFigure(scope, `classes two at a time, ${title}, N = 400: all ten at the end`, bar, found, percentOf);
        }
        if (neurons === 400 && image === 'edges') {
          const bar = dataset === 'mnist' ? 0.935 : 0.82;
          claimFigure(
            scope,
            `classes two at a time, ${title}, N = 400, edges: all ten at the end`,
            bar,
            found,
            percentOf,
          );
        }
        return [title, String(neurons), image, accuracyText(found), accuracyText(of(0.1))];
      }),
    ),
  );
  return table(['data', 'N', 'intensities', '100 % labels', '10 % labels'], rows);
}

function driftTable(scope: Scope): string {
  const rows = imageSets.flatMap(([dataset, title]) =>
    (['shift', 'permute', 'invert'] as const satisfies readonly WorldChange[]).flatMap((change) =>
      [1, 0.1].map((labels) => {
        const stages = driftLife(leanPoint(400), change);
        const of = (pick: (stages: readonly StageResult[]) => number | undefined): Spread | undefined =>
          figure(scope, { dataset, neurons: 400, labels }, stages, pick);
        // A network that does not recover within the stage counts with all samples of the stage.
        const back = of((all) => all[1].recovered ?? all[1].samples);
        if (labels === 1 && change !== 'invert') {
          const text = `${title}, ${change}: samples until within 3 points`;
          claimFigure(scope, text, 5000, back, (samples) => samples.toFixed(0), true);
        }
        return [
          title,
          change,
          `${100 * labels} %`,
          accuracyText(of((all) => all[0].last)),
          accuracyText(of((all) => all[1].first)),
          spreadText(back, (samples) => samples.toFixed(0)),
          accuracyText(of((all) => all[1].last)),
          spreadText(
            of((all) => sum(all.map(({ alarms }) => alarms))),
            (count) => count.toFixed(1),
          ),
        ];
      }),
    ),
  );
  const head = [
    'data',
    'change',
    'labels',
    'before',
    'first 500',
    'back within 3 points after',
    'last 2,000',
    'alarms',
  ];
  return table(head, rows);
}

/** Learning that lasts, and what happens when the world changes. */
export const lasting: Section = (scope) => `## Learning that lasts

All runs of this section are of \`lean\` at its defaults. The first table gives test accuracy in percent while a million
samples are learned (the 60,000 images again and again, N = 400). The images do not change, so every alarm is false.

${millionTable(scope)}

Classes come two at a time, 4,000 samples for each pair, and do not come again. Test accuracy over all ten at the end:

${classesTable(scope)}

After 20,000 samples every image is changed: it is shifted by three pixels, its pixels are permuted, or it is inverted (N =
400, plain intensities). Accuracy is against the truth, while learning. The last column counts true and false alarms:

${driftTable(scope)}
`;
