import type { Peer } from './peer.js';

/** Transition ids of lifecycle_msgs/msg/Transition. */
export const transitions = { configure: 1, cleanup: 2, activate: 3, deactivate: 4, shutdown: 7 } as const;

/** Asks a node to change its state. Returns whether it says that it did. */
export async function changeState(peer: Peer, node: string, id: number, label = ''): Promise<boolean> {
  const request = { transition: { id, label } };
  return (await peer.call<{ success: boolean }>('lifecycle_msgs/srv/ChangeState', `${node}/change_state`, request))
    .success;
}

/** Label of the state in which a node is. */
export async function stateOf(peer: Peer, node: string): Promise<string> {
  const answer = await peer.call<{ current_state: { label: string } }>(
    'lifecycle_msgs/srv/GetState',
    `${node}/get_state`,
  );
  return answer.current_state.label;
}
