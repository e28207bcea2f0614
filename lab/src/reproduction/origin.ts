import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { writeDurablySync } from 'topspark/checkpoint/durable-file.js';
import { buildIdentity } from '../jobs/build-identity.js';
import { programRoot } from 'topspark/base/package.js';
import { provenance } from '../jobs/provenance.js';

/** Where, when and with what results were made. */
export interface Origin {
  /** Day, ISO 8601. */
  readonly date: string;
  /** Short hash and title of the commit. A rebase changes the hash and keeps the title. */
  readonly commit: string;
  /** SHA-256 (hex) of the compiled program. A rebase that does not change the program keeps it. */
  readonly program: string;
  readonly machine: string;
}

/** Origin of results that this program makes on this machine now. */
export function originNow(): Origin {
  const { created, commit, machine } = provenance();
  const { cpu, cores, memory, node, platform } = machine;
  const load = `load ${loadavg()[1].toFixed(1)} in the last five minutes of the runs`;
  const parts = [
    `${cpu}, ${cores} cores, ${(memory / 2 ** 30).toFixed(0)} GiB`,
    load,
    `Node ${node.slice(1)}, ${platform}`,
  ];
  return {
    date: created.slice(0, 10),
    commit: commit === null ? 'unknown' : titled(commit),
    program: buildIdentity(),
    machine: parts.join('; '),
  };
}

function titled(commit: string): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: programRoot, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'src') === '' ? '' : ', with changes';
  return `${commit.slice(0, 12)} (${git('show', '--no-patch', '--format=%s', commit)})${changed}`;
}

const name = 'origin.json';

/** Stores the origin with the results, for a page that is written later or elsewhere. */
export function keepOrigin(store: string, origin: Origin): void {
  writeDurablySync({ directory: store, name, mode: 0o666 }, [Buffer.from(`${JSON.stringify(origin)}\n`)]);
}

/** Origin of the results in the store; `undefined`: there is none, or another program made them. */
export function keptOrigin(store: string): Origin | undefined {
  const path = join(store, name);
  if (!existsSync(path)) return undefined;
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Origin;
  return kept.program === buildIdentity() ? kept : undefined;
}
