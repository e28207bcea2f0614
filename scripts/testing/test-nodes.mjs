// @ts-check
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { runInForeground } from '../setup/foreground.mjs';
import { paths } from '../setup/paths.mjs';
import { nodeOf } from './nodes.mjs';
import { testOverRos } from './over-ros.mjs';

/** Tests of all code that recorded bits depend on: the engine, its parts, and its checkpoints. */
const engineTests = [
  ...['base', 'snn', 'classifier', 'timestep', 'checkpoint'].map((folder) => `test/${folder}`),
  'lab/test/training',
];

/** Training runs on digits under each Node, by the built command. */
const lives = [
  ['lean', '--samples', '5000', '--labels', '0.5'],
  ['lean, N 401, T 16, exits', '--neurons', '401', '--timesteps', '16', '--exit', '3', '--samples', '2000'],
  ['poisson, pair', '--policy', 'none', '--timesteps', '100', '--samples', '500', '--label-samples', '200'],
  ['regular, expected', '--policy', 'rate', '--rule', 'expected', '--samples', '500', '--label-samples', '200'],
  ['poisson, adaptive', '--policy', 'paper', '--rule', 'adaptive', '--samples', '500', '--label-samples', '200'],
];

/**
 * @param {readonly string[]} majors
 * @param {boolean} ros
 * @returns {Promise<number>} 0 when all tests passed and all weights are the same, else 1
 */
export async function testNodes(majors, ros) {
  const vitest = join(paths.nodeModules, 'vitest', 'vitest.mjs');
  /** @type {{ version: string, engine: boolean, overRos: { ok: boolean, line: string }, hashes: string[] }[]} */
  const results = [];
  for (const major of majors) {
    const { program, version } = await nodeOf(major);
    console.log(`── Node ${version}`);
    // Child processes of the tests use the Node that runs them. PATH is for scripts that call `node` by name.
    const env = { ...process.env, PATH: `${dirname(program)}:${process.env['PATH'] ?? ''}` };
    const engine = await runInForeground(program, [vitest, 'run', '--project', 'unit', ...engineTests], env);
    const hashes = lives.map(([, ...args]) => weights(program, args));
    const overRos = ros ? await testOverRos(paths.root, program, env) : { ok: true, line: 'not run' };
    results.push({ version, engine: engine === 0, overRos, hashes });
  }
  const same = results.every(({ hashes }) => hashes.every((hash, life) => hash === results[0].hashes[life]));
  for (const { version, engine, overRos, hashes } of results) {
    console.log(`Node ${version.padEnd(10)} engine ${engine ? 'ok' : 'FAILED'}, over ROS 2: ${overRos.line}`);
    hashes.forEach((hash, life) => {
      console.log(`  ${lives[life][0].padEnd(26)} ${hash}`);
    });
  }
  console.log(same ? 'Same weights under every Node.' : 'FAILED: the weights differ.');
  const passed = results.every(({ engine, overRos }) => engine && overRos.ok);
  return passed && same ? 0 : 1;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {string} SHA-256 of the learned weights
 */
function weights(program, args) {
  const command = [join(paths.dist, 'cli', 'main.js'), 'train', '--test-samples', '10', '--json', ...args];
  const text = execFileSync(program, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(text).weightsHash;
}
