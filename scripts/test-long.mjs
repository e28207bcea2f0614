// @ts-check
import { main } from './setup/main.mjs';

// `npm run test:long`: runs the set-up, then the long tests, one file at a time.
await main(async () => {
  const { setUp } = await import('./setup/set-up.mjs');
  const { runLongTests } = await import('./testing/run-checks.mjs');
  return runLongTests(await setUp(process.env));
});
