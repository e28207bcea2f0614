import type { ParameterValue } from './parameter-entry.js';

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

  bool(name: string): boolean {
    const value = this.values.get(name);
    return typeof value === 'boolean' ? value : this.#fail(name, 'boolean');
  }

  number(name: string): number {
    const value = this.values.get(name);
    return typeof value === 'number' ? value : this.#fail(name, 'number');
  }

  text(name: string): string {
    const value = this.values.get(name);
    return typeof value === 'string' ? value : this.#fail(name, 'string');
  }

  texts(name: string): readonly string[] {
    const value = this.values.get(name);
    return typeof value === 'object' ? value : this.#fail(name, 'list');
  }

  /** The values whose names begin with `block` and a dot, under the rest of their names. */
  block(block: string): Map<string, ParameterValue> {
    const inside = [...this.values].filter(([name]) => name.startsWith(`${block}.`));
    return new Map(inside.map(([name, value]) => [name.slice(block.length + 1), value]));
  }

  #fail(name: string, type: string): never {
    const found = typeof this.values.get(name);
    throw new TypeError(`parameter ${name} is ${found} here, expected a ${type} declared in the table`);
  }
}
