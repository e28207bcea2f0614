/** What a parameter holds. */
export type ParameterValue = boolean | number | string | readonly string[];

interface Common {
  /** snake_case, nested by dots. */
  readonly name: string;
  /** Can be changed while the node runs. */
  readonly dynamic: boolean;
  /** What it is for, with its unit. */
  readonly description: string;
  /**
   * Of a sensor's parameters: it changes no intensity of any message, as a bound of what is accepted does not. What is not
   * marked so is stored in checkpoints and compared when one is restored.
   */
  readonly limit?: true;
}

interface Bounded {
  readonly standard: number;
  readonly low: number;
  readonly high: number;
}

/** One row of a table of parameters: name, type, default, range, read-only or dynamic, description. */
export type ParameterEntry = Common &
  (
    | { readonly type: 'bool'; readonly standard: boolean }
    | ({ readonly type: 'integer' } & Bounded)
    | ({ readonly type: 'double' } & Bounded)
    | {
        readonly type: 'string';
        readonly standard: string;
        readonly choices?: readonly string[];
        /** Throws where a text is none of its kind; the error says what was expected. */
        readonly check?: (text: string) => void;
      }
    | { readonly type: 'stringArray'; readonly standard: readonly string[]; readonly choices: readonly string[] }
  );

type Change = 'read-only' | 'dynamic';

/** A switch. */
export const bool = (name: string, standard: boolean, change: Change, description: string): ParameterEntry => ({
  ...{ name, type: 'bool', standard, dynamic: change === 'dynamic', description },
});

/** A whole number, read-only. */
export const integer = (
  name: string,
  standard: number,
  range: readonly [number, number],
  description: string,
): ParameterEntry => ({
  ...{ name, type: 'integer', standard, low: range[0], high: range[1], dynamic: false, description },
});

/** A number. */
export const double = (
  name: string,
  standard: number,
  range: readonly [number, number],
  change: Change,
  description: string,
): ParameterEntry => ({
  ...{ name, type: 'double', standard, low: range[0], high: range[1], dynamic: change === 'dynamic', description },
});

/** Any text, read-only. */
export const text = (name: string, standard: string, description: string): ParameterEntry => ({
  ...{ name, type: 'string', standard, dynamic: false, description },
});

/** A text of some kind that can be changed while the node runs. */
export const checked = (
  name: string,
  standard: string,
  check: (text: string) => void,
  description: string,
): ParameterEntry => ({ ...{ name, type: 'string', standard, check, dynamic: true, description } });

/** Marks a parameter of a sensor that changes no intensity. */
export const limit = (entry: ParameterEntry): ParameterEntry => ({ ...entry, limit: true });

/** One of some names. */
export const choice = (
  name: string,
  standard: string,
  choices: readonly string[],
  change: Change,
  description: string,
): ParameterEntry => ({
  ...{ name, type: 'string', standard, choices, dynamic: change === 'dynamic', description },
});

/** One or more of some names, each once, in an order that counts; read-only. */
export const selection = (
  name: string,
  standard: readonly string[],
  choices: readonly string[],
  description: string,
): ParameterEntry => ({ ...{ name, type: 'stringArray', standard, choices, dynamic: false, description } });

/** Values by name, read by the type that the table gives them; a name or type that the table lacks is our own fault. */
export class ParameterValues {
  /**
   * @param values - of every parameter
   * @param explicit - names of those that a user set, to the default or not
   */
  constructor(
    readonly values: ReadonlyMap<string, ParameterValue>,
    readonly explicit: ReadonlySet<string> = new Set(),
  ) {}

  /** The same with some values in place of others. */
  with(changed: ReadonlyMap<string, ParameterValue>): ParameterValues {
    return new ParameterValues(new Map([...this.values, ...changed]), this.explicit);
  }

  /** One value, for whoever reads it. */
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

  /** The values whose names begin with `block` and a dot, under the rest of their names. */
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
