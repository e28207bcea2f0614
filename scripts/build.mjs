// @ts-check
import { main } from './setup/main.mjs';

// `npm run build`: compiles the kernel and the program. Needs the npm packages, but no ROS 2.
await main(async () => {
  const { build } = await import('./setup/set-up.mjs');
  const names = process.argv.slice(2).filter((name) => name === 'kernel' || name === 'program');
  if (names.length === 0 || names.length !== process.argv.length - 2) {
    process.stderr.write('Usage: node scripts/build.mjs [kernel] [program]\n');
    return 2;
  }
  await build(names, process.env);
  return 0;
});
