// @ts-check
import { readFileSync } from 'node:fs';

/**
 * The one line that says what came of the tests. A test file that cannot even be loaded counts as one failed test.
 * @param {string} file - vitest's JSON report
 * @returns {string} `N passed, N failed`, and `, N skipped` when there are skipped ones
 */
export function summaryLine(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  /** @type {{ status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults;
  const unloaded = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((result) => result.status !== 'failed'),
  ).length;
  const skipped = report.numPendingTests + report.numTodoTests;
  const line = `${report.numPassedTests} passed, ${report.numFailedTests + unloaded} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
