/** Value of a parameter. */
export type ParameterValue = boolean | number | string | readonly string[];

/** A condition for a parameter to have an effect. The node declares the parameter only where the condition holds. */
export interface Need {
  /** Name of the parameter on which it depends. */
  readonly parameter: string;
  /** The required value, in words: `scan`, `two or more`. */
  readonly words: string;
  readonly met: (value: ParameterValue) => boolean;
}

interface Common {
  /** Name in snake_case, nested by dots. */
  readonly name: string;
  /** Its purpose, with its unit. */
  readonly description: string;
  /**
   * Marks a parameter of a sensor that changes no intensity, such as a bound of accepted values. All other parameters
   * of sensors are stored in checkpoints, and compared when one is restored.
   */
  readonly limit?: true;
  /** Conditions, all of which must hold; absent: it always has an effect. */
  readonly needs?: readonly Need[];
  /** Declared only where the user sets a parameter of its block. */
  readonly whereGiven?: true;
}

/** Texts that a list may contain in addition to its choices. */
export interface MoreTexts {
  readonly accepts: (text: string) => boolean;
  /** The same in words: `or one with an ending`. */
  readonly words: string;
}

interface Bounded {
  readonly standard: number;
  readonly low: number;
  readonly high: number;
}

/** One row of a table of parameters: name, type, default, range, description. */
export type ParameterEntry = Common &
  (
    | { readonly type: 'bool'; readonly standard: boolean }
    | ({ readonly type: 'integer' } & Bounded)
    | ({ readonly type: 'double' } & Bounded)
    | {
        readonly type: 'string';
        readonly standard: string;
        readonly choices?: readonly string[];
        /** Throws for an invalid text; the error says what was expected. */
        readonly check?: (text: string) => void;
      }
    | {
        readonly type: 'stringArray';
        readonly standard: readonly string[];
        readonly choices: readonly string[];
        /** Other texts that it may contain. */
        readonly more?: MoreTexts;
      }
  );

/** Applies a changed parameter to the running program; `values` are the current values of all parameters. */
export type Apply<Subject> = (subject: Subject, values: ParameterValues) => void;

/** A parameter. With `apply` it can be changed while the node runs. */
export type Parameter<Subject> = ParameterEntry & { readonly apply?: Apply<Subject> };

/** Whether a parameter can be changed while the node runs; then it has `apply`. */
export const isDynamic = (entry: ParameterEntry): entry is ParameterEntry & { readonly apply: Apply<never> } =>
  'apply' in entry;

/** How a parameter may change: it is read-only, or a change is applied. */
type Change<Subject> = 'read-only' | Apply<Subject>;

const changed = <Subject>(change: Change<Subject>): { readonly apply?: Apply<Subject> } =>
  change === 'read-only' ? {} : { apply: change };

/** A switch. */
export const bool = <Subject>(
  name: string,
  standard: boolean,
  change: Change<Subject>,
  description: string,
): Parameter<Subject> => ({ ...{ name, type: 'bool', standard, description }, ...changed(change) });

/** A whole number, read-only. */
export const integer = (
  name: string,
  standard: number,
  range: readonly [number, number],
  description: string,
): Parameter<unknown> => ({
  ...{ name, type: 'integer', standard, low: range[0], high: range[1], description },
});

/** A number. */
export const double = <Subject>(
  name: string,
  standard: number,
  range: readonly [number, number],
  change: Change<Subject>,
  description: string,
): Parameter<Subject> => ({
  ...{ name, type: 'double', standard, low: range[0], high: range[1], description },
  ...changed(change),
});

/** Any text, read-only. */
export const text = (name: string, standard: string, description: string): Parameter<unknown> => ({
  ...{ name, type: 'string', standard, description },
});

/** A text with a check. */
export const checked = <Subject>(
  name: string,
  standard: string,
  check: (text: string) => void,
  change: Change<Subject>,
  description: string,
): Parameter<Subject> => ({ ...{ name, type: 'string', standard, check, description }, ...changed(change) });

