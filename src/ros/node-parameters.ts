import type { Parameter as RosParameter } from 'rclnodejs';
import { didYouMean, shownName } from '../base/quoted.js';
import { parameterValues } from '../node/given-parameters.js';
import { idleBecause, idleSentences } from '../node/idle-parameters.js';
import { movedEntries, movedSentences, movedTo } from '../node/moved-parameters.js';
import { checkParameter } from '../node/parameter-checks.js';
import {
  isDynamic,
  type Parameter,
  type ParameterEntry,
  type ParameterValue,
  ParameterValues,
} from '../base/parameters.js';
import type { Agent } from '../agent/agent.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';
import { parameterTypes, ros } from './rclnodejs.js';
import { strayBlocks, unknownParameters, unknownSentence, type UnknownParameters } from '../node/unknown-parameters.js';

/** Unknown names listed one by one. */
const mostListed = 20;

/** Parameters of other ROS nodes that a launch file sets for all. */
const ofEveryNode = ['use_sim_time', 'start_type_description_service'];

/** The parameters of a node and their current values; those that have an effect are declared. */
export class NodeParameters extends ParameterValues {
  readonly #entries: ReadonlyMap<string, Parameter<Agent>>;
  readonly #node: SafeLifecycleNode;
  readonly #current: Map<string, ParameterValue>;
  readonly #known: ReadonlySet<string>;
  /** Parameters that were set but not declared, and so are ignored. */
  readonly unknown: UnknownParameters;
  /** Declared values of parameters that now have the value of a checkpoint. */
  readonly #declared = new Map<string, ParameterValue>();
  /** The agent that changes of dynamic parameters act on; absent while there is none. */
  subject: Agent | undefined;

