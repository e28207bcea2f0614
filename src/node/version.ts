import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageVersion, programRoot } from '../base/package.js';
import { formatVersion } from '../checkpoint/safetensors.js';

/** Output of `--version`: the version on the first line, then what a bug report should include. */
export function versionText(): string {
  return [
    `topspark ${packageVersion()}`,
    `Node.js ${process.version}, kernel ${kernelHash()}, checkpoints of format ${formatVersion}`,
  ].join('\n');
}

function kernelHash(): string {
  try {
    const wasm = readFileSync(`${programRoot}dist/kernel.wasm`);
    return createHash('sha256').update(wasm).digest('hex').slice(0, 16);
  } catch {
    return 'not built';
  }
}
