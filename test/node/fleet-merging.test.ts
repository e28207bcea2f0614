import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as after } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import type { RefusalEvent } from '../../src/base/refusal.js';
import { atOnce } from '../../src/base/slices.js';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint-file.js';
import { CheckpointStore, stepName } from '../../src/checkpoint/checkpoint-store.js';
import type { Contribution } from '../../src/fleet/contribution.js';
import { Contributions } from '../../src/fleet/contributions.js';
import { contributionOf } from '../../src/fleet/own-contribution.js';
import { mergeTried } from '../../src/fleet/trial.js';
import { Checkpoints } from '../../src/node/checkpoints.js';
import { FleetFolder } from '../../src/node/fleet-folder.js';
import { FleetMerging } from '../../src/node/fleet-merging.js';
import type { FleetSettings } from '../../src/node/fleet-parameters.js';
import { TaughtAgent } from '../fleet/taught-agent.js';

const made: string[] = [];
const open: FleetMerging[] = [];
const folders: FleetFolder[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) each.close();
  // A file may still be written.
  for (const each of folders.splice(0)) await each.idle;
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

const settings: FleetSettings = {
  ...{ name: 'yard', robot: 'r1', role: 'both', shares: true, receives: true, rate: 1e6, burst: 1e4 },
  ...{ mostBytes: 1e8, shareEvery: 100, merge: 'resting', weights: '', server: '' },
};

const shareOf = (taught: TaughtAgent, robot: string, version = 1): Contribution =>
  atOnce(contributionOf(taught.agent.snapshot(), { robot, version, when: 0 }));
const two = shareOf(new TaughtAgent(2).teach('b', 60), 'r2');
const three = shareOf(new TaughtAgent(3).teach('c', 60), 'r3');
/** A contribution that swaps the names of its classes. */
const liar = shareOf(new TaughtAgent(4).teach('a', 400, 'b').teach('b', 400, 'a'), 'liar');

/** A robot of a fleet, with a folder of checkpoints and the contributions that it holds. */
function member(
  taught: TaughtAgent,
  held: readonly Contribution[],
  directory = mkdtempSync(join(tmpdir(), 'topspark-')),
) {
  made.push(directory);
  const { agent } = taught;
  const [refused, clock]: [RefusalEvent[], { now: number }] = [[], { now: 1000 }];
  const refuse = (event: RefusalEvent): void => {
    refused.push(event);
  };
  const logger = pino({ enabled: false });
  const store = new CheckpointStore(directory, 3);
  const learned = (): number => agent.status().learned + agent.status().labelled;
  const checkpoints = new Checkpoints(agent, store, 0, 1, learned, logger, 0);
  const folder = new FleetFolder(join(directory, 'fleet'), () => ({ now: Date.now() / 1000 }), refuse);
  folders.push(folder);
  for (const each of held) folder.complete(each);
  const merging = new FleetMerging({
    ...{ agent, checkpoints, folder, settings, logger, refuse },
    ...{ time: () => clock.now, stamp: () => ({ sec: clock.now, nanosec: 0 }) },
  });
  open.push(merging);
  const ended = async (ask: (answered: (success: boolean, message: string) => void) => void) =>
    new Promise<{ success: boolean; message: string }>((resolve) => {
      ask((success, message) => {
        resolve({ success, message });
      });
    });
  return {
    ...{ taught, agent, directory, store, folder, merging, refused, clock },
    merge: () =>
      ended((answered) => {
        merging.merge(answered);
      }),
    forget: (robot: string) =>
      ended((answered) => {
        merging.forget(robot, ['r2', 'r3'], answered);
      }),
  };
}

