import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TopsparkError } from '../../src/base/errors.js';
import { atOnce } from '../../src/base/slices.js';
import { encodeChunk, readChunk } from '../../src/fleet/chunks.js';
import {
  assemble,
  assembling,
  checkChunk,
  missingChunks,
  readContribution,
  type Contribution,
} from '../../src/fleet/contribution.js';
import { Contributions } from '../../src/fleet/contributions.js';
import {
  chunkHash,
  encodeManifest,
  mostChunks,
  publicKeyOf,
  readManifest,
  signManifest,
  type Manifest,
} from '../../src/fleet/manifest.js';
import { contributionOf } from '../../src/fleet/own-contribution.js';
import { TaughtRobot } from './taught-robot.js';

const now = 1_790_000_000;

function contribution(robot = 'robot1', version = 1, seed = 1): Contribution {
  const { classifier } = new TaughtRobot(seed, 20, true).teach('a', 40).teach('b', 40);
  return atOnce(contributionOf(classifier.snapshot(), { robot, version, when: now }));
}

/** Code and message of the error thrown. */
function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof TopsparkError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing was refused';
}

describe('contributionOf', () => {
  it('gives the same bytes for the same knowledge', () => {
    const [one, other] = [contribution(), contribution()];
    expect(encodeManifest(other.manifest)).toEqual(encodeManifest(one.manifest));
  });

  it('names the robot, its classes and the shape of its samples', () => {
    const { manifest, chunks } = contribution();
    expect(manifest).toMatchObject({
      robot: 'robot1',
      kernel: 'lean/1',
      network: { rows: 8, columns: 8, polarity: false },
      classes: [
        { name: 'a', labels: 40 },
        { name: 'b', labels: 40 },
      ],
      edits: [],
    });
    for (const { hash, bytes } of manifest.chunks) {
      expect(chunks.get(hash)).toHaveLength(bytes);
      expect(chunkHash(chunks.get(hash) ?? new Uint8Array())).toBe(hash);
    }
  });

  it('writes chunks that read back byte for byte', () => {
    const { manifest, chunks } = contribution();
    const reader = { robot: 'robot1', inputs: 64, classes: 2 };
    for (const bytes of chunks.values()) expect(encodeChunk(readChunk(bytes, reader))).toEqual(bytes);
    const { learned } = atOnce(readContribution({ manifest, chunks }));
    expect(learned.neurons.length).toBeGreaterThan(5);
    expect(learned.linear?.inputs).toBe(64);
  });

  it('keeps weights within 1/200 of the largest', () => {
    const { classifier } = new TaughtRobot(1).teach('a', 40);
    const shared = atOnce(contributionOf(classifier.snapshot(), { robot: 'r', version: 1, when: now }));
    const { learned } = atOnce(readContribution(shared));
    // Compared sorted, whatever the order of the inputs.
    const sorted = (weights: Float32Array): Float32Array => weights.slice().sort();
    const own = sorted(classifier.view.neuron(0).weights);
    const sum = own.reduce((total, each) => total + each, 0);
    const read = sorted(learned.neurons[0].weights);
    const most = own[own.length - 1] / sum;
    own.forEach((weight, i) => {
      expect(Math.abs(weight / sum - read[i])).toBeLessThan(most / 200);
    });
  });

  it('lists forgotten and renamed classes, until they are taught again', () => {
    const robot = new TaughtRobot(1).teach('a', 20).teach('b', 20).teach('c', 20);
    robot.classifier.forgetClass('a');
    robot.classifier.renameClass('b', 'bench');
    const edits = (): unknown =>
      atOnce(contributionOf(robot.classifier.snapshot(), { robot: 'r1', version: 1, when: now })).manifest.edits;
    expect(edits()).toEqual([
      { id: 'r1#1', name: 'a' },
      { id: 'r1#2', name: 'b', to: 'bench' },
    ]);
    const restored = new TaughtRobot(2);
    restored.classifier.restore(robot.classifier.snapshot());
    restored.teach('a', 1);
    expect(restored.classifier.snapshot().meta['class_edits']).toEqual({
      count: 2,
      list: [{ number: 2, name: 'b', to: 'bench' }],
    });
  });
});

