import { Command, Option } from 'commander';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { timedPolicies } from 'topspark/timestep/policy/timed-policy.js';
import { number } from 'topspark/cli/options.js';
import type { LatencySpread } from './asked-state.js';
import type { OverloadOptions, OverloadResult } from './overload/overload-run.js';

/** `topspark bench overload`: more images than a node can decide. */
export function overloadBench(): Command {
  return new Command('overload')
    .description(
      'Send a learning node more images than it can decide and ask for its state all the while. Needs a sourced ROS 2.',
    )
    .addOption(new Option('--policy <name>', 'how samples are presented').choices(timedPolicies).default('rate'))
    .option('--neurons <n>', 'excitatory neurons of the node', number, 6400)
    .option('--timesteps <t>', 'timesteps of a sample', number, 350)
    .option('--factor <f>', 'images sent, of those that it can decide', number, 5)
    .option('--seconds <s>', 'how long', number, 60)
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', '\nExample:\n  $ npx topspark bench overload --neurons 1600 --seconds 10 --json\n')
    .action(run);
}

async function run(flags: OverloadOptions & { readonly json?: true }): Promise<void> {
  const { policy, neurons, timesteps, factor, seconds, json } = flags;
  checkInteger('--neurons', neurons, 10, 6400);
  checkInteger('--timesteps', timesteps, 1, 1000);
  checkNumber('--factor', factor, 0.1, 100);
  checkNumber('--seconds', seconds, 1, 86_400);
  // Loaded here, since other commands run without ROS.
  const { overload } = await import('./overload/overload-run.js');
  const result = await overload({ policy, neurons, timesteps, factor, seconds });
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : describe(result));
}

function describe(result: OverloadResult): string {
  const { policy, neurons, timesteps, factor, seconds, capacity, sent, taken, decided, busy } = result;
  const line = (name: string, { p50, p99, max }: LatencySpread): string => {
    const [half, most, worst] = [p50, p99, max].map((time) => `${(1000 * time).toFixed(1)} ms`);
    return `${name.padEnd(24)}p50 ${half}  p99 ${most}  max ${worst}`;
  };
  return [
    `${policy}, ${neurons} neurons, T = ${timesteps}, learning: ${capacity.toFixed(0)} decisions a second`,
    `${sent} images in ${seconds} s, ${factor} times as many: ${taken} taken, ${decided} decided, ${busy} replaced by newer ones`,
    line('taken to decided', result.latency),
    line('get_state, idle', result.idleAnswer),
    line('get_state, under load', result.answer),
    '',
  ].join('\n');
}
