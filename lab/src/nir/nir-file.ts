import type { Dataset, Entity, File, Group } from 'h5wasm';
import { reasonOf, TopsparkError } from 'topspark/base/errors.js';
import { quoted } from 'topspark/base/quoted.js';
import { nirVersion, type NirArray, type NirGraph, type NirNode } from './nir-graph.js';

// A graph as HDF5, in the layout of `nir.write`: the texts `version` and `node/type`, a group in `node/nodes` for each
// node, the pairs in `node/edges`, and `node/metadata`. The library works on files in its own memory. The caller reads
// and writes the disk.

/** Maximum count of numbers read from a file: twice that of 6400 neurons with 16,384 inputs and their inhibition. */
const mostNumbers = 300_000_000;

/** First bytes of an HDF5 file. */
const signature = Buffer.from('89484446', 'hex');

/** A graph that was read, and the version of NIR in its file. */
export interface NirFile {
  readonly version: string;
  readonly graph: NirGraph;
}

/**
 * Encodes a graph as the bytes of a file.
 *
 * @throws TopsparkError `hdf5_missing` where h5wasm is not installed
 */
export async function encodeNir(graph: NirGraph): Promise<Uint8Array> {
  return withFile('w', undefined, (file) => {
    text(file, 'version', nirVersion);
    const root = file.create_group('node');
    text(root, 'type', 'NIRGraph');
    root.create_dataset({ name: 'edges', data: graph.edges.flat(), shape: [graph.edges.length, 2], dtype: 'S' });
    const nodes = root.create_group('nodes');
    for (const [name, { type, parameters }] of Object.entries(graph.nodes)) {
      const node = nodes.create_group(name);
      text(node, 'type', type);
      for (const [parameter, array] of Object.entries(parameters)) numbers(node, parameter, array);
    }
    const metadata = root.create_group('metadata');
    for (const [name, value] of Object.entries(graph.metadata)) {
      if (typeof value === 'string') text(metadata, name, value);
      else metadata.create_dataset({ name, data: value, shape: [], dtype: Number.isInteger(value) ? '<q' : '<d' });
    }
  });
}

/**
 * Reads a graph of NIR 1.
 *
 * @param where - name of the file, for the error's sentence
 * @throws TopsparkError `nir_broken` where the file is not HDF5, cut off, damaged or not a graph; `nir_version`;
 *   `hdf5_missing`
 */
export async function decodeNir(bytes: Uint8Array, where: string): Promise<NirFile> {
  if (!signature.equals(bytes.subarray(0, signature.length))) throw broken(where, 'is no HDF5 file');
  let found: NirFile | undefined;
  try {
    await withFile('r', bytes, (file) => {
      found = readGraph(file, where);
    });
  } catch (error) {
    if (error instanceof TopsparkError) throw error;
    // The library's message is only a stack of its own functions.
    throw broken(where, 'is cut off or damaged', error);
  }
  return found ?? expectGraph(where);
}

function readGraph(file: Group, where: string): NirFile {
  const version = words(file.get('version'), where, 'version');
  if (!/^1(\.|$)/.test(version)) {
    const message = `${where} is of version ${quoted(version)} of NIR, expected 1, such as ${nirVersion}`;
    throw new TopsparkError('nir_version', 'data', message);
  }
  const root = group(file.get('node'), where, 'node');
  const type = words(root.get('type'), where, 'node/type');
  if (type !== 'NIRGraph') throw broken(where, `holds the node ${quoted(type)} alone, expected a NIRGraph`);
  const budget = { left: mostNumbers };
  const listed = group(root.get('nodes'), where, 'node/nodes');
  const nodes = listed.keys().map((name): [string, NirNode] => {
    const place = `node/nodes/${name}`;
    const node = group(listed.get(name), where, place);
    const parameters = node.keys().flatMap((parameter): [string, NirArray][] => {
      const entity = node.get(parameter);
      // Texts, subgraphs and metadata of a node are not compared.
      const array = entity && isDataset(entity) ? arrayOf(entity, budget, where) : undefined;
      return array ? [[parameter, array]] : [];
    });
    return [
      name,
      { type: words(node.get('type'), where, `${place}/type`), parameters: Object.fromEntries(parameters) },
    ];
  });
  const pairs = dataset(root.get('edges'), where, 'node/edges');
  const names = strings(pairs, where, 'node/edges');
  if (pairs.shape?.length !== 2 || pairs.shape[1] !== 2) throw broken(where, 'has edges that are no pairs of names');
  const edges = Array.from({ length: names.length / 2 }, (_, k) => [names[2 * k], names[2 * k + 1]] as const);
  return { version, graph: { nodes: Object.fromEntries(nodes), edges, metadata: metadataOf(root.get('metadata')) } };
}

