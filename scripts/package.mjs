// @ts-check
import { main } from './setup/main.mjs';

// `node scripts/package.mjs FOLDER [--lab] [--embedding]`: runs the set-up, then copies the program to FOLDER, with
// only what it needs to run.
await main(async () => {
  const { packageProgram } = await import('./packaging/package-program.mjs');
  const { setUp } = await import('./setup/set-up.mjs');
  const args = process.argv.slice(2);
  const [lab, embedding] = ['--lab', '--embedding'].map((flag) => args.includes(flag));
  const [folder, ...more] = args.filter((arg) => arg !== '--lab' && arg !== '--embedding');
  if (folder === undefined || more.length > 0) {
    process.stderr.write('Usage: node scripts/package.mjs FOLDER [--lab] [--embedding]\n');
    return 2;
  }
  await setUp(process.env);
  packageProgram(folder, { lab, embedding });
  return 0;
});
