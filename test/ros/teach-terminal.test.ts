import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { image, sensorQos } from './support/images.js';
import { World } from './support/world.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
// Node.js has no pseudo-terminals; Python's standard library does.
const inTerminal = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

let world: World;
beforeAll(async () => {
  world = await World.open();
  await world.startActive();
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
});
afterAll(() => world.close());

/** `topspark teach` in a terminal. */
class Terminal {
  readonly #child: ChildProcess;
  #shown = '';

  constructor(...args: string[]) {
    const command = ['-c', inTerminal, process.execPath, main, 'teach', ...args];
    this.#child = spawn('python3', command, { env: world.environment, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#shown += chunk.toString()));
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  async shows(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.#shown, { timeout: 20_000 }).toMatch(text);
    this.#shown = '';
  }

  async end(): Promise<unknown> {
    const [code] = (await once(this.#child, 'exit')) as [number | null];
    return code;
  }
}

const classes = async (): Promise<Record<string, number>> => {
  const { labels, heard } = await world.peer.call<{ labels: string[]; heard: number[] }>(
    'topspark_msgs/srv/ListClasses',
    '/topspark/classes',
  );
  return Object.fromEntries(labels.map((name, at) => [name, heard[at]]));
};

it('topspark teach teaches a new name, teaches it again while its number is held, and takes it back', async () => {
  const pictures = Array.from({ length: 300 }, (_, k) => image(k, 2));
  const shown = world.peer.publish('sensor_msgs/msg/Image', '/image', pictures, { qos: sensorQos, rate: 20 });
  const terminal = new Terminal('/topspark', '--timeout', '20');
  await terminal.shows('nothing is known yet');
  terminal.type('/kitchen\r');
  await terminal.shows(/\d+ samples were taught to be "kitchen"/);
  await terminal.shows(/1 {2}.*kitchen/);
  const once = (await classes())['kitchen'];
  expect(once).toBeGreaterThan(1);
  terminal.type('1');
  await terminal.shows('teaching kitchen');
  await terminal.shows(/\d+ samples were taught to be "kitchen"/);
  expect((await classes())['kitchen']).toBeGreaterThan(once);
  terminal.type('u');
  await terminal.shows(/the labels of \d+ samples are undone/);
  await expect.poll(async () => (await classes())['kitchen'], { timeout: 10_000 }).toBe(once);
  terminal.type('q');
  expect(await terminal.end()).toBe(0);
  await shown;
});

it('topspark teach says that it needs a terminal, and what works without one', async () => {
  const child = spawn(process.execPath, [main, 'teach'], { env: world.environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect((await once(child, 'exit'))[0]).toBe(2);
  expect(said).toContain('standard input and output are not a terminal, expected one; without it: ros2 service call');
});

it('topspark teach says in a sentence that there is no node of that name', async () => {
  const terminal = new Terminal('/nobody', '--timeout', '1');
  await terminal.shows('/nobody was not found within 1 s, expected a running topspark node');
  expect(await terminal.end()).toBe(1);
});
