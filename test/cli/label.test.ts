import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topspark as inThisProcess, type Ended } from '../../lab/test/training/topspark.js';
import { BagReader } from '../../src/bag/bag-reader.js';
import { MessageDecoder } from '../../src/bag/message-decoder.js';
import { checkIntervals, intervalAt, readIntervals } from '../../src/cli/label-intervals.js';
import type { ReplayResult } from '../../src/cli/replay-run.js';

// Ten scans 0.1 s apart and as many labels, written by other software.
const recorded = fileURLToPath(new URL('../bag/fixtures/lz4.mcap', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'topspark-label-'));
const bag = join(folder, 'drive.mcap');
const scan = ['-p', 'sensors:=[scan]'];

beforeAll(() => {
  copyFileSync(recorded, bag);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const topspark = (...args: string[]): Promise<Ended> => inThisProcess(args);

interface Named {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number } };
  readonly label: string;
  readonly kind: number;
}

async function labelsIn(path: string): Promise<{ topic: string; message: Named }[]> {
  const reader = await BagReader.open([path]);
  const decoder = new MessageDecoder();
  const found = [...reader.messages()].map((message) => {
    return { topic: message.channel.topic, message: decoder.decode(message) as Named };
  });
  reader.close();
  return found;
}

describe('topspark label', { timeout: 30_000 }, () => {
  it('writes labels of an interval to a bag beside the recording, which a replay uses with it', async () => {
    const { code, out } = await topspark('label', bag, ...scan, '--from', '0.25', '--to', '0.65', ' kitchen ');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^4 of 10 samples named, in .*drive\.labels\.mcap\n +0\.3 … +0\.7 s +4 samples {2}kitchen\nhear them: /,
    );
    const labels = await labelsIn(join(folder, 'drive.labels.mcap'));
    expect(labels).toHaveLength(4);
    for (const { topic, message } of labels) {
      expect({ topic, label: message.label, kind: message.kind }).toEqual({
        topic: '/label',
        label: 'kitchen',
        kind: 4,
      });
    }
    const replayed = await topspark('replay', bag, join(folder, 'drive.labels.mcap'), ...scan, '--json');
    const { labelled, labelsWaiting } = JSON.parse(replayed.out) as ReplayResult;
    expect({ labelled, labelsWaiting }).toEqual({ labelled: 14, labelsWaiting: 0 });
  });

  it('writes labels of a file of intervals', async () => {
    const csv = join(folder, 'rooms.csv');
    const output = join(folder, 'rooms.mcap');
    writeFileSync(csv, 'from,to,label\n# the tour\n0.0,0.2,hall\n0.5,0.9,"room, small"\n');
    const { code, out } = await topspark('label', bag, ...scan, '--intervals', csv, '--output', output, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ output, samples: 10, named: 8 },
      intervals: [
        { from: 0, to: 0.2, label: 'hall', samples: 3 },
        { from: 0.5, to: 0.9, label: 'room, small', samples: 5 },
      ],
    });
    expect((await labelsIn(output)).map(({ message }) => message.label)).toEqual([
      ...Array<string>(3).fill('hall'),
      ...Array<string>(5).fill('room, small'),
    ]);
  });

  it('lists the answers with their times, and writes nothing', async () => {
    const { code, out } = await topspark('label', bag, ...scan, '--show', '--json');
    const { recorded, runs } = JSON.parse(out) as { recorded: boolean; runs: { samples: number }[] };
    expect({ code, recorded }).toEqual({ code: 0, recorded: false });
    expect(runs.reduce((sum, { samples }) => sum + samples, 0)).toBe(10);
  });

  it.each([
    [['--from', '5', '--to', '6', 'a'], 3, /no sample lies between 5 and 6 s to be named "a": they go from 0\.0 s/],
    [['--from', '5', 'a'], 2, /--to is missing, expected --from S --to S LABEL/],
    [[], 2, /no interval is given, expected --from S --to S LABEL, or --intervals FILE/],
    [['--from', '0', '--to', '1', '  '], 2, /the interval of 0 to 1 s has no name, expected 1 to 256 characters/],
    [['--intervals', 'nowhere.csv'], 2, /intervals nowhere\.csv cannot be read/],
    [['--from', '0', '--to', '1', '--output', bag, 'a'], 2, /is .*drive\.mcap, the bag itself; expected another file/],
  ])('refuses %j in a sentence, and writes nothing', async (args, expected, sentence) => {
    rmSync(join(folder, 'drive.labels.mcap'), { force: true });
    const { code, out, err } = await topspark('label', bag, ...scan, ...args);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(sentence);
    expect(existsSync(join(folder, 'drive.labels.mcap'))).toBe(false);
  });
});

describe('intervals', () => {
  it.each(['1,2', 'a,2,b', ',2,b', '1,,b'])('are refused by line number for the line %j', (line) => {
    const path = join(folder, 'bad.csv');
    writeFileSync(path, `0,1,fine\n${line}\n`);
    expect(() => readIntervals(path)).toThrow(/^line 2 of .*bad\.csv is .*, expected from,to,label/);
  });

  it('must not overlap, nor end before they begin', () => {
    const one = { from: 1, to: 3, label: 'a' };
    expect(() => checkIntervals([one, { from: 3, to: 4, label: 'b' }])).toThrow(
      /"a" from 1 to 3 s and "b" from 3 s overlap/,
    );
    expect(() => checkIntervals([{ from: 3, to: 1, label: 'a' }])).toThrow(/expected 0 ≤ from ≤ to/);
    expect(() => checkIntervals([])).toThrow(/there is no interval/);
  });

  it('include both their ends', () => {
    const all = checkIntervals([
      { from: 2, to: 3, label: 'b' },
      { from: 0, to: 1, label: 'a' },
    ]);
    expect([-0.1, 0, 1, 1.5, 2, 3, 3.1].map((seconds) => intervalAt(all, seconds)?.label)).toEqual([
      ...[undefined, 'a', 'a', undefined, 'b', 'b', undefined],
    ]);
  });
});
