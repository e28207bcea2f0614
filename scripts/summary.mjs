// @ts-check
import { existsSync } from 'node:fs';
import { endOnBrokenOutput } from './setup/outputs.mjs';
import { reportFiles } from './testing/run-checks.mjs';
import { summaryLine } from './testing/summary-line.mjs';

// Sums up the results of all tests, from the reports of `npm test` and `npm run test:long`.
endOnBrokenOutput();
const missing = reportFiles.filter((file) => !existsSync(file));
for (const file of missing) console.log(`The tests ended without ${file}.`);
console.log(summaryLine(reportFiles.filter((file) => existsSync(file))));
if (missing.length > 0) process.exitCode = 1;
