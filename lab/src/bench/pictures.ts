import { Command } from 'commander';
import { checkInteger } from 'topspark/base/errors.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import { imageFormats, pixelFormat } from 'topspark/sensing/image/image-frame.js';
import { ImageEncoder } from 'topspark/sensing/image/image-sensor.js';
import { markdownTable } from '../report/markdown-table.js';
import { alternate, type Contender } from './engine/alternate.js';

interface Flags {
  readonly width: number;
  readonly height: number;
  readonly rounds: number;
  readonly json?: true;
}

const examples = `
Examples:
  $ npx topspark bench pictures
  $ npx topspark bench pictures --width 1280 --height 720 --json
`;

/** `topspark bench pictures`: cost of an image in each encoding, compared with rgb8. */
export function picturesBench(): Command {
  return new Command('pictures')
    .description('Bring images to 28×28, in every encoding by turns: CPU time of each, beside rgb8. Needs no ROS.')
    .option('--width <pixels>', 'columns of an image', number, 640)
    .option('--height <pixels>', 'rows of an image', number, 480)
    .option('--rounds <n>', 'rounds; the median counts', number, 15)
    .option('--json', 'print one JSON array and nothing else on standard output')
    .addHelpText('after', examples)
    .action(run);
}

function run({ width, height, rounds, json }: Flags): void {
  checkInteger('--width', width, 2, 8192);
  checkInteger('--height', height, 2, 8192);
  checkInteger('--rounds', rounds, 1, 1000);
  const contenders = imageFormats.map((encoding) => contender(encoding, width, height));
  const bar = new Progress('pictures', rounds * contenders.length, process.stderr);
  let timings;
  try {
    timings = alternate(contenders, { rounds, milliseconds: 20 }, bar.advance.bind(bar));
  } finally {
    bar.end();
  }
  const medians = timings.map(({ median }) => median);
  const rgb8 = medians[imageFormats.indexOf('rgb8')];
  const rows = imageFormats.map((encoding, k) => ({
    encoding,
    microseconds: medians[k],
    besideRgb8: medians[k] / rgb8,
  }));
  if (json) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  const cells = rows.map((row) => [row.encoding, row.microseconds.toFixed(0), row.besideRgb8.toFixed(2)]);
  process.stdout.write(markdownTable(['encoding', 'µs an image', 'of rgb8'], cells));
}

function contender(encoding: string, width: number, height: number): Contender {
  const { bytes, side, colourRows = 0 } = pixelFormat(encoding);
  const step = (width * bytes) / side;
  const length = step * (height + Math.ceil(height * colourRows));
  const data = Uint8Array.from({ length }, (_, k) => Math.imul(k, 2_654_435_761) >>> 24);
  const frame = { width, height, encoding, bigEndian: false, step, data };
  const encoder = new ImageEncoder({ width: 28, height: 28, encoding: 'plain' });
  const into = new Uint8Array(encoder.rows * encoder.columns);
  return {
    name: encoding,
    run: (samples) => {
      for (let k = 0; k < samples; k++) encoder.encode(frame, into);
    },
  };
}
