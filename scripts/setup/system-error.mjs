// @ts-check
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { paths } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/** @type {Record<string, (path: string) => string>} what happened and what to do, by the system's error code */
const sentences = {
  EACCES: permission,
  EPERM: permission,
  EROFS: (path) => `${path} cannot be written: its file system is read-only.\nWhat to try: clone topspark to another.`,
  ENOTDIR: notFolder,
  EEXIST: notFolder,
  EISDIR: (path) => `${path} is a folder, expected a file.\nWhat to try: move it away, then run this again.`,
  ENOSPC: (path) => `${path} cannot be written: no space is left on the disk.\n${freeSpace}`,
  EDQUOT: (path) => `${path} cannot be written: your quota of the disk is used up.\n${freeSpace}`,
  EMFILE: (path) => `${path} cannot be opened: too many files are open.\nWhat to try: raise \`ulimit -n\`.`,
  ENFILE: (path) =>
    `${path} cannot be opened: too many files are open on this machine.\nWhat to try: end other programs.`,
  ENAMETOOLONG: (path) => `${path}: this name is too long.\nWhat to try: clone topspark to a folder nearer to /.`,
};

const freeSpace = 'What to try: free some, then run this again; `npm run setup` goes on where it was.';

/**
 * @param {unknown} error
 * @returns {SetupError | undefined} a system error in words: a full disk, a folder without permission; undefined for
 *   other errors
 */
export function explain(error) {
  const { code, path, message } = /** @type {NodeJS.ErrnoException} */ (error);
  const sentence = code === undefined ? undefined : sentences[code];
  return sentence === undefined ? undefined : new SetupError(`${sentence(path ?? paths.root)}\n(${message})`);
}

/** @param {string} path */
function permission(path) {
  const there = nearest(path);
  const { uid } = statSync(there);
  const own = process.getuid?.();
  return own === uid || own === undefined
    ? `${path} cannot be written: you may not write to ${there}.\nWhat to try: \`chmod u+w '${there}'\`.`
    : `${path} cannot be written: ${there} belongs to the user with number ${uid}, and this is ${own}.\n` +
        `What to try: run this as that user, or \`sudo chown -R ${own} '${paths.root}'\` if an earlier set-up ran as another.`;
}

/** @param {string} path */
function notFolder(path) {
  return `${path} cannot be made: ${nearest(path)} is no folder, expected one.\nWhat to try: move it away, then run this again.`;
}

/**
 * @param {string} path
 * @returns {string} the path itself or the folder above it that exists
 */
function nearest(path) {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}
