import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { checkProfile, readProfileFile } from '../../src/profile/profile-file.js';
import type { ProfileResult } from '../../src/profile/profile-result.js';

// Written by `topspark profile --quick --neurons 100`.
const stored = fileURLToPath(new URL('profile-mnist-quick.json', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'topspark-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('readProfileFile and checkProfile', () => {
  it('reads and checks a stored profile', () => {
    const { points, recommended, test, dataset } = readProfileFile(stored);
    expect(points[recommended.index].point).toEqual(recommended.point);
    expect(test.confusion).toHaveLength(dataset.classNames.length);
  });

  const change = (edit: (profile: Record<string, unknown>) => void): unknown => {
    const profile = JSON.parse(readFileSync(stored, 'utf8')) as Record<string, unknown>;
    edit(profile);
    return profile;
  };

  it.each<[string, (profile: Record<string, unknown>) => void, string]>([
    ['points', (p) => delete p['points'], "must have required property 'points'"],
    ['no point', (p) => (p['points'] = []), 'points is [], but must NOT have fewer than 1 items'],
    ['format', (p) => (p['format'] = 'csv'), 'format is "csv", but must be equal to constant'],
    ['version', (p) => (p['version'] = 2), 'version is 2, but'],
    [
      'accuracy',
      (p) => ((p['points'] as { accuracy: number }[])[0].accuracy = 92),
      'points.0.accuracy is 92, but must be <= 1',
    ],
  ])('refuses a profile for its %s', (_, edit, sentence) => {
    expect(() => checkProfile(change(edit), 'profile mine')).toThrow(sentence);
  });

  it('accepts unknown fields', () => {
    expect(() =>
      checkProfile(
        change((p) => (p['comment'] = 'mine')),
        'it',
      ),
    ).not.toThrow();
  });

  it.each([
    ['is not there', undefined, 'ENOENT'],
    ['is cut short', readFileSync(stored, 'utf8').slice(0, 1000), 'cannot be read'],
    ['is something else', '[]', 'it is [], but must be object'],
  ])('refuses a file that %s', (name, text, sentence) => {
    const path = join(folder, name);
    if (text !== undefined) writeFileSync(path, text);
    expect(() => readProfileFile(path)).toThrow(sentence);
  });

  it('returns the fields of ProfileResult', () => {
    const profile: ProfileResult = readProfileFile(stored);
    expect(profile.sensitivity.map(({ policy }) => policy)).toEqual(['none', 'lean']);
    expect(profile.policies.map(({ policy }) => policy)).toEqual(['lean', 'paper', 'rate']);
    expect(profile.exits[0]).toMatchObject({ early: 0 });
  });
});
