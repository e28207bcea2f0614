import { Command } from 'commander';
import { resolve } from 'node:path';
import { checkInteger, checkNumber, TopsparkError } from 'topspark/base/errors.js';
import { jsonLine, printable, printableTexts } from 'topspark/base/quoted.js';
import { profilePage } from '../report/profile-page.js';
import { refOf } from '../datasets/dataset-ref.js';
import { checkProfile } from '../profile/profile-file.js';
import { samplesOfPlan } from '../profile/profile-plan.js';
import type { Requirements, ScoreWeights } from '../profile/profile-result.js';
import { profileRun } from '../profile/profile-run.js';
import { defaultWeights } from '../profile/recommend.js';
import { runJobs } from '../jobs/run-jobs.js';
import { number } from 'topspark/cli/options.js';
import { checkOutput, writeOutput } from 'topspark/cli/output-file.js';
import { describeProfile } from './profile-text.js';
import { Progress } from 'topspark/cli/progress.js';
import { trainOptions, withImage, type TrainFlags } from './training-defaults.js';
import { chosenDataset, imageEncoding, withTrainingOptions, type DataFlags } from './training-flags.js';

interface Flags extends TrainFlags, DataFlags, Requirements {
  readonly quick?: true;
  readonly output: string;
  readonly report?: string;
  readonly workers?: number;
  readonly queue?: string;
  readonly accuracyWeight: number;
  readonly latencyWeight: number;
  readonly energyWeight: number;
  readonly json?: true;
}

const examples = `
The profile is written to --output. Every result is added to FILE.runs.jsonl beside it as it comes. After a kill the same
command goes on from that file. If only requirements or weights differ, it chooses again without new runs.

Examples:
  $ npx topspark profile --quick --output quick.json --report quick.html
  $ npx topspark profile --dataset fashion-mnist --neurons 900 --samples 60000 --min-accuracy 0.78 --energy-weight 0.05
`;

/**
 * `topspark profile`: measures how timesteps, parameters, policies and exits affect accuracy, latency and energy, and
 * recommends the best trade-off.
 */
export function profileCommand(): Command {
  const command = new Command('profile').description(
    'Analyse a data set: accuracy over T, sensitivity, policies, operating points, and the best trade-off. Needs no ROS.',
  );
  return withTrainingOptions(command)
    .option('--quick', 'fewer points; 2,000 samples and 1,000 test samples unless given')
    .option('--output <file>', 'file of the profile', 'topspark-profile.json')
    .option('--report <file>', 'also write one self-contained HTML page with plots')
    .option('--workers <n>', 'threads (default: as many as this machine can run at once)', number)
    .option('--queue <url>', 'have the runs computed by the workers of a Valkey or Redis server instead')
    .option('--min-accuracy <share>', 'lowest accuracy of the recommended point, 0..1', number)
    .option('--max-latency <s>', 'most CPU time of a decision [s]', number)
    .option('--max-energy <J>', 'most energy of a decision [J]', number)
    .option('--accuracy-weight <w>', 'weight of the accuracy in the score', number, defaultWeights.accuracy)
    .option('--latency-weight <w>', 'weight of the latency against the slowest point', number, defaultWeights.latency)
    .option('--energy-weight <w>', 'weight of the energy against the dearest point', number, defaultWeights.energy)
    .option('--json', 'print the profile as one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action((flags: Flags, self: Command) =>
      profile(flags, (option) => self.getOptionValueSource(option) === 'default'),
    );
}

async function profile(flags: Flags, unset: (option: string) => boolean): Promise<void> {
  const { quick = false, output, dataDir, workers, queue } = flags;
  const given = trainOptions({
    ...flags,
    ...(quick && unset('samples') && { samples: 2000 }),
    ...(quick && unset('testSamples') && { testSamples: 1000 }),
    ...(quick && flags.policy !== 'lean' && flags.labelSamples === undefined && { labelSamples: 1000 }),
  });
  const requirements = requirementsOf(flags);
  const weights = weightsOf(flags);
  if (workers !== undefined) checkInteger('--workers', workers, 1, 1024);
  checkOutput('--output', output);
  if (flags.report !== undefined) {
    checkOutput('--report', flags.report);
    if (resolve(flags.report) === resolve(output)) {
      throw new TopsparkError(
        'bad_combination',
        'usage',
        `--report is ${output} too, expected another file than --output`,
      );
    }
  }
  const { choice, dataset } = await chosenDataset(flags);
  const training = withImage(given, flags, imageEncoding(dataset, flags.image));
  const options = { dataset: refOf(choice, dataset), training, quick };
  const found = await profileRun(dataset, options, requirements, weights, async (jobs) => {
    const total = jobs.reduce((sum, job) => sum + samplesOfPlan(job), 0);
    const bar = new Progress(`profile ${dataset.name}, ${jobs.length} runs`, total, process.stderr);
    try {
      return await runJobs(jobs, {
        resumeFile: `${output}.runs.jsonl`,
        onResult: (job) => {
          bar.advance(samplesOfPlan(job));
        },
        onNotice: (notice) => {
          process.stderr.write(`topspark: ${printable(notice)}\n`);
        },
        ...(queue !== undefined && { queue }),
        ...(workers !== undefined && { workers }),
        ...(dataDir !== undefined && { dataDir }),
      });
    } finally {
      bar.end();
    }
  });
  const text = `${JSON.stringify(checkProfile(found, 'the profile'))}\n`;
  writeOutput('--output', output, text);
  if (flags.report !== undefined) writeOutput('--report', flags.report, await profilePage(found));
  process.stdout.write(flags.json ? jsonLine(found) : describeProfile(printableTexts(found), printable(output)));
}

function requirementsOf({ minAccuracy, maxLatency, maxEnergy }: Flags): Requirements {
  if (minAccuracy !== undefined) checkNumber('--min-accuracy', minAccuracy, 0, 1);
  if (maxLatency !== undefined) checkNumber('--max-latency', maxLatency, 0, 1e6);
  if (maxEnergy !== undefined) checkNumber('--max-energy', maxEnergy, 0, 1e6);
  return {
    ...(minAccuracy !== undefined && { minAccuracy }),
    ...(maxLatency !== undefined && { maxLatency }),
    ...(maxEnergy !== undefined && { maxEnergy }),
  };
}

function weightsOf({ accuracyWeight, latencyWeight, energyWeight }: Flags): ScoreWeights {
  checkNumber('--accuracy-weight', accuracyWeight, 0, 1e6);
  checkNumber('--latency-weight', latencyWeight, 0, 1e6);
  checkNumber('--energy-weight', energyWeight, 0, 1e6);
  return { accuracy: accuracyWeight, latency: latencyWeight, energy: energyWeight };
}
