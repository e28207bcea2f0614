// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from './paths.mjs';
import { run } from './run.mjs';
import { hashOf } from './stamp.mjs';

/**
 * The npm packages, exactly as locked. Their install scripts do not run here: only rclnodejs needs its script, and that
 * needs ROS 2 first.
 * @returns {import('./stage.mjs').Stage}
 */
export function npmPackagesStage() {
  const lock = readFileSync(join(paths.root, 'package-lock.json'), 'utf8');
  return {
    name: 'npm',
    title: 'npm packages',
    key: hashOf([lock, process.versions.modules, process.platform, process.arch]),
    outputs: () => [join(paths.nodeModules, '.package-lock.json')],
    work: () =>
      run('npm-ci', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
        hint: 'see that the npm registry can be reached (`npm ping`), then run this again.',
      }),
  };
}
