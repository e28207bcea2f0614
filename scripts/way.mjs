// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paths } from './setup/paths.mjs';
import { waysOf } from './way/ways.mjs';

const usage = `Usage: npm run way [-- --json]

Counts the files and the changes of room on the way of a message through the program, as ARCHITECTURE.md tells it.

Example:
  $ npm run --silent way -- --json
`;

const [option] = process.argv.slice(2);
if (option === '--help' || option === '-h') {
  process.stdout.write(usage);
} else if (option !== undefined && option !== '--json') {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const ways = waysOf(readFileSync(join(paths.root, 'ARCHITECTURE.md'), 'utf8'));
  const counts = Object.fromEntries(
    Object.entries(ways).map(([name, { files, changes }]) => [name, { files: files.length, changes }]),
  );
  if (option === '--json') process.stdout.write(`${JSON.stringify(counts)}\n`);
  else {
    for (const [name, { files, changes }] of Object.entries(counts)) {
      process.stdout.write(`${name.padEnd(10)} ${files} files, ${changes} changes of room\n`);
    }
  }
}
