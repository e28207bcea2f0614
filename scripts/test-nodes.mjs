// @ts-check
import { main } from './setup/main.mjs';

// `npm run test:nodes [-- --ros] [-- 20 22 24]`: the tests of the engine, with their recorded states, and training runs
// under each major version of Node. Fails unless all give the same weights. With --ros also the tests over real ROS 2.
await main(async () => {
  const { testNodes } = await import('./testing/test-nodes.mjs');
  const args = process.argv.slice(2);
  const majors = args.filter((arg) => /^\d+$/.test(arg));
  if (args.some((arg) => arg !== '--ros' && !majors.includes(arg))) {
    process.stderr.write('Usage: npm run test:nodes -- [--ros] [MAJOR…]      (20 22 24)\n');
    return 2;
  }
  return testNodes(majors.length > 0 ? majors : ['20', '22', '24'], args.includes('--ros'));
});
