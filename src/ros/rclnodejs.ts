/**
 * The only file that loads rclnodejs. rclnodejs is an ES module with only a default export, its declarations omit the
 * methods that must be overridden, and its `const enum`s do not work with isolated modules. This file corrects all of
 * that. A small process needs only {@link openNode} (open-node.ts).
 */
import { createRequire } from 'node:module';
import '../node/ros-environment.js';
import type rclnodejs from 'rclnodejs';
import type { MessageType, MessageTypeClassName, ServiceTypeClassName } from 'rclnodejs';

/**
 * The CommonJS edition of rclnodejs. The other edition imports CommonJS modules, which Node.js parses a second time for
 * the names of their exports. That takes as long as loading them.
 */
export const ros = createRequire(import.meta.url)('rclnodejs') as typeof rclnodejs;
export { default as native } from 'rclnodejs/lib/native_loader.js';
export type { MessageType, MessageTypeClassName, ServiceTypeClassName };

/** Types of a parameter, as in rcl_interfaces/msg/ParameterType. */
export const parameterTypes = {
  notSet: 0,
  bool: 1,
  integer: 2,
  double: 3,
  string: 4,
  integerArray: 7,
  stringArray: 9,
} as unknown as Readonly<
  Record<'notSet' | 'bool' | 'integer' | 'double' | 'string' | 'integerArray' | 'stringArray', rclnodejs.ParameterType>
>;

/** Clock types for new clocks. */
export const clockTypes = { steady: 3 } as unknown as Readonly<Record<'steady', rclnodejs.ClockType>>;

/** Results of a transition callback, as in lifecycle_msgs/msg/Transition. */
export const transitionResults = { success: 97, failure: 98, error: 99 } as unknown as Readonly<
  Record<'success' | 'failure' | 'error', TransitionResult>
>;

/** One of {@link transitionResults}. */
export type TransitionResult = rclnodejs.lifecycle.CallbackReturnCode;

/** Ids of the primary states of a managed node, as in lifecycle_msgs/msg/State. */
export const primaryStates = { unconfigured: 1, inactive: 2, active: 3, finalized: 4 } as const;

/** Id of the state in which the error callback runs, as in lifecycle_msgs/msg/State. */
export const errorProcessing = 15;

/** Reply of a service to one request, sent once. */
export interface ServiceReply<Response> {
  /** A response with every field at its default. */
  readonly template: Response;
  /** Whether it was sent. */
  readonly sent: boolean;
  send(response: Response): void;
}

type Fields = Readonly<Record<string, unknown>>;

/** A service of any type. */
export interface AnyService {
  readonly serviceName: string;
  readonly typeClass: { type(): { readonly pkgName: string } };
  /** Answers a request: by the reply, or by its return value. */
  _callback: (request: Fields, reply: ServiceReply<Fields>) => unknown;
}

/** Outcome of setting parameters, as in rcl_interfaces/msg/SetParametersResult. */
export interface SetResult {
  readonly successful: boolean;
  readonly reason: string;
}

/** Prepares parameters before they are checked. */
export type PreSetCallback = (parameters: readonly rclnodejs.Parameter[]) => readonly rclnodejs.Parameter[];

/** A message in native memory, before its fields are read. */
export interface RawMessage {
  readonly refObject: Readonly<Record<string, { readonly size: number }>>;
  toRawROS(): unknown;
  deserialize(refObject: RawMessage['refObject']): void;
}

/** Class of {@link RawMessage}. */
export interface RawMessageType {
  new (): RawMessage;
  type(): { readonly pkgName: string; readonly subFolder: string; readonly interfaceName: string };
  destroyRawROS(message: RawMessage): void;
}

/** Takes a message into native memory, and reads its fields if one came. */
export type TakeMessage = (raw: unknown, read: () => unknown) => void;

/** A subscription, with members that its declared class omits. */
export interface OpenSubscription {
  readonly handle: unknown;
  readonly isRaw: boolean;
  isDestroyed(): boolean;
  processResponse(message: unknown): void;
}

