import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { claimDomain } from './claim-domain.js';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/**
 * Runs `topspark bench ARGS --json` in a ROS domain of its own.
 *
 * @returns its output
 * @throws Error with its standard error when it does not end with 0
 */
export async function runBench(...args: readonly string[]): Promise<unknown> {
  const domain = await claimDomain();
  try {
    const env = { ...process.env, ROS_DOMAIN_ID: String(domain.id), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
    const printed = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, [main, 'bench', ...args, '--json'], { env }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr, { cause: error }));
        else resolve(stdout);
      });
    });
    return JSON.parse(printed);
  } finally {
    await domain.release();
  }
}