describe('FleetMerging', () => {
  it('gives the weights of an offline merge, and saves them and the state before', async () => {
    const { merge, agent, directory, store, merging } = member(new TaughtAgent(1).teach('a', 60), [two, three]);
    const before = agent.weightsHash();
    const { success, message } = await merge();
    expect(message).toContain('merged with r2, r3');
    expect(success).toBe(true);
    const step = loadCheckpoint(join(directory, stepName));
    expect(step.weightsHash).toBe(before);
    const offLine = atOnce(mergeTried(step, Contributions.none.with(two).with(three), { robot: 'r1' }));
    expect(agent.weightsHash()).toBe(offLine.weightsHash);
    expect(store.load(store.names()[0]).snapshot.weightsHash).toBe(offLine.weightsHash);
    expect(merging.merged).toEqual(offLine.from);
    expect(merging.report).toMatchObject({ kept: true, trial: offLine.trial, stamp: { sec: 1000, nanosec: 0 } });
    expect(merging.report?.trial.samples).toBe(60);
    expect(merging.undo).toBe(stepName);
  });

  it('decides and learns meanwhile, and loses nothing', async () => {
    const { merge, taught, agent } = member(new TaughtAgent(1).teach('a', 60), [two]);
    const [samples, labelled] = [taught.answers.length, agent.status().labelled];
    const merged = merge();
    const ended = new AbortController();
    void merged.then(() => {
      ended.abort();
    });
    let seen = 0;
    let named = 0;
    for (let last: bigint | undefined; !ended.signal.aborted; seen++) {
      const stamp = taught.see('c');
      // A late label, of the previous sample.
      if (last !== undefined) taught.name(last, 'c');
      named += last === undefined ? 0 : 1;
      last = stamp;
      await after(2);
    }
    expect((await merged).success).toBe(true);
    expect(seen).toBeGreaterThan(10);
    expect(taught.answers).toHaveLength(samples + seen);
    expect(taught.refused).toEqual([]);
    expect(agent.status().labelled).toBe(labelled + named);
    const known = Object.fromEntries(agent.classFacts.map(({ name, labels }) => [name, labels]));
    expect(known).toEqual({ a: 60, b: 60, c: named });
    for (const kind of ['a', 'b', 'c']) {
      for (let k = 0; k < 10; k++) taught.see(kind);
      expect(taught.answers.slice(-10).filter((answer) => answer === kind).length, kind).toBeGreaterThan(7);
    }
  });

  it('restores the state before, which a start ignores', async () => {
    const { merge, agent, store } = member(new TaughtAgent(1).teach('a', 60), [two]);
    const before = agent.weightsHash();
    await merge();
    expect(store.names()).not.toContain(stepName);
    for (let k = 0; k < 5; k++) store.save(agent.snapshot());
    agent.restore(store.load(stepName).snapshot);
    expect(agent.weightsHash()).toBe(before);
  });

  it('names a contribution that fails the trial, and changes nothing', async () => {
    const both = new TaughtAgent(1).teach('a', 40).teach('b', 40);
    const { merge, agent, refused, directory, merging } = member(both, [liar]);
    const before = agent.weightsHash();
    const { success, message } = await merge();
    expect(success).toBe(false);
    expect(message).toContain('contribution of liar: ');
    expect(agent.weightsHash()).toBe(before);
    expect(refused.map(({ cause }) => cause)).toEqual(['fleet_trial']);
    expect(existsSync(join(directory, stepName))).toBe(false);
    expect(merging.report).toMatchObject({ kept: false });
    expect(merging.merged).toEqual([]);
  });

  it('forgets a robot: gives the weights without it, refuses it from then on, also after a restart', async () => {
    const { merge, forget, agent, folder, directory, store } = member(new TaughtAgent(1).teach('a', 60), [two, three]);
    const mine = agent.snapshot();
    await merge();
    const { success, message } = await forget('r3');
    expect(message).toContain('r3 is forgotten, and nothing of it is taken any more; it had a part in ');
    expect(success).toBe(true);
    const without = atOnce(mergeTried(mine, Contributions.none.with(two), { robot: 'r1' })).weightsHash;
    expect(agent.weightsHash()).toBe(without);
    expect(folder.isRefused('r3')).toBe(true);
    const again = new TaughtAgent(9);
    again.agent.restore(store.load(store.names()[0]).snapshot);
    const restarted = member(again, [], directory);
    expect(again.agent.weightsHash()).toBe(without);
    expect(restarted.folder.isRefused('r3')).toBe(true);
    expect(restarted.merging.merged.map(({ robot }) => robot)).toEqual(['r2']);
    expect((await restarted.forget('r2')).success).toBe(true);
    expect(restarted.merging.merged).toEqual([]);
    expect(again.agent.classFacts.map(({ name }) => name)).toEqual(['a']);
    expect(await restarted.forget('r9')).toMatchObject({
      success: false,
      message: expect.stringContaining('there is no robot "r9"') as string,
    });
  });

  it('merges automatically while the robot rests, once for each version', async () => {
    const { merging, agent, folder, clock } = member(new TaughtAgent(1).teach('a', 60), [two]);
    const kept = async (): Promise<unknown> => {
      for (const begun = performance.now(); merging.report === undefined && performance.now() - begun < 20_000;) {
        await nextTurn();
      }
      return merging.report;
    };
    merging.tick(false);
    merging.tick(true);
    expect(await kept()).toMatchObject({ kept: true });
    await expect.poll(() => folder.tried.get('r2')).toBe(1);
    const report = merging.report;
    clock.now += 1000;
    merging.tick(true);
    folder.complete(three);
    await folder.idle;
    expect(merging.report).toBe(report);
    const hash = agent.weightsHash();
    merging.tick(true);
    await expect.poll(() => merging.merged.length, { timeout: 20_000 }).toBe(2);
    expect(agent.weightsHash()).not.toBe(hash);
  });

  it('refuses a merge without contributions, a second one meanwhile, and one overtaken by a reset', async () => {
    const alone = member(new TaughtAgent(1).teach('a', 20), []);
    expect(await alone.merge()).toEqual({
      success: false,
      message: 'nothing of another robot is here whole, expected at least one: see ~/fleet',
    });
    const { merge, agent, merging } = member(new TaughtAgent(1).teach('a', 60), [two]);
    const first = merge();
    expect(await merge()).toMatchObject({ success: false, message: expect.stringContaining('under way') as string });
    agent.reset();
    expect(await first).toMatchObject({
      success: false,
      message: expect.stringContaining('everything learned was forgotten meanwhile') as string,
    });
    agent.restore(new TaughtAgent(1).teach('a', 60).agent.snapshot());
    const hash = agent.weightsHash();
    const last = merge();
    merging.close();
    expect(await last).toEqual({ success: false, message: 'the node is being closed: nothing was changed' });
    expect(agent.weightsHash()).toBe(hash);
  });
});
