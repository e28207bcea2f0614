import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sensorNames } from '../../src/sensing/sensor-kinds.js';

interface Analyzer {
  readonly type: string;
  readonly path: string;
  readonly startswith: readonly string[];
}

const file = new URL('../../config/diagnostic_aggregator.yaml', import.meta.url);
const source = new URL('../../src/node/diagnostics.ts', import.meta.url);
const { analyzers } = (
  parse(readFileSync(file, 'utf8')) as {
    analyzers: { ros__parameters: { topspark: { analyzers: Readonly<Record<string, Analyzer>> } } };
  }
).analyzers.ros__parameters.topspark;

describe('config/diagnostic_aggregator.yaml', () => {
  const own = [...readFileSync(source, 'utf8').matchAll(/name: '([^']+)'/g)].map(([, name]) => name);
  const tasks = [...new Set([...sensorNames, 'scan_rear', ...own])];

  it.each(tasks)('puts the diagnostics %s in one group', (task) => {
    const name = `topspark: ${task}`;
    const groups = Object.values(analyzers).filter(({ startswith }) =>
      startswith.some((each) => name.startsWith(each)),
    );
    expect(groups).toHaveLength(1);
  });

  it('names nothing that does not exist', () => {
    for (const { startswith } of Object.values(analyzers)) {
      for (const each of startswith) expect(tasks.map((task) => `topspark: ${task}`)).toContain(each);
    }
  });
});
