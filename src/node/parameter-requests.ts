/** Entries of one request to a parameter service; the node has some hundred parameters. */
const mostEntries = 1000;

/** How a service of the parameters is asked, and how it answers where it refuses. */
interface ParameterService {
  /** The field of the request that is a list. */
  readonly list: 'parameters' | 'names' | 'prefixes';
  readonly refusal: (reason: string) => object;
}

const failed = (reason: string): object => ({ successful: false, reason });

/** Services of rcl_interfaces by their type. One that has no word for a refusal answers with nothing. */
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

/** Whether a service is one of the parameters'. */
export const isParameterService = (type: string): boolean => Object.hasOwn(services, type);

/** Why a request is not answered as it was asked. */
export interface RefusedRequest {
  /** A sentence: found, expected, where. */
  readonly reason: string;
  /** What the caller is answered. */
  readonly answer: object;
}

/** A list of a message that is not read yet, as rclnodejs keeps it. */
interface UnreadList {
  readonly size: number;
}

/**
 * What stands for a request that is too large to be read: rclnodejs takes a millisecond for each entry. It says how many
 * there are, which {@link refuseRequest} refuses.
 *
 * @param type - of the service: `rcl_interfaces/srv/SetParameters`
 * @param fields - of the request as it lies in memory
 * @returns `undefined` where it may be read
 */
export function unreadRequest(type: string, fields: Readonly<Record<string, UnreadList>>): object | undefined {
  if (!isParameterService(type)) return undefined;
  const { list } = services[type];
  const length = fields[list].size;
  return length > mostEntries ? { [list]: { length } } : undefined;
}

/**
 * Bounds a request to a parameter service: whoever asks for more keeps the node from everything else. Prefixes that are
 * named twice count once; rclnodejs looks through all of them for each.
 *
 * @param type - of the service: `rcl_interfaces/srv/SetParameters`
 * @param request - as it came; its prefixes are made unique
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
    const reason = `${found}, expected at most ${mostEntries}: nothing of it was done`;
    return { reason, answer: refusal(reason) };
  }
  if (list === 'prefixes') fields[list] = [...new Set(fields[list])];
  return undefined;
}
