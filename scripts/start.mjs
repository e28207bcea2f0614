// @ts-check
import { join } from 'node:path';
import { main } from './setup/main.mjs';

// `npm start -- ARGS…`: runs the set-up, then the demo with these arguments.
await main(async () => {
  const { runInForeground } = await import('./setup/foreground.mjs');
  const { paths } = await import('./setup/paths.mjs');
  const { setUp } = await import('./setup/set-up.mjs');
  const env = await setUp(process.env);
  return runInForeground(
    process.execPath,
    [join(paths.labDist, 'demo', 'demo-main.js'), ...process.argv.slice(2)],
    env,
  );
});
