import { combineLatest, firstValueFrom, map, race, timer } from 'rxjs';
import { TopsparkError } from '../base/errors.js';
import { openNode } from './open-node.js';
import { qosProfiles } from './qos-profiles.js';
import type { MessageType } from './rclnodejs.js';

/** What a node tells of itself. */
export interface NodeState {
  readonly mode: MessageType<'topspark_msgs/msg/EnergyMode'>;
  readonly status: MessageType<'topspark_msgs/msg/Status'>;
}

/**
 * Waits for the node's latched mode and for its account, which comes once a second.
 *
 * @param node - full name
 * @param timeout - [s]
 * @throws {@link TopsparkError} `node_silent` where they do not come in time
 */
export async function hearNode(node: string, timeout: number): Promise<NodeState> {
  const listener = await openNode('topspark_status', { argv: [] });
  try {
    const mode = listener.messages('topspark_msgs/msg/EnergyMode', `${node}/energy_mode`, qosProfiles.latched);
    const status = listener.messages('topspark_msgs/msg/Status', `${node}/status`, qosProfiles.output);
    const heard = combineLatest({ mode, status });
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
