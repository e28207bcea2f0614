import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const fastDds = /^libfast(rtps|dds)\.so$/;

/**
 * Whether the Fast DDS that programs find first was built with its security plugins; the one of the Python wheels was
 * not.
 */
function isSecured(): boolean {
  const found = (process.env['LD_LIBRARY_PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && existsSync(folder))
    .flatMap((folder) => readdirSync(folder).flatMap((name) => (fastDds.test(name) ? [join(folder, name)] : [])))
    .at(0);
  return found !== undefined && readFileSync(found).includes('DDS:Auth:PKI-DH');
}

/** Whether nodes can run in enclaves here: with such a Fast DDS and the SROS2 tools. */
export const hasEnclaves = isSecured() && spawnSync('ros2', ['security', '--help'], { timeout: 60_000 }).status === 0;

/**
 * Makes keys for the enclaves of policy files, as docs/security.md says.
 *
 * @param domain - the only domain in which the keys are valid
 * @returns the environment of a process that runs in one of them, and communicates with nobody outside
 */
export function makeKeys(domain: number, folder: string, ...policies: string[]): NodeJS.ProcessEnv {
  const env = { ...process.env, ROS_DOMAIN_ID: String(domain) };
  const keys = join(folder, 'keys');
  const security = (...args: string[]): void => {
    execFileSync('ros2', ['security', ...args], { env, stdio: 'pipe' });
  };
  security('create_keystore', keys);
  security('generate_artifacts', '-k', keys, '-p', ...policies);
  return { ROS_SECURITY_KEYSTORE: keys, ROS_SECURITY_ENABLE: 'true', ROS_SECURITY_STRATEGY: 'Enforce' };
}
