import { describe, expect, it } from 'vitest';
import { SampleSource } from '../../src/sensing/in-time/sample-source.js';
import type { ParameterEntry, ParameterValue } from '../../src/base/parameters.js';
import { describeDifferences, readingDifferences, readingsOf } from '../../src/sensing/sensor-reading.js';
import { sensorKinds, sensorNames } from '../../src/sensing/sensor-kinds.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { movingSensors } from './sensor-messages.js';

const depth = {
  ...{ width: 8, height: 8, encoding: '32FC1', is_bigendian: 0, step: 32 },
  data: new Uint8Array(Float32Array.from({ length: 64 }, (_, i) => 1 + i / 20).buffer),
};

const thermal = {
  ...{ width: 8, height: 8, encoding: 'mono16', is_bigendian: 0, step: 16 },
  data: new Uint8Array(Uint16Array.from({ length: 64 }, (_, i) => 29_315 + 90 * i).buffer),
};

/** Pictures that are read by other rules than those of 8 bits. */
const deep: readonly object[] = [depth, thermal];

/** The outcome of a message at every stamp, with a range sensor if there are two: intensities, or the cause. */
function shown(name: string, values: Record<string, ParameterValue>, together: boolean): Map<number, string> {
  const moving = movingSensors[sensorNames.indexOf(name)];
  const other = movingSensors[sensorNames.indexOf(name === 'range' ? 'features' : 'range')];
  const use = [{ name, values: { ...moving.values, ...values } }, ...(together ? [other] : [])];
  const source = new SampleSource({ use, sync: { slop: 0, policy: 'wait', queue: 8 } });
  const seen = new Map<number, string>();
  const hear = (sensor: string, k: number, message: object): void => {
    const stamp = BigInt(k) * 20_000_000n;
    for (const each of source.hear({ sensor, stamp, frameId: '', taken: 0, message })) {
      const into = new Uint8Array(source.rows * source.columns);
      if (!('parts' in each)) continue;
      const { usable, refusals } = source.encode(each, into);
      const found = usable ? Buffer.from(into).toString('hex') : refusals.map(({ cause }) => cause).join();
      seen.set(Number(each.stamp / 20_000_000n), found);
    }
  };
  for (let k = 0; k < 60; k++) {
    hear(name, k, name === 'image' && k % 3 === 0 ? deep[(k / 3) % 2] : moving.message(k));
    if (together) hear(other.name, k, other.message(k));
  }
  return seen;
}

/** Valid values of a parameter that differ from its own. */
function others(entry: ParameterEntry): ParameterValue[] {
  if (entry.type === 'bool') return [true, false];
  if (entry.name === 'levels') return ['0 65535', '29000 40000'];
  if (entry.type === 'string') return (entry.choices ?? []).filter((each) => each !== entry.standard);
  if (entry.type === 'stringArray') return [];
  const { low, high, standard } = entry;
  const near = [low, high, 0.5, standard / 2, standard * 2, (low + high) / 2, Math.max(low, 1), 8, 12, 16];
  const whole = entry.type === 'integer' ? near.map(Math.round) : near;
  return whole.filter((value) => value >= low && value <= high && value !== standard && value <= 10_000);
}

function tried(entry: ParameterEntry, name: string, together: boolean): Map<number, string>[] {
  return others(entry).flatMap((value) => {
    try {
      return [shown(name, { [entry.name]: value }, together)];
    } catch {
      return []; // does not fit the other parameters
    }
  });
}

/** A wrong size refuses the message. A compressed picture shares depth and levels with images, which show them. */
const exempt = new Set(['features.size', ...['max_depth', 'levels'].map((shared) => `compressed_image.${shared}`)]);