interface NodeInternals {
  readonly handle: unknown;
  /** Waitable entities of the node, as of the last {@link NodeInternals.syncHandles}. */
  readonly _subscriptions: rclnodejs.Subscription[];
  readonly _publishers: readonly unknown[];
  readonly _services: AnyService[];
  readonly _timers: readonly unknown[];
  /**
   * Updates the entities of the waiting thread; outside of {@link NodeInternals.execute} it blocks until the wait
   * ends.
   */
  syncHandles(): void;
  /** Runs the callbacks of everything ready; called from native code, where an exception aborts. */
  execute(handles: readonly unknown[]): void;
  /** Takes one message: `take` fills native memory, and reads the fields if a message came. */
  _runWithMessageType(type: RawMessageType, take: TakeMessage): void;
  /** Called by the constructor, before any field of a subclass exists. */
  _getNativeParameterOverrides(): Map<string, rclnodejs.Parameter>;
  readonly _preSetParametersCallbacks: readonly PreSetCallback[];
  /** Type, range and read-only checks of rclnodejs, ahead of the on-set callbacks. */
  _validateParameters(parameters: readonly rclnodejs.Parameter[], declaring?: boolean): SetResult;
}

/** A request to change the state, as in lifecycle_msgs/srv/ChangeState. */
export interface ChangeStateRequest {
  transition: { id: number; label: string };
}

/** The real fields of a state. The declared class omits them, and has an `asMessage` that does not exist. */
export interface StateInfo {
  readonly id: number;
  readonly label: string;
}

/** The current state of a managed node. */
export function currentState(node: { readonly currentState: object }): StateInfo {
  return node.currentState as StateInfo;
}

interface LifecycleInternals extends NodeInternals {
  /** Callbacks by the id of the state in which they run. */
  readonly _callbackMap: ReadonlyMap<number, (previous: StateInfo) => unknown>;
  _executeCallback(state: StateInfo, previous: StateInfo): TransitionResult;
  _changeState(transition: number | string): StateInfo;
  _onChangeState(request: ChangeStateRequest, reply: ServiceReply<{ success: boolean }>): void;
  _onGetAvailableTransitions(request: object, reply: ServiceReply<TransitionList>): void;
}

/** A transition with its states, as lifecycle_msgs/msg/TransitionDescription names them. */
export interface TransitionMessage {
  readonly transition: { readonly id: number; readonly label: string };
  readonly start_state: { readonly id: number; readonly label: string };
  readonly goal_state: { readonly id: number; readonly label: string };
}

/** As in lifecycle_msgs/srv/GetAvailableTransitions. */
export interface TransitionList {
  available_transitions: TransitionMessage[];
}

type NodeConstructor<T> = new (
  name: string,
  namespace?: string,
  context?: rclnodejs.Context,
  options?: rclnodejs.NodeOptions,
) => T;

/** rclnodejs's node with the methods that a subclass overrides declared. */
export const BaseNode = ros.Node as unknown as NodeConstructor<rclnodejs.Node & NodeInternals>;

/** rclnodejs's managed node with the methods that a subclass overrides declared. */
export const BaseLifecycleNode = ros.lifecycle.LifecycleNode as unknown as NodeConstructor<
  rclnodejs.lifecycle.LifecycleNode & LifecycleInternals
>;

/**
 * A parameter from its parts.
 *
 * @param value - as rcl parsed it. Integers may be numbers; rclnodejs converts a single one, but not those of an array
 */
export function toParameter(name: string, type: rclnodejs.ParameterType, value: unknown): rclnodejs.Parameter {
  const exact: unknown = type === parameterTypes.integerArray && Array.isArray(value) ? value.map(BigInt) : value;
  return new ros.Parameter(name, type, exact);
}

/** A transition as rclnodejs stores it, despite its declarations. */
interface HeldTransition {
  readonly transition: TransitionMessage['transition'];
  readonly startState: TransitionMessage['start_state'];
  readonly goalState: TransitionMessage['goal_state'];
}

/** rclnodejs's transitions under the field names of lifecycle_msgs/msg/TransitionDescription. */
export function transitionMessages(held: readonly object[]): TransitionMessage[] {
  return (held as readonly HeldTransition[]).map(({ transition, startState, goalState }) => ({
    transition: { id: transition.id, label: transition.label },
    start_state: { id: startState.id, label: startState.label },
    goal_state: { id: goalState.id, label: goalState.label },
  }));
}
