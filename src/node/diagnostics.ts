import { listed } from '../base/quoted.js';
import { percent } from '../base/units.js';
import type { diagnostic_msgs } from 'rclnodejs';
import type { ModeEvent } from '../agent/events.js';
import type { AgentStatus } from '../agent/agent-status.js';
import type { EnergyReading } from '../energy/energy-source.js';
import type { CheckpointReport } from './checkpoints.js';
import type { ClockReport } from './clock-watch.js';
import type { FleetReport } from './fleet.js';
import { sensorOfCause } from '../sensing/sensor-kinds.js';
import type { SensorReport } from './sensor-watch.js';
import type { UnknownParameters } from './unknown-parameters.js';

/** Levels of diagnostic_msgs/msg/DiagnosticStatus. */
const [ok, warn, error] = [0, 1, 2];

/** Input of the tasks. */
export interface DiagnosticFacts {
  readonly active: boolean;
  /** Publishers of each topic now. */
  readonly publishers: Readonly<Record<string, number>>;
  /** Reports of the sensors in use, the primary one first. */
  readonly sensors: readonly SensorReport[];
  /** Why the messages of a sensor have no effect, by its name. */
  readonly fruitless: ReadonlyMap<string, string>;
  readonly labels: number;
  /** Possible reason where answers keep being wrong. */
  readonly headingHint: string | undefined;
  /** The last refusal of a topic, where it is recent. */
  readonly refused: (topic: string) => string | undefined;
  readonly mode: ModeEvent;
  readonly status: AgentStatus;
  readonly energy: EnergyReading;
  /** Parameter energy.source. */
  readonly energyAsked: string;
  /** Parameter mission.until. */
  readonly missionAsked: string;
  readonly charging: boolean;
  readonly checkpoint: CheckpointReport;
  /** Parameters that were set and are ignored. */
  readonly unknownParameters: UnknownParameters;
  /** With the refused messages of /clock. */
  readonly clock: ClockReport & { readonly strange: number };
  /** How often requests had to wait for decisions, and requests that failed by a fault of the program. */
  readonly services: { readonly held: number; readonly failed: number };
  /** Subscriptions that a waiting thread serves, and why; 0 if all messages are taken when they arrive. */
  readonly waiting: { readonly subscriptions: number; readonly reason: string | undefined };
  /** Absent where the node is in no fleet. */
  readonly fleet?: FleetReport | undefined;
}

