import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstValueFrom, interval, race, takeUntil, timer } from 'rxjs';
import { TopsparkError } from 'topspark/base/errors.js';
import { programRoot } from 'topspark/base/package.js';
import { Random } from 'topspark/base/random.js';
import type { EmbeddedNode } from 'topspark/ros/embedded-node.js';
import { openNode, type SimpleNode } from 'topspark/ros/open-node.js';

/**
 * Runs a benchmark beside a node in its own process, which saves nothing. Both have ended when this returns.
 *
 * @param parameters - parameters of the node, by name
 * @param full - settings of the energy mode FULL that differ from the default, named as in the file of the modes
 */
export async function besideNode<Result>(
  parameters: Readonly<Record<string, string | number>>,
  full: Readonly<Record<string, number>>,
  measure: (node: SimpleNode) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-bench-'));
  const child = startNode(folder, parameters, full);
  let node: SimpleNode | undefined;
  try {
    node = await openNode('topspark_bench');
    return await measure(node);
  } finally {
    node?.close();
    await node?.closed;
    await endNode(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Depth of the queue of a topic where every message counts. */
const queueDepth = 5000;

/** Parameters for a node that must lose no message of these topics, which have full names. */
export function reliableQueues(topics: readonly string[]): Record<string, string | number> {
  const queues = topics.flatMap((topic): [string, string | number][] => [
    [`qos_overrides.${topic}.subscription.reliability`, 'reliable'],
    [`qos_overrides.${topic}.subscription.depth`, queueDepth],
  ]);
  return Object.fromEntries(queues);
}

/**
 * Runs a node in this process while another process publishes to it.
 *
 * @param script - path of the publisher, which ends on its own
 * @throws {@link TopsparkError} `publisher_failed` where the publisher failed
 */
export async function published(node: EmbeddedNode, script: URL, args: readonly string[]): Promise<void> {
  const publisher = spawn(process.execPath, [fileURLToPath(script), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    node.start();
    const [code] = (await once(publisher, 'exit')) as [number | null];
    if (code !== 0) {
      const found = `the publisher ended with ${String(code)}, expected 0`;
      throw new TopsparkError('publisher_failed', 'environment', found);
    }
    node.stop();
  } finally {
    await endNode(publisher);
  }
}

/** Sends until the node answers: it is active then, and publisher and subscriptions are matched. */
export async function firstDecision(send: () => void, decisions: ReturnType<SimpleNode['messages']>): Promise<void> {
  const knocking = interval(100).pipe(takeUntil(decisions)).subscribe(send);
  const silent = await firstValueFrom(race(decisions, timer(20_000)));
  knocking.unsubscribe();
  if (typeof silent === 'number') {
    throw new TopsparkError('node_silent', 'environment', 'the node decided nothing within 20 s, expected a decision');
  }
}

/**
 * Calls `send` on a fixed grid of time. After a stall it catches up slowly, since no sensor sends two messages at once.
 */
export async function steadily(rate: number, count: number, send: () => void): Promise<void> {
  const start = performance.now();
  let earliest = start;
  for (let index = 0; index < count; index++) {
    const due = Math.max(start + (index * 1000) / rate, earliest);
    await firstValueFrom(timer(Math.max(0, due - performance.now())));
    earliest = performance.now() + 750 / rate;
    send();
  }
}

/** Makes a few pictures of bright strokes on black, each at other places. */
export function benchPictures(width: number, height: number, bytes: number): Uint8Array[] {
  const random = new Random(1);
  return Array.from({ length: 16 }, () => {
    const data = new Uint8Array(width * height * bytes);
    // Strokes are 1/28 of the picture thick, as a stroke of one pixel in a picture of 28 pixels.
    const thick = Math.max(1, Math.round(Math.min(width, height) / 28));
    for (let stroke = 0; stroke < 3; stroke++) {
      const [long, wide] = stroke % 2 === 0 ? [6 * thick, thick] : [thick, 6 * thick];
      const [top, left] = [random.below(Math.max(1, height - wide)), random.below(Math.max(1, width - long))];
      for (let row = top; row < Math.min(height, top + wide); row++) {
        data.fill(255, (row * width + left) * bytes, (row * width + Math.min(width, left + long)) * bytes);
      }
    }
    return data;
  });
}

/**
 * Starts a node in its own process by its wrapper script, as on a robot. It writes only into the folder.
 *
 * @param folder - for everything that it writes
 * @param given - parameters by name
 * @param full - settings of the energy mode FULL that differ from the default, named as in the file of the modes
 */
export function startNode(
  folder: string,
  given: Readonly<Record<string, string | number>> = {},
  full: Readonly<Record<string, number>> = {},
): ChildProcess {
  const modes = join(folder, 'modes.yaml');
  // JSON is YAML.
  writeFileSync(modes, JSON.stringify({ full }));
  const all = { 'checkpoint.directory': folder, 'checkpoint.restore': 'false', 'modes.file': modes, ...given };
  const parameters = Object.entries(all).flatMap(([name, value]) => ['-p', `${name}:=${value}`]);
  // The wrapper runs the first `node` in PATH. It must be the one that runs this program.
  const env = { ...process.env, PATH: withThisNode(process.env['PATH'] ?? '') };
  return spawn(`${programRoot}bin/topspark_node`, ['--ros-args', ...parameters], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

// Puts this Node.js before any other `node`. Folders that come earlier stay first: among them may be the Python of ROS,
// which generates the sourced messages.
function withThisNode(path: string): string {
  const folders = path.split(delimiter);
  const other = folders.findIndex((folder) => existsSync(join(folder, 'node')));
  return folders.toSpliced(Math.max(0, other), 0, dirname(process.execPath)).join(delimiter);
}

/** Ends a started process, by SIGINT if possible. */
export async function endNode(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(late);
}
