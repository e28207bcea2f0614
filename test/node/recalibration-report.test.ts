import { pino } from 'pino';
import { expect, it } from 'vitest';
import { logRecalibration } from '../../src/node/reports.js';

/** What the log says. */
function said(samples: number, profiled: boolean, error?: Error): string {
  let line = '';
  const logger = pino({}, { write: (text: string) => (line = text) });
  logRecalibration({ kind: 'recalibration', samples, ...(error && { error }) }, profiled, logger);
  return (JSON.parse(line) as { msg: string }).msg;
}

it('the log says how many samples operating points were measured on, why none, and what failed', () => {
  expect(said(500, true)).toBe('operating points measured again on 500 samples');
  expect(said(0, true)).toBe('operating points not measured: no labelled sample is at hand');
  expect(said(0, false)).toBe('operating points not measured: there is no profile');
  expect(said(0, true, new Error('no memory'))).toBe('operating points were not measured');
});
