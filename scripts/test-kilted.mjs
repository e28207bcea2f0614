// @ts-check
import { main } from './setup/main.mjs';

// `npm run test:kilted`: the tests over ROS 2 of the last commit, on ROS 2 Kilted. `npm test` uses Jazzy.
await main(async () => {
  const { testKilted } = await import('./testing/test-kilted.mjs');
  return testKilted();
});
