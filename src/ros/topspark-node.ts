import type { Logger } from 'pino';
import type { AgentStatus } from '../agent/agent-status.js';
import { TopsparkError } from '../base/errors.js';
import type { FolderLock } from '../checkpoint/folder-lock.js';
import { NodeRuntime } from './node-runtime.js';
import { checkpointDirectory, takeCheckpointFolder } from '../node/checkpoint-directory.js';
import { allEndpoints } from '../node/endpoints.js';
import { SafeLifecycleNode } from './safe-lifecycle-node.js';
import { describeError, levelFromRos, type Log } from '../node/log.js';
import { NodeParameters } from './node-parameters.js';
import { listed } from '../base/quoted.js';
import { parameterTable } from '../node/parameter-table.js';
import { qosParameters } from '../node/qos-parameters.js';
import { instanceEntries, possibleSensors } from '../node/sensor-parameters.js';
import { currentState, primaryStates, transitionResults, type TransitionResult } from './rclnodejs.js';
import { RosClock } from './ros-clock.js';
import { WarningThrottle } from '../node/warning-throttle.js';

/** Least time between two lines about faults in the same place [s]. */
const faultPeriod = 5;

/**
 * The managed node: its lifecycle, in order. {@link NodeRuntime} does the work while it is configured and active.
 */
export class TopsparkNode extends SafeLifecycleNode {
  readonly #logger: Logger;
  readonly #clock: RosClock;
  readonly #parameters: NodeParameters;
  #host: NodeRuntime | undefined;
  /** Held from configure to cleanup. */
  #folder: FolderLock | undefined;
  #refused: TopsparkError | undefined;

  /**
   * Declares all parameters, so that they can be listed and described before anything is configured.
   *
   * @throws {@link TopsparkError} `parameter_value` where a parameter given at the start has a wrong type or range
   */
  constructor(log: Log) {
    super('topspark');
    const rosout = this.getLogger();
    this.#logger = log.logger;
    log.name(this.getFullyQualifiedName());
    this.#logger.level = levelFromRos(rosout.loggerEffectiveLevel);
    log.forwardTo((level, message) => rosout[level](message));
    const throttle = new WarningThrottle(faultPeriod);
    this.onFault = (where, error) => {
      // A fault that comes with every message would fill the disk.
      const suppressed = throttle.admit(where, performance.now() / 1000);
      if (suppressed === undefined) return;
      const more = suppressed > 0 ? ` (and ${suppressed} more faults there)` : '';
      this.#logger.error({ err: error }, `${where} failed: ${describeError(error)}${more}`);
    };
    this.onRefusedRequest = (reason) => {
      if (this.#host === undefined) this.#logger.warn(reason);
      else this.#host.refuseRequest(reason);
    };
    this.#clock = new RosClock(this);
    const given = new Map(this.getParameterOverrides().map((parameter) => [parameter.name, parameter]));
    const topics = allEndpoints(possibleSensors(given));
    const qos = topics.flatMap((each) => qosParameters(this.resolveTopicName(each.topic), each));
    this.#parameters = new NodeParameters(this, [...parameterTable, ...instanceEntries(given), ...qos]);
    for (const complaint of this.#parameters.complaints) this.#logger.warn(complaint);
    const { foreign } = this.#parameters.unknown;
    if (foreign.length > 0) this.#logger.info(`parameters for other nodes are ignored: ${listed(foreign)}`);
    this.registerOnConfigure(() => this.#onConfigure());
    this.registerOnActivate(() => this.#onActivate());
    this.registerOnDeactivate(() => this.#onDeactivate());
    this.registerOnCleanup(() => this.#onCleanup());
    this.registerOnShutdown(() => this.#onCleanup());
    this.registerOnError(() => this.#onError());
  }

  /**
   * Configures and activates itself, unless the parameter `autostart` is false.
   *
   * @returns false where it should have become active and did not; the log says why
   */
  autostart(): boolean {
    if (!this.#parameters.bool('autostart')) return true;
    this.configure();
    if (currentState(this).id === primaryStates.inactive) this.activate();
    return currentState(this).id === primaryStates.active;
  }

  /** Why the last configuration was refused. */
  get refused(): TopsparkError | undefined {
    return this.#refused;
  }

  /** Status of the agent; undefined while the node is not configured. */
  get status(): AgentStatus | undefined {
    return this.#host?.counts;
  }

  #onConfigure(): TransitionResult {
    try {
      const name = this.getFullyQualifiedName();
      const directory = checkpointDirectory(this.#parameters.text('checkpoint.directory'), name, process.env);
      this.#folder = takeCheckpointFolder(directory, name, this.#logger);
      this.#host = new NodeRuntime(this, this.#parameters, directory, this.#clock, this.#logger);
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      this.#release();
      this.#refused = error;
      this.#logger.error(`not configured: ${error.message}`);
      return transitionResults.failure;
    }
    this.#logger.info('configured');
    return transitionResults.success;
  }

  #onActivate(): TransitionResult {
    this.#host?.activate();
    this.#logger.info('active');
    return transitionResults.success;
  }

  #onDeactivate(): TransitionResult {
    this.#host?.deactivate();
    this.#logger.info('inactive');
    return transitionResults.success;
  }

  /** Cleanup, and shutdown from any state: deactivates first where necessary. */
  #onCleanup(): TransitionResult {
    this.#release();
    this.#logger.info('released');
    return transitionResults.success;
  }

  #release(): void {
    this.#host?.close();
    this.#host = undefined;
    this.#folder?.release();
    this.#folder = undefined;
  }

  /** Releases everything. The node is then unconfigured, as its log and the answer of the transition say. */
  #onError(): TransitionResult {
    this.#logger.error('a transition failed: releasing everything, the node must be configured again');
    return this.#onCleanup();
  }

  /** Closes the node and saves what was learned; not inside callbacks. */
  close(): void {
    // Stop spinning first: each removal of an entity from a spinning node costs a wait.
    this.stop();
    if (currentState(this).id !== primaryStates.finalized) this.shutdown();
  }
}
