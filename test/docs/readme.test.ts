import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = (title: string): string => new RegExp(`^## ${title}$[^]*?^## `, 'm').exec(readme)?.[0] ?? '';

describe('README', () => {
  it('is at most 8 kB', () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(8000);
  });

  it('attributes the saved energy to the network, and shows the whole process beside it', () => {
    const rows = section('Figures').split('\n');
    expect(rows.filter((row) => row.startsWith('| energy of the network')).length).toBeGreaterThan(0);
    expect(rows.filter((row) => /^\| energy of the \*\*whole process\*\*.* J /.test(row))).toHaveLength(1);
  });

  it('shows a decision with all its fields', () => {
    const [, shown = ''] = /^```yaml\n([^]*?)^```$/m.exec(readme) ?? [];
    const definition = readFileSync(new URL('../../msgs/msg/Decision.msg', import.meta.url), 'utf8');
    const fields = [...definition.matchAll(/^[\w/[\]]+ (\w+) +#/gm)].map(([, name]) => name);
    expect([...shown.matchAll(/^(\w+):/gm)].map(([, name]) => name)).toEqual(fields);
  });

  it('puts the node on a robot in five lines', () => {
    const [, block = ''] = /^```sh\n# with ROS 2\n([^]*?)^```$/m.exec(section('On a robot')) ?? [];
    expect(block.trim().split('\n')).toHaveLength(5);
  });
});
