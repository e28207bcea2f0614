import type { TrainOptions } from '../../training/train-options.js';
import type { DraftOf } from '../drafts.js';
import { pointOfEncoding } from '../reproduction-jobs.js';
import { throughEmbedding } from '../picture-sets.js';
import { accuracyText, overSeeds, samplesOf, table } from '../scope.js';
import type { Section } from '../scope.js';

/** Encoding of the pictures, number of samples to learn, and whether a linear readout is used with the votes. */
const rows = [
  { eye: 'contrast', samples: 6000, linearReadout: 'never' },
  { eye: 'edges', samples: 6000, linearReadout: 'never' },
  { eye: 'scene', samples: 6000, linearReadout: 'never' },
  { eye: 'embedding', samples: 1500, linearReadout: 'never' },
  { eye: 'embedding', samples: 1500, linearReadout: 'auto' },
] as const;

const labelsFirst = [1, 5, undefined] as const;

const notPrepared = `
\`embedding\` was not measured here, since its model was not prepared (\`topspark embedding prepare\`); its figures are in
[eyes.md](eyes.md#through-a-pretrained-network).
`;

/** How well each picture encoding distinguishes photographs of things and rooms. */
export const natural: Section = (scope) => {
  const head = `## Photographs

Photographs by class, N = 400. The network learns a stream in the seed's order. It gets the first label of each class, the
first five, or all. Accuracy in percent is on the validation and test parts together, since the defaults were chosen on other
data. \`contrast\`, \`edges\` and \`scene\` learn 6,000 samples at 28 × 28 pixels, \`embedding\` 1,500 at 224.
`;
  if (scope.pictures.length === 0) {
    return `${head}\nNot measured: no set was named. \`npm run reproduce -- --pictures DIR\` takes folders \`train/CLASS/*.jpg\`, \`test/CLASS/*.jpg\`.\n`;
  }
  const lines = scope.pictures.flatMap((name) =>
    rows
      .filter(({ eye }) => eye !== 'embedding' || scope.present(throughEmbedding(name)))
      .map(({ eye, samples, linearReadout }) => [
        name,
        `\`${eye}\``,
        linearReadout === 'never' ? 'votes' : 'votes and linear readout',
        ...labelsFirst.map((first) =>
          accuracyText(
            overSeeds(scope, (seed) => {
              const common = {
                neurons: 400,
                point: pointOfEncoding(400, eye),
                testSamples: 1_000_000,
                labels: 1,
                image: eye,
              };
              const options: TrainOptions = {
                ...{ ...common, samples: samplesOf(scope, samples), linearReadout, seed },
                ...(first !== undefined && { labelsFirst: first }),
              };
              return scope.ask(job(name, options))?.accuracy;
            }),
          ),
        ),
      ]),
  );
  const rest = scope.pictures.every((name) => scope.present(throughEmbedding(name))) ? '' : notPrepared;
  return `${head}\n${table(['set', 'eye', 'answered by', '1 label a class', '5', 'all'], lines)}\n${rest}`;
};

function job(name: string, options: TrainOptions): DraftOf<'train'> {
  const dataset = options.image === 'embedding' ? throughEmbedding(name) : name;
  return { kind: 'train', dataset, options };
}
