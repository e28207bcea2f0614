import type { Fields, Peer } from './peer.js';

/** rcl_interfaces/msg/ParameterValue. */
export interface ParameterMessage {
  readonly type: number;
  readonly bool_value: boolean;
  readonly integer_value: number;
  readonly double_value: number;
  readonly string_value: string;
}

/** Values as `ros2 param set` sends them. */
export const as = {
  bool: (value: boolean): Fields => ({ type: 1, bool_value: value }),
  integer: (value: number): Fields => ({ type: 2, integer_value: value }),
  double: (value: number): Fields => ({ type: 3, double_value: value }),
  string: (value: string): Fields => ({ type: 4, string_value: value }),
  deleted: { type: 0 },
} as const;

/** Sets one parameter. Returns '' when it was set, otherwise the reason. */
export async function setParameter(peer: Peer, node: string, name: string, value: Fields): Promise<string> {
  const answer = await peer.call<{ results: { successful: boolean; reason: string }[] }>(
    'rcl_interfaces/srv/SetParameters',
    `${node}/set_parameters`,
    { parameters: [{ name, value }] },
  );
  const [{ successful, reason }] = answer.results;
  return successful ? '' : `refused: ${reason}`;
}

/** Values of parameters. */
export async function getParameters(peer: Peer, node: string, ...names: string[]): Promise<ParameterMessage[]> {
  const request = { names };
  const service = `${node}/get_parameters`;
  return (await peer.call<{ values: ParameterMessage[] }>('rcl_interfaces/srv/GetParameters', service, request)).values;
}
