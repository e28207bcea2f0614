import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BagReader } from '../../../src/bag/bag-reader.js';
import { MessageDecoder } from '../../../src/bag/message-decoder.js';
import { toNanoseconds } from '../../../src/base/time.js';
import { SampleSource } from '../../../src/sensing/in-time/sample-source.js';
import type { EventPacketMessage } from '../../../src/sensing/events/event-messages.js';
import { sensorEvent, type StampedMessage } from '../../../src/node/messages.js';
import { ContrastPixels } from '../../src/world/contrast-pixels.js';
import { writeWorldBag } from '../../src/world/world-bag.js';
import { cameraPicture, cameraSize } from '../../src/world/world-camera.js';
import { World } from '../../src/world/world.js';

describe('ContrastPixels', () => {
  it('reports each step of the log brightness once, at a time between two pictures', () => {
    const pixels = new ContrastPixels(2);
    expect(pixels.see(Uint8Array.of(10, 90), 0)).toEqual([]);
    // From ln(20) to ln(40) is 0.693, three steps of 0.2. From ln(100) to ln(80) is −0.223, one step.
    const events = pixels.see(Uint8Array.of(30, 70), 10_000);
    expect(events).toEqual(
      [
        { x: 0, y: 0, brighter: true, time: Math.floor((10_000 * 0.2) / Math.log(2)) },
        { x: 0, y: 0, brighter: true, time: Math.floor((10_000 * 0.4) / Math.log(2)) },
        { x: 0, y: 0, brighter: true, time: Math.floor((10_000 * 0.6) / Math.log(2)) },
        { x: 1, y: 0, brighter: false, time: Math.floor((10_000 * 0.2) / Math.log(1.25)) },
      ].sort((a, b) => a.time - b.time),
    );
    // Remainders of 0.093 and −0.023 are left, so a reversal needs more than one step.
    expect(pixels.see(Uint8Array.of(30, 70), 20_000)).toEqual([]);
    expect(pixels.see(Uint8Array.of(28, 82), 30_000)).toEqual([]);
    expect(pixels.see(Uint8Array.of(24, 90), 40_000).map(({ x, brighter }) => [x, brighter])).toEqual([[1, true]]);
  });
});

it('cameraPicture shows the ceiling above, the floor below, and between them walls that are taller when near', () => {
  const world = new World({ seed: 1, people: 0 });
  const { width, height } = cameraSize;
  const picture = cameraPicture(world);
  const column = (at: number): number[] => Array.from({ length: height }, (_, row) => picture[row * width + at]);
  const wallRows = Array.from(
    { length: width },
    (_, at) => column(at).filter((grey) => grey !== 200 && grey !== 60).length,
  );
  expect(Math.min(...wallRows)).toBeGreaterThan(0);
  expect(new Set(wallRows).size).toBeGreaterThan(3);
  expect(column(0)).not.toContain(20);
});

it('writeWorldBag with cameras writes event packets without loss, and a picture with every scan', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-cameras-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'drive.mcap');
  await writeWorldBag(path, { seed: 1, duration: 6, rate: 10, labels: 1, cameras: true }, () => undefined);
  const values = { window: 0.3, hop: 0.1 };
  const source = new SampleSource({
    use: [{ name: 'events', values }],
    sync: { slop: 0.05, policy: 'wait', queue: 8 },
  });
  const decoder = new MessageDecoder();
  const bag = await BagReader.open(path);
  const count = new Map<string, number>();
  let samples = 0;
  let last = 0n;
  for (const message of bag.messages()) {
    const { topic } = message.channel;
    count.set(topic, (count.get(topic) ?? 0) + 1);
    if (topic !== '/events') continue;
    const packet = decoder.decode(message) as StampedMessage & EventPacketMessage;
    const stamp = toNanoseconds(packet.header.stamp);
    expect(stamp).toBeGreaterThanOrEqual(last);
    last = stamp;
    samples += source.hear(sensorEvent('events', packet, 0)).filter((each) => 'parts' in each).length;
  }
  bag.close();
  expect(Object.fromEntries(count)).toMatchObject({ '/scan': 60, '/image': 60, '/label': 60, '/events': 600 });
  expect(samples).toBe(57);
  expect(source.accounts[0].details).toMatchObject({ 'Packets lost': 0, 'Events outside of the picture': 0 });
  expect(source.accounts[0].details?.['Events']).toBeGreaterThan(1000);
});