/** Marks a parameter of a sensor that changes no intensity. */
export const limit = <Subject>(entry: Parameter<Subject>): Parameter<Subject> => ({ ...entry, limit: true });

/** Marks a parameter that the node declares only where the user sets a parameter of its block. */
export const whereGiven = <Subject>(entry: Parameter<Subject>): Parameter<Subject> => ({ ...entry, whereGiven: true });

/** A condition: a parameter equals one of some names, or a list contains one of them. */
export const needsOneOf = (parameter: string, names: readonly string[]): Need => ({
  ...{ parameter, words: names.join(' or ') },
  met: (value) => names.some((name) => (typeof value === 'object' ? value.includes(name) : value === name)),
});

/** A condition: a number is above another. */
export const needsAbove = (parameter: string, least: number): Need => ({
  ...{ parameter, words: `above ${least}` },
  met: (value) => typeof value === 'number' && value > least,
});

/** A condition: a text is not empty. */
export const needsText = (parameter: string): Need => ({
  ...{ parameter, words: 'a text' },
  met: (value) => typeof value === 'string' && value.trim() !== '',
});

/** A condition: a list has two or more entries. */
export const needsTwo = (parameter: string): Need => ({
  ...{ parameter, words: 'two or more' },
  met: (value) => typeof value === 'object' && value.length > 1,
});

/** Adds a condition to parameters. */
export const where = <Entry extends ParameterEntry>(need: Need, entries: readonly Entry[]): Entry[] =>
  entries.map((entry) => ({ ...entry, needs: [...(entry.needs ?? []), need] }));

/** One of some names. */
export const choice = <Subject>(
  name: string,
  standard: string,
  choices: readonly string[],
  change: Change<Subject>,
  description: string,
): Parameter<Subject> => ({
  ...{ name, type: 'string', standard, choices, description },
  ...changed(change),
});

/** One or more of some names and other accepted texts, each once, in an order that matters; read-only. */
export const selection = (
  name: string,
  standard: readonly string[],
  choices: readonly string[],
  more: MoreTexts,
  description: string,
): Parameter<unknown> => ({ ...{ name, type: 'stringArray', standard, choices, more, description } });

/** Values by name, read by the type in the table. A name or type that the table lacks is a bug. */
export class ParameterValues {
  /**
   * @param values - values of all parameters
   * @param explicit - names of the parameters that a user set, even to the default
   */
  constructor(
    readonly values: ReadonlyMap<string, ParameterValue>,
    readonly explicit: ReadonlySet<string> = new Set(),
  ) {}

  /** The same with some values replaced. */
  with(changed: ReadonlyMap<string, ParameterValue>): ParameterValues {
    return new ParameterValues(new Map([...this.values, ...changed]), this.explicit);
  }

  /** One value. */
  protected read(name: string): ParameterValue | undefined {
    return this.values.get(name);
  }

  bool(name: string): boolean {
    const value = this.read(name);
    return typeof value === 'boolean' ? value : this.#fail(name, 'boolean');
  }

  number(name: string): number {
    const value = this.read(name);
    return typeof value === 'number' ? value : this.#fail(name, 'number');
  }

  text(name: string): string {
    const value = this.read(name);
    return typeof value === 'string' ? value : this.#fail(name, 'string');
  }

  texts(name: string): readonly string[] {
    const value = this.read(name);
    return typeof value === 'object' ? value : this.#fail(name, 'list');
  }

  /** The values whose names begin with `block` and a dot, by the rest of their names. */
  block(block: string): Map<string, ParameterValue> {
    const names = [...this.values.keys()].filter((name) => name.startsWith(`${block}.`));
    return new Map(
      names.flatMap((name) => {
        const value = this.read(name);
        return value === undefined ? [] : [[name.slice(block.length + 1), value]];
      }),
    );
  }

  #fail(name: string, type: string): never {
    const found = typeof this.values.get(name);
    throw new TypeError(`parameter ${name} is ${found} here, expected a ${type} declared in the table`);
  }
}
