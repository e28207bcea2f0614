import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { Recalibrations } from '../../src/node/recalibrations.js';

/** One that measures in one slice, on so many samples; it tells what was begun and what the log says. */
function measuring(samples: number | Error, atCharger = true, profile = {}) {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => lines.push((JSON.parse(line) as { msg: string }).msg) });
  let begun = 0;
  function* recalibrate(): Generator<undefined, number, undefined> {
    begun++;
    yield undefined;
    if (samples instanceof Error) throw samples;
    return samples;
  }
  const agent = { recalibrate, profile } as unknown as ConstructorParameters<typeof Recalibrations>[0];
  return { lines, begun: () => begun, recalibrations: new Recalibrations(agent, logger, atCharger) };
}

describe('recalibration of a node', () => {
  it('begins where charging begins, once, and again at the next charge', async () => {
    const { recalibrations, begun, lines } = measuring(500);
    for (const charging of [false, true, true, false]) recalibrations.hearCharging(charging);
    await vi.waitUntil(() => lines.length === 1);
    expect(lines).toEqual(['operating points measured anew on 500 samples']);
    expect(begun()).toBe(1);
    recalibrations.hearCharging(true);
    await vi.waitUntil(() => lines.length === 2);
    expect(begun()).toBe(2);
  });

  it('does not begin a second time while one is under way', async () => {
    const { recalibrations, begun, lines } = measuring(500);
    recalibrations.begin();
    recalibrations.begin();
    await vi.waitUntil(() => lines.length === 1);
    expect(begun()).toBe(1);
  });

  it('does not begin at the charger where no schedule asks for it', () => {
    const { recalibrations, begun } = measuring(500, false);
    recalibrations.hearCharging(true);
    expect(begun()).toBe(0);
  });

  it('tells why nothing was measured, and of a fault, after which it begins anew', async () => {
    const none = measuring(0);
    none.recalibrations.begin();
    await vi.waitUntil(() => none.lines.length === 1);
    expect(none.lines[0]).toBe('operating points not measured: no labelled sample is at hand');
    const faulty = measuring(new Error('no memory'));
    faulty.recalibrations.begin();
    await vi.waitUntil(() => faulty.lines.length === 1);
    expect(faulty.lines[0]).toBe('operating points were not measured');
    faulty.recalibrations.begin();
    await vi.waitUntil(() => faulty.lines.length === 2);
    expect(faulty.begun()).toBe(2);
  });
});
