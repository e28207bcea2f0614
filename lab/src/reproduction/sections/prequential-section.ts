import type { StageResult } from '../../training/life-result.js';
import { steadyLife } from '../../training/lives.js';
import { imageSets, lifeJob, pointAt, policies, type ReproducedPolicy } from '../reproduction-jobs.js';
import { accuracyText, claimFigure, overSeeds, samplesOf, spreadText, table } from '../scope.js';
import type { Scope, Section, Spread } from '../scope.js';

const shares = [1, 0.1, 0.01] as const;
const timestepsOf: Readonly<Record<ReproducedPolicy, number>> = { none: 350, paper: 50, rate: 50, lean: 35 };
const thousands = (count: number): string => count.toLocaleString('en');

function stage(
  scope: Scope,
  cell: { readonly dataset: string; readonly policy: ReproducedPolicy; readonly labels: number },
  pick: (stage: StageResult) => number | undefined,
): Spread | undefined {
  const { dataset, policy, labels } = cell;
  const stages = steadyLife(pointAt(400, timestepsOf[policy]), [samplesOf(scope, 20_000)]);
  const timed = policy === 'lean' ? {} : { policy };
  return overSeeds(scope, (seed) => {
    const life = scope.ask(lifeJob({ dataset, neurons: 400, seed, stages, labels, ...timed }));
    return life && pick(life.stages[0]);
  });
}

/** Accuracy while a robot learns: each sample is answered before its label comes, if there is one. */
export const prequential: Section = (scope) => {
  const rows: string[][] = [];
  const ends = scope.quick ? [1, 2] : [1, 2, 5, 10, 20];
  for (const [dataset, title] of imageSets) {
    for (const policy of policies) {
      for (const labels of shares) {
        const at = (k: number): Spread | undefined =>
          stage(scope, { dataset, policy, labels }, ({ prequential }) => prequential[k - 1]);
        const T = `\`${policy}\`, T = ${timestepsOf[policy]}`;
        rows.push([title, T, `${100 * labels} %`, ...ends.map((k) => accuracyText(at(k)))]);
      }
    }
    scope.plot(curves(scope, dataset, title));
  }
  const bars = { 1: 1100, 0.1: 3000, 0.01: 10_000 } as const;
  const reached = shares.map((labels) => {
    const found = stage(scope, { dataset: 'mnist', policy: 'lean', labels }, ({ reached }) => reached);
    claimFigure(
      scope,
      `\`lean\`, MNIST: samples to 80 % at ${100 * labels} % labels`,
      bars[labels],
      found,
      rounded,
      true,
    );
    return [`${100 * labels} %`, spreadText(found, rounded), thousands(bars[labels])];
  });
  return `## The curve that a robot sees

Accuracy in percent against the truth over the last 1,000 samples; each is answered before its label comes. N = 400, plain
intensities. Neurons get their classes from the labels that come while the network learns.

${table(['data', 'policy', 'labels', ...ends.map((k) => `${k},000`)], rows)}

${imageSets.map(([dataset, title]) => `![${title}: accuracy while learning](results/prequential-${dataset}.svg)`).join('\n')}

Samples until 80 % of the last 1,000 were right (\`lean\`, MNIST):

${table(['labels', 'samples', 'wanted at most'], reached)}
`;
};

const rounded = (samples: number): string => samples.toFixed(0);

function curves(scope: Scope, dataset: string, title: string): Parameters<Scope['plot']>[0] {
  const dashes = { 1: 'solid', 0.1: 'dashed', 0.01: 'dotted' } as const;
  const series = policies.flatMap((policy, hue) =>
    shares.map((labels) => {
      const data = Array.from({ length: samplesOf(scope, 20) }, (_, k) => {
        const found = stage(scope, { dataset, policy, labels }, ({ prequential }) => prequential[k]);
        return found ? [[1000 * (k + 1), 100 * found.mean]] : [];
      }).flat();
      const color = ['#888888', '#d95f02', '#7570b3', '#1b9e77'][hue];
      const line = { type: dashes[labels], width: 2, color };
      return { type: 'line', name: `${policy} ${100 * labels} %`, data, showSymbol: false, lineStyle: line, color };
    }),
  );
  return {
    name: `prequential-${dataset}`,
    title: `${title}: accuracy while learning`,
    option: {
      legend: { top: 4 },
      grid: { left: 60, right: 20, bottom: 45, top: 84 },
      xAxis: { type: 'value', name: 'samples', nameLocation: 'middle', nameGap: 28 },
      yAxis: { type: 'value', name: 'accuracy [%]', max: 100 },
      series,
    },
  };
}
