import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TopsparkError } from '../../src/base/errors.js';
import { Random } from '../../src/base/random.js';
import { CheckpointStore } from '../../src/checkpoint/checkpoint-store.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';

const point = { timesteps: 35, events: 100, keep: 10, exitFirst: 0, exit: 0 };
const make = () => new OnlineClassifier({ neurons: 12, rows: 4, columns: 5, classes: 4, memory: 8 });

/** A classifier that has seen some samples. */
function lived(samples: number): OnlineClassifier {
  const classifier = make();
  const random = new Random(5);
  for (let k = 0; k < samples; k++) {
    const pixels = Uint8Array.from({ length: 20 }, (_, i) => (i % 3 === k % 3 ? 100 + 100 * random.uniform() : 0));
    classifier.decide(pixels, BigInt(k), point, true);
    classifier.label(BigInt(k), `class ${k % 3}`);
  }
  return classifier;
}

let folder: string;
let mounted: string | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-'));
});
afterEach(() => {
  if (mounted !== undefined) execFileSync('umount', [mounted]);
  mounted = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Real file systems that are full or read-only need the right to mount; the tests are skipped without it. */
function mount(...options: string[]): boolean {
  try {
    execFileSync('mount', [...options, folder], { stdio: 'ignore' });
    mounted = folder;
    return true;
  } catch {
    return false;
  }
}

const numbered = (number: number): string => `checkpoint-${String(number).padStart(8, '0')}.safetensors`;

/** Restores into a fresh classifier. Returns what was restored, and why other files were refused. */
function restore() {
  const classifier = make();
  const refused: string[] = [];
  const stored = new CheckpointStore(folder, 3).restoreNewest(
    (snapshot) => {
      classifier.restore(snapshot);
    },
    ({ error }) => refused.push(error.message),
  );
  return { name: stored?.name, hash: classifier.hash(), refused };
}

describe('a foreign file in place of the newest checkpoint is refused, and the previous checkpoint is restored', () => {
  const good = lived(40);
  const store = (): void => {
    new CheckpointStore(folder, 3).save(good.snapshot());
  };
  const elsewhere = encodeSnapshot(lived(80).snapshot());

  it.each([
    [
      'a symbolic link',
      (path: string) => {
        writeFileSync(join(folder, 'elsewhere'), elsewhere);
        symlinkSync('elsewhere', path);
      },
    ],
    [
      'a folder',
      (path: string) => {
        mkdirSync(path);
      },
    ],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ])('%s', (kind, put) => {
    store();
    put(join(folder, numbered(2)));
    const { name, hash, refused } = restore();
    expect(refused).toEqual([`checkpoint ${numbered(2)} is ${kind}, expected a file`]);
    expect([name, hash]).toEqual([numbered(1), good.hash()]);
    expect(readdirSync(folder)).toContain(`${numbered(2)}.broken`);
    // The folder is in order again, and the target of the link is untouched.
    const saved = new CheckpointStore(folder, 1).save(good.snapshot());
    expect(restore()).toEqual({ name: saved.name, hash: good.hash(), refused: [] });
  });

  it('a file is refused when it is cut at any byte of its header or at 1000 others, or has one bit flipped', () => {
    store();
    const file = readFileSync(join(folder, numbered(1)));
    const header = 8 + Number(file.readBigUInt64LE());
    const random = new Random(9);
    const anywhere = (): number => Math.floor(random.uniform() * file.length);
    const cuts = [...Array(header).keys(), ...Array.from({ length: 1000 }, anywhere)];
    const turned = Array.from({ length: 1000 }, () => {
      const copy = Buffer.from(file);
      copy[anywhere()] ^= 1 << Math.floor(8 * random.uniform());
      return copy;
    });
    const broken = [...cuts.map((length) => file.subarray(0, length)), ...turned];
    const codes = new Set<string>();
    let accepted = 0;
    for (const content of broken) {
      try {
        decodeSnapshot(content, 'x');
        accepted++;
      } catch (error) {
        codes.add((error as TopsparkError).code);
      }
    }
    expect(accepted).toBe(0);
    for (let k = 0; k < 30; k++) {
      writeFileSync(join(folder, numbered(2)), broken[Math.floor(random.uniform() * broken.length)]);
      expect(restore()).toMatchObject({ name: numbered(1), hash: good.hash() });
      rmSync(join(folder, readdirSync(folder).find((name) => name.startsWith(`${numbered(2)}.`)) ?? ''));
    }
    // The flipped bit may be in the format number.
    expect([...codes].filter((code) => code !== 'checkpoint_version')).toEqual(['checkpoint_broken']);
  });

  it('an entry is refused when it describes no bytes of the file, under a valid digest', () => {
    const { tensors, ...rest } = good.snapshot();
    const theta = tensors['network.theta'];
    const wrong = { ...rest, tensors: { ...tensors, 'network.theta': { ...theta, shape: [7] } } };
    store();
    writeFileSync(join(folder, numbered(2)), encodeSnapshot(wrong));
    const { name, refused } = restore();
    expect(name).toBe(numbered(1));
    expect(refused[0]).toMatch(/tensor network.theta: its entry .* does not describe bytes of the file$/);
  });
});

describe('a full disk', () => {
  const classifier = lived(30);

  it('is reported, leaves no half-written file, and keeps what was stored before', (context) => {
    if (!mount('-t', 'tmpfs', '-o', 'size=32k', 'tmpfs')) context.skip();
    const store = new CheckpointStore(folder, 30);
    expect(() => {
      for (let k = 0; k < 30; k++) store.save(classifier.snapshot());
    }).toThrow(/was not written: ENOSPC/);
    const names = store.names();
    expect(names.length).toBeGreaterThan(0);
    expect(readdirSync(folder).length).toBe(names.length);
    expect(restore()).toEqual({ name: names[0], hash: classifier.hash(), refused: [] });
  });

  it('is reported by a save in slices too', async (context) => {
    if (!mount('-t', 'tmpfs', '-o', 'size=32k', 'tmpfs')) context.skip();
    const store = new CheckpointStore(folder, 30);
    store.save(classifier.snapshot());
    const saves = Array.from({ length: 30 }, () => store.saveInTurns(classifier.capture()));
    const failed = (await Promise.allSettled(saves)).filter(({ status }) => status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed as PromiseRejectedResult[]) {
      expect(reason).toMatchObject({ code: 'checkpoint_unwritable' });
      expect(String(reason)).toMatch(/ENOSPC/);
    }
    expect(readdirSync(folder).sort().reverse()).toEqual(store.names());
    expect(restore()).toMatchObject({ hash: classifier.hash(), refused: [] });
  });

  it('is reported as read-only, and a broken file there is skipped where it is', (context) => {
    new CheckpointStore(folder, 3).save(classifier.snapshot());
    writeFileSync(join(folder, numbered(2)), 'half');
    const bound = mount('--bind', folder) && mount('-o', 'remount,bind,ro');
    if (!bound) context.skip();
    expect(() => new CheckpointStore(folder, 3).save(classifier.snapshot())).toThrow(/was not written: EROFS/);
    expect(restore()).toMatchObject({ name: numbered(1), hash: classifier.hash() });
    expect(readdirSync(folder).sort()).toEqual([numbered(1), numbered(2)]);
  });
});

describe('a path that is no folder', () => {
  it('is never treated as empty: nothing is written over what it may hold', () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'x');
    const store = new CheckpointStore(path, 3);
    expect(() => store.save(lived(3).snapshot())).toThrow(`checkpoint folder ${path} was not listed: ENOTDIR`);
    expect(() => store.names()).toThrow('ENOTDIR');
    expect(() =>
      store.restoreNewest(
        () => undefined,
        () => undefined,
      ),
    ).toThrow('ENOTDIR');
  });
});
