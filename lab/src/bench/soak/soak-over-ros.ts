import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TopsparkError } from 'topspark/base/errors.js';
import { EmbeddedNode, type OpenEntities } from 'topspark/ros/embedded-node.js';
import { endNode } from '../beside-node.js';
import { LifeWatch, type LifeFigures } from './life-watch.js';

/** Result of a long run of the node. */
export interface RosSoakResult extends LifeFigures {
  readonly sent: number;
  /** [1/s] */
  readonly rate: number;
  readonly taken: number;
  readonly decided: number;
  readonly labelled: number;
  /** Entities that the node had open after its cleanup, in excess of those before it was configured. */
  readonly left: OpenEntities;
}

/**
 * Sends the whole node, in this process, images and labels from another process, over real ROS 2.
 *
 * @param advance - called with the number of messages taken
 * @throws {@link TopsparkError} `camera_failed` where the other process failed
 */
export async function soakOverRos(
  samples: number,
  rate: number,
  advance: (taken: number) => void,
): Promise<RosSoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-soak-'));
  const watch = new LifeWatch();
  const node = await EmbeddedNode.open({ 'checkpoint.directory': folder, 'checkpoint.restore': 'false' });
  const before = node.open;
  node.start();
  const camera = spawn(
    process.execPath,
    [fileURLToPath(new URL('soak-camera.js', import.meta.url)), String(rate), String(samples)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  let taken = 0;
  let watched = false;
  const look = (): void => {
    const { received = 0 } = node.status ?? {};
    if (received > 0 && !watched) watch.begin();
    watched = received > 0;
    watch.look(received / samples);
    advance(received - taken);
    taken = received;
  };
  const looking = setInterval(look, 1000);
  try {
    const [code] = (await once(camera, 'exit')) as [number | null];
    if (code !== 0) {
      throw new TopsparkError('camera_failed', 'environment', `the camera ended with ${String(code)}, expected 0`);
    }
    watch.pause();
    look();
    const { received = 0, decided = 0, labelled = 0 } = node.status ?? {};
    node.stop();
    const after = node.open;
    clearInterval(looking);
    const left = {
      subscriptions: after.subscriptions - before.subscriptions,
      publishers: after.publishers - before.publishers,
      services: after.services - before.services,
      timers: after.timers - before.timers,
    };
    return {
      ...{ sent: samples, rate, taken: received, decided, labelled, left },
      ...(await watch.end()),
    };
  } finally {
    clearInterval(looking);
    await endNode(camera);
    node.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
