import pc from 'picocolors';
import { Progress } from 'topspark/cli/progress.js';
import { WatchedFuzz } from '../fuzz/watched.js';
import type { Account, Share } from './account.js';

/** Options of `bench fuzz --order`. */
export interface OrderFlags {
  /** Sensors, or several joined by `+`, the primary first. */
  readonly names: readonly string[];
  readonly messages: number;
  readonly seed: number;
  readonly ros?: true;
  /** With `ros`: messages per second [1/s]. */
  readonly rate: number;
  readonly json?: true;
}

/** `topspark bench fuzz --order`: sends traffic, accounts for it and prints the result. */
export async function orderBench({ names, messages, seed, ros, rate, json }: OrderFlags): Promise<void> {
  const bar = new Progress('fuzz', names.length * messages, process.stderr);
  const advance = bar.advance.bind(bar);
  const accounts: [string, Account][] = [];
  const thread = ros ? undefined : new WatchedFuzz();
  try {
    for (const name of names) {
      const task = { sensors: name.split('+'), messages, seed };
      const account = thread
        ? await thread.run(task, advance)
        : await (await import('./order-over-ros.js')).fuzzOrderOverRos(task, rate, advance);
      accounts.push([name, account]);
    }
  } finally {
    bar.end();
    await thread?.end();
  }
  const result = { seed, over: ros ? 'ros' : 'process', sensors: Object.fromEntries(accounts) };
  process.stdout.write(
    json ? `${JSON.stringify(result)}\n` : accounts.map(([name, each]) => describe(name, each)).join(''),
  );
  if (accounts.some(([, each]) => wrong(each))) process.exitCode = 1;
}

const wrong = ({ unaccounted, labels, crashes, differentFromReplay }: Account): boolean =>
  unaccounted !== 0 || labels.unaccounted !== 0 || crashes + differentFromReplay > 0;

function describe(name: string, account: Account): string {
  const { labels, causes, crashes, firstCrash, differentFromReplay } = account;
  const line = (what: string, { taken, used, counted, waiting, unaccounted }: Share): string =>
    `  ${what.padEnd(9)} ${taken} taken, ${used} used, ${counted} counted, ${waiting} waiting, ${unaccounted} unaccounted`;
  const counts = Object.entries(causes).sort(([, a], [, b]) => b - a);
  const verdict = `${crashes} crashes, ${differentFromReplay} lives unlike their replay`;
  return [
    pc.bold(name),
    line('messages', account),
    line('labels', labels),
    ...counts.map(([cause, count]) => `  ${String(count).padStart(8)}  ${cause}`),
    `  ${wrong(account) ? pc.red(verdict) : pc.green(verdict)}`,
    ...(firstCrash === '' ? [] : [`  ${firstCrash}`]),
    '',
  ].join('\n');
}