describe('assemble', () => {
  it('assembles chunks, and names the missing ones', () => {
    const { manifest, chunks } = contribution();
    const there = new Map([...chunks].slice(0, 3));
    const missing = missingChunks(manifest, (hash) => there.has(hash));
    expect(missing).toHaveLength(chunks.size - 3);
    expect(refusalOf(() => assemble(manifest, (hash) => there.get(hash)))).toMatch(
      /^fleet_chunk: .* is missing, expected all/,
    );
    expect(assemble(manifest, (hash) => chunks.get(hash)).chunks).toEqual(chunks);
  });

  it('yields to other work after at most 64 chunks', () => {
    const { manifest, chunks } = contribution();
    const many = { ...manifest, chunks: Array.from({ length: 20 }, () => manifest.chunks).flat() };
    let turns = 0;
    const reading = assembling(many, (hash) => chunks.get(hash));
    const read = (): void => {
      while (reading.next().done !== true) turns++;
    };
    // Repeated chunks are only refused at the end.
    expect(refusalOf(read)).toContain('fleet_chunk');
    expect(turns).toBeGreaterThanOrEqual(2 * Math.floor(many.chunks.length / 64) - 1);
  });

  it('refuses a chunk with a wrong hash or length', () => {
    const { manifest, chunks } = contribution();
    const [entry] = manifest.chunks;
    const bytes = chunks.get(entry.hash)?.slice() ?? new Uint8Array();
    bytes[30] ^= 1;
    expect(
      refusalOf(() => {
        checkChunk(entry, bytes, 'robot1');
      }),
    ).toMatch(/robot1: a chunk has the SHA-256 .*ask for it again/);
    expect(
      refusalOf(() => {
        checkChunk(entry, bytes.subarray(1), 'robot1');
      }),
    ).toMatch(/bytes, expected/);
  });

  // A sender may compute right hashes of broken chunks.
  it('refuses chunks with invalid numbers, even with the right hash', () => {
    const { manifest, chunks } = contribution();
    const broken = (change: (bytes: Uint8Array, view: DataView) => void): string => {
      const bytes = chunks.get(manifest.chunks[0].hash)?.slice() ?? new Uint8Array();
      change(bytes, new DataView(bytes.buffer));
      const entry = { hash: chunkHash(bytes), bytes: bytes.length };
      return refusalOf(() => assemble({ ...manifest, chunks: [entry] }, () => bytes));
    };
    expect(broken((bytes) => (bytes[0] = 9))).toMatch(/kind 9, expected 1 to 6/);
    expect(
      broken((_, view) => {
        view.setUint16(20, 7, true);
      }),
    ).toMatch(/class 7, expected 0 to 1/);
    expect(
      broken((_, view) => {
        view.setFloat32(24, NaN, true);
      }),
    ).toMatch(/evidence NaN/);
    expect(
      broken((_, view) => {
        view.setFloat32(24, -1, true);
      }),
    ).toMatch(/evidence -1/);
    expect(broken((bytes) => bytes.fill(0, -64))).toMatch(/no weights/);
    expect(
      broken((_, view) => {
        view.setUint16(2, 60_000, true);
      }),
    ).toMatch(/bytes, expected 480084/);
  });
});

