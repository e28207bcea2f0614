// @ts-check
import { main } from './setup/main.mjs';

// `npm test`: runs the set-up, then every check and every test except the long ones. A failure stops none of the
// others.
await main(async () => {
  const { setUp } = await import('./setup/set-up.mjs');
  const { runChecks } = await import('./testing/run-checks.mjs');
  return runChecks(await setUp(process.env));
});
