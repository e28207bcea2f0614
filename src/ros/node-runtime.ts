import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { Agent } from '../agent/agent.js';
import type { AgentEvent, ClassEditEvent, DecisionEvent, ModeEvent, RecalibrationEvent } from '../agent/events.js';
import type { AgentStatus } from '../agent/agent-status.js';
import type { RefusalEvent } from '../base/refusal.js';
import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import type { ParameterValues } from '../base/parameters.js';
import { CheckpointStore } from '../checkpoint/checkpoint-store.js';
import { agentSettings } from '../node/settings-of-parameters.js';
import { Beat } from './beat.js';
import { Checkpoints } from '../node/checkpoints.js';
import { ClockWatch } from '../node/clock-watch.js';
import { DecisionWatch } from '../node/decision-watch.js';
import { EnergyReadings } from '../node/energy-readings.js';
import { diagnosticStatuses, headingHint, overdueLabels } from '../node/diagnostics.js';
import type { SensorKind } from '../sensing/sensor.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import { Inputs } from './inputs.js';
import { levelFromRos } from '../node/log.js';
import type { NodeParameters } from './node-parameters.js';
import {
  classEditMessage,
  classificationMessage,
  decisionMessage,
  energyModeMessage,
  questionMessage,
  markerMessage,
  placeMessage,
  prototypesMessage,
  spikesMessage,
  statusMessage,
  taughtMessage,
} from '../node/messages.js';
import { Outputs } from './outputs.js';
import { nodeSchedule } from '../node/node-schedule.js';
import { Fleet } from '../node/fleet.js';
import { fleetSettings } from '../node/fleet-parameters.js';
import { FleetServerLink } from '../node/fleet-server-link.js';
import { FleetLink } from './fleet-link.js';
import { forceMode } from '../node/mode-parameters.js';
import { ProcessMeter, processCpuTime, StageProfiler } from '../node/process-usage.js';
import { logRecalibration, Refusals, sightTimes } from '../node/reports.js';
import { restoredAgent } from '../node/restored-agent.js';
import { heardSensors } from '../node/sensor-parameters.js';
import { checkTopics } from '../sensing/sensor-topics.js';
import type { RosClock } from './ros-clock.js';
import { SensorWatch, type Reach, type SensorReport } from '../node/sensor-watch.js';
import type { Schedule } from '../node/schedule.js';
import { offerServices, type ClassReport, type Commands } from './services.js';

/** Seconds after which the energy mode is published again though nobody hears it: it stays for later subscribers. */
const modeAgain = 10;

/** Least time between two samples whose spikes are published, and between two sets of prototypes [s]. */
const [spikesPeriod, prototypesPeriod] = [0.1, 2];

/**
 * Runs the agent on a node, from configure to cleanup, with its publishers, services, checkpoints and the beat once a
 * second.
 */
export class NodeRuntime implements Commands {
  readonly #node: SafeLifecycleNode;
  readonly #parameters: NodeParameters;
  readonly #clock: RosClock;
  readonly #logger: Logger;
  readonly #agent: Agent;
  readonly #checkpoints: Checkpoints;
  readonly #energy: EnergyReadings;
  readonly #schedule: Schedule;
  readonly #outputs: Outputs;
  readonly #refusals: Refusals;
  readonly #sensors: readonly SensorKind[];
  readonly #watch: SensorWatch;
  /** Messages taken, by the name of the topic. */
  readonly #taken = new Map<string, number>();
  readonly #decisions = new DecisionWatch();
  #headingReported = false;
  /** When spikes and prototypes were last published [s]. */
  #spikesShown = -Infinity;
  #prototypesShown = -Infinity;
  /** Stamp of the last sample with each answer, by class [ns]. */
  readonly #lastSeen = new Map<string, bigint>();
  readonly #stages = new StageProfiler(processCpuTime);
  readonly #usage = new ProcessMeter(this.#stages);
  /** Absent where the node is in no fleet. */
  readonly #fleet: Fleet | undefined;
  readonly #fleetLink: FleetLink | undefined;
  readonly #fleetServer: FleetServerLink | undefined;
  readonly #withdrawServices: () => void;
  readonly #beat: Beat;
  readonly #clocks: ClockWatch;
  #status: AgentStatus;
  #unheard: readonly string[] = [];
  /** Seconds since the energy mode was published. */
  #modeAge = 0;
  /** Absent while the node is not active. */
  #inputs: Inputs | undefined;