interface Task {
  readonly name: string;
  readonly level: number;
  readonly message: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

/**
 * The node's health, one status per task.
 *
 * @param node - name put before each task: `topspark`
 */
export function diagnosticStatuses(
  facts: DiagnosticFacts,
  node: string,
  hardware: string,
): diagnostic_msgs.msg.DiagnosticStatus[] {
  const sensors = facts.sensors.map((report, index) => sensor(report, index === 0, facts));
  const others = [
    label,
    battery,
    energyMode,
    accuracy,
    deadline,
    mission,
    energySource,
    checkpoint,
    parameters,
    clock,
    services,
    messages,
    ...(facts.fleet === undefined ? [] : [fleet]),
  ].map((task) => task(facts));
  return [...sensors, ...others].map(({ name, level, message, values }) => ({
    level: facts.active ? level : ok,
    name: `${node}: ${name}`,
    message: facts.active ? message : 'inactive',
    hardware_id: hardware,
    values: Object.entries(values).map(([key, value]) => ({ key, value: show(value) })),
  }));
}

function sensor(report: SensorReport, primary: boolean, facts: DiagnosticFacts): Task {
  const { name, topic, frequency, expected, fault, silence } = report;
  const refusal = facts.fruitless.get(name) ?? facts.refused(name);
  const account = facts.status.sensors.find((each) => each.name === name);
  const verdicts = {
    none: [error, 'No events recorded.'],
    low: [warn, 'Frequency too low.'],
    ok: [ok, 'Desired frequency met'],
  } as const;
  const [level, verdict] = verdicts[frequency.verdict];
  const message = fault === undefined ? verdict : `${verdict} ${fault}`;
  const worst = level === ok && refusal !== undefined ? { level: warn, message: refusal } : { level, message };
  // Causes begin with the name of their sensor; all others concern the sample.
  const names = [...facts.sensors.map((each) => each.name), 'label'];
  const own = (cause: string): boolean => (sensorOfCause(cause, names) ?? (primary ? name : undefined)) === name;
  const dropped = [...facts.status.dropped].filter(([cause]) => own(cause));
  return {
    name,
    ...worst,
    values: {
      Publishers: facts.publishers[topic] ?? 0,
      'Events since startup': frequency.total,
      'Last event (s ago)': silence,
      'Actual frequency (Hz)': frequency.frequency,
      'Lowest frequency expected (Hz)': expected === 0 ? 'any' : expected,
      ...(account && {
        Heard: account.heard,
        Used: account.used,
        Counted: account.counted,
        Waiting: account.waiting,
        ...account.details,
      }),
      ...Object.fromEntries(dropped.map(([cause, count]) => [`dropped: ${cause}`, count])),
    },
  };
}

function label({ labels, publishers, status, refused }: DiagnosticFacts): Task {
  const { samples, seconds } = status.remembered;
  const { labelsWaiting: waiting, labelsOverdue: overdue } = status;
  const fault = refused('label') ?? (overdue > 0 ? overdueLabels(overdue) : undefined);
  const late = Number.isNaN(seconds)
    ? ''
    : `; one may be up to ${seconds.toFixed(1)} s late at ${(samples / seconds).toFixed(1)} samples a second`;
  return {
    name: 'label',
    level: fault === undefined ? ok : warn,
    message: fault ?? (labels === 0 ? 'none received yet' : 'labels are received') + late,
    values: {
      Publishers: publishers['label'] ?? 0,
      'Labels heard': labels,
      'Labels that found their sample': status.labelled,
      'Labels that wait for their sample': waiting,
      'Samples remembered for labels': samples,
      'A label may be late by (s)': seconds,
      ...droppedLabels(status),
    },
  };
}

/** A sentence about labels whose samples do not come. */
export const overdueLabels = (count: number): string =>
  `${count} labels wait for samples that have not come: does the sensor publish, and do labels copy its stamps?`;

function droppedLabels({ dropped }: AgentStatus): Record<string, number> {
  const own = [...dropped].filter(([cause]) => cause.startsWith('label_'));
  return Object.fromEntries(own.map(([cause, count]) => [`dropped: ${cause}`, count]));
}

function battery({ mode, publishers, refused }: DiagnosticFacts): Task {
  const refusal = refused('battery_state');
  const unknown = mode.charge === undefined;
  return {
    name: 'battery',
    level: refusal !== undefined || unknown ? warn : ok,
    message: refusal ?? (unknown ? 'no valid reading' : 'reading is fresh'),
    values: { Publishers: publishers['battery_state'] ?? 0, Charge: mode.charge ?? NaN },
  };
}

function energyMode({ mode, status }: DiagnosticFacts): Task {
  const { point, maxRate, learning } = mode.settings;
  const values = { Mode: mode.mode, Forced: mode.forced, Timesteps: point.timesteps, Events: point.events };
  const learned = {
    Learning: learning,
    Learned: status.learned,
    'Familiar, not learned': status.familiar,
    Repeated: status.repeats,
  };
  return {
    name: 'energy mode',
    level: ok,
    message: `${mode.mode}: ${mode.reason}; ${mode.pointReason}`,
    values: { ...values, Kept: point.keep, 'Decisions a second at most': maxRate, ...learned },
  };
}

function accuracy({ status, mode, headingHint: hint }: DiagnosticFacts): Task {
  const { accuracy: value, low, high, faded, recall, recallLow, recallHigh, samples } = status.accuracy;
  const { target, measure, expected, drift, warning } = mode;
  const values = { Accuracy: value, 'Lower bound': low, 'Upper bound': high, 'With fading': faded };
  const recalls = { Recall: recall, 'Recall, lower bound': recallLow, 'Recall, upper bound': recallHigh };
  const wanted = { Target: target, 'Target is set on': measure, 'Expected here': expected?.value ?? NaN };
  const signs = { 'Deviation of that': expected?.deviation ?? NaN, Drift: drift, 'Warning from margins': warning };
  const below = (measure === 'accuracy' ? high : recallHigh) < target;
  const missed = hint === undefined ? 'below target' : `below target: ${hint}`;
  const verdict = below ? missed : drift ? 'answers have become worse' : 'target within bounds';
  return {
    name: 'accuracy',
    level: below || drift ? warn : ok,
    message: samples === 0 ? 'unknown: no labels yet' : verdict,
    values: {
      ...values,
      ...recalls,
      'Labelled samples': samples,
      'Rests on': status.accuracy.reason,
      ...wanted,
      ...signs,
    },
  };
}

function deadline({ mode, status }: DiagnosticFacts): Task {
  const none = mode.deadline === 0;
  return {
    name: 'deadline',
    level: mode.inTime ? ok : warn,
    message: none ? 'none' : mode.inTime ? 'met' : `broken by ${mode.pointReason}`,
    values: { 'Deadline (s)': none ? 'any' : mode.deadline, 'Latency, p99 (s)': status.latencyP99 },
  };
}

function mission({ mode, missionAsked, charging }: DiagnosticFacts): Task {
  if (mode.mission === undefined) {
    const waits = charging ? 'the plan begins when charging ends' : 'waits for the battery';
    const past = missionAsked !== '' && !charging && mode.charge !== undefined;
    const message = past ? `there is none: ${missionAsked} is past` : missionAsked === '' ? 'none' : waits;
    return { name: 'mission', level: past ? warn : ok, message, values: {} };
  }
  const { until, reserve, planned } = mode.mission;
  const behind = mode.charge !== undefined && mode.charge < planned;
  return {
    name: 'mission',
    level: behind ? warn : ok,
    message: behind ? 'the charge is below the plan' : 'as planned',
    values: {
      Until: new Date(until * 1000).toISOString(),
      'Charge to be left': reserve,
      'Charge planned now': planned,
    },
  };
}

function energySource({ status, energy, energyAsked }: DiagnosticFacts): Task {
  const missing = energyAsked !== 'auto' && energyAsked !== energy.source;
  const how = `${energy.measured ? 'measured' : 'estimated'} by ${energy.source}: ${energy.covers}`;
  return {
    name: 'energy source',
    level: missing ? warn : ok,
    message: missing ? `${energyAsked} is missing; ${how}` : how,
    values: {
      Source: energy.source,
      Measured: energy.measured,
      'Energy (J)': energy.joules,
      'Power (W)': energy.power,
      'Relative uncertainty': energy.uncertainty,
      'Energy used by the network (J)': status.energyUsed,
      'Energy saved by the network (J)': status.energySaved,
      'Power of the network (W)': status.power,
    },
  };
}

function checkpoint({ checkpoint: report }: DiagnosticFacts): Task {
  return {
    name: 'checkpoint',
    level: report.fault === undefined ? ok : error,
    message: report.fault ?? (report.name === '' ? 'none yet' : `last: ${report.name}`),
    values: { Directory: report.directory, Last: report.name, 'Failed writes': report.failures },
  };
}

function parameters({ unknownParameters: { misspelt, foreign } }: DiagnosticFacts): Task {
  const ignored = `${misspelt.length} not known and ignored: ${listed(misspelt)}`;
  return {
    name: 'parameters',
    level: misspelt.length === 0 ? ok : warn,
    message: misspelt.length === 0 ? 'all are known' : ignored,
    values: { 'Unknown, ignored': misspelt.length, 'Of other nodes, ignored': foreign.length },
  };
}

function clock({ clock: report, refused }: DiagnosticFacts): Task {
  const { simulated, jumps, restarts, still, strange, trouble = refused('clock') } = report;
  return {
    name: 'clock',
    level: trouble === undefined ? ok : warn,
    message: trouble ?? (simulated ? 'time is simulated' : 'time is that of the system'),
    values: {
      Simulated: simulated,
      'Jumps of the system clock': jumps,
      'Simulated time went back': restarts,
      'Simulated time stands still for (s)': Math.floor(still),
      'Refused messages of /clock': strange,
    },
  };
}

function services({ services: { held, failed }, refused }: DiagnosticFacts): Task {
  const trouble = refused('services');
  return {
    name: 'services',
    level: trouble === undefined ? ok : warn,
    message: trouble ?? 'answered at once',
    values: { 'Times that requests were held back': held, 'Failed by a fault of the node': failed },
  };
}

// Always OK: a waiting thread only costs more CPU time per message.
function messages({ waiting: { subscriptions, reason } }: DiagnosticFacts): Task {
  return {
    name: 'messages',
    level: ok,
    message:
      subscriptions === 0 ? 'taken when they arrive' : `waited for by a thread: ${reason ?? 'no more can be heard'}`,
    values: { 'Subscriptions that are waited for': subscriptions },
  };
}

function fleet({ fleet: report, refused }: DiagnosticFacts): Task {
  const { settings, version = 0, members = [], merged = [], merge, server } = report ?? {};
  const { received = 0, sent = 0, dropped = [] } = report ?? {};
  const late = members.filter(({ offer, held }) => offer !== undefined && held < offer.version);
  const note = members.find((each) => each.note !== '')?.note;
  const trouble = refused('fleet') ?? note;
  const way = server === undefined ? '' : `; server: ${server.state}`;
  return {
    name: 'fleet',
    level: trouble === undefined ? ok : warn,
    message: trouble ?? `${members.length} other robots, of ${late.length} something is on its way${way}`,
    values: {
      Fleet: settings?.name ?? '',
      Robot: settings?.robot ?? '',
      'Shared version': version,
      Robots: members.length,
      'On their way': late.length,
      'Merged robots': merged.map(({ robot }) => robot).join(', '),
      'Last merge': merge?.text ?? '',
      'Received (byte)': received,
      'Sent (byte)': sent,
      ...Object.fromEntries([...dropped].map(([cause, count]) => [`dropped: ${cause}`, count])),
    },
  };
}

const show = (value: string | number | boolean): string =>
  typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(6) : String(value);

/** Labelled samples after which wrong answers are no longer explained by the start. */
const enough = 200;

/**
 * Possible reason where answers keep being wrong: a scan turned to its freest direction has no left and right.
 *
 * @param target - target accuracy, 0..1
 * @param turned - sensors in use whose messages are turned: `scan`, `points`
 * @returns `undefined` where answers are right or may still become so, or nothing is turned
 */
export function headingHint(
  { accuracy, high, samples }: Pick<AgentStatus['accuracy'], 'accuracy' | 'high' | 'samples'>,
  target: number,
  turned: readonly string[],
): string | undefined {
  if (turned.length === 0 || samples < enough || !(high < target)) return undefined;
  const set = turned.map((name) => `${name}.heading_free: false`).join(', ');
  const found = `answers are right for ${percent(accuracy)} of ${samples} labels, expected ${percent(target)}`;
  return `${found}; each message is turned to its freest direction, so left and right look alike: if sides matter, set ${set} and learn again`;
}
