import pc from 'picocolors';
import { printableTexts } from '../base/quoted.js';
import { grouped, percent, si } from '../base/units.js';
import type { NodeSummary } from '../ros/node-summary.js';

/** The state as one object that is valid JSON: the fields of both messages and the diagnostics. */
export function stateObject({ mode, status, diagnostics }: NodeSummary): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ mode, status, diagnostics }, plain)) as Record<string, unknown>;
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as Iterable<unknown>) : value;
}

/** Describes the state for people, one line per subject. */
export function stateLines(node: string, state: NodeSummary): string[] {
  // Names of classes, reasons and causes come from an unknown publisher.
  const { mode, status, diagnostics } = printableTexts(state);
  const line = (name: string, text: string): string => `  ${pc.dim(name.padEnd(12))}${text}`;
  const count = (value: bigint): string => grouped(Number(value));
  const bounds = (low: number, high: number): string => `(${percent(low)} … ${percent(high)})`;
  const dropped = status.dropped_causes.map((cause, k) => `${cause} ${grouped(Number(status.dropped_counts[k]))}`);
  const target = `target ${percent(mode.accuracy_target)} of ${mode.accuracy_measure}`;
  const warning = mode.accuracy_warning > 0 ? `, ${percent(mode.accuracy_warning)} worse by its margins` : '';
  const cap = mode.max_decisions_rate > 0 ? `, at most ${mode.max_decisions_rate.toFixed(0)} decisions/s` : '';
  const exits = mode.exit_first > 0 || mode.exit > 0 ? `  exits ${mode.exit_first}/${mode.exit}` : '';
  const ratio = (status.energy_used + status.energy_saved) / status.energy_used;
  const source = `${mode.energy_source}, ${mode.energy_measured ? 'measured' : 'estimated'}`;
  return [
    `${pc.bold(node)}: ${pc.bold(mode.name)}${mode.forced ? ', forced' : ''}${mode.learning ? '' : ', not learning'}${cap}`,
    line('why', mode.reason),
    line('point', `T ${mode.timesteps}  E ${mode.events}  K ${mode.keep}${exits}`),
    line('', mode.point_reason),
    line('battery', percent(mode.battery)),
    ...(mode.mission ? [line('mission', missionText(mode))] : []),
    ...(mode.deadline > 0 ? [line('deadline', deadlineText(mode))] : []),
    line('accuracy', `${percent(mode.accuracy)} ${bounds(mode.accuracy_low, mode.accuracy_high)}, ${target}${warning}`),
    line(
      'recall',
      `${percent(mode.recall)} ${bounds(mode.recall_low, mode.recall_high)}${mode.drift ? ', the world has changed' : ''}`,
    ),
    line(
      'samples',
      `${count(status.received)} taken, ${count(status.decided)} decided, ${count(status.learned)} learned, ${count(status.familiar)} familiar${repeatedText(status)}`,
    ),
    ...diagnostics.flatMap(({ name, values }) => {
      const text = accountText(values);
      return text === undefined ? [] : [line(name, text)];
    }),
    line('labels', labelText(status)),
    line('refused', dropped.length === 0 ? 'none' : dropped.join(', ')),
    ...diagnostics.flatMap(({ name, level, message }) =>
      level > 0 ? [line(level === 1 ? 'warning' : 'ERROR', `${name}: ${message}`)] : [],
    ),
    line('classes', `${status.classes.length}: ${status.classes.join(', ')}`),
    line('network', `${status.neurons_used} of ${status.neurons} neurons formed`),
    line(
      'energy',
      `${si(status.energy_used, 'J')} of the network, ${si(mode.energy_per_sample, 'J')} a sample, 1/${Number.isFinite(ratio) ? ratio.toFixed(0) : '–'} of unscaled`,
    ),
    line('power', `${si(mode.energy_power, 'W')} (${source})`),
    line('latency', `${si(status.latency_p50, 's')} median, ${si(status.latency_p99, 's')} p99`),
    line('process', `${percent(status.cpu)} of a core, ${(Number(status.memory) / 2 ** 20).toFixed(0)} MiB`),
    line('stages', stageShares(status)),
    line('weights', status.weights_hash === '' ? 'not saved yet' : `sha256 ${status.weights_hash}`),
  ];
}

/** Message counts of a sensor; `undefined`: the task belongs to no sensor. */
function accountText(values: NodeSummary['diagnostics'][number]['values']): string | undefined {
  const counts = ['Heard', 'Used', 'Counted', 'Waiting'].map((key) => values.find((each) => each.key === key)?.value);
  if (counts.includes(undefined)) return undefined;
  const [heard, used, counted, waiting] = counts.map((count) => grouped(Number(count)));
  return `${heard} messages heard, ${used} used, ${counted} refused or skipped, ${waiting} waiting`;
}

function repeatedText({ repeated }: NodeSummary['status']): string {
  return repeated > 0 ? `, ${grouped(Number(repeated))} as the one before` : '';
}

function labelText({ labelled, labels_waiting: waiting, label_lateness: late }: NodeSummary['status']): string {
  const wait = waiting > 0 ? `, ${grouped(Number(waiting))} wait for their samples` : '';
  return `${grouped(Number(labelled))} used${wait}${Number.isNaN(late) ? '' : `, may be ${late.toFixed(1)} s late`}`;
}

function missionText({
  mission_until: until,
  mission_reserve: reserve,
  mission_planned: planned,
}: NodeSummary['mode']) {
  const end = new Date(1000 * until.sec).toISOString().replace('.000Z', 'Z');
  return `until ${end} with ${percent(reserve)} left, ${percent(planned)} planned now`;
}

function deadlineText({ deadline, latency_expected: expected, in_time: inTime }: NodeSummary['mode']) {
  const estimate = Number.isNaN(expected) ? '' : `, ${si(expected, 's')} expected`;
  return `${si(deadline, 's')} ${inTime ? 'is met' : 'is broken'}${estimate}`;
}

/** Shares of a core's CPU time, in the order of the stages. */
function stageShares({ stages, stage_shares: shares }: NodeSummary['status']): string {
  return stages.map((name, k) => `${name} ${(100 * shares[k]).toFixed(1)}`).join(', ') + ' %';
}
