import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../src/demo/summary.js';
import { claimDomain, type ClaimedDomain } from '../../../test/ros/support/claim-domain.js';
import { DemoProcess } from './demo-process.js';

let domain: ClaimedDomain;
let demo: DemoProcess | undefined;

beforeAll(async () => {
  domain = await claimDomain();
});
afterEach(() => {
  demo?.clear();
});
afterAll(async () => {
  await domain.release();
});

function start(...args: string[]): DemoProcess {
  demo = new DemoProcess(domain.id, args);
  return demo;
}

/** The one JSON object that standard output must consist of. */
function summaryIn(stdout: string): Summary {
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return JSON.parse(stdout) as Summary;
}

describe('the demo', () => {
  it('shows every sample, then ends by itself with a summary and leaves nothing behind', async () => {
    // In the last 3.3 of 20 s the battery is below the 30 % of SAVER: a busy machine may start late to drain it.
    const running = start('--samples', '300', '--rate', '15', '--labels', '0.5', '--json');
    const { code, stdout, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    const summary = summaryIn(stdout);
    expect(summary).toMatchObject({ samples: 300, samplesTo80: null, run: { interrupted: false, neurons: 400 } });
    expect(summary.received).toBeGreaterThan(180); // best effort: some may be lost on a busy machine
    expect(summary.received).toBeLessThanOrEqual(300);
    expect(summary.decided).toBe(summary.received);
    expect(Object.keys(summary.timestepsPerMode)).toEqual(['FULL', 'BALANCED', 'SAVER']);
    expect(summary.timestepsPerMode['FULL']).toBe(35);
    expect(Object.values(summary.decisionsPerMode).reduce((sum, count) => sum + count)).toBe(summary.decided);
    expect(summary.accuracy).toBeGreaterThan(0.2); // chance is 0.1
    expect(summary.energyRatioFull).toBeGreaterThan(10);
    expect(stderr).toContain('mode FULL → BALANCED after');
    expect(stderr).toContain('300 sent');
    expect(running.processes()).toEqual({});
    expect(running.leftFiles()).toEqual([]);
  });

  it('can be a drive through a building, learned from a laser', async () => {
    const running = start('--world', '--samples', '600', '--rate', '60', '--labels', '0.5', '--json');
    const { code, stdout, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    const summary = summaryIn(stdout);
    expect(summary.samples).toBe(600);
    expect(summary.decided).toBeGreaterThan(300); // best effort: some may be lost on a busy machine
    expect(summary.accuracy).toBeGreaterThan(0.5); // chance is 0.25, with four kinds of places
    expect(Object.keys(summary.timestepsPerMode)).toEqual(expect.arrayContaining(['FULL', 'BALANCED']));
    expect(running.processes()).toEqual({});
    expect(running.leftFiles()).toEqual([]);
  });

  it('ends in order at Ctrl-C in the middle, also when it comes twice, with the summary so far', async () => {
    const running = start('--samples', '2000', '--json');
    await running.said('mode FULL → BALANCED after');
    running.kill('SIGINT');
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code, stderr).toBe(0);
    const summary = summaryIn(stdout);
    expect(summary.run.interrupted).toBe(true);
    expect(summary.decided).toBeGreaterThan(0);
    expect(summary.received).toBe(summary.decided); // the agent's last status was awaited
    expect(running.processes()).toEqual({});
    expect(running.leftFiles()).toEqual([]);
  });

  it('ends with an empty summary at Ctrl-C before anything has started', async () => {
    const running = start('--json');
    await running.said('starting agent');
    running.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(summaryIn(stdout)).toMatchObject({ samples: 0, accuracy: null, received: null, decided: 0 });
    expect(running.processes()).toEqual({});
    expect(running.leftFiles()).toEqual([]);
  });

  it('names a process that ended early, shows its output, ends the others and fails', async () => {
    const running = start('--json', '--dataset', '/nowhere');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /the camera ended early, with exit code 3. Its last lines:\n +camera: data set \/nowhere: neither/,
    );
    expect(running.processes()).toEqual({});
    expect(running.leftFiles()).toEqual([]);
  });

  it('leaves no process when it is killed', async () => {
    const running = start('--json');
    await running.said('the agent is active');
    expect(Object.keys(running.processes()).sort()).toEqual(['agent', 'battery', 'camera', 'main']);
    running.kill('SIGKILL');
    await running.gone();
  });

  it('says how to start if no ROS 2 is sourced', async () => {
    const { AMENT_PREFIX_PATH: sourced } = process.env;
    delete process.env['AMENT_PREFIX_PATH'];
    const running = start();
    process.env['AMENT_PREFIX_PATH'] = sourced;
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^AMENT_PREFIX_PATH is not set: .* start the demo by `npm start`\n$/);
  });
});
