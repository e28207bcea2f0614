// @ts-check
import { main } from './setup/main.mjs';

// `npm run test:kilted`: the tests over ROS 2 of the last commit, on ROS 2 Kilted beside the Jazzy that `npm test` uses.
await main(async () => {
  const { testKilted } = await import('./testing/test-kilted.mjs');
  return testKilted();
});
