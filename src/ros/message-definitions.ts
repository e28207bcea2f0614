import type { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { ros } from './rclnodejs.js';

type Definition = ConstructorParameters<typeof MessageWriter>[0][number];

/** Field information in the class that rclnodejs generates for a type. */
interface GeneratedClass {
  readonly ROSMessageDef: {
    readonly fields: readonly {
      readonly name: string;
      readonly type: {
        readonly pkgName: string | null;
        readonly type: string;
        readonly isPrimitiveType: boolean;
        readonly isArray: boolean;
        readonly arraySize: number | null;
        readonly isFixedSizeArray: boolean | null;
      };
    }[];
  };
}

/** The fields of a type and of its nested types, in this ROS 2. */
export function definitionsOf(type: string): Definition[] {
  const found = new Map<string, Definition>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    const { fields } = (ros.require(name.replace('/', '/msg/')) as unknown as GeneratedClass).ROSMessageDef;
    const definitions = fields.map(({ name: field, type: { pkgName, type: own, ...kind } }) => {
      const fixed = kind.isFixedSizeArray === true && kind.arraySize !== null;
      const array = { isArray: kind.isArray, ...(fixed && { arrayLength: Number(kind.arraySize) }) };
      const whole = own === 'byte' || own === 'char' ? 'uint8' : own;
      const isComplex = !kind.isPrimitiveType;
      return { name: field, type: isComplex ? `${pkgName ?? ''}/${own}` : whole, isComplex, ...array };
    });
    found.set(name, { name, definitions });
    for (const { type: own, isComplex } of definitions) if (isComplex) add(own);
  };
  add(type.replace('/msg/', '/'));
  return [...found.values()];
}
