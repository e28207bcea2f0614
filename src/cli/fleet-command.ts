import { extname } from 'node:path';
import { Command } from 'commander';
import { checkNumber, explain, exitCodes, TopsparkError } from '../base/errors.js';
import { jsonLine, printable } from '../base/quoted.js';
import { atOnce } from '../base/slices.js';
import type { Snapshot } from '../base/snapshot.js';
import { percent } from '../base/units.js';
import { loadCheckpoint, saveCheckpoint } from '../checkpoint/checkpoint-file.js';
import { readRegularFile } from '../checkpoint/read-file.js';
import type { Contribution } from '../fleet/contribution.js';
import { contributionEnding, contributionIn } from '../fleet/contribution-file.js';
import { Contributions } from '../fleet/contributions.js';
import type { FleetRefusal } from '../fleet/manifest.js';
import { contributionOf, mergedOf, ownOf, type MergedRobot } from '../fleet/own-contribution.js';
import { robotWeights } from '../fleet/robot-weights.js';
import { mergeTried, usualBound, type MergeResult } from '../fleet/trial.js';
import { number } from './options.js';
import { pullCommand, pushCommand } from './fleet-server-commands.js';
import { robotOf } from './robot-of-file.js';
import { checkOutput } from './output-file.js';
import { Progress } from './progress.js';

interface MergeFlags {
  readonly output: string;
  readonly robot?: string;
  readonly bound: number;
  readonly weights: string;
  readonly json?: true;
}

/** Output of `topspark fleet merge --json`: `weightsHash` is that of the weights that were written. */
export interface FleetMergeResult extends Omit<MergeResult, 'snapshot'> {
  readonly output: string;
}

/** Output of `topspark fleet status --json`. */
export interface FleetStatusResult {
  readonly weightsHash: string;
  readonly neurons: number;
  /** Classes that were taught on this robot, and the number of their labels. */
  readonly classes: readonly { readonly name: string; readonly labels: number }[];
  /** Robots whose knowledge is merged in it. */
  readonly merged: readonly MergedRobot[];
}

const examples = `
Examples:
  $ npx topspark fleet merge robot1.safetensors robot2.safetensors robot3.safetensors --output merged.safetensors
  $ npx topspark fleet merge robot1.safetensors ~/.ros/topspark/topspark/fleet/*.shared --output merged.safetensors
  $ npx topspark fleet status merged.safetensors --json
  $ npx topspark fleet push robot1.safetensors --server redis://fleet.example.org --fleet yard
  $ npx topspark fleet pull shared --server redis://fleet.example.org --fleet yard
What others share is tried on the first robot's own labelled samples. Where all of it is refused nothing is written, and
the command ends with 3. The first file is only read: it is the step before.
`;

/** `topspark fleet`: merges what several robots learned into one checkpoint, and exchanges it through a server. */
export function fleetCommand(): Command {
  const merge = new Command('merge')
    .description('Merge what other robots learned into the checkpoint of one. Needs no ROS.')
    .argument('<mine>', 'checkpoint of the robot that takes it over')
    .argument('<others...>', 'checkpoints of other robots, or what they share (.shared)')
    .requiredOption('--output <file>', 'where the merged checkpoint goes')
    .option('--robot <name>', 'name of the first robot in its fleet (default: that of its file)')
    .option(
      '--bound <share>',
      'most that accuracy and mean recall of its own samples may fall, 0..1',
      number,
      usualBound,
    )
    .option('--weights <list>', 'weights of robots, 0..1, such as robot3=0.5,robot4=0; others weigh 1', '')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(runMerge);
  const status = new Command('status')
    .description('What a robot learned itself, and whose learning is merged in its checkpoint. Needs no ROS.')
    .argument('<checkpoint>', 'a checkpoint (.safetensors)')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(runStatus);
  return new Command('fleet')
    .description('What one robot learned, for others: merge checkpoints, see who is in one, exchange it by a server.')
    .addCommand(merge)
    .addCommand(status)
    .addCommand(pushCommand())
    .addCommand(pullCommand())
    .addHelpText('after', examples);
}

