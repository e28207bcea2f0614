// @ts-check

/** The part of a vitest report that is read. @typedef {{ testResults: readonly { name: string, assertionResults: readonly { title: string, duration?: number }[] }[] }} Report */

/**
 * @param {readonly Report[]} reports
 * @param {number} count - at most so many
 * @returns {{ file: string, title: string, seconds: number }[]} the slowest tests, the slowest first; a test that did
 *   not run counts as 0 s
 */
export function slowestTests(reports, count) {
  const tests = reports.flatMap(({ testResults }) =>
    testResults.flatMap(({ name: file, assertionResults }) =>
      assertionResults.map(({ title, duration = 0 }) => ({ file, title, seconds: duration / 1000 })),
    ),
  );
  return tests.sort((one, other) => other.seconds - one.seconds).slice(0, count);
}
