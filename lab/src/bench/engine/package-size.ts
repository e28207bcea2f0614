import { ask } from './ask.js';

/** Size of the npm package, without its dependencies and without data [byte]. */
export interface PackageSize {
  readonly packed: number;
  readonly unpacked: number;
  readonly files: number;
}

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
}

/** Asks npm what it would pack; `null`: npm is missing or fails. */
export function measurePackage(): PackageSize | null {
  const output = ask('npm', 'pack', '--dry-run', '--json', '--ignore-scripts');
  if (output === null) return null;
  const [{ size, unpackedSize, entryCount }] = JSON.parse(output) as [Packed];
  return { packed: size, unpacked: unpackedSize, files: entryCount };
}
