import type {
  GuardCondition,
  MessageTypeClassName,
  Options,
  Parameter,
  Publisher,
  SubscriptionCallback,
  Service,
  ServiceRequestHandler,
  ServiceType,
  ServiceTypeClassName,
  Timer,
  Subscription,
  SubscriptionWithRawMessageCallback,
  TypeClass,
} from 'rclnodejs';
import type { NativeParameterOverrides } from 'rclnodejs/lib/native_loader.js';
import { quoted } from '../base/quoted.js';
import type { Stamp } from '../base/time.js';
import { describeError } from '../node/log.js';
import { matchOverrides } from '../node/parameter-overrides.js';
import type { MessageMemory } from '../node/intake.js';
import { qosProfiles } from '../node/qos-profiles.js';
import { arrivals } from './arrivals.js';
import { toQos } from './qos.js';
import {
  BaseLifecycleNode,
  clockTypes,
  currentState,
  errorProcessing,
  native,
  ros,
  toParameter,
  transitionMessages,
  transitionResults,
  type AnyService,
  type ChangeStateRequest,
  type OpenSubscription,
  type PreSetCallback,
  type RawMessageType,
  type ServiceReply,
  type SetResult,
  type StateInfo,
  type TakeMessage,
  type TransitionList,
  type TransitionResult,
} from './rclnodejs.js';
import { isParameterService, refuseRequest, unreadRequest } from '../node/parameter-requests.js';
import { failureAnswer, ServiceBudget } from '../node/service-answers.js';

/**
 * rclnodejs's managed node, corrected where an error of a callback or a request from outside would abort the process or
 * go wrong silently. It does not depend on what the node does.
 */
export class SafeLifecycleNode extends BaseLifecycleNode {
  /** Called with an exception from a callback; the node goes on. */
  onFault?: (where: string, error: unknown) => void;
  /** Called before the callbacks of all ready entities run. */
  onWake?: () => void;
  /** Called with the reason why a request to a parameter service was refused. */
  onRefusedRequest?: (reason: string) => void;
  /** Why parameters may not be set; `undefined` where they may. */
  refuseParameters?: (parameters: readonly Parameter[], declaring: boolean) => string | undefined;
  /** Called with the reason why a message of /clock was refused; time stays as it was. */
  onStrangeClock?: (sentence: string) => void;
  /** Refused messages of /clock. */
  strangeClocks = 0;
  /** Called when answers took too much of the thread; requests wait for this long [s]. */
  onServicesHeld?: (wait: number) => void;
  /** How often requests had to wait. */
  servicesHeld = 0;
  /** Requests to services that failed by a fault of the program. */
  failedCalls = 0;
  readonly #arrivals = arrivals();
  /** Subscriptions that are served without the waiting thread. */
  readonly #listened = new Map<Subscription, Listening>();
  /** Ends the wait of the waiting thread, so that its entities can be changed at once. */
  #interrupt: GuardCondition | undefined;
  /** Whether callbacks are running; the waiting thread is idle then. */
  #executing = false;
  readonly #budget = new ServiceBudget();
  /** Services that are paused now. */
  #held: readonly AnyService[] = [];
  #release: Timer | undefined;
  /** Kept here, since a timer does not keep its clock alive. */
  readonly #steady = new ros.Clock(clockTypes.steady);
  #result: TransitionResult = transitionResults.success;
  #showing = false;

  /** @param name - default name; `__node` and `__ns` of the command line override it */
  constructor(name: string) {
    const options = new ros.NodeOptions();
    options.enableLoggerService = true;
    super(name, '', ros.Context.defaultContext(), options);
    // rclnodejs never answers this service of the state machine; `ros2 lifecycle list -a` would wait for ever.
    this.createService('lifecycle_msgs/srv/GetAvailableTransitions', '~/get_transition_graph', (_request, response) => {
      response.send({ available_transitions: transitionMessages(this.transitions) });
    });
    for (const service of this._services) this.#answerAlways(service);
    this.#interrupt = this.createGuardCondition(ignore);
  }

