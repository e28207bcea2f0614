// @ts-check
import { main } from './setup/main.mjs';

// `npm run test:arm64`: the tests of the engine, with their recorded states, and two training runs on an arm64
// processor, emulated on other machines. The checkout must be set up. The last line says how many tests passed and
// failed.
await main(async () => {
  const { testArm64 } = await import('./testing/test-arm64.mjs');
  if (process.argv.length > 2) {
    process.stderr.write('Usage: npm run test:arm64\n');
    return 2;
  }
  return testArm64();
});
