// @ts-check
import { main } from './setup/main.mjs';

// `npm test`: set-up, then every check and every test; all run, whatever fails.
await main(async () => {
  const { setUp } = await import('./setup/set-up.mjs');
  const { runChecks } = await import('./testing/run-checks.mjs');
  return runChecks(await setUp(process.env));
});
