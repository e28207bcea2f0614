// @ts-check
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runInForeground } from '../setup/foreground.mjs';
import { paths } from '../setup/paths.mjs';
import { findRosSource } from '../setup/ros-source.mjs';
import { unfinished } from '../setup/replace-file.mjs';
import { run } from '../setup/run.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { testOverRos } from './over-ros.mjs';

/**
 * Runs the tests over ROS 2 on Kilted, from wheels. They run in a clone of this checkout, since rclnodejs is compiled
 * against one ROS 2, and here that is another. The clone stays in `.ros` for later runs.
 * @returns {Promise<number>} 0 when all passed, else 1
 * @throws SetupError if ROS 2 is sourced
 */
export async function testKilted() {
  if (findRosSource(process.env).kind === 'sourced') {
    throw new SetupError('ROS 2 is sourced, so its wheels would not be used. Start a shell without it.');
  }
  const clone = join(paths.state, 'kilted-checkout');
  const hint = 'the tests run on what is committed: this must be a checkout of git.';
  if (!existsSync(clone)) {
    const aside = `${clone}${unfinished}`;
    rmSync(aside, { recursive: true, force: true });
    await run('kilted-clone', 'git', ['clone', '--quiet', paths.root, aside], { hint });
    renameSync(aside, clone);
  }
  await run('kilted-fetch', 'git', ['-C', clone, 'fetch', '--quiet', paths.root, 'HEAD'], { hint });
  await run('kilted-checkout', 'git', ['-C', clone, 'checkout', '--quiet', '--force', '--detach', 'FETCH_HEAD'], {
    hint,
  });

  const env = { ...process.env, TOPSPARK_WHEELS: 'kilted' };
  const setUp = await runInForeground(process.execPath, [join(clone, 'scripts', 'setup.mjs')], env, { cwd: clone });
  if (setUp !== 0) return setUp;
  const { ok, line } = await testOverRos(clone, process.execPath, env);
  console.log(`ROS 2 Kilted: ${line}`);
  return ok ? 0 : 1;
}