function metadataOf(found: Entity | null): NirGraph['metadata'] {
  if (!found || !isGroup(found)) return {};
  const known = found.keys().flatMap((name): [string, string | number][] => {
    const entity = found.get(name);
    const value = entity && isDataset(entity) && entity.shape?.length === 0 ? entity.value : undefined;
    const plain = typeof value === 'bigint' ? Number(value) : value;
    return typeof plain === 'string' || typeof plain === 'number' ? [[name, plain]] : [];
  });
  return Object.fromEntries(known);
}

/** Numbers in one of the types that we write; `undefined`: it has no numbers. */
function arrayOf(found: Dataset, budget: { left: number }, where: string): NirArray | undefined {
  const shape = found.shape ?? [];
  budget.left -= shape.reduce((product, size) => product * size, 1);
  if (!(budget.left >= 0)) throw broken(where, `holds more than ${mostNumbers} numbers`);
  const { value } = found;
  if (value instanceof BigInt64Array || value instanceof Float32Array) return { shape, data: value };
  if (typeof value === 'number') return { shape, data: Float32Array.of(value) };
  if (typeof value === 'bigint') return { shape, data: BigInt64Array.of(value) };
  if (!ArrayBuffer.isView(value) || value instanceof BigUint64Array) return undefined;
  return { shape, data: Float32Array.from(value) };
}

// These functions return what is there, or throw a sentence about what is missing.
function group(found: Entity | null, where: string, name: string): Group {
  return found && isGroup(found) ? found : missing(where, name, 'a group');
}

function dataset(found: Entity | null, where: string, name: string): Dataset {
  return found && isDataset(found) ? found : missing(where, name, 'a data set');
}

function words(found: Entity | null, where: string, name: string): string {
  const { value } = dataset(found, where, name);
  return typeof value === 'string' ? value : missing(where, name, 'a text');
}

function strings(found: Dataset, where: string, name: string): readonly string[] {
  const { value } = found;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  return missing(where, name, 'texts');
}

// The classes of the library are known only once it is loaded, so `instanceof` cannot be used.
const isGroup = (entity: Entity): entity is Group => 'keys' in entity;
const isDataset = (entity: Entity): entity is Dataset => 'slice' in entity;

function missing(where: string, name: string, expected: string): never {
  throw broken(where, `has no ${quoted(name)} that is ${expected}`);
}

function expectGraph(where: string): never {
  throw broken(where, 'holds no graph');
}

function broken(where: string, what: string, cause?: unknown): TopsparkError {
  const sentence = `${where} ${what}, expected a graph of NIR as its package \`nir\` writes it`;
  return new TopsparkError('nir_broken', 'data', sentence, { cause });
}

const text = (into: Group, name: string, value: string): unknown =>
  into.create_dataset({ name, data: value, shape: [], dtype: 'S' });

function numbers(into: Group, name: string, { shape, data }: NirArray): void {
  // Rows of inhibition are similar and most shares are 0. The lowest level compresses them; higher levels take seconds.
  const packed =
    data.length >= 1024 && ({ compression: 'gzip', compression_opts: 1, chunks: chunksOf(shape) } as const);
  into.create_dataset({ name, data, shape: [...shape], ...packed });
}

/** Chunks of whole rows, of about a megabyte. */
function chunksOf(shape: readonly number[]): number[] {
  const [rows, ...row] = shape;
  const length = row.reduce((product, size) => product * size, 1);
  return [Math.min(rows, Math.max(1, Math.floor(2 ** 18 / length))), ...row];
}

/** Opens a file in the library's memory and calls `work` with it. Returns the bytes of a written file. */
async function withFile(
  mode: 'r' | 'w',
  bytes: Uint8Array | undefined,
  work: (file: File) => void,
): Promise<Uint8Array> {
  const library = await load();
  const module = await library.ready;
  const files = module.FS;
  // Makes the library throw errors. Otherwise it writes them to standard error, and reads zeros.
  module.activate_throwing_error_handler();
  const name = 'graph.nir';
  if (bytes) files.writeFile(name, bytes);
  try {
    const file = new library.File(name, mode);
    try {
      work(file);
    } finally {
      file.close();
    }
    return mode === 'w' ? files.readFile(name) : new Uint8Array();
  } finally {
    files.unlink(name);
  }
}

async function load(): Promise<typeof import('h5wasm')> {
  try {
    return await import('h5wasm');
  } catch (cause) {
    const sentence = `h5wasm, which writes HDF5, is not installed: npm install h5wasm (${reasonOf(cause)})`;
    throw new TopsparkError('hdf5_missing', 'environment', sentence, { cause });
  }
}
