import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { programRoot } from 'topspark/base/package.js';

/** Folder of the compiled lab. Tests run from source, but threads and other processes run the compiled program. */
export const compiledLab = new URL(import.meta.url.endsWith('.ts') ? '../../dist/' : '../', import.meta.url);

/** Folders of program and lab that a result may depend on. */
const folders = [
  ...['base', 'snn', 'timestep', 'energy', 'accuracy', 'sensing', 'classifier', 'bag', 'agent', 'node'].map((name) =>
    fileURLToPath(new URL(`dist/${name}/`, pathToFileURL(programRoot))),
  ),
  ...['datasets', 'training', 'profile', 'jobs'].map((name) => fileURLToPath(new URL(`${name}/`, compiledLab))),
];

let known: string | undefined;

/** SHA-256 (hex) of the compiled program. Two machines give the same results only if they run the same program. */
export function buildIdentity(): string {
  known ??= hashProgram();
  return known;
}

function hashProgram(): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    for (const name of files.sort()) hash.update(`${basename(folder)}/${name}`).update(readFileSync(folder + name));
  }
  return hash.digest('hex');
}