  /** Number of raw subscriptions that the waiting thread serves. */
  get waitedFor(): number {
    const open = this._subscriptions as unknown as readonly OpenSubscription[];
    return open.filter(({ isRaw }) => isRaw).length;
  }

  /** Why a thread waits for messages, as the end of a sentence; `undefined`: they are taken when they arrive. */
  get waits(): string | undefined {
    return typeof this.#arrivals === 'string' ? this.#arrivals : undefined;
  }

  /** Catches exceptions: one that reaches native code ends the process by std::terminate. */
  override execute(handles: readonly unknown[]): void {
    this.onWake?.();
    this.#executing = true;
    try {
      if (!this.#takeDirectly(handles)) super.execute(handles);
    } catch (error) {
      this.onFault?.('callback', error);
    } finally {
      this.#executing = false;
    }
  }

  /** Runs a callback of a timer that is not the node's as the executor runs its own. */
  guarded(callback: () => void): void {
    this.onWake?.();
    try {
      callback();
    } catch (error) {
      this.onFault?.('callback', error);
    }
  }

  /** Number of publishers on a topic, by its full name. */
  publishersOf(topic: string): number {
    return native.countPublishers(this.handle, topic);
  }

  /**
   * Takes a message if a single raw subscription is ready, the most common reason to wake. rclnodejs would search all
   * entities of the node for the handle. Its cleanup afterwards is left to the next timer.
   *
   * @returns whether nothing else is ready
   */
  #takeDirectly(handles: readonly unknown[]): boolean {
    if (handles.length !== 1) return false;
    const [handle] = handles;
    const open = this._subscriptions as unknown as readonly OpenSubscription[];
    const subscription = open.find((each) => each.handle === handle);
    if (subscription === undefined || !subscription.isRaw || subscription.isDestroyed()) return false;
    const bytes = native.rclTakeRaw(handle);
    if (bytes !== undefined) subscription.processResponse(bytes);
    return true;
  }

