import pc from 'picocolors';
import { printable } from '../base/quoted.js';
import { percent } from '../base/units.js';

/** Content of the screen. */
export interface TeachView {
  readonly node: string;
  /** Name of the energy mode; empty: not received yet. */
  readonly mode: string;
  readonly accuracy: { readonly value: number; readonly low: number; readonly high: number };
  readonly classes: readonly { readonly name: string; readonly labels: number; readonly neurons: number }[];
  /** The last answer (empty: none), and the share of each class in all votes, by name, 0..1. */
  readonly answer: string;
  readonly shares: ReadonlyMap<string, number>;
  /** The class being taught; empty: none. */
  readonly teaching: string;
  /** The name being typed; `undefined`: none. */
  readonly typed: string | undefined;
  /** Result of the last action. */
  readonly said: string;
}

const barWidth = 24;

/** Lines of the screen, none wider than the terminal. */
export function teachLines(view: TeachView, columns: number): string[] {
  const { accuracy, answer, teaching, typed } = view;
  const known = Number.isFinite(accuracy.value)
    ? `accuracy ${percent(accuracy.value)} (${percent(accuracy.low)} … ${percent(accuracy.high)})`
    : 'accuracy unknown: teaching does not show how often answers are right';
  const shown = view.classes.slice(0, 40);
  const width = Math.min(24, Math.max(5, ...shown.map(({ name }) => Array.from(printable(name)).length)));
  const rows = shown.map(({ name, labels, neurons }, at) => {
    const share = view.shares.get(name) ?? 0;
    const bar = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '·');
    const key = at < 9 ? String(at + 1) : ' ';
    const label = Array.from(printable(name)).slice(0, width).join('').padEnd(width);
    const marked = name === teaching ? pc.green(label) : name === answer ? pc.bold(label) : label;
    return ` ${key}  ${marked}  ${bar} ${percent(share).padStart(7)}  ${String(labels).padStart(5)} labels ${String(neurons).padStart(5)} neurons`;
  });
  const doing =
    typed !== undefined
      ? `new name: ${printable(typed)}▏ (Enter teaches it, Esc cancels)`
      : teaching === ''
        ? printable(view.said)
        : pc.green(`teaching ${printable(teaching)} …`);
  return [
    `${pc.bold(view.node)}  ${view.mode}  ${known}`,
    `answer  ${answer === '' ? '(none)' : pc.bold(printable(answer))}`,
    '',
    ...(rows.length > 0 ? rows : ['  nothing is known yet: / and a name teaches the first class']),
    '',
    doing,
    pc.dim('hold 1–9: teach   /: new name   u: undo the last   q: quit'),
  ].map((line) => cut(line, columns));
}

// Colour codes have no width.
function cut(line: string, columns: number): string {
  let room = columns;
  // eslint-disable-next-line no-control-regex -- colours are escape sequences
  return line.replace(/\u001b\[[0-9;]*m|./gu, (each) =>
    each.length > 1 && each.startsWith('\u001b') ? each : room-- > 0 ? each : '',
  );
}
