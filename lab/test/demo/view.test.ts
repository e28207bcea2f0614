import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { DemoTally, type Figures } from '../../src/demo/demo-tally.js';
import { viewLines, type ViewFacts } from '../../src/demo/view.js';
import { decision, mode, status } from './heard.js';

const plain = pc.createColors(false);
const facts: ViewFacts = { samples: 10_000, waiting: '', warning: '', columns: 80, rows: 24 };

function figures(): Figures {
  const tally = new DemoTally(10_000);
  const reason = 'battery at 59.9 %: BALANCED holds from 30.0 %, and much more that is hardly worth the room';
  tally.hear(mode({ reason }), 0);
  for (let sample = 0; sample < 5000; sample++) {
    const stamp = BigInt(sample);
    tally.hear({ kind: 'truth', stamp, label: 'Ankle boot' }, sample / 200);
    tally.hear(decision({ stamp, label: sample === 4999 ? 'T-shirt/top' : 'Ankle boot' }), sample / 200);
  }
  tally.hear(status({ accuracySamples: 1000, accuracy: 1, accuracyHigh: 1, accuracyLow: 0.996 }), 25);
  tally.hear({ kind: 'battery', charge: 0.58 }, 25);
  tally.hear({ kind: 'image', picture: { width: 28, height: 28, data: new Uint8Array(784).fill(255) } }, 25);
  return tally.figures();
}

describe('viewLines', () => {
  it('fits into 80 × 24 characters, with and without colours', () => {
    for (const colors of [plain, pc.createColors(true)]) {
      const lines = viewLines(figures(), { ...facts, warning: 'agent: '.repeat(40) }, colors);
      expect(lines.length).toBeLessThan(24);
      for (const line of lines) expect(stripVTControlCharacters(line).length, line).toBeLessThan(80);
    }
  });

  it('shows the same text with colours', () => {
    const coloured = viewLines(figures(), facts, pc.createColors(true));
    expect(coloured.map(stripVTControlCharacters)).toEqual(viewLines(figures(), facts, plain));
    expect(coloured.join('')).toContain('\u001b[');
  });

  it('shows picture, answer, truth and progress', () => {
    const text = viewLines(figures(), facts, plain).join('\n');
    expect(text).toContain('T-shirt/top  it was Ankle boot');
    expect(text).toContain('99.9 % of the last 1000');
    expect(text).toContain('100.0 % (99.6 % … 100.0 %)');
    expect(text).toContain('80 % at 1,000');
    expect(text).toContain('BALANCED  T 35  E 200  K 48');
    expect(text).toContain('200 decisions/s');
    expect(text).toContain('5,000 of 10,000');
    expect(text).toContain('█'.repeat(28));
    expect(text).not.toMatch(/NaN|undefined/);
  });

  it('omits the picture if there is no room', () => {
    const lines = viewLines(figures(), { ...facts, columns: 60, rows: 20 }, plain);
    expect(lines.join('\n')).not.toContain('█'.repeat(65));
    expect(lines.length).toBeLessThan(23);
    expect(lines.some((line) => line.startsWith('answer'))).toBe(true);
  });

  it('says what the demo waits for', () => {
    const lines = viewLines(new DemoTally(10).figures(), { ...facts, waiting: 'starting', warning: 'slow' }, plain);
    expect(lines.slice(1)).toEqual(['', 'starting', ' slow']);
  });

  it('shows – for unknown values', () => {
    const text = viewLines(new DemoTally(10).figures(), facts, plain).join('\n');
    expect(text).not.toMatch(/NaN|undefined/);
    expect(text).toContain('0 of 10');
  });
});
