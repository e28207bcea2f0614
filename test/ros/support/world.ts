import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { claimDomain, type ClaimedDomain } from './claim-domain.js';
import { sensorQos } from './images.js';
import { NodeProcess } from './node-process.js';
import { Peer, type PeerQos } from './peer.js';

interface Diagnostics {
  readonly status: readonly {
    readonly name: string;
    readonly values: readonly { readonly key: string; readonly value: string }[];
  }[];
}

/** The environment of a test file: its own domain and folder, a peer, and the node processes that it starts. */
export class World {
  readonly #nodes: NodeProcess[] = [];
  #streams = 0;

  private constructor(
    readonly domain: ClaimedDomain,
    /** Scratch folder; also ROS_HOME and ROS_LOG_DIR. */
    readonly folder: string,
    readonly peer: Peer,
  ) {}

  /**
   * Creates a world with a ready peer.
   *
   * @param variables - only for the peer's environment
   */
  static async open(variables: NodeJS.ProcessEnv = {}): Promise<World> {
    const domain = await claimDomain();
    const folder = mkdtempSync(join(tmpdir(), 'topspark-ros-'));
    return new World(domain, folder, await Peer.start({ ...environment(domain.id, folder), ...variables }));
  }

  /** The environment that puts a process into this world. */
  get environment(): NodeJS.ProcessEnv {
    return environment(this.domain.id, this.folder);
  }

  /** Starts the node with the given arguments after `--ros-args`. */
  start(...rosArguments: string[]): NodeProcess {
    return this.run(undefined, ...rosArguments);
  }

  /** Starts the node with more variables in its environment. */
  startWith(variables: NodeJS.ProcessEnv, ...rosArguments: string[]): NodeProcess {
    const node = new NodeProcess({ ...this.environment, ...variables }, rosArguments);
    this.#nodes.push(node);
    return node;
  }

  /** Starts another compiled program in the same world. */
  run(program: string | undefined, ...rosArguments: string[]): NodeProcess {
    const node = new NodeProcess(this.environment, rosArguments, program);
    this.#nodes.push(node);
    return node;
  }

  /** Starts the node and waits until it is active. */
  async startActive(...rosArguments: string[]): Promise<NodeProcess> {
    const node = this.start(...rosArguments);
    await node.waitForLog('active');
    return node;
  }

  /**
   * Creates a publisher on the peer and waits until the node receives from it. A publisher that has matched a
   * subscription is not necessarily matched by it, and best-effort messages are lost meanwhile. Subscribe to the
   * answers before: once this returns, the node knows these subscriptions.
   *
   * @param node - full name of the node
   * @param task - name of the diagnostics of that input
   */
  async connect(node: string, task: string, type: string, topic: string, qos: PeerQos = sensorQos): Promise<void> {
    await this.peer.publish(type, topic, [], { qos });
    await this.diagnostic(node, task, 'Publishers', (value) => value !== '0');
  }

  /** Waits until diagnostics received from now on show a matching value. */
  async diagnostic(node: string, task: string, key: string, fits: (value: string) => boolean): Promise<void> {
    const stream = `diagnostics ${++this.#streams}`;
    await this.peer.subscribe(stream, 'diagnostic_msgs/msg/DiagnosticArray', '/diagnostics', { depth: 100 });
    const name = `${node.slice(1)}: ${task}`;
    const shown = async (): Promise<void> => {
      const statuses = (await this.peer.messages<Diagnostics>(stream, 0)).flatMap(({ status }) => status);
      const values = statuses.filter((status) => status.name === name).flatMap((status) => status.values);
      const found = values.filter((each) => each.key === key).map(({ value }) => value);
      if (!found.some(fits)) throw new Error(`${name} shows ${key} ${found.join(', ')}`);
    };
    await vi.waitFor(shown, { timeout: 60_000 });
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
