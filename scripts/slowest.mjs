// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { endOnBrokenOutput } from './setup/outputs.mjs';
import { paths } from './setup/paths.mjs';
import { reportFiles } from './testing/run-checks.mjs';
import { slowestTests } from './testing/slowest-tests.mjs';

const usage = `Usage: npm run slowest [-- COUNT]

The tests that took longest in the last \`npm test\` and \`npm run test:long\`, 20 of them where no COUNT is given.

Example:
  $ npm run --silent slowest -- 5
`;

endOnBrokenOutput();
const [count = '20', ...more] = process.argv.slice(2);
if (count === '--help' || count === '-h') {
  process.stdout.write(usage);
} else if (!/^[1-9]\d*$/.test(count) || more.length > 0) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const reports = reportFiles.filter((file) => existsSync(file));
  if (reports.length === 0) process.stdout.write('No tests were run yet: npm test\n');
  const tests = slowestTests(
    reports.map((file) => JSON.parse(readFileSync(file, 'utf8'))),
    Number(count),
  );
  for (const { title, seconds, file } of tests) {
    process.stdout.write(`${seconds.toFixed(1).padStart(6)} s  ${relative(paths.root, file)}  ${title}\n`);
  }
}
