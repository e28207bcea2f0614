import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of the compiled program. Tests run from source, but threads and other processes run what was compiled. */
export const compiledProgram = new URL(import.meta.url.endsWith('.ts') ? '../../dist/' : '../', import.meta.url);

/** Folders of the program that a result may depend on. */
const folders = ['base', 'snn', 'timestep', 'energy', 'accuracy', 'encoding', 'readout', 'data', 'sweep'];

let known: string | undefined;

/** SHA-256 (hex) of the compiled program: results of two machines are the same only where the programs are. */
export function buildIdentity(): string {
  known ??= hashProgram();
  return known;
}

function hashProgram(): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const path = fileURLToPath(new URL(`${folder}/`, compiledProgram));
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|wasm)$/.test(name));
    for (const name of files.sort()) hash.update(`${folder}/${name}`).update(readFileSync(path + name));
  }
  return hash.digest('hex');
}
