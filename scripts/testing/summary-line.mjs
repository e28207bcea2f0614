// @ts-check
import { readFileSync } from 'node:fs';

/**
 * One line with the results of the tests. A test file that cannot be loaded counts as one failed test.
 * @param {readonly string[]} files - vitest's JSON reports
 * @returns {string} `N passed, N failed`, and `, N skipped` if any were skipped
 */
export function summaryLine(files) {
  const counts = files.map(countsOf);
  const [passed, failed, skipped] = /** @type {const} */ (['passed', 'failed', 'skipped']).map((which) =>
    counts.reduce((sum, each) => sum + each[which], 0),
  );
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

/** @param {string} file */
function countsOf(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  /** @type {{ status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults;
  const unloaded = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((result) => result.status !== 'failed'),
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
