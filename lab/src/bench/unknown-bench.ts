import { Command, Option } from 'commander';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import { markdownTable } from '../report/markdown-table.js';
import { pictureEncodings, standardImage, type PictureEncoding } from '../training/picture-encodings.js';
import type { CalibrationErrors, GroupRow, UnknownRow } from '../training/unknown-run.js';

interface Flags {
  readonly stream: string;
  readonly seed: number;
  readonly budget: number;
  readonly rate: number;
  readonly neurons: number;
  readonly image: PictureEncoding;
  readonly quick?: true;
  readonly final?: true;
  readonly json?: true;
}

/** Results of one stream and seed. */
export interface UnknownResult extends CalibrationErrors {
  readonly rows: readonly (UnknownRow & { readonly stream: string; readonly seed: number; readonly left: string })[];
  /** Effect of one label for each of these classes; empty with `--quick`, where classes occur too rarely. */
  readonly groups: readonly (GroupRow & { readonly stream: string; readonly seed: number })[];
}

const examples = `
Examples:
  $ npx topspark bench unknown --stream mnist --seed 1
  $ npx topspark bench unknown --stream world --budget 0.05 --json
`;

/**
 * `topspark bench unknown`: how often samples of unnamed classes are reported as unknown, and calibration of
 * confidence.
 */
export function unknownBench(): Command {
  return new Command('unknown')
    .description(
      'How well samples of unnamed and left-out classes are found, and how well confidence is calibrated. Needs no ROS.',
    )
    .option('--stream <name>', 'mnist, fashion-mnist or world', 'mnist')
    .option('--seed <n>', 'order of the samples, choice of labels, and of the classes that are left out', number, 1)
    .option('--budget <share>', 'labels per sample, drawn at random, 0..1', number, 0.1)
    .option('--rate <share>', 'target share of false alarms, 0..0.5', number, 0.05)
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .addOption(
      new Option('--image <encoding>', 'how pictures are read').choices(pictureEncodings).default(standardImage),
    )
    .option('--quick', 'a tenth of the samples, to see that it works')
    .option('--final', 'test on the test images, not on the last sixth of the training images')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

async function run({ stream: name, seed, budget, rate, neurons, image, quick, final, json }: Flags): Promise<void> {
  checkInteger('--seed', seed, 0, Number.MAX_SAFE_INTEGER - 1001);
  checkNumber('--budget', budget, 0, 1);
  checkNumber('--rate', rate, 0.001, 0.5);
  checkInteger('--neurons', neurons, 10, 6400);
  const { labelledStream } = await import('../training/labelled-streams.js');
  const { calibrationRun, groupRun, groupRuns, unknownRun } = await import('../training/unknown-run.js');
  const scale = quick ? 10 : 1;
  const [samples, tests] = name === 'world' ? [12_000, 6000] : [20_000, 10_000];
  const size = { samples: samples / scale, tests: tests / scale };
  const stream = labelledStream(name, { seed, ...size, image, final: final === true });
  const { classes } = stream;
  // Classes to leave out: a pair, so that all classes have their turn over the seeds; of places only one.
  const leaves = stream.driven ? 1 : 2;
  const left = Array.from({ length: leaves }, (_, k) => classes[(leaves * seed + k) % classes.length]);
  const options = { budget, rate, neurons, point: leanPoint(neurons), seed };
  // Half as many samples more: a class that appears half way occurs as often as the others did before.
  const longer = { ...size, samples: 1.5 * size.samples };
  const total = 3 * (size.samples + size.tests) + (quick ? 0 : groupRuns(leaves) * (longer.samples + longer.tests));
  const bar = new Progress('unknown', total, process.stderr);
  const advance = bar.advance.bind(bar);
  const rows = unknownRun(stream, options, new Set(left), advance);
  const errors = calibrationRun(stream, options, advance);
  const lived = labelledStream(name, { seed, ...longer, image, final: final === true });
  const groups = quick ? [] : groupRun(lived, options, left, advance);
  bar.end();
  const of = { stream: name, seed, left: left.join(' ') };
  const result: UnknownResult = {
    rows: rows.map((row) => ({ ...of, ...row })),
    ...errors,
    groups: groups.map((row) => ({ ...row, stream: name, seed })),
  };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : unknownTable(result));
}

/** Formats the table, and the calibration error. */
export function unknownTable({ rows, groups, calibrationError, calibrationErrorHeld }: UnknownResult): string {
  const percent = (share: number): string => (100 * share).toFixed(1);
  const head = ['stream', 'without', 'kind', 'score', 'AUROC', 'found [%]', 'false alarms [%]'];
  const cells = rows.map(({ stream, left, kind, score, shipped, auroc, found, falseAlarms }) => [
    ...[stream, left, kind, shipped ? `${score} (shipped)` : score],
    ...[percent(auroc), percent(found), percent(falseAlarms)],
  ]);
  const errors = `${percent(calibrationError)} % while it learns, ${percent(calibrationErrorHeld)} % on the test`;
  const named = groups.map(({ stream, name, kind, names, flagged, neurons, pure, recall, others }) => [
    ...[stream, name, kind, names, flagged === null ? 'never' : String(flagged), String(neurons)],
    ...[Number.isNaN(pure) ? '–' : percent(pure), percent(recall), percent(others)],
  ]);
  const wide = ['flagged after', 'neurons', 'pure [%]', 'recall [%]', 'others [%]'];
  const once = markdownTable(['stream', 'class', 'kind', 'one label names', ...wide], named);
  const said = `expected calibration error, all classes named: ${errors}\n`;
  return `${markdownTable(head, cells)}${said}${groups.length > 0 ? once : ''}`;
}
