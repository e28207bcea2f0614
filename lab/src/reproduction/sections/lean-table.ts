import { economyOf, imageSets, lifeJob, pointOfEncoding, trainJob, withExits } from '../reproduction-jobs.js';
import type { StageResult } from '../../training/life-result.js';
import { cpuTimes } from '../timing.js';
import {
  accuracyText,
  claimFigure,
  microjoules,
  overSeeds,
  percentOf,
  samplesOf,
  spreadText,
  table,
  times,
  type Scope,
  type Section,
  type Spread,
} from '../scope.js';

const bars: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  mnist: { 100: 0.89, 400: 0.933, 900: 0.946 },
  'fashion-mnist': { 100: 0.747, 400: 0.79, 900: 0.803 },
};
const edgeBars: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  mnist: { 100: 0.95, 400: 0.968, 1600: 0.975 },
  'fashion-mnist': { 100: 0.81, 400: 0.852, 1600: 0.874 },
};
const sizes = [100, 400, 900, 1600] as const;
const images = ['plain', 'contrast', 'edges'] as const;
type Image = (typeof images)[number];

/** A figure of a lean network that has learned 20,000 (stage 0) or 60,000 samples (stage 1). */
function figure(
  scope: Scope,
  cell: { readonly dataset: string; readonly neurons: number; readonly image: Image },
  pick: (stages: readonly StageResult[]) => number,
): Spread | undefined {
  const point = pointOfEncoding(cell.neurons, cell.image);
  const cheap = economyOf(cell.image);
  const stages = [
    { samples: samplesOf(scope, 20_000), point, tests: [point] },
    { samples: samplesOf(scope, 40_000), point, tests: [point, cheap, withExits(cheap)] },
  ];
  return overSeeds(scope, (seed) => {
    const life = scope.ask(lifeJob({ ...cell, seed, stages }));
    return life && pick(life.stages);
  });
}

/** Energy of `none` at T = 350, from measured operation counts [J]; for `edges` with the same front end. */
function unscaled(
  scope: Scope,
  { dataset, neurons, image }: { readonly dataset: string; readonly neurons: number; readonly image: Image },
  part: 'train' | 'infer',
): Spread | undefined {
  if (neurons > 900) return undefined;
  const eye = image === 'edges' && { image };
  const samples = samplesOf(scope, 20_000);
  const cell = { dataset, policy: 'none', timesteps: 350, neurons, samples, ...eye } as const;
  return overSeeds(scope, (seed) => scope.ask(trainJob({ ...cell, seed }))?.energyPerSample[part]);
}

const ratio = (a: Spread | undefined, b: Spread | undefined): number | undefined => a && b && a.mean / b.mean;

/** The default method after 20,000 and 60,000 samples, compared with the baseline. */
export const leanTable: Section = (scope) => {
  const rows: string[][] = [];
  const cpuRows: string[][] = [];
  for (const [dataset, title] of imageSets) {
    for (const image of images) {
      for (const neurons of sizes) {
        const cell = { dataset, neurons, image };
        const of = (pick: (stages: readonly StageResult[]) => number): Spread | undefined => figure(scope, cell, pick);
        const [train, infer] = [of((s) => s[1].energyPerSample), of((s) => s[1].tests[0].energyPerSample)];
        const ratios = {
          train: ratio(unscaled(scope, cell, 'train'), train),
          infer: ratio(unscaled(scope, cell, 'infer'), infer),
          economy: ratio(
            unscaled(scope, cell, 'infer'),
            of((s) => s[1].tests[2].energyPerSample),
          ),
        };
        const after = of((s) => s[1].tests[0].accuracy);
        const cheap = of((s) => s[1].tests[2].accuracy);
        rows.push([
          title,
          image,
          String(neurons),
          accuracyText(of((s) => s[0].tests[0].accuracy)),
          accuracyText(after),
          `${spreadText(train, microjoules)}, ${spreadText(infer, microjoules)}`,
          `${times(ratios.train)}, ${times(ratios.infer)}`,
          `${accuracyText(of((s) => s[1].tests[1].accuracy))}, ${accuracyText(cheap)}`,
          times(ratios.economy),
        ]);
        const edgeBar = image === 'edges' ? edgeBars[dataset][neurons] : undefined;
        if (edgeBar) {
          claimFigure(scope, `\`lean\`, ${title}, N = ${neurons}, edges, 60,000 samples`, edgeBar, after, percentOf);
        }
        if (image !== 'plain') continue;
        const name = `\`lean\`, ${title}, N = ${neurons}, plain`;
        const bar = bars[dataset][neurons];
        if (bar) claimFigure(scope, `${name}, 60,000 samples`, bar, after, percentOf);
        if (neurons !== 400) continue;
        const claimRatio = (text: string, least: number, found: number | undefined): void => {
          const met = found === undefined ? undefined : found >= least;
          scope.claim({ text, bar: `≥ ${least}×`, found: times(found), met });
        };
        claimRatio(`${name}: energy below \`none\` in training`, 75, ratios.train);
        claimRatio(`${name}: energy below \`none\` in inference`, 80, ratios.infer);
        claimRatio(`${name}: the same at the economy point with exits`, 150, ratios.economy);
        const loss = after && cheap && { ...cheap, mean: after.mean - cheap.mean };
        claimFigure(
          scope,
          `${name}: accuracy lost there [points]`,
          0.01,
          loss && { ...loss, deviation: NaN },
          percentOf,
          true,
        );
      }
    }
    const cpu = cpuTimes(scope, dataset);
    const [slow, fast] = [cpu?.at('none', 350), cpu?.at('lean', 35)];
    const micro = (value: number | undefined): string => value?.toFixed(1) ?? '–';
    cpuRows.push([
      title,
      `${micro(slow?.train)}, ${micro(slow?.infer)}`,
      `${micro(fast?.train)}, ${micro(fast?.infer)}`,
      `${times(slow && fast && slow.train / fast.train)}, ${times(slow && fast && slow.infer / fast.infer)}`,
      `${micro(cpu?.economy.infer)}, ${times(cpu && slow && slow.infer / cpu.economy.infer)}`,
    ]);
  }
  return `## The default way: \`lean\` at T = 35, E = 200, K = min(max(⌊N/4⌋, 10), 48)

The table gives test accuracy in percent after 20,000 and 60,000 samples, and energy per sample by operations (45 nm) in
training and inference. 'less energy' is the ratio of the energy of \`none\` at T = 350 with the same N to it (for edges
both include the same encoder). The last columns are of the same network that decides at the economy point (35/150/24),
without and with early exits (6/3). \`edges\` has T = 30, its default, and the economy point 30/140/40.

${table(['data', 'intensities', 'N', '20,000', '60,000', 'µJ train, infer', 'less energy', 'economy, with exits', 'less energy'], rows)}

CPU time per sample [µs] in training and inference, N = 400, plain intensities. All took turns in one run:

${table(['data', '`none`, T = 350', '`lean`, T = 35', 'ratio', 'economy with exits, inference'], cpuRows)}

CPU time falls less than operations do, for two reasons. Reading the image, placing events and ranking neurons take time
once per sample at every T, but are nearly nothing in the count. And a step of \`none\` updates 400 voltages at once, which
uses the SIMD lanes better than the few neurons of a lean step.
`;
};
