import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { escape } from '../../lab/src/report/html.js';
import { bars } from '../../lab/test/training/bars.js';
import { datasetFolder } from '../../lab/test/training/dataset-folder.js';
import { topspark } from '../../lab/test/training/topspark.js';

// eslint-disable-next-line no-control-regex -- they are what is looked for
const steers = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

it(
  'train escapes control characters from the name of a data set, in text and in JSON',
  { timeout: 60_000 },
  async () => {
    const made = datasetFolder(bars(30, 12));
    const parent = `${made}-parent`;
    mkdirSync(parent);
    onTestFinished(() => {
      rmSync(parent, { recursive: true });
    });
    const hostile = join(parent, 'a\u001b[2J\u009b\u202e\nforged: 100 %');
    renameSync(made, hostile);
    const args = ['train', '--dataset', hostile, '--samples', '20', '--test-samples', '10', '--neurons', '10'];
    for (const more of [[], ['--json']]) {
      const { code, out, err } = await topspark([...args, ...more], { NO_COLOR: '1' });
      expect(code, err).toBe(0);
      expect(out).not.toMatch(steers);
      expect(out).not.toMatch(/^forged/m);
      if (more.length > 0) expect(JSON.parse(out)).toHaveProperty('accuracy');
    }
  },
);

it('the report of a profile escapes control characters and markup', () => {
  expect(escape('<b>\u202e\u001b')).toBe(String.raw`&lt;b&gt;\u202e\u001b`);
});
