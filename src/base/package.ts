import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Root folder of this checkout or package. */
export const programRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Version of topspark, from its package.json. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(`${programRoot}package.json`, 'utf8')) as { version: string }).version;
}
