/** An attribute of an operator: a number, numbers or a text. */
export type Attribute = number | readonly number[] | string;

/** A constant tensor of a graph. */
export interface Constant {
  readonly shape: readonly number[];
  readonly values: Float32Array | Uint8Array | Int8Array | Int32Array;
}

/** An input or output of a graph; a text in its shape names a dimension of variable size. */
export interface GraphValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** Type of its numbers; `float32` where absent. */
  readonly type?: keyof typeof dataTypes;
}

/** Types of numbers, with their codes in ONNX. */
export const dataTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;

// Field numbers in onnx.proto of ONNX 1.12 (IR version 8).
const model = { irVersion: 1, producer: 2, opset: 8, graph: 7 } as const;
const graph = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const node = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 } as const;
const attribute = { name: 1, integer: 3, text: 4, floats: 7, integers: 8, type: 20, float: 2 } as const;
const tensor = { dims: 1, type: 2, name: 8, raw: 9 } as const;

/**
 * Builds an ONNX file, node by node. Protobuf is written by hand, since a graph needs only a dozen kinds of fields.
 *
 * Source: onnx.proto, https://onnx.ai/onnx/repo-docs/IR.html.
 */
export class OnnxGraph {
  readonly #nodes: Uint8Array[] = [];
  readonly #constants: Uint8Array[] = [];
  #count = 0;

  /** Adds a constant; returns its name. */
  constant({ shape, values }: Constant): string {
    const name = `c${this.#constants.length}`;
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#constants.push(
      message(
        ...shape.map((side) => integer(tensor.dims, side)),
        integer(tensor.type, typeOf(values)),
        text(tensor.name, name),
        bytes(tensor.raw, raw),
      ),
    );
    return name;
  }

  /**
   * Adds an operator.
   *
   * @param output - name of its result, if it matters
   * @returns the name of its result
   */
  add(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = `v${this.#count}`,
  ): string {
    this.#count++;
    this.#nodes.push(
      message(
        ...inputs.map((name) => text(node.input, name)),
        text(node.output, output),
        text(node.name, `${operator}_${this.#count}`),
        text(node.operator, operator),
        ...Object.entries(attributes).map(([name, value]) => bytes(node.attribute, attributeOf(name, value))),
      ),
    );
    return output;
  }

  /** Encodes the file. */
  write(inputs: readonly GraphValue[], outputs: readonly GraphValue[]): Uint8Array {
    const body = message(
      ...this.#nodes.map((each) => bytes(graph.node, each)),
      text(graph.name, 'embedding'),
      ...this.#constants.map((each) => bytes(graph.initializer, each)),
      ...inputs.map((each) => bytes(graph.input, valueOf(each))),
      ...outputs.map((each) => bytes(graph.output, valueOf(each))),
    );
    return message(
      integer(model.irVersion, 8),
      text(model.producer, 'topspark'),
      bytes(model.graph, body),
      bytes(model.opset, message(integer(2, 13))),
    );
  }
}

function typeOf(values: Constant['values']): number {
  if (values instanceof Float32Array) return dataTypes.float32;
  if (values instanceof Int32Array) return dataTypes.int32;
  return values instanceof Int8Array ? dataTypes.int8 : dataTypes.uint8;
}

function attributeOf(name: string, value: Attribute): Uint8Array {
  const named = text(attribute.name, name);
  if (typeof value === 'string') return message(named, text(attribute.text, value), integer(attribute.type, 3));
  if (typeof value === 'number' && Number.isInteger(value))
    return message(named, integer(attribute.integer, value), integer(attribute.type, 2));
  if (typeof value === 'number') return message(named, float(attribute.float, value), integer(attribute.type, 1));
  return message(named, ...value.map((each) => integer(attribute.integers, each)), integer(attribute.type, 7));
}

// ValueInfoProto: name 1, type 2. TypeProto: tensor 1, with element type 1 and shape 2; a dimension 1 has a value 1 or
// a name 2.
function valueOf({ name, shape, type = 'float32' }: GraphValue): Uint8Array {
  const sides = shape.map((side) => bytes(1, message(typeof side === 'number' ? integer(1, side) : text(2, side))));
  return message(
    text(1, name),
    bytes(2, message(bytes(1, message(integer(1, dataTypes[type]), bytes(2, message(...sides)))))),
  );
}

/** A protobuf message: its fields one after another. */
function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function integer(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, Buffer.from(value, 'utf8'));
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
}

function float(field: number, value: number): Uint8Array {
  const number = Buffer.alloc(4);
  number.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), number]);
}

/** Encodes an integer of 0 or more: seven bits per byte, lowest bits first. */
function varint(value: number): Uint8Array {
  const parts: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.of(...parts, rest);
    parts.push((rest % 128) | 128);
  }
}
