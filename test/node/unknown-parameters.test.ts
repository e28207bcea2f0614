import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { listed } from '../../src/base/quoted.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { strayBlocks, unknownParameters, unknownSentence } from '../../src/node/unknown-parameters.js';

const known = new Set(parameterTable.map(({ name }) => name));
const block = (name: string, ...names: string[]) => ({ name, parameters: names.map((each) => ({ name: each })) });
const unknown = (...blocks: ReturnType<typeof block>[]) => unknownParameters(blocks, '/robot1/topspark', known);

describe('unknownParameters', () => {
  it.each(['sensor', 'Sensors', 'network.neuron', 'scan.anything', 'neurons', 'acuracy.target'])(
    'finds %s, set for all nodes, because it resembles one of ours',
    (name) => {
      expect(unknown(block('/**', name, 'sensors'))).toEqual({ misspelt: [name], foreign: [] });
    },
  );

  it('finds everything that is set for this node by name', () => {
    expect(unknown(block('/robot1/topspark', 'whatever.it.is'))).toEqual({ misspelt: ['whatever.it.is'], foreign: [] });
    expect(unknown(block('topspark', 'whatever.it.is')).misspelt).toHaveLength(1);
  });

  it('ignores other nodes, and what resembles none of ours in a block for all nodes', () => {
    const blocks = [block('/**', 'robot_description', 'sensors'), block('/robot2/topspark', 'sensor')];
    expect(unknown(...blocks)).toEqual({ misspelt: [], foreign: ['robot_description'] });
  });

  it('suggests the intended name', () => {
    expect(unknownSentence('sensor', known)).toBe(
      'parameter sensor is not known here and is ignored; did you mean sensors?; see config/topspark.yaml',
    );
    expect(unknownSentence('image.rate', known)).toBe(
      'parameter image.rate is not known here and is ignored: it is image.expected_rate now; see config/topspark.yaml',
    );
    expect(() => offlineParameters({ set: ['image.rate:=5'] }, '/topspark', parameterTable)).toThrow(
      'parameter image.rate is not known: it is image.expected_rate now',
    );
    expect(unknownSentence('neurons', known)).toContain('did you mean network.neurons?');
    expect(unknownSentence(`zz\u001b[2J${'z'.repeat(1000)}`, known)).toMatch(/^parameter zz\\u001b\[2Jz+ is not known/);
  });
});

describe('strayBlocks', () => {
  const stray = (...names: string[]) =>
    strayBlocks(
      names.map((name) => block(name, 'sensors')),
      '/robot1/topspark',
    );

  it.each([['/robot1/topsprak'], ['/topspark'], ['topspak'], ['/robot1/other']])(
    'says that %s is not this node',
    (name) => {
      expect(stray(name)).toBe(
        `parameters are given for ${name}, none for /robot1/topspark: they are ignored; use /robot1/topspark or /**`,
      );
    },
  );

  it('reports a name similar to ours beside a block for all nodes, as -p creates one', () => {
    expect(stray('/robot1/topsprak', '/**')).toContain('given for /robot1/topsprak, none for');
  });

  it.each([[['/robot1/topspark', '/robot2/topspark']], [['/**', '/controller_server']], [['topspark']], [[]]])(
    'ignores %o',
    (names) => {
      expect(stray(...names)).toBeUndefined();
    },
  );
});

describe('listed', () => {
  it('shows some of many', () => {
    expect(listed(['a', 'b'])).toBe('a, b');
    expect(listed(Array.from({ length: 11 }, (_, k) => `p${k}`))).toMatch(/^p0, .*, p7 and 3 more$/);
  });
});

describe('offlineParameters', () => {
  it('refuses a file that is only for other nodes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'topspark-'));
    try {
      const file = join(folder, 'p.yaml');
      writeFileSync(file, '/topsprak: {ros__parameters: {sensors: [scan]}}');
      expect(() => offlineParameters({ file }, '/topspark', parameterTable)).toThrow(
        'parameters are given for /topsprak, none for /topspark',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
