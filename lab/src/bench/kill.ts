import { Command } from 'commander';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { number } from 'topspark/cli/options.js';
import { Progress } from 'topspark/cli/progress.js';
import type { KillResult } from './kill/run-kills.js';

interface KillFlags {
  readonly kills: number;
  readonly seed: number;
  readonly neurons: number;
  readonly interval: number;
  readonly cutEvery: number;
  readonly json?: true;
}

/** `topspark bench kill`: power failures while the node learns and while it saves. */
export function killBench(): Command {
  return new Command('kill')
    .description(
      'Kill a process that learns (SIGKILL), again and again; check what each restart restores. Needs no ROS.',
    )
    .option('--kills <n>', 'how often', number, 500)
    .option('--seed <n>', 'decides when the process is killed', number, 1)
    .option('--neurons <N>', 'excitatory neurons, 10..6400', number, 400)
    .option('--interval <s>', 'time between checkpoints [s]', number, 0.5)
    .option('--cut-every <n>', 'cut the newest checkpoint before every n-th restart; 0: never', number, 20)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', '\nExample:\n  $ npx topspark bench kill --kills 50 --json\n')
    .action(async (flags: KillFlags) => {
      const { kills, seed, neurons, interval, cutEvery } = flags;
      checkInteger('--kills', kills, 1, 1e6);
      checkInteger('--seed', seed, 0, Number.MAX_SAFE_INTEGER);
      checkInteger('--neurons', neurons, 10, 6400);
      checkInteger('--cut-every', cutEvery, 0, 1e6);
      checkNumber('--interval', interval, 0.1, 3600);
      const { runKills } = await import('./kill/run-kills.js');
      const bar = new Progress('bench kill', kills + 1, process.stderr);
      const result = await runKills({ kills, seed, neurons, interval, cutEvery }, (done) => {
        bar.advance(done);
      });
      bar.end();
      process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
    });
}

function describe(result: KillResult): string {
  const { kills, killsWhileSaving, restored, anew, cut, refused } = result;
  return [
    `${kills} kills, ${killsWhileSaving} of them while a save was under way; the life came to ${result.samples} samples`,
    `restarts                  ${restored} restored a state, ${anew} started from scratch`,
    `checkpoints cut           ${cut} on purpose, ${refused} refused`,
    `corrupt states accepted   ${result.corruptAccepted}`,
    `finished saves lost       ${result.checkpointsLost}`,
    `most that was lost        ${result.maxIntervalsLost.toFixed(2)} checkpoint intervals`,
    '',
  ].join('\n');
}