describe('readManifest', () => {
  const { manifest } = contribution();
  const read = (changed: object, trust: Parameters<typeof readManifest>[1] = { now }): string =>
    refusalOf(() => readManifest(Buffer.from(JSON.stringify({ ...manifest, ...changed })), trust));

  it('reads an encoded manifest', () => {
    expect(readManifest(encodeManifest(manifest), { now })).toEqual(manifest);
  });

  it('refuses a million chunks, names of 10 MB and a clock in 2100', () => {
    const entry = { hash: '0'.repeat(64), bytes: 1 };
    expect(read({ chunks: Array(1_000_000).fill(entry) })).toMatch(
      /^fleet_too_large: .* bytes, expected at most 2097152/,
    );
    expect(read({ chunks: Array(mostChunks + 1).fill(entry) })).toMatch(/^fleet_too_large: .*lists 10001 chunks/);
    expect(read({ classes: [{ name: 'x'.repeat(1e7), labels: 1 }] })).toMatch(/^fleet_too_large/);
    expect(read({ classes: [{ name: 'x'.repeat(257), labels: 1 }] })).toMatch(/^fleet_manifest: .*classes/);
    expect(read({ robot: `r${'x'.repeat(1e6)}` })).toMatch(
      /^fleet_manifest: contribution of "rx{59}…" \(200 characters\)/,
    );
    expect(read({ chunks: Array(600).fill({ ...entry, bytes: 128 * 1024 }) })).toMatch(
      /^fleet_too_large: .*78643200 bytes/,
    );
    expect(read({ when: 4_102_444_800 })).toMatch(
      /^fleet_clock: contribution of robot1: it is dated 2100-01-01T00:00:00/,
    );
  });

  it('refuses an invalid manifest, and says what is wrong', () => {
    expect(refusalOf(() => readManifest(Buffer.from('{'), { now }))).toMatch(/no JSON/);
    expect(read({ robot: 'a b' })).toMatch(/robot of its manifest/);
    expect(read({ version: -1 })).toMatch(/version of its manifest/);
    expect(read({ version: 1.5 })).toMatch(/version of its manifest/);
    expect(read({ chunks: [{ hash: 'zz', bytes: 1 }] })).toMatch(/chunks of its manifest/);
    expect(read({ classes: [...manifest.classes, ...manifest.classes] })).toMatch(/none stands twice/);
    expect(read({ edits: [{ id: 'x', name: 'a', to: 'a' }] })).toMatch(/edits of its manifest/);
    expect(read({ format: 2 })).toMatch(/format of its manifest/);
  });

  it('accepts only a valid signature of the known key', () => {
    const [own, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const key = publicKeyOf(own.privateKey);
    const trust = { now, trusted: new Map([['robot1', key]]) };
    const signed = signManifest(manifest, own.privateKey);
    expect(readManifest(encodeManifest(signed), trust)).toEqual(signed);
    const told = (changed: Manifest, by = trust): string => refusalOf(() => readManifest(encodeManifest(changed), by));
    expect(told({ ...signed, version: 2 })).toMatch(/^fleet_signature: .* does not match/);
    expect(told(signManifest(manifest, other.privateKey))).toMatch(/another key/);
    expect(told(manifest)).toMatch(/unsigned/);
    expect(told(signManifest({ ...manifest, robot: 'robot2' }, own.privateKey))).toMatch(/no key is known/);
    expect(refusalOf(() => publicKeyOf(generateKeyPairSync('x25519').privateKey))).toMatch(/expected ed25519/);
  });
});

describe('Contributions', () => {
  it('keeps the newest of each robot in any order of arrival, and removes one', () => {
    const [old, fresh, other] = [contribution('r1', 1, 1), contribution('r1', 2, 2), contribution('r2', 1, 3)];
    const one = Contributions.none.with(old).with(fresh).with(other).with(fresh);
    const two = Contributions.none.with(other).with(fresh).with(old);
    expect(one.all.map(({ manifest }) => `${manifest.robot} ${manifest.version}`)).toEqual(['r1 2', 'r2 1']);
    expect(two.all).toEqual(one.all);
    expect(one.without('r1').all).toEqual([other]);
    // Two contributions of one version, as from a copied robot: every robot keeps the same one.
    const twin = contribution('r1', 2, 4);
    expect(Contributions.none.with(twin).with(fresh).all).toEqual(Contributions.none.with(fresh).with(twin).all);
  });
});