describe.each(sensorKinds.map(({ name }) => name))('every parameter of %s', (name) => {
  const block = parameterTable.filter((entry) => entry.name.startsWith(`${name}.`));
  const entries = block.map((entry) => ({ ...entry, name: entry.name.slice(name.length + 1) }));
  it.each(entries.map((entry) => [entry.name, entry] as const))(
    '%s changes an intensity, or is marked as a limit and changes none',
    (parameter, entry) => {
      const together = parameter === 'weight';
      const standard = shown(name, {}, together);
      expect(standard.size).toBeGreaterThan(1);
      const changed = tried(entry, name, together).map((found) => {
        const both = [...found].filter(([stamp]) => standard.has(stamp));
        return both
          .filter(([, text]) => !/_(size|large|many|beams|points)|too_/.test(text))
          .some(([stamp, text]) => {
            return standard.get(stamp) !== text;
          });
      });
      if (entry.limit) expect(changed.filter(Boolean)).toEqual([]);
      else if (!exempt.has(`${name}.${parameter}`)) expect(changed).toContain(true);
    },
  );
});

describe('sensors with changed parameters', () => {
  const read = (name: string, values: Record<string, ParameterValue> = {}) => readingsOf([{ name, values }]);
  const json = (readings: object) => JSON.parse(JSON.stringify(readings)) as never;

  it('are found by each parameter, and reported in a sentence that says what to do', () => {
    const differences = readingDifferences(json(read('scan', { heading_free: false, near: 0.25 })), read('scan'));
    expect(differences.map(({ parameter }) => parameter)).toEqual(['scan.near', 'scan.heading_free']);
    expect(describeDifferences(differences.slice(1), 'this checkpoint was learned')).toBe(
      'scan.heading_free was false when this checkpoint was learned and is true here; to go on with it set scan.heading_free:=false',
    );
  });

  it('are the same by meaning: a compressed picture is a picture, a limit does not count', () => {
    const compressed = json(read('compressed_image', { max_pixels: 100, max_bytes: 64 }));
    expect(readingDifferences(compressed, read('image'))).toEqual([]);
    expect(readingDifferences(json([{ ...read('image')[0], parameters: { max_pixels: 1 } }]), read('image'))).toEqual(
      [],
    );
    expect(readingDifferences(compressed, read('features'))).toMatchObject([{ parameter: 'sensors' }]);
  });

  it("are the same under a parameter's former name", () => {
    const [{ parameters, ...rest }] = read('scan');
    const { near, ...others } = parameters ?? {};
    const former = json([{ ...rest, parameters: { ...others, closest: near } }]);
    expect(readingDifferences(former, read('scan'), new Map([['scan.closest', 'near']]))).toEqual([]);
    expect(readingDifferences(former, read('scan'))).toMatchObject([{ parameter: 'scan.closest', own: undefined }]);
  });

  it('differ in another order or number; for a single one the weight does not count', () => {
    const both = readingsOf([{ name: 'scan' }, { name: 'range' }]);
    const turned = readingsOf([{ name: 'range' }, { name: 'scan' }]);
    for (const other of [turned, read('scan')]) {
      expect(readingDifferences(json(both), other)).toMatchObject([{ parameter: 'sensors' }]);
    }
    expect(readingDifferences(json(read('scan', { weight: 2 })), read('scan'))).toEqual([]);
    const heavier = readingsOf([{ name: 'scan', values: { weight: 2 } }, { name: 'range' }]);
    expect(readingDifferences(json(heavier), both)).toMatchObject([{ parameter: 'scan.weight', found: 2, own: 1 }]);
  });

  it('are compared by encoding alone when the checkpoint is older than their parameters', () => {
    const old = json([{ name: 'scan', encoding: 'plain', inputs: 7 }]);
    expect(readingDifferences(old, read('scan', { near: 0.25 }))).toEqual([]);
    expect(readingDifferences(old, read('scan', { encoding: 'change' }))).toMatchObject([
      { parameter: 'scan.encoding' },
    ]);
  });

  it('are refused for any other JSON', () => {
    for (const strange of [null, 5, 'x', {}, [], [null], [[]], [{ name: 'scan' }], [{ name: {}, parameters: [] }]]) {
      expect(readingDifferences(strange as never, read('scan'))).not.toEqual([]);
    }
    const forged = json([{ ...read('scan')[0], parameters: { '\u001b[2J': 'x'.repeat(1e6) } }]);
    const sentence = describeDifferences(readingDifferences(forged, read('scan')), 'it was learned');
    expect(sentence).toContain('\\u001b');
    expect(sentence.length).toBeLessThan(500);
  });
});