function runMerge(mine: string, others: readonly string[], { output, robot, bound, weights, json }: MergeFlags): void {
  checkNumber('--bound', bound, 0, 1);
  checkOutput('--output', output);
  const name = robot ?? robotOf(mine);
  const own = loadCheckpoint(mine);
  const bar = new Progress('fleet merge', others.length + 1, process.stderr);
  try {
    let set = Contributions.none.weighing(robotWeights(weights));
    const refused: FleetRefusal[] = [];
    const files = new Map([[name, mine]]);
    for (const path of others) {
      const found = contributed(path);
      const { robot: other } = 'manifest' in found ? found.manifest : found;
      const twice = files.get(other);
      if (twice !== undefined) {
        const message = `${path} and ${twice} are both of a robot ${other}, expected one file a robot; name the first with --robot, or rename a file`;
        throw new TopsparkError('usage', 'usage', message);
      }
      files.set(other, path);
      if ('manifest' in found) set = set.with(found);
      else refused.push(found);
      bar.advance(1);
    }
    const { snapshot, ...found } = atOnce(mergeTried(own, set, { robot: name, bound }));
    const result: FleetMergeResult = { ...found, refused: [...refused, ...found.refused], output };
    const nothingTaken = !found.merged && result.refused.length > 0;
    if (nothingTaken) process.exitCode = exitCodes.data;
    else saveCheckpoint(output, snapshot);
    bar.end();
    process.stdout.write(json ? jsonLine(result) : describeMerge(result, nothingTaken));
  } finally {
    bar.end();
  }
}

/** The contribution in a file of another robot, or a refusal, as in a running node. */
function contributed(path: string): Contribution | FleetRefusal {
  if (extname(path) === contributionEnding) {
    const file = readRegularFile(path, path);
    return contributionIn(file, path, { now: Date.now() / 1000 }).contribution;
  }
  const robot = robotOf(path);
  const snapshot = loadCheckpoint(path);
  try {
    return atOnce(contributionOf(snapshot, { robot, version: 1, when: 0 }));
  } catch (error) {
    if (!(error instanceof TopsparkError) || error.code !== 'fleet_network') throw error;
    return { robot, cause: 'fleet_network', message: `contribution of ${robot}: ${explain(error)}` };
  }
}

function runStatus(path: string, { json }: { readonly json?: true }): void {
  const snapshot = loadCheckpoint(path);
  const result = statusOf(snapshot, robotOf(path));
  process.stdout.write(json ? jsonLine(result) : describeStatus(printable(path), result));
}

function statusOf(snapshot: Snapshot, robot: string): FleetStatusResult {
  const { learned, classes } = ownOf(snapshot, robot);
  return {
    weightsHash: snapshot.weightsHash,
    neurons: learned.neurons.length,
    classes: classes.map(({ name, labels }) => ({ name, labels })),
    merged: mergedOf(snapshot),
  };
}

function describeMerge(result: FleetMergeResult, nothingTaken: boolean): string {
  const { merged, united, added, givenUp, classes, from, refused, trial, output, weightsHash } = result;
  const head = nothingTaken
    ? 'nothing was merged, and nothing was written'
    : merged
      ? `merged ${from.length} robots: ${united} neurons united, ${added} added, ${givenUp} own given up`
      : 'nothing would change: the checkpoint was copied';
  const tried =
    trial.before === undefined || trial.after === undefined
      ? 'not tried: the checkpoint has no labelled samples of its own'
      : `${trial.samples} own labelled samples: ${percent(trial.before.accuracy)} right before, ${percent(trial.after.accuracy)} with the merge`;
  return [
    head,
    ...from.map(({ robot, neurons }) => `  ${printable(robot)}: part of ${neurons} neurons`),
    ...refused.map(({ message }) => `  refused: ${printable(message)}`),
    ...(trial.samples === 0 && refused.length > 0 ? [] : [`  ${tried}`]),
    ...(nothingTaken
      ? []
      : [
          `  classes ${classes.map(printable).join(', ')}`,
          `  ${printable(output)}  weights ${weightsHash.slice(0, 12)}…`,
        ]),
    '',
  ].join('\n');
}

function describeStatus(path: string, { neurons, classes, merged, weightsHash }: FleetStatusResult): string {
  return [
    `${path}  weights ${weightsHash.slice(0, 12)}…`,
    `  learned here: ${neurons} neurons`,
    ...classes.map(({ name, labels }) => `    ${printable(name)}: ${labels} labels`),
    merged.length === 0
      ? '  nothing of other robots is merged in it'
      : `  merged: ${merged.map(({ robot, neurons: part }) => `${printable(robot)} (${part} neurons)`).join(', ')}`,
    '',
  ].join('\n');
}
