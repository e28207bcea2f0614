import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-profile-'));
const file = join(folder, 'profile.json');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Recorded {
  readonly policy?: string;
  readonly training?: object;
  readonly dataset?: object;
}
const whole = JSON.parse(readFileSync('lab/test/training/profile-mnist-quick.json', 'utf8')) as Required<Recorded>;

/** The profile of a node with these parameters and a file with these changes. */
function taken(changes: Recorded, ...set: string[]): unknown {
  const { policy = whole.policy, training, dataset } = changes;
  const json = { training: { ...whole.training, ...training }, dataset: { ...whole.dataset, ...dataset } };
  writeFileSync(file, JSON.stringify({ ...whole, policy, ...json }));
  const given = [`profile.file:=${file}`, ...(policy === 'rate' ? ['network.policy:=rate'] : []), ...set];
  return agentSettings(offlineParameters({ set: given }, '/topspark', parameterTable)).profile;
}

const scan = { sensors: [{ name: 'scan', encoding: 'plain' }] };
const regular = { rule: 'pair', encoding: 'regular' };

describe('a profile in a file', () => {
  it.each([
    ['of images as the node sees them', {}, ['image.encoding:=contrast']],
    ['of a bag, for its sensor', { dataset: scan }, ['sensors:=[scan]']],
    [
      'of a bag of images, however the images of data sets are seen',
      { dataset: { sensors: [{ name: 'image', encoding: 'change' }] } },
      ['image.encoding:=change'],
    ],
    ['of images, for another sensor: better than nothing', {}, ['sensors:=[scan]']],
    ['of spikes in time, as its policy has them', { policy: 'rate', training: regular }, ['image.encoding:=contrast']],
    [
      'of spikes in time, as the node is configured',
      { policy: 'rate', training: { rule: 'pair', encoding: 'ttfs' } },
      ['network.encoding:=ttfs', 'image.encoding:=contrast'],
    ],
  ] as [string, Recorded, string[]][])('is accepted: %s', (_, changes, set) => {
    expect(taken(changes, ...set)).toMatchObject({ policy: changes.policy ?? 'lean' });
  });

  it('is accepted when written by hand, without the settings of its measurement', () => {
    const { policy, points } = whole as unknown as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ policy, points }));
    const values = offlineParameters({ set: [`profile.file:=${file}`] }, '/topspark', parameterTable);
    expect(agentSettings(values).profile).toMatchObject({ policy });
  });

  it.each([
    [
      { policy: 'rate', training: regular },
      ['network.encoding:=poisson'],
      'training.encoding is regular, expected network.encoding, which is poisson',
    ],
    [
      { training: { encoding: 'poisson' } },
      [],
      'training.encoding is poisson, expected network.encoding, which is systematic',
    ],
    [
      { policy: 'rate', training: { ...regular, rule: 'adaptive' } },
      [],
      'training.rule is adaptive, expected network.rule, which is pair',
    ],
    [
      { dataset: scan },
      [],
      'sensors was [scan] when it was measured and is [image] here; to go on with it set sensors:=[scan]',
    ],
    [
      { dataset: scan },
      ['sensors:=[scan]', 'scan.encoding:=change'],
      'scan.encoding was plain when it was measured and is change here',
    ],
    [
      { dataset: scan },
      ['sensors:=[scan, range]'],
      'sensors was [scan] when it was measured and is [scan, range] here',
    ],
    [
      { dataset: { sensors: [{ name: 'scan', encoding: 'plain', parameters: { near: 0.3 } }] } },
      ['sensors:=[scan]'],
      'scan.near was 0.3 when it was measured and is 0 here',
    ],
    [
      {},
      [],
      'training.image is contrast, expected image.encoding, which is edges: set image.encoding to that, or measure again by topspark profile --image edges',
    ],
  ] as [Recorded, string[], string][])('is refused when its encodings differ: %j %j', (changes, set, words) => {
    expect(() => taken(changes, ...set)).toThrow(expect.objectContaining({ code: 'bad_profile' }) as Error);
    expect(() => taken(changes, ...set)).toThrow(words);
  });
});
