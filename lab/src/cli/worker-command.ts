import { Command } from 'commander';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { printable } from 'topspark/base/quoted.js';
import { buildIdentity } from '../jobs/build-identity.js';
import { number } from 'topspark/cli/options.js';

interface Flags {
  readonly queue: string;
  readonly workers?: number;
  readonly dataDir?: string;
  readonly lease: number;
  readonly patience: number;
  readonly idle: number;
  readonly json?: true;
}

const help = `
A worker takes only jobs of its own version, so that results do not depend on who computed them. A password may stand in the
address or in TOPSPARK_QUEUE_PASSWORD. SIGINT and SIGTERM let it finish the jobs in hand; a second one does not.

Example:
  $ npx topspark worker --queue redis://queue.example:6379 --idle 60
`;

/** `topspark worker`: computes the runs that others put into a queue. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('Take runs of a queue (Valkey or Redis) that profile or reproduce put there. Any number, anywhere.')
    .requiredOption('--queue <url>', 'redis://HOST[:PORT], or rediss:// over TLS')
    .option('--workers <n>', 'threads (default: as many as this machine can run at once)', number)
    .option('--data-dir <folder>', 'where the files of the data sets lie, if not in the usual place')
    .option('--lease <s>', 'time without a sign of life after which a job is given to another worker', number, 30)
    .option('--patience <s>', 'how long the server may be away', number, 60)
    .option('--idle <s>', 'end after this time without a job; 0: never', number, 0)
    .option('--json', 'print one JSON object at the end and nothing else on standard output')
    .addHelpText('after', help)
    .action(work);
}

async function work(flags: Flags): Promise<void> {
  const { queue, workers, dataDir, lease, patience, idle } = flags;
  if (workers !== undefined) checkInteger('--workers', workers, 1, 1024);
  checkNumber('--lease', lease, 1, 86_400);
  checkNumber('--patience', patience, 0, 86_400);
  checkNumber('--idle', idle, 0, 1e6);
  const end = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (end.signal.aborted) {
      // Not process.exit: it waits for threads, and one may be blocked in a system call.
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.stderr.write(`${signal}: finish the jobs in hand; a second signal ends them\n`);
    end.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Loaded here, since all other commands run without a queue.
  const { workQueue } = await import('../jobs/queue-worker.js');
  const jobs = await workQueue({
    ...{ queue, lease, patience, idle, signal: end.signal },
    ...(workers !== undefined && { workers }),
    ...(dataDir !== undefined && { dataDir }),
    onStart: (address, threads) => {
      process.stderr.write(`${threads} threads take jobs of ${address}, program ${buildIdentity().slice(0, 16)}\n`);
    },
    onJob: (id, kind, seconds) => {
      process.stderr.write(`${printable(`${kind} ${id.slice(0, 12)}`)} ${seconds.toFixed(1)} s\n`);
    },
    onFailure: (id, kind, sentence) => {
      process.stderr.write(`${printable(`${kind} ${id.slice(0, 12)} ${sentence}`)}\n`);
    },
  });
  process.stdout.write(flags.json ? `${JSON.stringify({ jobs })}\n` : `${jobs} jobs done\n`);
}
