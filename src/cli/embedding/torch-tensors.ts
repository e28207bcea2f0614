import { viewOf } from '../../base/bytes.js';
import { quoted } from '../../base/quoted.js';

/** A float32 array with its shape, row-major. */
export interface TorchTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Reads files of PyTorch before 1.6 (`torch.save` of a `state_dict`): five pickles (a magic number, a version, sizes of
 * numbers, the object, the keys of its storages), followed by the storages, each a length and its numbers.
 *
 * A pickle is a program that may call anything. Only the instructions and calls that build tensors are supported here;
 * anything else is an error.
 *
 * @returns float32 tensors by name; counters, which are integers, are left out
 * @throws Error saying what was found
 */
export function readTorchTensors(bytes: Uint8Array): Map<string, TorchTensor> {
  const reader = new Reader(bytes);
  const [magic, version] = [unpickle(reader), unpickle(reader)];
  if (magic !== magicNumber || version !== protocolVersion)
    throw new Error('it is not a file of torch.save before 1.6');
  const sizes = unpickle(reader);
  if (!(sizes instanceof Map) || sizes.get('little_endian') !== true)
    throw new Error('its numbers are not little-endian');
  const state = unpickle(reader);
  const keys = unpickle(reader);
  if (!(state instanceof Map) || !Array.isArray(keys)) throw new Error('it contains no state_dict');
  const storages = new Map<unknown, Float32Array | undefined>();
  const kinds = new Map(
    [...state.values()].flatMap((each) => (each instanceof Lazy ? [[each.storage.key, each]] : [])),
  );
  for (const key of keys as readonly unknown[]) {
    const length = Number(reader.view.getBigInt64(reader.skip(8), true));
    const kind = kinds.get(String(key))?.storage;
    if (kind?.length !== length)
      throw new Error(`storage ${String(key)} has ${length} numbers, expected another count`);
    const from = reader.skip(length * kind.bytes);
    storages.set(
      key,
      kind.bytes === 4
        ? Float32Array.from({ length }, (_, k) => reader.view.getFloat32(from + 4 * k, true))
        : undefined,
    );
  }
  const tensors = new Map<string, TorchTensor>();
  for (const [name, lazy] of state) {
    if (typeof name !== 'string' || !(lazy instanceof Lazy))
      throw new Error('it contains something other than tensors');
    const values = storages.get(lazy.storage.key);
    if (lazy.storage.bytes === 4) tensors.set(name, lazy.tensor(values));
  }
  return tensors;
}

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

/** Supported storages, and the size of their numbers [byte]. */
const storageBytes: Readonly<Record<string, 4 | 8>> = { 'torch FloatStorage': 4, 'torch LongStorage': 8 };

interface Storage {
  readonly key: string;
  readonly bytes: 4 | 8;
  readonly length: number;
}

/** A tensor whose numbers come later in the file. */
class Lazy {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}

  tensor(values: Float32Array | undefined): TorchTensor {
    const { shape, strides, offset } = this;
    const count = shape.reduce((product, each) => product * each, 1);
    const last = shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis], offset);
    if (values === undefined || count === 0 || last >= values.length || shape.length !== strides.length) {
      throw new Error(`a tensor of ${shape.join(' × ')} does not fit its storage`);
    }
    const own = new Float32Array(count);
    // Converted weights may have their axes in another order.
    const place = Array<number>(shape.length).fill(0);
    for (let k = 0, from = offset; k < count; k++) {
      own[k] = values[from];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++place[axis] < shape[axis]) break;
        from -= shape[axis] * strides[axis];
        place[axis] = 0;
      }
    }
    return { shape, values: own };
  }
}

