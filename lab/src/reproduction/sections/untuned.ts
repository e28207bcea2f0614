import type { TrainResult } from '../../training/train-result.js';
import type { DraftOf } from '../drafts.js';
import { policies, trainJob, type ReproducedPolicy } from '../reproduction-jobs.js';
import { accuracyText, microjoules, overSeeds, samplesOf, spreadText, table } from '../scope.js';
import type { Scope, Section, Spread } from '../scope.js';

const dataset = 'smartwatch';
const timestepsOf: Readonly<Record<ReproducedPolicy, number>> = { none: 350, paper: 50, rate: 50, lean: 35 };
const rows: readonly { readonly policy: ReproducedPolicy; readonly labels: number }[] = [
  ...policies.map((policy) => ({ policy, labels: 1 })),
  { policy: 'lean', labels: 0.1 },
  { policy: 'lean', labels: 0.01 },
];

function job(scope: Scope, policy: ReproducedPolicy, labels: number, seed: number): DraftOf<'train'> {
  const cell = {
    dataset,
    policy,
    timesteps: timestepsOf[policy],
    neurons: 400,
    samples: samplesOf(scope, 20_000),
    seed,
  };
  const draft = trainJob(cell);
  // The whole test set is used. It is ordered by subject, so a part would leave out some of them.
  return { ...draft, options: { ...draft.options, testSamples: 10_000, labels } };
}

/** Results of the defaults on a task for which nothing was tuned. */
export const untuned: Section = (scope) => {
  const head = `## A task without tuning

The unchanged defaults learn from data that are not images: a smart watch on the wrists of ten people who do seven shoulder
exercises (PyPI's seglearn; acceleration and rotation at 50 Hz). The encoder of \`sensor_msgs/Imu\` makes windows of 1 s from
its rows, one every 0.5 s. The network learns from people 1 to 7 (98 series, 6,531 windows, again and again), and is tested
on people 8 to 10 (42 series, 3,023 windows). No person and no series is in both.
`;
  if (!scope.present(dataset)) {
    return `${head}\nNot measured: the set was not on the machine that wrote this page. Get it: \`npm run dataset:smartwatch\`.\n`;
  }
  const lines = rows.map(({ policy, labels }) => {
    const of = (pick: (result: TrainResult) => number | undefined): Spread | undefined =>
      overSeeds(scope, (seed) => {
        const result = scope.ask(job(scope, policy, labels, seed));
        return result && pick(result);
      });
    const energy = (part: 'train' | 'infer'): string =>
      spreadText(
        of(({ energyPerSample }) => energyPerSample[part]),
        microjoules,
      );
    return [
      `\`${policy}\`, T = ${timestepsOf[policy]}`,
      `${100 * labels} %`,
      accuracyText(of(({ accuracy }) => accuracy)),
      accuracyText(of(({ recall }) => recall)),
      accuracyText(of(({ prequential }) => prequential.at(-1))),
      `${energy('train')}, ${energy('infer')}`,
    ];
  });
  const columns = [
    'policy',
    'labels',
    'test accuracy %',
    'mean recall %',
    'last 1,000 while learning %',
    'µJ train, infer',
  ];
  return `${head}
N = 400, ${samplesOf(scope, 20_000).toLocaleString('en')} samples; pair STDP with spikes in time. Nothing was chosen on this set, and no figure was asked for. 'last
1,000 while learning' is of people whom the network has learned from, and partly of windows that it has seen before.

${table(columns, lines)}
`;
};