  /**
   * Declares every parameter that has an effect, with its value from the command line or a parameter file.
   *
   * @throws {@link TopsparkError} `parameter_value` naming parameter, value and range
   */
  constructor(node: SafeLifecycleNode, table: readonly Parameter<Agent>[]) {
    const given = new Map(node.getParameterOverrides().map((parameter) => [parameter.name, parameter]));
    const current = parameterValues(table, given);
    super(current, new Set(given.keys()));
    this.#node = node;
    this.#current = current;
    this.#entries = new Map(table.map((entry) => [entry.name, entry]));
    const blocks = new Set([...given.keys()].map(blockOf));
    const wanted = ({ name, whereGiven }: ParameterEntry): boolean => whereGiven !== true || blocks.has(blockOf(name));
    this.#declare(table.filter((entry) => idleBecause(entry, this) === undefined && wanted(entry)));
    const declared = [...given.keys()].filter((name) => node.hasParameter(name));
    this.#known = new Set([...[...table, ...movedEntries].map(({ name }) => name), ...ofEveryNode, ...declared]);
    this.unknown = unknownParameters(node.parameterBlocks, node.getFullyQualifiedName(), this.#known);
    node.refuseParameters = (parameters, declaring) =>
      declaring ? undefined : parameters.map((each) => this.#refuse(each)).find((reason) => reason !== '');
    node.addPreSetParametersCallback((parameters) => parameters.map((each) => this.#widen(each)));
    node.addPostSetParametersCallback((parameters) => {
      for (const { name, value } of parameters) this.#current.set(name, plain(value));
      if (this.subject === undefined) return;
      // Each function runs once, even if several of the parameters share it.
      const changes = new Set(parameters.map(({ name }) => this.#entries.get(name)?.apply));
      for (const apply of changes) apply?.(this.subject, this);
    });
  }

  /** Sentences on parameters without effect: a misspelt name of a parameter or of this node, an unused sensor. */
  get complaints(): readonly string[] {
    const { misspelt } = this.unknown;
    const more = misspelt.length > mostListed ? [`and ${misspelt.length - mostListed} more unknown parameters`] : [];
    const node = this.#node.getFullyQualifiedName();
    const stray = strayBlocks(this.#node.parameterBlocks, node);
    const given = new Set(this.#node.getParameterOverrides().map(({ name }) => name));
    return [
      ...misspelt.slice(0, mostListed).map((name) => unknownSentence(name, this.#known)),
      ...more,
      ...(stray === undefined ? [] : [stray]),
      ...movedSentences(this, given),
      ...idleSentences([...this.#entries.values(), ...movedEntries], this, given),
    ];
  }

  /**
   * Sets a dynamic parameter, as a parameter service would.
   *
   * @returns why it was refused; empty where it was set
   */
  set(name: string, value: ParameterValue): string {
    const entry = this.#entries.get(name);
    if (entry === undefined) return `parameter ${name} is not declared`;
    return this.#node.setParameter(new ros.Parameter(name, parameterTypes[entry.type], value)).reason;
  }

  /**
   * Shows values taken from a checkpoint; values taken earlier return to the declared ones.
   *
   * @param taken - values of parameters that the user has not set
   */
  adopt(taken: ReadonlyMap<string, ParameterValue>): void {
    const before = new Map(this.#declared);
    this.#declared.clear();
    for (const [name, value] of taken) {
      const declared = before.get(name) ?? this.values.get(name);
      if (declared !== undefined) this.#declared.set(name, declared);
      before.delete(name);
      this.#show(name, value);
    }
    for (const [name, value] of before) this.#show(name, value);
  }

  #show(name: string, value: ParameterValue): void {
    const entry = this.#entries.get(name);
    if (entry === undefined || this.values.get(name) === value) return;
    this.#node.showParameter(new ros.Parameter(name, parameterTypes[entry.type], value));
  }

  /** Declares all at once; otherwise each would be published in its own event. */
  #declare(table: readonly ParameterEntry[]): void {
    const parameters = table.map(
      ({ name, type }) => new ros.Parameter(name, parameterTypes[type], this.values.get(name)),
    );
    const descriptors = table.map((entry) => {
      const text = `${entry.description}${range(entry)}`;
      return new ros.ParameterDescriptor(entry.name, parameterTypes[entry.type], text, !isDynamic(entry));
    });
    this.#node.declareParameters(parameters, descriptors, true);
  }

  #widen(parameter: RosParameter): RosParameter {
    const { name, type } = parameter;
    if (this.#entries.get(name)?.type !== 'double' || type !== parameterTypes.integer) return parameter;
    return new ros.Parameter(name, parameterTypes.double, plain(parameter.value));
  }

  /** Why a parameter is not declared, as the end of a sentence. */
  #undeclared(name: string): string {
    const entry = this.#entries.get(name);
    const why = entry && idleBecause(entry, this);
    if (why !== undefined) return `: it needs ${why}`;
    const moved = movedTo(name);
    return moved === undefined ? didYouMean(name, this.#entries.keys()) : `: ${moved}`;
  }

  /** Why a change is refused; '' where it is allowed. No parameter can be deleted, including those of rclnodejs. */
  #refuse({ name, type, value }: RosParameter): string {
    const entry = this.#entries.get(name);
    if (!this.#node.hasParameter(name) && entry?.whereGiven !== true) {
      return `parameter ${shownName(name)} is not declared${this.#undeclared(name)}`;
    }
    if (type === parameterTypes.notSet) return `parameter ${name} cannot be deleted`;
    if (entry === undefined) {
      const declared = this.#node.getParameter(name).type;
      return type === declared ? '' : `parameter ${name} is of type ${type}, expected ${declared}, as it was declared`;
    }
    if (!isDynamic(entry)) return `parameter ${name} is read-only: set it in a parameter file or on the command line`;
    const checked = checkParameter(entry, value);
    return 'reason' in checked ? checked.reason : '';
  }
}

/** rclnodejs's values are untyped; integers are bigint there. */
function plain(value: unknown): ParameterValue {
  return typeof value === 'bigint' ? Number(value) : (value as ParameterValue);
}

const blockOf = (name: string): string => name.slice(0, name.lastIndexOf('.'));

function range(entry: ParameterEntry): string {
  if (entry.type === 'integer' || entry.type === 'double') return ` [${entry.low}..${entry.high}]`;
  return 'choices' in entry ? ` [${entry.choices.join(' | ')}]` : '';
}
