/** Most entries of one request to a parameter service; the node has some hundred parameters. */
const mostEntries = 1000;

/** Request and refusal of a parameter service. */
interface ParameterService {
  /** The list in the request. */
  readonly list: 'parameters' | 'names' | 'prefixes';
  readonly refusal: (reason: string) => object;
}

const failed = (reason: string): object => ({ successful: false, reason });

/** Services of rcl_interfaces by type. One without a field for a refusal answers with an empty list. */
const services: Readonly<Record<string, ParameterService>> = {
  'rcl_interfaces/srv/SetParameters': { list: 'parameters', refusal: (reason) => ({ results: [failed(reason)] }) },
  'rcl_interfaces/srv/SetParametersAtomically': {
    list: 'parameters',
    refusal: (reason) => ({ result: failed(reason) }),
  },
  'rcl_interfaces/srv/GetParameters': { list: 'names', refusal: () => ({ values: [] }) },
  'rcl_interfaces/srv/GetParameterTypes': { list: 'names', refusal: () => ({ types: [] }) },
  'rcl_interfaces/srv/DescribeParameters': { list: 'names', refusal: () => ({ descriptors: [] }) },
  'rcl_interfaces/srv/ListParameters': { list: 'prefixes', refusal: () => ({ result: { names: [], prefixes: [] } }) },
};

/** Whether a service is a parameter service. */
export const isParameterService = (type: string): boolean => Object.hasOwn(services, type);

/** Why a request was refused. */
export interface RefusedRequest {
  /** A sentence: found, expected, where. */
  readonly reason: string;
  /** Response to the caller. */
  readonly answer: object;
}

/** A list in a message that is not read yet, as rclnodejs keeps it. */
interface UnreadList {
  readonly size: number;
}

/**
 * Replaces a request that is too large to read, since rclnodejs takes a millisecond per entry. The replacement contains
 * only the number of entries, which {@link refuseRequest} refuses.
 *
 * @param type - of the service: `rcl_interfaces/srv/SetParameters`
 * @param fields - unread fields of the request in native memory
 * @returns `undefined` where the request may be read
 */
export function unreadRequest(type: string, fields: Readonly<Record<string, UnreadList>>): object | undefined {
  if (!isParameterService(type)) return undefined;
  const { list } = services[type];
  const length = fields[list].size;
  return length > mostEntries ? { [list]: { length } } : undefined;
}

/**
 * Limits a request to a parameter service, since a larger one would block the node. Repeated prefixes are reduced to
 * one, since rclnodejs would search the parameters for each.
 *
 * @param type - of the service: `rcl_interfaces/srv/SetParameters`
 * @param request - as received; its prefixes are made unique
 * @returns `undefined` where it may be answered
 */
export function refuseRequest(type: string, request: object): RefusedRequest | undefined {
  if (!isParameterService(type)) return undefined;
  const { list, refusal } = services[type];
  const fields = request as Record<string, readonly unknown[]>;
  const count = fields[list].length;
  if (count > mostEntries) {
    const service = type.slice(type.lastIndexOf('/') + 1);
    const found = `a request of ${service} has ${count} ${list}`;
    const reason = `${found}, expected at most ${mostEntries}: none of it was done`;
    return { reason, answer: refusal(reason) };
  }
  if (list === 'prefixes') fields[list] = [...new Set(fields[list])];
  return undefined;
}
