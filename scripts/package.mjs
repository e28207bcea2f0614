// @ts-check
import { main } from './setup/main.mjs';

// `node scripts/package.mjs FOLDER`: set-up, then a copy of the program with only what it needs to run.
await main(async () => {
  const { packageProgram } = await import('./packaging/package-program.mjs');
  const { setUp } = await import('./setup/set-up.mjs');
  const [folder] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write('Usage: node scripts/package.mjs FOLDER\n');
    return 2;
  }
  await setUp(process.env);
  packageProgram(folder);
  return 0;
});
