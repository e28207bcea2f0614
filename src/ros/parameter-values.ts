import type { ParameterValue } from './parameter-table.js';

/** Values by name, read by the type that the table gives them; a name or type that the table lacks is our own fault. */
export class ParameterValues {
  constructor(readonly values: ReadonlyMap<string, ParameterValue>) {}

  bool(name: string): boolean {
    return this.#read(name, 'boolean');
  }

  number(name: string): number {
    return this.#read(name, 'number');
  }

  text(name: string): string {
    return this.#read(name, 'string');
  }

  #read(name: string, type: 'boolean'): boolean;
  #read(name: string, type: 'number'): number;
  #read(name: string, type: 'string'): string;
  #read(name: string, type: string): ParameterValue {
    const value = this.values.get(name);
    if (value === undefined || typeof value !== type) {
      throw new TypeError(`parameter ${name} is ${typeof value} here, expected a ${type} declared in the table`);
    }
    return value;
  }
}
