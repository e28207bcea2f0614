import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AgentStatus } from '../agent/agent-status.js';
import { text, type ParameterEntry, type ParameterValues } from '../base/parameters.js';
import { readSmallText } from '../base/regular-file.js';
import { writeDurablySync } from '../checkpoint/durable-file.js';
import type { EnergyReading } from '../energy/energy-source.js';
import { Schedule } from './schedule.js';

/** Parameters of scheduled work by wall-clock time. */
export const scheduleEntries: readonly ParameterEntry[] = [
  text('schedule.checkpoint', '', 'cron expression for more checkpoints; empty: none'),
  text('schedule.energy_log', '0 * * * *', 'cron expression for a line about energy in the log; empty: none'),
  text(
    'schedule.recalibration',
    '0 3 * * *',
    'cron expression for measuring the profile again, which also happens when charging begins; empty: neither',
  ),
  text('schedule.time_zone', 'UTC', 'time zone of the cron expressions'),
];

/** Work of the jobs, and their inputs. */
export interface ScheduledWork {
  readonly saveCheckpoint: () => void;
  readonly recalibrate: () => void;
  /** As of the last second. */
  readonly energy: () => EnergyReading;
  readonly status: () => AgentStatus;
}

const file = 'schedule.json';

/**
 * The node's scheduled work. A file beside the checkpoints stores when each job last ran, so that runs missed while the
 * robot was off are noticed.
 *
 * @param directory - folder of the checkpoints
 * @throws {@link TopsparkError} `schedule` naming parameter, expression and what is wrong with it
 */
export function nodeSchedule(
  values: ParameterValues,
  work: ScheduledWork,
  directory: string,
  logger: Logger,
): Schedule {
  const lastRuns = readLastRuns(join(directory, file));
  const store = (): void => {
    const content = Buffer.from(`${JSON.stringify(Object.fromEntries(lastRuns))}\n`);
    writeDurablySync({ directory, name: file }, [content]);
  };
  const jobs = [
    { name: 'schedule.checkpoint', run: work.saveCheckpoint, makeGood: true },
    { name: 'schedule.recalibration', run: work.recalibrate, makeGood: false },
    { name: 'schedule.energy_log', run: energyLog(work, logger), makeGood: false },
  ];
  const timed = jobs.map((job) => ({ ...job, times: values.text(job.name) }));
  const log = { info: logger.info.bind(logger), error: logger.error.bind(logger) };
  return new Schedule(timed, values.text('schedule.time_zone'), lastRuns, store, log);
}

/** Logs the energy used since the last line. */
function energyLog({ energy, status }: ScheduledWork, logger: Logger): () => void {
  let begun = performance.now();
  let before = { energy: energy(), status: status() };
  return () => {
    const now = { energy: energy(), status: status() };
    // Uses steady time, since the clock may have been set meanwhile.
    const since = new Date(Date.now() - (performance.now() - begun));
    const joules = now.energy.joules - before.energy.joules;
    const network = now.status.energyUsed - before.status.energyUsed;
    const decisions = now.status.decided - before.status.decided;
    const source = `${now.energy.measured ? 'measured' : 'estimated'} by ${now.energy.source}`;
    logger.info(
      { energy: joules, networkEnergy: network, decisions, source: now.energy.source },
      `energy since ${since.toISOString()}: ${joules.toPrecision(4)} J ${source} (${now.energy.covers}), ` +
        `the network by operations ${network.toPrecision(4)} J in ${decisions} decisions`,
    );
    begun = performance.now();
    before = now;
  };
}

function readLastRuns(path: string): Map<string, string> {
  try {
    const found: unknown = JSON.parse(readSmallText(path));
    const entries = typeof found === 'object' && found !== null ? Object.entries(found) : [];
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map(); // none yet, or unreadable: missed runs are unknown then
  }
}
