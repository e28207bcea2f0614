import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summaryLine } from '../../scripts/testing/summary-line.mjs';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-summary-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('summaryLine', () => {
  it('counts passed and failed tests', () => {
    expect(lineFor({ numPassedTests: 12, numFailedTests: 3 })).toBe('12 passed, 3 failed');
  });

  it('counts skipped tests and todo tests', () => {
    expect(lineFor({ numPassedTests: 12, numPendingTests: 2, numTodoTests: 1 })).toBe('12 passed, 0 failed, 3 skipped');
  });

  it('counts a file that cannot be loaded as failed, and a file with failed tests only once', () => {
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ];
    expect(lineFor({ numPassedTests: 2, numFailedTests: 1, testResults })).toBe('2 passed, 2 failed');
  });

  it('sums the reports of several runs', () => {
    const reports = [
      reportOf('short', { numPassedTests: 2, numTodoTests: 1 }),
      reportOf('long', { numPassedTests: 3 }),
    ];
    expect(summaryLine(reports)).toBe('5 passed, 0 failed, 1 skipped');
  });
});

function lineFor(report: object): string {
  return summaryLine([reportOf('report', report)]);
}

function reportOf(name: string, report: object): string {
  const file = join(folder, `${name}.json`);
  const nothing = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  writeFileSync(file, JSON.stringify({ ...nothing, ...report }));
  return file;
}
