import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { TopsparkError } from '../../../base/errors.js';
import { HostedNode, type OpenEntities } from '../../../ros/hosted-node.js';
import { endNode } from '../beside-node.js';
import { timers } from './timers.js';

/** What a long life of the node came to. */
export interface RosSoakResult {
  readonly sent: number;
  /** [1/s] */
  readonly rate: number;
  readonly taken: number;
  readonly decided: number;
  readonly labelled: number;
  /** Resident set after a tenth of the messages, at the end, and the most in between [byte]. */
  readonly memoryAfterWarmUp: number;
  readonly memoryAtEnd: number;
  readonly memoryMost: number;
  /** What the node still had open after its cleanup, more than before it was configured. */
  readonly left: OpenEntities;
  /** Timers of this process that are left. */
  readonly timersLeft: number;
  /** By how much the event loop was late [s]. */
  readonly loopDelayP99: number;
  readonly loopDelayMost: number;
}

/**
 * Sends the whole node, in this process, images and labels from another one, over real ROS 2.
 *
 * @param advance - hears of messages that were taken
 * @throws {@link TopsparkError} `camera_failed` where the other process ended early
 */
export async function soakOverRos(
  samples: number,
  rate: number,
  advance: (taken: number) => void,
): Promise<RosSoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-soak-'));
  const timersBefore = timers();
  const node = await HostedNode.open({ 'checkpoint.directory': folder, 'checkpoint.restore': 'false' });
  const before = node.open;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  node.start();
  const camera = spawn(
    process.execPath,
    [new URL('camera.js', import.meta.url).pathname, String(rate), String(samples)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const memory = { warm: 0, most: 0 };
  let taken = 0;
  let watched = false;
  const look = (): void => {
    const { received } = node.status;
    const now = process.memoryUsage.rss();
    // Starting up is no part of a long life.
    if (received > 0 && !watched) delay.enable();
    watched = received > 0;
    if (received < samples / 10) memory.warm = now;
    memory.most = Math.max(memory.most, now);
    advance(received - taken);
    taken = received;
  };
  const looking = setInterval(look, 1000);
  try {
    const [code] = (await once(camera, 'exit')) as [number | null];
    if (code !== 0) {
      throw new TopsparkError('camera_failed', 'environment', `the camera ended with ${String(code)}, expected 0`);
    }
    delay.disable();
    look();
    const { received, decided, labelled } = node.status;
    node.stop();
    const after = node.open;
    const memoryAtEnd = process.memoryUsage.rss();
    clearInterval(looking);
    const left = {
      subscriptions: after.subscriptions - before.subscriptions,
      publishers: after.publishers - before.publishers,
      services: after.services - before.services,
      timers: after.timers - before.timers,
    };
    return {
      ...{ sent: samples, rate, taken: received, decided, labelled, left, timersLeft: timers() - timersBefore },
      ...{ memoryAfterWarmUp: memory.warm, memoryAtEnd, memoryMost: memory.most },
      ...{ loopDelayP99: delay.percentile(99) / 1e9, loopDelayMost: delay.max / 1e9 },
    };
  } finally {
    clearInterval(looking);
    await endNode(camera);
    node.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