class Reader {
  readonly view: DataView;
  #at = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = viewOf(bytes);
  }

  /** Skips bytes; returns their offset. */
  skip(length: number): number {
    const from = this.#at;
    if (from + length > this.bytes.length) throw new Error('it is cut off');
    this.#at += length;
    return from;
  }

  text(length: number): string {
    const from = this.skip(length);
    return Buffer.from(this.bytes.subarray(from, from + length)).toString('utf8');
  }

  line(): string {
    const end = this.bytes.indexOf(10, this.#at);
    const text = this.text((end < 0 ? this.bytes.length : end) - this.#at);
    this.skip(1);
    return text;
  }

  number(bytes: 1 | 2 | 4): number {
    const at = this.skip(bytes);
    if (bytes === 1) return this.view.getUint8(at);
    return bytes === 2 ? this.view.getUint16(at, true) : this.view.getInt32(at, true);
  }

  long(): number | bigint {
    const length = this.number(1);
    const from = this.skip(length);
    let value = 0n;
    for (let k = length - 1; k >= 0; k--) value = (value << 8n) | BigInt(this.bytes[from + k]);
    value = BigInt.asIntN(8 * length, value);
    return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
  }
}

/** A Python function, by name. */
class Callable {
  constructor(readonly name: string) {}
}

const mark = Symbol('mark');

// Instructions of pickle protocol 2 by opcode (Python's pickletools).
function unpickle(reader: Reader): unknown {
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  const fromMark = (): unknown[] => {
    const from = stack.lastIndexOf(mark);
    if (from < 0) throw new Error('its pickle is damaged');
    return stack.splice(from).slice(1);
  };
  const set = (pairs: readonly unknown[]): void => {
    const table = stack.at(-1);
    if (!(table instanceof Map)) throw new Error('its pickle is damaged');
    for (let k = 0; k + 1 < pairs.length; k += 2) table.set(pairs[k], pairs[k + 1]);
  };
  const append = (items: readonly unknown[]): void => {
    const list = stack.at(-1);
    if (!Array.isArray(list)) throw new Error('its pickle is damaged');
    list.push(...items);
  };
  const instructions: Readonly<Partial<Record<string, () => void>>> = {
    '\x80': () => void reader.number(1), // PROTO
    '\x8a': () => void stack.push(reader.long()), // LONG1
    '}': () => void stack.push(new Map()),
    ']': () => void stack.push([]),
    ')': () => void stack.push([]),
    '(': () => void stack.push(mark),
    N: () => void stack.push(undefined),
    '\x88': () => void stack.push(true),
    '\x89': () => void stack.push(false),
    J: () => void stack.push(reader.number(4)),
    K: () => void stack.push(reader.number(1)),
    M: () => void stack.push(reader.number(2)),
    X: () => void stack.push(reader.text(reader.number(4))),
    q: () => void memo.set(reader.number(1), stack.at(-1)),
    r: () => void memo.set(reader.number(4), stack.at(-1)),
    h: () => void stack.push(memo.get(reader.number(1))),
    j: () => void stack.push(memo.get(reader.number(4))),
    t: () => void stack.push(fromMark()),
    '\x85': () => void stack.push(stack.splice(-1)),
    '\x86': () => void stack.push(stack.splice(-2)),
    e: () => {
      append(fromMark());
    },
    s: () => {
      set(stack.splice(-2));
    },
    u: () => {
      set(fromMark());
    },
    // BUILD sets attributes of an object; here they are only versions of modules.
    b: () => void stack.pop(),
    c: () => void stack.push(new Callable(`${reader.line()} ${reader.line()}`)),
    R: () => {
      const [callable, args] = stack.splice(-2);
      stack.push(call(callable, args));
    },
    Q: () => void stack.push(storageOf(stack.pop())),
  };
  for (;;) {
    const code = String.fromCharCode(reader.number(1));
    if (code === '.') return stack.pop();
    const instruction = instructions[code];
    if (instruction === undefined)
      throw new Error(`its pickle has the instruction ${quoted(code)}: only tensors are allowed`);
    instruction();
  }
}

function call(callable: unknown, args: unknown): unknown {
  const name = callable instanceof Callable ? callable.name : 'something';
  const given = Array.isArray(args) ? (args as readonly unknown[]) : [];
  if (name === 'collections OrderedDict' && given.length === 0) return new Map();
  if (name !== 'torch._utils _rebuild_tensor_v2')
    throw new Error(`its pickle calls ${quoted(name)}: only tensors are allowed`);
  const [storage, offset, shape, strides] = given;
  if (!isStorage(storage) || typeof offset !== 'number' || !areNumbers(shape) || !areNumbers(strides))
    throw new Error('a tensor in it is damaged');
  return new Lazy(storage, offset, shape, strides);
}

// ('storage', kind, key, where, length, no view)
function storageOf(id: unknown): Storage {
  const [what, kind, key, , length, part] = Array.isArray(id) ? (id as readonly unknown[]) : [];
  const bytes = kind instanceof Callable ? storageBytes[kind.name] : undefined;
  if (
    what !== 'storage' ||
    bytes === undefined ||
    typeof key !== 'string' ||
    typeof length !== 'number' ||
    part !== undefined
  )
    throw new Error('a storage in it is not of float32 or int64');
  return { key, bytes, length };
}

const areNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && Number(each) >= 0);

const isStorage = (value: unknown): value is Storage => typeof value === 'object' && value !== null && 'bytes' in value;
