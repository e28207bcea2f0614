import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { reasonOf, TopsparkError } from '../base/errors.js';
import { readSmallText } from '../base/regular-file.js';

/** Files that together are a bag, in the order of the recording. */
export interface BagPaths {
  readonly files: readonly string[];
  /** Types of topics from `metadata.yaml`. */
  readonly types: ReadonlyMap<string, string>;
  /** What is missing, one sentence each. */
  readonly problems: readonly string[];
}

/** Endings of bag files. Files with a zstd ending are compressed whole (`compression_mode: file`). */
const endings = ['.mcap', '.db3', '.mcap.zstd', '.db3.zstd', '.mcap.zst', '.db3.zst'];
const isBagFile = (path: string): boolean => endings.some((ending) => path.endsWith(ending));

/** Whether a path is a bag: a file with such an ending, or a folder with such files. */
export function isBag(path: string): boolean {
  if (isBagFile(path)) return true;
  try {
    return readdirSync(path).some(isBagFile);
  } catch {
    return false;
  }
}

/**
 * Finds the files of a bag.
 *
 * @param paths - files and folders. A folder with a `metadata.yaml` gives the files listed there; another folder gives
 *   all its bag files, by name
 * @throws {@link TopsparkError} `bag_unreadable` for a folder without any
 */
export function bagPaths(paths: readonly string[]): BagPaths {
  const found = paths.map(pathsIn);
  const files = found.flatMap((each) => each.files);
  return {
    files: files.filter((file, index) => files.indexOf(file) === index),
    types: new Map(found.flatMap(({ types }) => [...types])),
    problems: found.flatMap(({ problems }) => problems),
  };
}

function pathsIn(path: string): BagPaths {
  if (!isFolder(path)) return { files: [path], types: new Map(), problems: [] };
  const metadata = existsSync(join(path, 'metadata.yaml')) ? readMetadata(join(path, 'metadata.yaml')) : undefined;
  const there = filesIn(path);
  const named = metadata?.files.map((name) => join(path, name)) ?? [];
  const missing = named.filter((file) => !existsSync(file));
  const files = named.filter((file) => !missing.includes(file));
  const problems = [
    ...(metadata?.problems ?? []),
    ...missing.map((file) => `${file} is missing: metadata.yaml names it`),
  ];
  const types = metadata?.types ?? new Map<string, string>();
  // An unfinished recording lists no files, or nothing at all.
  if (files.length > 0) return { files, types, problems: [...problems, ...unnamed(there, named)] };
  if (there.length > 0) return { files: there, types, problems };
  const expected = `expected ${path} to have a file that ends in ${endings.slice(0, 4).join(', ')}`;
  const why = problems.length > 0 ? `${problems.join('; ')}; ` : '';
  throw new TopsparkError('bag_unreadable', 'data', `the bag cannot be read: ${why}${expected}, and it has none`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

// Numbers in names count as numbers: bag_2 comes before bag_10. A compressed file is skipped where its decompressed
// copy exists.
function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter(isBagFile);
  const order = new Intl.Collator('en', { numeric: true }).compare;
  return names
    .filter((name) => !names.includes(unpackedName(name)) || unpackedName(name) === name)
    .sort(order)
    .map((name) => join(folder, name));
}

const unpackedName = (name: string): string => name.replace(/\.zstd?$/, '');

// A player leaves decompressed files beside compressed ones.
function unnamed(there: readonly string[], named: readonly string[]): string[] {
  const known = new Set(named.flatMap((file) => [file, unpackedName(file)]));
  return there
    .filter((file) => !known.has(file))
    .map((file) => `${file} is left out: metadata.yaml does not list it; give its own path to read it`);
}

interface Metadata {
  readonly files: readonly string[];
  readonly types: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

// Reads a recorder's `metadata.yaml`, of any version; unexpected parts are ignored.
function readMetadata(path: string): Metadata {
  const types = new Map<string, string>();
  try {
    const root: unknown = parse(readSmallText(path), { maxAliasCount: 0 });
    const about = at(root, 'rosbag2_bagfile_information');
    for (const each of listOf(at(about, 'topics_with_message_count'))) {
      const [name, type] = ['name', 'type'].map((key) => at(at(each, 'topic_metadata'), key));
      if (typeof name === 'string' && typeof type === 'string') types.set(name, type);
    }
    // Older recorders put the name of the folder in front of each.
    const files = listOf(at(about, 'relative_file_paths')).filter((each) => typeof each === 'string');
    return { files: files.map((each) => basename(each)), types, problems: [] };
  } catch (error) {
    const [why] = reasonOf(error).split('\n', 1);
    return { files: [], types, problems: [`${path} cannot be read, so the files beside it are read by name: ${why}`] };
  }
}

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