  /**
   * @param directory - folder of the checkpoints, used by this node only
   * @throws {@link TopsparkError} where parameters are inconsistent
   */
  constructor(node: SafeLifecycleNode, parameters: NodeParameters, directory: string, clock: RosClock, logger: Logger) {
    this.#node = node;
    this.#parameters = parameters;
    this.#clock = clock;
    this.#logger = logger;
    const store = new CheckpointStore(directory, parameters.number('checkpoint.keep'));
    // Values taken over by an earlier configuration do not count as set.
    parameters.adopt(new Map());
    const make = (values: ParameterValues): Agent => new Agent(agentSettings(values), clock, this.#stages);
    const { agent, taken, begun } = restoredAgent(store, parameters, make, logger);
    parameters.adopt(taken);
    this.#agent = agent;
    agent.onEvent = this.#hear.bind(this);
    this.#status = this.#agent.status();
    const spending = { network: () => agent.energyUsed, networkTime: () => agent.presentationTime };
    const drawn = (): number => agent.batteryPower;
    this.#energy = new EnergyReadings(parameters, spending, drawn, logger, clock.monotonic());
    if (agent.sights.length > 0) logger.info(sightTimes(agent.sights));
    const learned = (): number => this.#status.learned + this.#status.labelled;
    const interval = parameters.number('checkpoint.interval');
    this.#checkpoints = new Checkpoints(this.#agent, store, interval, 1, learned, logger, clock.monotonic(), begun);
    const work = {
      saveCheckpoint: () => {
        this.#checkpoints.saveBeside(clock.monotonic());
      },
      recalibrate: () => {
        this.#agent.beginRecalibration();
      },
      energy: () => this.#energy.last,
      status: () => this.#status,
    };
    this.#schedule = nodeSchedule(parameters, work, directory, logger);
    forceMode(agent, parameters);
    this.#refusals = new Refusals(logger.warn.bind(logger), logger.error.bind(logger));
    this.#sensors = heardSensors(parameters);
    checkTopics(this.#sensors, (topic) => node.resolveTopicName(topic));
    this.#watch = new SensorWatch(this.#sensors, parameters, this.#taken);
    this.#outputs = new Outputs(node);
    if (this.#outputs.absent.length > 0) logger.info(this.#outputs.absent.join('; '));
    if (node.waits !== undefined)
      logger.warn(`messages are waited for by a thread, which costs more CPU: ${node.waits}`);
    this.#fleet = this.#openFleet(directory);
    this.#fleetLink = this.#fleet && new FleetLink(node, this.#fleet, clock);
    const server = this.#fleet?.settings.server ?? '';
    this.#fleetServer = this.#fleet && server !== '' ? new FleetServerLink(this.#fleet) : undefined;
    this.#withdrawServices = offerServices(node, this);
    node.onServicesHeld = (wait) => {
      const message = `answers took more than a quarter of the time: requests wait for ${wait.toFixed(1)} s, decisions go on`;
      this.#warn('services', 'services_held', message);
    };
    this.#clocks = new ClockWatch(clock, logger.warn.bind(logger));
    node.onStrangeClock = (message) => {
      this.#refuse({ kind: 'refusal', topic: 'clock', cause: 'clock_out_of_range', message });
    };
    this.#beat = new Beat(node, clock, {
      beat: () => {
        this.#stages.whole('upkeep', () => {
          this.#everySecond();
        });
      },
      still: () => {
        this.#inputs?.wakeUp();
      },
      changed: () => {
        this.#inputs?.changeTime();
      },
    });
    node.onWake = this.#stages.begin.bind(this.#stages);
    parameters.subject = agent;
    this.#energy.watch(() => clock.monotonic());
  }

  /** Starts to take messages. */
  activate(): void {
    const limits = {
      maxBytes: this.#parameters.number('input.max_bytes'),
      maxRate: this.#parameters.number('input.max_rate'),
    };
    const parts = { agent: this.#agent, taken: this.#taken, marks: this.#stages, clock: this.#clock, limits };
    const joy = this.#parameters.text('teach.buttons').trim() !== '';
    const odometry = this.#parameters.number('question.max_speed') > 0;
    this.#inputs = new Inputs(this.#node, this.#clock, this.#sensors, parts, { joy, odometry });
    void this.#schedule.start();
    this.#publishMode(this.#agent.mode);
    this.#outputs.place.publish(placeMessage(this.#agent.place));
  }

  /** Stops taking messages and saves what was learned; does nothing where it is not active. */
  deactivate(): void {
    if (this.#inputs === undefined) return;
    this.#schedule.stop();
    this.#inputs.close();
    this.#agent.rest();
    this.#inputs = undefined;
    this.#status = this.#agent.status();
    this.#checkpoints.trySave(this.#clock.monotonic());
  }

  /** Closes publishers, services and the timer. */
  close(): void {
    // Fleet work under way must not change the state that is saved.
    this.#fleet?.close();
    this.#fleetServer?.close();
    this.deactivate();
    this.#parameters.subject = undefined;
    delete this.#node.onWake;
    delete this.#node.onStrangeClock;
    delete this.#node.onServicesHeld;
    this.#beat.close();
    this.#energy.close();
    this.#withdrawServices();
    this.#fleetLink?.close();
    this.#outputs.close();
  }

  /** Reports a request to a parameter service that was too large, and counts it while the node is active. */
  refuseRequest(message: string): void {
    const event = { kind: 'refusal', topic: 'parameters', cause: 'request_too_large', message } as const;
    if (this.#inputs === undefined) this.#refusals.hear(event, this.#clock.monotonic());
    else this.#refuse(event);
  }

  /** Counts and reports refusals from outside the agent. */
  #refuse(event: RefusalEvent): void {
    this.#agent.take({ topic: 'unread', event });
  }

  /** Status of the agent, as of the last second. */
  get counts(): AgentStatus {
    return this.#status;
  }

  setEnergyMode(mode: string): string {
    this.#set('energy_mode.forced', mode);
    const now = this.#agent.mode;
    return `${now.mode} is in force: ${now.reason}${now.inTime ? '' : `; ${now.pointReason}`}`;
  }

  setLearning(on: boolean): string {
    this.#set('learning.enabled', on);
    const allowed = this.#agent.mode.settings.learning || !on;
    return `learning is ${on ? 'on' : 'off'}${allowed ? '' : `, but ${this.#agent.mode.mode} does not learn`}`;
  }

  saveCheckpoint(): string {
    return this.#checkpoints.save(this.#clock.monotonic());
  }

  loadCheckpoint(name: string): string {
    return this.#checkpoints.load(name);
  }

  teach(label: string, duration: number, done: (taught: number, why: string) => void): void {
    if (this.#inputs === undefined) {
      throw new TopsparkError(
        'not_active',
        'usage',
        'the node is not active and takes no sensor messages: activate it first',
      );
    }
    if (label.trim() === '') {
      this.#agent.endTeaching();
      done(0, '');
    } else this.#agent.teach({ name: label, duration, done });
  }

  forgetClass(label: string): string {
    return this.#editClass({ name: label, newName: '' });
  }

  renameClass(label: string, newLabel: string): string {
    if (newLabel.trim() === '') {
      const found = `the new name of class ${quoted(label)} is empty`;
      throw new TopsparkError('label_empty', 'usage', `${found}, expected a name; ~/forget_class forgets a class`);
    }
    return this.#editClass({ name: label, newName: newLabel });
  }

  listClasses(): readonly ClassReport[] {
    return this.#agent.classFacts.map((facts) => ({ ...facts, lastSeen: this.#lastSeen.get(facts.name) ?? 0n }));
  }

  // Saved before the answer: a forgotten class must not come back with the next start.
  #editClass(edit: ClassEditEvent): string {
    const done = this.#agent.editClass(edit);
    try {
      return `${done}; ${this.#checkpoints.save(this.#clock.monotonic())}`;
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      throw new TopsparkError(error.code, error.kind, `${done}, but that is not saved: ${error.message}`);
    }
  }

  resetNetwork(): string {
    this.#agent.reset();
    return 'everything learned is forgotten; checkpoints stay';
  }

  #set(name: string, value: string | boolean): void {
    const reason = this.#parameters.set(name, value);
    if (reason !== '') throw new TopsparkError('parameter_value', 'usage', reason);
  }

  // A recalibration is always logged; other events count only while the node is active.
  #hear(event: AgentEvent): void {
    if (event.kind === 'recalibration') logRecalibration(event, this.#agent.profile !== undefined, this.#logger);
    else if (this.#inputs !== undefined) this.#publish(event, this.#inputs);
    this.#stages.mark('publish');
  }

  #publish(event: Exclude<AgentEvent, RecalibrationEvent>, inputs: Inputs): void {
    switch (event.kind) {
      case 'decision':
        if (event.label !== '') this.#lastSeen.set(event.label, event.stamp);
        this.#outputs.decision.publish(decisionMessage(event));
        this.#show(event);
        break;
      case 'place':
        this.#outputs.place.publish(placeMessage(event));
        break;
      case 'question':
        this.#outputs.question.publish(questionMessage(event));
        break;
      case 'taught':
        this.#outputs.taught.publish(taughtMessage(event.label));
        this.#checkpoints.urge(this.#clock.monotonic());
        break;
      case 'classes':
        this.#outputs.classEdit.publish(classEditMessage(event.edit, this.#clock.stamp()));
        this.#lastSeen.delete(event.edit.name);
        break;
      case 'mode':
        this.#logger.info(`energy mode ${event.mode}: ${event.reason}; ${event.pointReason}`);
        this.#publishMode(event);
        inputs.wakeUp();
        break;
      case 'notice':
        this.#logger.warn(`${event.topic}: ${event.message}`);
        break;
      case 'refusal':
        this.#refusals.hear(event, this.#clock.monotonic());
        break;
    }
  }

  /** Outputs that are made only for subscribers. */
  #show(event: DecisionEvent): void {
    const { classification, marker, spikes } = this.#outputs;
    if (classification?.heard === true) classification.publish(classificationMessage(event));
    if (marker?.heard === true) marker.publish(markerMessage(event));
    if (!spikes.heard) return;
    const now = this.#clock.monotonic();
    if (now - this.#spikesShown < spikesPeriod) return;
    const { spikes: shown } = this.#agent;
    if (shown === undefined) return;
    this.#spikesShown = now;
    spikes.publish(spikesMessage(shown, event));
  }

  #showPrototypes(): void {
    const now = this.#clock.monotonic();
    if (now - this.#prototypesShown < prototypesPeriod || !this.#outputs.prototypes.heard) return;
    this.#prototypesShown = now;
    this.#outputs.prototypes.publish(prototypesMessage(this.#agent.prototypes, this.#clock.stamp()));
  }

  #publishMode(event: ModeEvent): void {
    const on = this.#parameters.bool('learning.enabled');
    const message = energyModeMessage(event, this.#status, this.#energy.last, on, this.#clock.stamp());
    this.#outputs.energyMode.publish(message);
    this.#modeAge = 0;
  }

  /** Publishes the status where it is heard. Stages are timed only then, so a new subscriber waits up to 2 s. */
  #publishStatus(): void {
    const { status } = this.#outputs;
    const timed = this.#stages.on;
    this.#stages.on = status.heard;
    if (!status.heard) return;
    if (!timed) this.#usage.restart();
    else status.publish(statusMessage(this.#status, this.#usage.read(), this.#clock.stamp()));
  }

  #everySecond(): void {
    // A logger service may have changed the level.
    this.#logger.level = levelFromRos(this.#node.getLogger().loggerEffectiveLevel);
    this.#agent.tick();
    const overdue = this.#status.labelsOverdue;
    this.#status = this.#agent.status();
    if (overdue === 0 && this.#status.labelsOverdue > 0) {
      this.#warn('label', 'label_waiting', overdueLabels(this.#status.labelsOverdue));
    }
    this.#energy.read(this.#clock.monotonic());
    const { mode } = this.#agent;
    this.#outputs.look();
    if (this.#inputs !== undefined) {
      this.#modeAge++;
      if (this.#outputs.energyMode.heard || this.#modeAge >= modeAgain) this.#publishMode(mode);
      this.#publishStatus();
      this.#checkpoints.saveWhenDue(this.#clock.monotonic());
      this.#fleet?.tick(this.#status, this.#agent.charging);
      this.#showPrototypes();
    }
    const reach = this.#inputs?.reach() ?? {};
    this.#watchPublishers(reach);
    this.#fleetLink?.tick();
    this.#publishDiagnostics(reach, mode);
  }

  #publishDiagnostics(reach: Readonly<Record<string, Reach>>, mode: ModeEvent): void {
    const now = this.#clock.monotonic();
    const sensors = this.#watch.tick(now, mode.settings.maxRate, reach, (topic, cause, message) => {
      if (this.#inputs !== undefined) this.#warn(topic, cause, message);
    });
    // These warn, heard or not.
    const fruitless = this.#fruitless(sensors, mode);
    const headingHint = this.#headingHint(mode);
    const clock = this.#clocks.look();
    // On most robots nobody subscribes to diagnostics, and making them is half of the cost of an idle second.
    if (!this.#outputs.diagnostics.heard) return;
    const facts = {
      active: this.#inputs !== undefined,
      publishers: Object.fromEntries(Object.entries(reach).map(([topic, { heard }]) => [topic, heard])),
      sensors,
      fruitless,
      labels: this.#taken.get('label') ?? 0,
      headingHint,
      refused: (topic: string) => this.#refusals.recent(topic, now),
      mode,
      status: this.#status,
      energy: this.#energy.last,
      energyAsked: this.#parameters.text('energy.source'),
      missionAsked: this.#parameters.text('mission.until'),
      charging: this.#agent.charging,
      checkpoint: this.#checkpoints.report,
      unknownParameters: this.#parameters.unknown,
      clock: { ...clock, strange: this.#node.strangeClocks },
      services: { held: this.#node.servicesHeld, failed: this.#node.failedCalls },
      waiting: { subscriptions: this.#node.waitedFor, reason: this.#node.waits },
      fleet: this.#fleet?.report,
    };
    const status = diagnosticStatuses(facts, this.#node.getFullyQualifiedName().slice(1), hostname());
    this.#outputs.diagnostics.publish({ header: { stamp: this.#clock.stamp(), frame_id: '' }, status });
  }

  /** Opens the node's part in its fleet; `undefined` where it is in none. */
  #openFleet(directory: string): Fleet | undefined {
    const settings = fleetSettings(this.#parameters, this.#node.getFullyQualifiedName());
    if (settings === undefined) return undefined;
    return new Fleet({
      ...{ settings, directory, agent: this.#agent, checkpoints: this.#checkpoints, logger: this.#logger },
      time: () => this.#clock.monotonic(),
      stamp: () => this.#clock.stamp(),
      refuse: (event) => {
        if (this.#inputs === undefined) this.#refusals.hear(event, this.#clock.monotonic());
        else this.#refuse(event);
      },
    });
  }

  /** Possible reason where answers keep being wrong. It is logged only once, since it is a guess. */
  #headingHint({ target }: ModeEvent): string | undefined {
    const turned = this.#sensors.filter(({ name, parameters }) => {
      return parameters.some((entry) => entry.name === 'heading_free') && this.#parameters.bool(`${name}.heading_free`);
    });
    const { accuracy } = this.#status;
    const hint = headingHint(
      accuracy,
      target,
      turned.map(({ name }) => name),
    );
    if (hint !== undefined && !this.#headingReported) this.#warn('accuracy', 'heading_free', hint);
    this.#headingReported ||= hint !== undefined;
    return hint;
  }

  /** Sensors whose messages have no effect, and why. */
  #fruitless(sensors: readonly SensorReport[], mode: ModeEvent): ReadonlyMap<string, string> {
    if (this.#inputs === undefined) {
      this.#decisions.rest();
      return new Map();
    }
    const inputs = this.#inputs;
    const { maxRate } = mode.settings;
    const [{ name: primary, remembers }] = this.#sensors;
    const window = (): number =>
      this.#parameters.number(`${primary}.window`) + this.#parameters.number(`${primary}.hop`);
    const watched = {
      status: this.#status,
      heard: sensors.map(({ name, frequency }) => ({ name, messages: frequency.total })),
      period: Math.max(maxRate > 0 ? 1 / maxRate : 0, remembers === true ? window() : 0),
      depth: inputs.depth.bind(inputs),
    };
    return this.#decisions.look(this.#clock.elapsed(), watched, this.#warn.bind(this));
  }

  /** Warns of publishers that cannot be received when it sees them twice in a row, since discovery takes a moment. */
  #watchPublishers(reach: Readonly<Record<string, Reach>>): void {
    const unheard = this.#inputs?.unheard(reach) ?? [];
    for (const warning of unheard) {
      if (this.#unheard.includes(warning)) this.#warn('quality of service', 'qos_incompatible', warning);
    }
    this.#unheard = unheard;
  }

  #warn(topic: string, cause: string, message: string): void {
    this.#refusals.hear({ kind: 'refusal', topic, cause, message }, this.#clock.monotonic());
  }
}
