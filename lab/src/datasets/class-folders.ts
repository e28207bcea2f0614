import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, TopsparkError } from 'topspark/base/errors.js';

/** A file of a data set and the index of its class. */
export interface NamedFile {
  readonly file: string;
  readonly label: number;
}

/** Files that the folder of a class holds, and how errors describe them. */
export interface FolderContent {
  /** Names of its files. */
  readonly pattern: RegExp;
  /** One such file in words, such as `picture`. */
  readonly one: string;
  /** Names of the files in words, such as `*.jpg or *.png`. */
  readonly names: string;
  /** Where the folders of a part are, in words. */
  readonly layout: string;
  /** Error code for any other file. */
  readonly fault: string;
}

/**
 * Lists the files of a part by class, classes and files in order of name. Hidden files are left out.
 *
 * @param folder - contains one folder per class
 * @throws {@link TopsparkError} `dataset_empty`, `file_unreadable`, or the code of the content
 */
export function listClasses(folder: string, content: FolderContent): Map<string, readonly string[]> {
  const { pattern, one, names, layout } = content;
  const classes = visible(folder).map((name): [string, readonly string[]] => {
    const path = join(folder, name);
    if (!isFolder(path)) throw fault(content.fault, `${path} is in no class, expected ${join(folder, 'CLASS', name)}`);
    const files = visible(path).map((file) => join(path, file));
    const other = files.find((file) => !pattern.test(file));
    if (other !== undefined) throw fault(content.fault, `${other} is no ${one}, expected ${names}`);
    if (files.length > 0) return [name, files];
    throw fault('dataset_empty', `${path} holds no ${one}, expected at least one ${names}`);
  });
  if (classes.length === 0) throw fault('dataset_empty', `${folder} holds no class, expected ${layout}`);
  return new Map(classes);
}

/** Files of all classes, evenly mixed: file k of the n files of a class is at (k + 1/2) / n of the part. */
export function spreadClasses(
  classes: ReadonlyMap<string, readonly string[]> | undefined,
  names: readonly string[],
): NamedFile[] {
  const placed = [...(classes ?? [])].flatMap(([name, files]) =>
    files.map((file, k) => ({ file, label: names.indexOf(name), place: (k + 0.5) / files.length })),
  );
  return placed.sort((a, b) => a.place - b.place || a.label - b.label);
}

function visible(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (cause) {
    throw new TopsparkError('file_unreadable', 'data', `${folder} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Whether a path is a folder. */
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

const fault = (code: string, message: string): TopsparkError => new TopsparkError(code, 'data', message);
