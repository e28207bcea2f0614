import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDomain, type ClaimedDomain } from './claim-domain.js';
import { NodeProcess } from './node-process.js';
import { Peer } from './peer.js';

/** What a test file needs: a domain and a folder of its own, a peer, and the node processes that it starts. */
export class World {
  readonly #nodes: NodeProcess[] = [];

  private constructor(
    readonly domain: ClaimedDomain,
    /** Scratch folder; also ROS_HOME and ROS_LOG_DIR. */
    readonly folder: string,
    readonly peer: Peer,
  ) {}

  /** Makes a world with a ready peer. */
  static async open(): Promise<World> {
    const domain = await claimDomain();
    const folder = mkdtempSync(join(tmpdir(), 'topspark-ros-'));
    return new World(domain, folder, await Peer.start(environment(domain.id, folder)));
  }

  /** Starts the node, with what stands after `--ros-args`. */
  start(...rosArguments: string[]): NodeProcess {
    return this.run(undefined, ...rosArguments);
  }

  /** Starts another compiled program in the same world. */
  run(program: string | undefined, ...rosArguments: string[]): NodeProcess {
    const node = new NodeProcess(environment(this.domain.id, this.folder), rosArguments, program);
    this.#nodes.push(node);
    return node;
  }

  /** Starts the node and waits until it is active. */
  async startActive(...rosArguments: string[]): Promise<NodeProcess> {
    const node = this.start(...rosArguments);
    await node.waitForLog('active');
    return node;
  }

  /** Ends everything that was started. */
  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.end('SIGKILL')));
    await this.peer.close();
    await this.domain.release();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function environment(domain: number, folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ROS_DOMAIN_ID: String(domain),
    ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST',
    ROS_HOME: folder,
    ROS_LOG_DIR: join(folder, 'log'),
  };
}
