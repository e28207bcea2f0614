// @ts-check
import { existsSync } from 'node:fs';
import { endOnBrokenOutput } from './setup/outputs.mjs';
import { reportFile } from './testing/run-checks.mjs';
import { summaryLine } from './testing/summary-line.mjs';

// Repeats the last line of `npm test` from its report, for whoever reads the last line of a longer output.
endOnBrokenOutput();
if (existsSync(reportFile)) console.log(summaryLine(reportFile));
else {
  console.log('npm test ended without a test report.');
  process.exitCode = 1;
}
