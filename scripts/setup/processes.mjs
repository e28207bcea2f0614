// @ts-check
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Tells one process from every other one, also from a later one with the same number.
 * @typedef {object} ProcessName
 * @property {number} pid
 * @property {string} [begun] - when it began, in the kernel's ticks; absent where there is no /proc
 */

/**
 * @param {number} pid
 * @returns {ProcessName | undefined} undefined where there is no such process, or only what its parent has not yet noticed
 */
export function nameOfProcess(pid) {
  const stat = statOf(pid);
  if (stat !== undefined) return stat.state === 'Z' ? undefined : { pid, begun: stat.begun };
  if (hasProc()) return undefined;
  return answers(pid) ? { pid } : undefined;
}

/**
 * @param {ProcessName} name
 * @returns {boolean} whether that very process still runs
 */
export function stillRuns(name) {
  const now = nameOfProcess(name.pid);
  return now !== undefined && now.begun === name.begun;
}

/** @returns {string} where process numbers mean the same: this boot of this machine, and its containers' own count */
export function placeOfProcesses() {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/**
 * Ends a process and all that it started, at once, whether or not they are in its group.
 * @param {number} pid
 */
export function killTree(pid) {
  for (const each of [pid, ...descendantsOf(pid)]) kill(each, 'SIGKILL');
}

/**
 * @param {number} pid - negative: a group
 * @param {NodeJS.Signals} signal
 */
export function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * @param {number} pid
 * @returns {number[]} all processes that it started and that these started; none where there is no /proc
 */
function descendantsOf(pid) {
  if (!hasProc()) return [];
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  /** @type {(each: number) => number[]} */
  const below = (each) => (children.get(each) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/**
 * @param {number} pid
 * @returns {{ state: string, parent: number, begun: string } | undefined}
 */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, and may hold anything. See proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', parent: Number(fields[1]), begun: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function hasProc() {
  return statOf(process.pid) !== undefined;
}

/** @param {number} pid */
function answers(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
