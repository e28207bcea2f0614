import { combineLatest, filter, firstValueFrom, map, merge, of, race, switchMap, take, timer } from 'rxjs';
import { TopsparkError } from '../base/errors.js';
import { openNode } from './open-node.js';
import { qosProfiles } from '../node/qos-profiles.js';
import type { MessageType } from './rclnodejs.js';

/** A node's own account of its state. */
export interface NodeSummary {
  readonly mode: MessageType<'topspark_msgs/msg/EnergyMode'>;
  readonly status: MessageType<'topspark_msgs/msg/Status'>;
  /** Its diagnostics, one per task; empty where it publishes them elsewhere. */
  readonly diagnostics: readonly NodeDiagnostic[];
}

/** Status of one task of a node's diagnostics. */
export interface NodeDiagnostic {
  /** Without the node's name. */
  readonly name: string;
  /** 0 OK, 1 WARN, 2 ERROR, 3 STALE. */
  readonly level: number;
  readonly message: string;
  readonly values: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Time to wait for diagnostics after the status [ms]. They come once a second: a node without them by then sends none.
 */
const diagnosticsWait = 2500;

/**
 * Waits for the node's latched mode and for its status, which comes once a second.
 *
 * @param node - full name
 * @param timeout - [s]
 * @throws {@link TopsparkError} `node_silent` where they do not come in time
 */
export async function hearNode(node: string, timeout: number): Promise<NodeSummary> {
  const listener = await openNode('topspark_status', { argv: [] });
  try {
    const mode = listener.messages('topspark_msgs/msg/EnergyMode', `${node}/energy_mode`, qosProfiles.latched);
    const status = listener.messages('topspark_msgs/msg/Status', `${node}/status`, qosProfiles.output);
    const prefix = `${node.slice(1)}: `;
    const tasks = listener.messages('diagnostic_msgs/msg/DiagnosticArray', '/diagnostics', qosProfiles.output).pipe(
      map((message) => message.status.filter(({ name }) => name.startsWith(prefix))),
      filter((own) => own.length > 0),
      map((own) =>
        own.map((task): NodeDiagnostic => ({
          ...{ name: task.name.slice(prefix.length), level: task.level },
          ...{ message: task.message, values: task.values },
        })),
      ),
    );
    const summary = combineLatest({ mode, status }).pipe(take(1));
    const none = summary.pipe(
      switchMap(() => timer(diagnosticsWait)),
      switchMap(() => of<readonly NodeDiagnostic[]>([])),
    );
    const heard = combineLatest({ mode, status, diagnostics: merge(tasks, none) });
    const late = timer(1000 * timeout).pipe(
      map((): never => {
        const there = listener.publishersOf(`${node}/status`) > 0;
        const found = there ? 'is there, but not active' : 'was not found';
        const message = `${node} ${found} within ${timeout} s, expected an active topspark node`;
        throw new TopsparkError('node_silent', 'environment', `${message}: same ROS_DOMAIN_ID? right namespace?`);
      }),
    );
    return await firstValueFrom(race(heard, late));
  } finally {
    listener.close();
    await listener.closed;
  }
}
