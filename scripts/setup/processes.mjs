// @ts-check
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Identifies a process, also against a later one with the same number.
 * @typedef {object} ProcessName
 * @property {number} pid
 * @property {string} [begun] - start time in the kernel's clock ticks; absent without /proc
 */

/**
 * @param {number} pid
 * @returns {ProcessName | undefined} undefined if there is no such process, or only a zombie
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

/** @returns {string} the scope of process numbers: this boot of this machine, and the PID namespace of the container */
export function placeOfProcesses() {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/**
 * Kills a process and all its descendants, whether or not they are in its process group.
 * @param {number} pid
 */
export function killTree(pid) {
  for (const each of [pid, ...descendantsOf(pid)]) kill(each, 'SIGKILL');
}

/**
 * @param {number} pid - negative: a process group
 * @param {NodeJS.Signals} signal
 */
export function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already ended.
  }
}

/**
 * @param {number} pid
 * @returns {number[]} all its descendants; none without /proc
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
