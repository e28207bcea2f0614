// @ts-check
import { main } from './setup/main.mjs';

// `npm run setup`: prepares a fresh clone so that the program runs.
await main(async () => {
  const { setUp } = await import('./setup/set-up.mjs');
  await setUp(process.env);
  process.stderr.write('Ready: `npm start` for the demo, `npm test` for the tests.\n');
  return 0;
});
