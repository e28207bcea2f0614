import { createServer, type Server } from 'node:net';

/** A ROS domain that no other test on this machine uses. */
export interface ClaimedDomain {
  readonly id: number;
  release(): Promise<void>;
}

/**
 * Claims one of the domains in TOPSPARK_TEST_DOMAINS (`30-49`, the default) by holding a local port, so that test
 * files, and whole test runs side by side, never receive each other's messages.
 */
export async function claimDomain(): Promise<ClaimedDomain> {
  const [first = 30, last = 49] = (process.env['TOPSPARK_TEST_DOMAINS'] ?? '30-49').split('-').map(Number);
  for (let id = first; id <= last; id++) {
    const server = await hold(21_000 + id);
    if (server === undefined) continue;
    const release = (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    return { id, release };
  }
  throw new Error(`all ROS domains ${first}..${last} are in use by other tests`);
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(server.unref());
    });
  });
}