  /** Refuses a transition that is not valid now; rclnodejs throws. Success means that the callback succeeded. */
  override _onChangeState({ transition }: ChangeStateRequest, reply: ServiceReply<{ success: boolean }>): void {
    const { id, label } = transition;
    const wanted = transitionMessages(this.availableTransitions).find((each) =>
      label === '' ? each.transition.id === id : each.transition.label === label,
    );
    if (wanted === undefined) {
      const request = label === '' ? String(id) : quoted(label);
      this.getLogger().warn(`transition ${request} is not possible in state ${currentState(this).label}`);
    } else this._changeState(wanted.transition.id);
    reply.send({ success: wanted !== undefined && this.#result === transitionResults.success });
  }

  /** An exception or an invalid result of a transition callback is an error of the transition. */
  override _executeCallback(state: StateInfo, previous: StateInfo): TransitionResult {
    const result = this.#runCallback(state, previous);
    if (state.id !== errorProcessing) this.#result = result;
    return result;
  }

  /** Sends the transitions with their states, which rclnodejs leaves empty. */
  override _onGetAvailableTransitions(_request: object, reply: ServiceReply<TransitionList>): void {
    reply.send({ available_transitions: transitionMessages(this.availableTransitions) });
  }

  /** All parameters set on the command line and in parameter files, for any node. */
  get parameterBlocks(): readonly NativeParameterOverrides[] {
    const { handle } = this.context as unknown as { readonly handle: unknown };
    return native.getParameterOverrides(handle) ?? [];
  }

  /** Full names and patterns of parameter files count too; rclnodejs only knows the bare name and `/**`. */
  override _getNativeParameterOverrides(): Map<string, Parameter> {
    const given = matchOverrides(this.parameterBlocks, this.getFullyQualifiedName());
    return new Map([...given].map(([name, { type, value }]) => [name, toParameter(name, type, value)]));
  }

  /** Changes the shown value of a read-only parameter to one that the node itself has found. */
  showParameter(parameter: Parameter): void {
    this.#showing = true;
    try {
      const { successful, reason } = this.setParameter(parameter);
      if (!successful) throw new Error(`parameter ${parameter.name} was not set: ${reason}`);
    } finally {
      this.#showing = false;
    }
  }

  /** Gives the reason of a refusal; rclnodejs says 'does not  readonly' in every case. */
  override _validateParameters(parameters: readonly Parameter[], declaring = false): SetResult {
    // The base class declares parameters before this field exists.
    if (#showing in this && this.#showing) return super._validateParameters(parameters, true);
    const reason = this.refuseParameters?.(parameters, declaring);
    return reason === undefined ? super._validateParameters(parameters, declaring) : { successful: false, reason };
  }

  /** Requests to the parameter services are limited: thousands of entries would block the node. */
  override createService<T extends TypeClass<ServiceTypeClassName>>(
    type: T,
    name: string,
    optionsOrHandler: Options | ServiceRequestHandler<T>,
    handler?: ServiceRequestHandler<T>,
  ): ServiceType<T> {
    const options = typeof optionsOrHandler === 'function' ? undefined : optionsOrHandler;
    const given = typeof optionsOrHandler === 'function' ? optionsOrHandler : (handler ?? ignore);
    const answer: (...asked: Parameters<typeof given>) => unknown = given;
    const bounded: ServiceRequestHandler<T> = (request, reply) => {
      const refused = typeof type === 'string' ? refuseRequest(type, request) : undefined;
      if (refused === undefined) return answer(request, reply);
      this.onRefusedRequest?.(refused.reason);
      (reply as unknown as ServiceReply<object>).send(refused.answer);
      return undefined;
    };
    const service =
      options === undefined
        ? super.createService(type, name, bounded)
        : super.createService(type, name, options, bounded);
    // The base class creates its own services before this class has its fields; the constructor handles those.
    if (#held in this) this.#answerAlways(service as unknown as AnyService);
    return service;
  }

  override destroyService(service: Service): void {
    this.#held = this.#held.filter((each) => each !== (service as unknown));
    super.destroyService(service);
  }

  override stop(): void {
    for (const listening of this.#listened.values()) endListening(listening);
    this.#interruptWait();
    super.stop();
    // Entities destroyed with the node must be in its lists.
    this._services.push(...this.#held);
    this.#held = [];
  }

  override destroySubscription(subscription: Subscription): void {
    const listening = this.#listened.get(subscription);
    if (listening !== undefined) endListening(listening);
    this.#listened.delete(subscription);
    super.destroySubscription(subscription);
  }

  /** Ends the thread's current wait first; otherwise this would block until it ends. */
  override syncHandles(): void {
    // The base class creates entities before this class has its fields.
    if (#interrupt in this) this.#interruptWait();
    super.syncHandles();
  }

  #interruptWait(): void {
    if (this.spinning && !this.#executing) this.#interrupt?.trigger();
  }

  /**
   * Counts the entries of a request to a parameter service before it is read, since reading takes a millisecond per
   * entry. The total time of answers is limited, except of those of the state machine.
   */
  override _runWithMessageType(type: RawMessageType, take: TakeMessage): void {
    const { pkgName, subFolder, interfaceName } = type.type();
    const bounded = interfaceName.endsWith('_Request') && subFolder === 'srv' && pkgName !== lifecycle;
    const begun = performance.now();
    try {
      this.#takeCounted(type, `${pkgName}/${subFolder}/${interfaceName.replace(/_Request$/, '')}`, take);
    } finally {
      if (bounded) this.#book((performance.now() - begun) / 1000);
    }
  }

  /** Publishes one event for all changed parameters; rclnodejs publishes one per parameter, a millisecond each. */
  override setParameters(parameters: Parameter[]): SetResult[] {
    const results = parameters.map((parameter) =>
      this._validateParameters(prepared(this._preSetParametersCallbacks, parameter)),
    );
    const accepted = parameters.filter((_, index) => results[index].successful);
    if (accepted.length < 2) return super.setParameters(parameters);
    const together = this.setParametersAtomically(accepted);
    // A refusal at this stage refuses all parameters set together: then set each by itself.
    if (!together.successful) return super.setParameters(parameters);
    return results.map(({ successful, reason }) => (successful ? together : { successful, reason }));
  }

  /** Keeps /parameter_events global; rclnodejs would publish it inside the namespace. */
  override createPublisher<T extends TypeClass<MessageTypeClassName>>(
    type: T,
    topic: string,
    options?: Options,
    events?: (event: object) => void,
  ): Publisher<T> {
    return super.createPublisher(type, topic === 'parameter_events' ? '/parameter_events' : topic, options, events);
  }

  /**
   * Subscribes to /clock with best effort, as `ros2 bag play --clock` publishes; rclnodejs's reliable subscription
   * never receives that. Refuses times before 1970, at which rclnodejs throws: any publisher on /clock could fill the
   * logs.
   */
  override createSubscription<T extends TypeClass<MessageTypeClassName>>(
    type: T,
    topic: string,
    optionsOrCallback: Options | SubscriptionCallback<T>,
    callback?: SubscriptionCallback<T> | SubscriptionWithRawMessageCallback,
  ): Subscription {
    if (typeof optionsOrCallback !== 'function') {
      return super.createSubscription(type, topic, optionsOrCallback, callback ?? ignore);
    }
    if (topic !== '/clock') return super.createSubscription(type, topic, optionsOrCallback);
    const hear: SubscriptionCallback<T> = (message) => {
      const { sec, nanosec } = (message as unknown as { readonly clock: Stamp }).clock;
      if (sec >= 0 && nanosec < 1e9) {
        optionsOrCallback(message);
        return;
      }
      this.strangeClocks++;
      const found = `the time is ${sec} s and ${nanosec} ns`;
      this.onStrangeClock?.(`${found}, expected seconds from 0 and less than 1000000000 ns; the time before stays`);
    };
    return super.createSubscription(type, topic, { qos: toQos(qosProfiles.sensorData) }, hear);
  }

  /**
   * Subscribes to messages as bytes (CDR), taken when they arrive. Where that is not possible, the waiting thread
   * serves the subscription like everything else.
   *
   * @param options - a fresh object for each subscription
   */
  hearBytes(type: MessageTypeClassName, topic: string, options: Options, hear: HearBytes): Subscription {
    const raw = (bytes: Buffer): void => {
      hear(bytes);
    };
    const subscription = super.createSubscription(type, topic, { isRaw: true, ...options }, raw);
    const all = this.#arrivals;
    if (typeof all === 'string') return subscription;
    const { handle } = subscription as unknown as OpenSubscription;
    const listen = all.listen.bind(all, handle, this.#arrived.bind(this, all.memory(handle), hear));
    const end = listen();
    if (end === undefined) return subscription;
    this.#listened.set(subscription, { listen, end });
    this._subscriptions.splice(this._subscriptions.indexOf(subscription), 1);
    this.syncHandles();
    return subscription;
  }

  #arrived(memory: MessageMemory, hear: HearBytes): boolean {
    this.onWake?.();
    try {
      const lent = memory.take();
      if (lent === undefined) return false;
      hear(lent.bytes, lent.giveBack);
    } catch (error) {
      this.onFault?.('callback', error);
    }
    return true;
  }

  /**
   * Takes no message of a subscription until {@link SafeLifecycleNode.attend}. Meanwhile the middleware receives, keeps
   * the newest message, and does not wake this process.
   */
  ignore(subscription: Subscription): void {
    const listening = this.#listened.get(subscription);
    if (listening !== undefined) endListening(listening);
    const at = this._subscriptions.indexOf(subscription);
    if (at < 0) return;
    this._subscriptions.splice(at, 1);
    this.syncHandles();
  }

  /** Takes its messages again. */
  attend(subscription: Subscription): void {
    const listening = this.#listened.get(subscription);
    if (listening !== undefined) {
      listening.end ??= listening.listen();
      if (listening.end !== undefined) return;
    }
    if (this._subscriptions.includes(subscription)) return;
    this._subscriptions.push(subscription);
    this.syncHandles();
  }

  #takeCounted(type: RawMessageType, service: string, take: TakeMessage): void {
    if (!isParameterService(service)) {
      super._runWithMessageType(type, take);
      return;
    }
    // Repeats the overridden method, which does not expose native memory.
    const message = new type();
    take(message.toRawROS(), () => {
      const unread = unreadRequest(service, message.refObject);
      if (unread !== undefined) return { toPlainObject: () => unread };
      const read = new type();
      read.deserialize(message.refObject);
      return read;
    });
    type.destroyRawROS(message);
  }

  /** Answers a request even if its callback throws; rclnodejs would leave the caller waiting for ever. */
  #answerAlways(service: AnyService): void {
    const answer = service._callback;
    service._callback = (request, reply) => {
      const fail = (error: unknown): void => {
        this.failedCalls++;
        this.onFault?.(`service ${service.serviceName}`, error);
        const reason = `the node failed in answering: ${describeError(error)}; its log says where`;
        if (!reply.sent) reply.send(failureAnswer(reply.template, request, reason));
      };
      try {
        const answered = answer(request, reply);
        return answered instanceof Promise ? answered.catch(fail) : answered;
      } catch (error) {
        fail(error);
        return undefined;
      }
    };
  }

  /** Books the time of an answer. Once answers have used up their share, further requests wait in the middleware. */
  #book(seconds: number): void {
    const wait = this.#budget.spend(seconds, performance.now() / 1000);
    if (wait === 0 || this.#held.length > 0) return;
    this.#held = this._services.filter(({ typeClass }) => typeClass.type().pkgName !== lifecycle);
    for (const service of this.#held) this._services.splice(this._services.indexOf(service), 1);
    this.servicesHeld++;
    this.onServicesHeld?.(wait);
    this.#release ??= this.createTimer(second, this.#answerAgain.bind(this), this.#steady);
    this.#release.changeTimerPeriod(BigInt(Math.ceil(Number(second) * wait)));
    this.#release.reset();
    this.syncHandles();
  }

  #answerAgain(): void {
    this.#release?.cancel();
    this._services.push(...this.#held);
    this.#held = [];
    this.syncHandles();
  }

  #runCallback(state: StateInfo, previous: StateInfo): TransitionResult {
    const { success, failure, error } = transitionResults;
    const callback = this._callbackMap.get(state.id);
    // An error is never recovered silently: without its own callback the node is finalized.
    if (callback === undefined) return state.id === errorProcessing ? failure : success;
    try {
      const result = callback(previous);
      if (result === success || result === failure || result === error) return result;
      throw new TypeError(`it returned a ${typeof result}, expected a transition result at once, not a promise`);
    } catch (fault) {
      this.onFault?.(`transition callback in state ${state.label}`, fault);
      return error;
    }
  }
}

const ignore = (): void => undefined;

/**
 * Receives a message as bytes (CDR). It calls `giveBack` when nothing reads the bytes any more; without `giveBack` it
 * owns them.
 */
export type HearBytes = (bytes: Buffer, giveBack?: () => void) => void;

/** Starts listening to a subscription, and `end` ends it; `end` is absent while the subscription is ignored. */
interface Listening {
  readonly listen: () => (() => void) | undefined;
  end: (() => void) | undefined;
}

function endListening(listening: Listening): void {
  listening.end?.();
  listening.end = undefined;
}

/** Package of the services of the state machine. */
const lifecycle = 'lifecycle_msgs';

/** [ns] */
const second = 1_000_000_000n;

const prepared = (callbacks: readonly PreSetCallback[], parameter: Parameter): readonly Parameter[] =>
  callbacks.reduce<readonly Parameter[]>((before, prepare) => prepare(before), [parameter]);
