import type * as serialization from '@foxglove/rosmsg2-serialization';
import { createRequire } from 'node:module';
import { TextDecoder } from 'node:util';
import { readCdr, writeCdr } from './cdr.js';

// An import of this CommonJS package would read it a second time for its names, which takes 30 ms at each start.
const { MessageReader, MessageWriter } = createRequire(import.meta.url)(
  '@foxglove/rosmsg2-serialization',
) as typeof serialization;

// Readers and writers of one message type, as code generated for its layout: at 30 messages a second code stays cold,
// so the amount of code that runs decides the time. The generic reader and writer of @foxglove/rosmsg2-serialization
// are the reference: they handle all unusual messages (another byte order, CDR 2, damage, a field that is missing or
// too short), and all refusals come from them.
//
// CDR, by the OMG's specification of DDS-RTPS: four bytes of encapsulation (00 01 00 00: little-endian), then the
// fields in order. Each number is aligned to its size, counted from the end of the encapsulation. Text and sequences
// begin with their length (uint32); text ends with a zero that is counted.

/** Fields of a type and of its nested types; the type itself comes first. */
export type Definitions = ConstructorParameters<typeof serialization.MessageReader>[0];

type Field = Definitions[number]['definitions'][number];

/** Decodes bytes with the usual encapsulation; throws where they end too early. */
type Take = (bytes: Uint8Array, view: DataView, texts: readonly SeenText[]) => unknown;

/** Encodes a message into a buffer that is large enough, and returns its length; throws where a field is unusual. */
type Put = (message: unknown, bytes: Buffer, view: DataView) => number;

/** Upper bound of the encoded size [byte]. */
type Room = (message: unknown) => number;

/** Size of a number [byte]. */
const sizes: Readonly<Record<string, number>> = {
  ...{ bool: 1, int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8 },
  ...{ float32: 4, float64: 8 },
};

/** Name of a number in the methods of DataView: `getInt32`, `setInt32`. */
const views: Readonly<Record<string, string>> = {
  ...{ bool: 'Int8', int8: 'Int8', uint8: 'Uint8', int16: 'Int16', uint16: 'Uint16', int32: 'Int32' },
  ...{ uint32: 'Uint32', int64: 'BigInt64', uint64: 'BigUint64', float32: 'Float32', float64: 'Float64' },
};

/** Some definitions write `time` or `duration` like a single number. */
const moment: readonly Field[] = [
  { name: 'sec', type: 'int32' },
  { name: 'nanosec', type: 'uint32' },
];

/** Names become code, so only safe ones are used. */
const safeName = /^[A-Za-z]\w*$/;

/** A sequence of a type that contains only numbers, as one column per number: without an object per element. */
export interface Columns {
  readonly length: number;
  /** Columns by the path of their number: `ts.sec`. */
  readonly columns: Readonly<Record<string, NumberColumn>>;
}

/** Numbers of one kind; a bool is 0 or 1. */
export type NumberColumn = Uint8Array | Uint16Array | Int32Array | Uint32Array;

/** Types whose sequences are read as {@link Columns} where the bytes are usual: their elements come by the million. */
const inColumns: ReadonlySet<string> = new Set(['dvs_msgs/Event', 'prophesee_event_msgs/Event']);

/** Array type of a column, by type of number. */
const columnArrays: Readonly<Record<string, string>> = {
  ...{ bool: 'Uint8Array', uint8: 'Uint8Array', uint16: 'Uint16Array', int32: 'Int32Array', uint32: 'Uint32Array' },
};

/**
 * Most nested types, counted at each use. A type with more is left to the generic reader: its code would be too long.
 */
const mostTypes = 500;

/** Bound of the encapsulation and padding of a message, and of what a text or sequence adds to its content [byte]. */
const frame = 16;

const utf8 = new TextDecoder('utf8');

/** Longest text that is remembered [byte]. */
const longestSeen = 64;

/** Reads the text of one field. It remembers the last one: frames and encodings are the same in most messages. */
class SeenText {
  readonly #bytes = new Uint8Array(longestSeen);
  #length = -1;
  #text = '';

  read(bytes: Uint8Array, from: number, end: number): string {
    const length = end - from;
    if (length === this.#length) {
      let same = 0;
      while (same < length && bytes[from + same] === this.#bytes[same]) same++;
      if (same === length) return this.#text;
    }
    const own = bytes.subarray(from, end);
    const text = utf8.decode(own);
    if (length > longestSeen) return text;
    this.#bytes.set(own);
    this.#length = length;
    this.#text = text;
    return text;
  }
}

/** Messages from this size on are not referred to after they were read [byte]. */
const notKept = 65_536;

/** Layout of a type, from which code is generated. */
class Layout {
  /** Number of fields of text. */
  texts = 0;
  #names = 0;
  #written = 0;
  readonly #types: ReadonlyMap<string, readonly Field[]>;

  constructor(readonly definitions: Definitions) {
    const given = definitions.map(({ name = '', definitions: fields }) => [name, fields] as const);
    this.#types = new Map([...given, ['time', moment], ['duration', moment]]);
  }

  get root(): readonly Field[] {
    // As in the generic reader, a module of constants may come first.
    const isModule = (fields: readonly Field[]): boolean =>
      fields.length > 0 && fields.every(({ isConstant }) => isConstant === true);
    return this.definitions.find(({ definitions: fields }) => !isModule(fields))?.definitions ?? [];
  }

  name(): string {
    return `v${this.#names++}`;
  }

  /** @throws where a type is unknown, a name could be code, or the kind of a field is left to the generic reader */
  fields(of: string | undefined): readonly Field[] {
    const fields = of === undefined ? this.root : this.#types.get(of);
    if (fields === undefined) throw new Error(`type ${String(of)} is not defined`);
    if (++this.#written > mostTypes) throw new Error(`more than ${mostTypes} types in types`);
    const data = fields
      .filter(({ isConstant }) => isConstant !== true)
      .map((field) => (field.type === 'time' || field.type === 'duration' ? { ...field, isComplex: true } : field));
    for (const { name, type, isComplex, arrayLength } of data) {
      const known = isComplex === true || type === 'string' || type in sizes;
      const whole = arrayLength === undefined || (Number.isInteger(arrayLength) && arrayLength >= 0);
      if (!safeName.test(name) || !known || !whole) throw new Error(`field ${name} is not written out`);
    }
    return data;
  }

  /** The numbers of a type, in order. @throws where it contains anything else */
  numbers(type: string, above: string): { readonly path: string; readonly type: string }[] {
    return this.fields(type).flatMap(({ name, type: own, isComplex, isArray }) => {
      const path = `${above}${name}`;
      if (isArray === true) throw new Error(`field ${path} is a sequence`);
      if (isComplex === true) return this.numbers(own, `${path}.`);
      if (!(own in columnArrays)) throw new Error(`field ${path} is no column`);
      return [{ path, type: own }];
    });
  }
}

/**
 * Code that advances to the alignment of a number of this size, counted from the end of the encapsulation (4 bytes).
 */
const align = (size: number): string =>
  size === 1 ? '' : size === 8 ? 'o = ((o + 3) & -8) + 4;' : `o = (o + ${size - 1}) & ${-size};`;

// Appends statements that read a field; returns the expression of its value.
function take(
  layout: Layout,
  field: Pick<Field, 'type' | 'isComplex' | 'isArray' | 'arrayLength'>,
  code: string[],
): string {
  const { type, isComplex, isArray, arrayLength } = field;
  if (isArray !== true) return isComplex === true ? takeFields(layout, type, code) : takeOne(layout, type, code);
  const [count, value] = [layout.name(), layout.name()];
  if (arrayLength === undefined) code.push(`${align(4)} const ${count} = v.getUint32(o, true); o += 4;`);
  else code.push(`const ${count} = ${arrayLength};`);
  if (isComplex !== true && type in sizes && type !== 'bool') {
    const size = sizes[type];
    const array = `${views[type]}Array`;
    code.push(
      `let ${value}; if (${count} === 0) ${value} = new ${array}(); else { ${align(size)} const e = o + ${size} * ${count};`,
      'if (e > b.length) throw new RangeError();',
      `${value} = (b.byteOffset + o) % ${size} === 0 ? new ${array}(b.buffer, b.byteOffset + o, ${count})`,
      `: new ${array}(Uint8Array.prototype.slice.call(b, o, e).buffer); o = e; }`,
    );
    return value;
  }
  if (isComplex === true && inColumns.has(type.replace('/msg/', '/'))) {
    takeColumns(layout, type, { count, value }, code);
    return value;
  }
  const [index, body] = [layout.name(), [] as string[]];
  const element = isComplex === true ? takeFields(layout, type, body) : takeOne(layout, type, body);
  // No element is smaller than a byte: a count above the bytes left is invalid.
  code.push(`if (${count} > b.length - o) throw new RangeError(); const ${value} = [];`);
  code.push(`for (let ${index} = 0; ${index} < ${count}; ${index}++) { ${body.join(' ')} ${value}.push(${element}); }`);
  return value;
}

// Every element has at least the bytes of its numbers: a count that needs more than the bytes left is invalid.
function takeColumns(
  layout: Layout,
  type: string,
  { count, value }: { readonly count: string; readonly value: string },
  code: string[],
): void {
  const numbers = layout.numbers(type, '');
  const least = numbers.reduce((sum, each) => sum + sizes[each.type], 0);
  const columns = numbers.map((each) => ({ ...each, name: layout.name() }));
  code.push(`if (${least} * ${count} > b.length - o) throw new RangeError();`);
  for (const each of columns) code.push(`const ${each.name} = new ${columnArrays[each.type]}(${count});`);
  const index = layout.name();
  const body = columns.map((each) => {
    const size = sizes[each.type];
    const number = `v.get${views[each.type]}(o${size === 1 ? '' : ', true'})`;
    const read = each.type === 'bool' ? `Number(${number} !== 0)` : number;
    return `${align(size)} ${each.name}[${index}] = ${read}; o += ${size};`;
  });
  code.push(`for (let ${index} = 0; ${index} < ${count}; ${index}++) { ${body.join(' ')} }`);
  const named = columns.map((each) => `${JSON.stringify(each.path)}: ${each.name}`);
  code.push(`const ${value} = { length: ${count}, columns: { ${named.join(', ')} } };`);
}

function takeFields(layout: Layout, type: string | undefined, code: string[]): string {
  const fields = layout.fields(type);
  // A type without fields is encoded as one byte without meaning.
  if (fields.length === 0) code.push('v.getUint8(o); o += 1;');
  const values = fields.map((field) => `${field.name}: ${take(layout, field, code)}`);
  return `{ ${values.join(', ')} }`;
}

function takeOne(layout: Layout, type: string, code: string[]): string {
  const value = layout.name();
  if (type === 'string') {
    const length = layout.name();
    code.push(
      `${align(4)} const ${length} = v.getUint32(o, true); o += 4; if (${length} > b.length - o) throw new RangeError();`,
      `const ${value} = ${length} <= 1 ? '' : t[${layout.texts++}].read(b, o, o + ${length} - 1); o += ${length};`,
    );
    return value;
  }
  const number = `v.get${views[type]}(o${sizes[type] === 1 ? '' : ', true'})`;
  code.push(
    `${align(sizes[type])} const ${value} = ${type === 'bool' ? `${number} !== 0` : number}; o += ${sizes[type]};`,
  );
  return value;
}

// Appends statements that write the value of an expression.
function put(layout: Layout, field: Field, given: string, code: string[]): void {
  const { type, isComplex, isArray, arrayLength } = field;
  const value = layout.name();
  code.push(`const ${value} = ${given};`);
  if (isArray !== true) {
    if (isComplex === true) putFields(layout, type, value, code);
    else putOne(type, value, code);
    return;
  }
  if (arrayLength === undefined) code.push(`${align(4)} v.setUint32(o, ${value}.length, true); o += 4;`);
  else code.push(`if (${value}.length !== ${arrayLength}) throw new TypeError();`);
  const index = layout.name();
  const body: string[] = [];
  // A value without a length is left to the generic writer: here it would be written as an empty list. An empty list
  // needs no alignment.
  code.push(`if (!(${value}.length >= 0)) throw new TypeError();`);
  if (isComplex === true) putFields(layout, type, `${value}[${index}]`, body);
  else putOne(type, `${value}[${index}]`, body);
  const loop = `for (let ${index} = 0; ${index} < ${value}.length; ${index}++) { ${body.join(' ')} }`;
  if (type === 'uint8')
    code.push(`if (${value} instanceof Uint8Array) { b.set(${value}, o); o += ${value}.length; } else`);
  code.push(loop);
}

function putFields(layout: Layout, type: string | undefined, value: string, code: string[]): void {
  const fields = layout.fields(type);
  if (fields.length === 0) code.push('b[o++] = 0;');
  for (const field of fields) put(layout, field, `${value}.${field.name}`, code);
}

function putOne(type: string, value: string, code: string[]): void {
  if (type === 'string') {
    code.push(`if (typeof ${value} !== 'string') throw new TypeError();`);
    code.push(
      `${align(4)} { const n = b.utf8Write(${value}, o + 4); v.setUint32(o, n + 1, true); o += 5 + n; b[o - 1] = 0; }`,
    );
    return;
  }
  const size = sizes[type];
  const wanted = type === 'bool' ? 'boolean' : size === 8 && type !== 'float64' ? 'bigint' : 'number';
  code.push(`if (typeof ${value} !== '${wanted}') throw new TypeError();`);
  const number = type === 'bool' ? `${value} ? 1 : 0` : value;
  code.push(`${align(size)} v.set${views[type]}(o, ${number}${size === 1 ? '' : ', true'}); o += ${size};`);
}

// An expression of the most bytes that the fields of a value need. A UTF-16 unit takes at most three bytes.
function room(layout: Layout, type: string | undefined, value: string): string {
  const parts = layout.fields(type).map(({ name, type: own, isArray, isComplex }) => {
    const given = `${value}.${name}`;
    if (isArray !== true) {
      if (isComplex === true) return `(${room(layout, own, given)})`;
      return own === 'string' ? `${frame} + 3 * ${given}.length` : String(2 * sizes[own]);
    }
    if (isComplex !== true && own in sizes) return `${frame} + ${sizes[own]} * ${given}.length`;
    const each = isComplex === true ? room(layout, own, 'x') : `${frame} + 3 * x.length`;
    return `${frame} + ${given}.reduce((s, x) => s + ${each}, 0)`;
  });
  return [String(frame), ...parts].join(' + ');
}

/** Compiles generated code. Text becomes code only here, and all names in it were checked. */
function compiled(parameters: readonly string[], code: readonly string[]): unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- code written out for a layout is what this file is for
  return new Function(...parameters, `'use strict'; ${code.join('\n')}`);
}

/** Reads messages of one type from their bytes (CDR). */
export class CdrReader<Message> {
  readonly #generic: serialization.MessageReader<Message>;
  readonly #take: ((bytes: Uint8Array, view: DataView) => unknown) | undefined;
  /** The bytes of the last message, if small, and the view of them: most messages come in the same memory. */
  #bytes: Uint8Array | undefined;
  #view: DataView | undefined;

  constructor(definitions: Definitions) {
    this.#generic = new MessageReader(definitions);
    this.#take = takeOf(definitions);
  }

  /**
   * Reads a message. Large arrays are views of the bytes, which may be part of a larger buffer.
   *
   * @throws Error saying what is wrong where the bytes are not such a message
   */
  read(bytes: Uint8Array): Message {
    const message = this.#usual(bytes);
    return message === undefined ? readCdr(this.#generic, bytes) : message;
  }

  #usual(bytes: Uint8Array): Message | undefined {
    if (this.#take === undefined || bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 1) return undefined;
    try {
      return this.#take(bytes, this.#viewOf(bytes)) as Message;
    } catch {
      return undefined;
    }
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (bytes === this.#bytes && this.#view !== undefined) return this.#view;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length >= notKept) return view;
    this.#bytes = bytes;
    return (this.#view = view);
  }
}

function takeOf(definitions: Definitions): ((bytes: Uint8Array, view: DataView) => unknown) | undefined {
  try {
    const layout = new Layout(definitions);
    const code = ['let o = 4;'];
    const message = takeFields(layout, undefined, code);
    const take = compiled(['b', 'v', 't'], [...code, `return ${message};`]) as Take;
    const texts = Array.from({ length: layout.texts }, () => new SeenText());
    return (bytes, view) => take(bytes, view, texts);
  } catch {
    return undefined;
  }
}

/** Writes messages of one type as bytes (CDR), text as UTF-8; every field must be set. */
export class CdrWriter<Message> {
  readonly #generic: serialization.MessageWriter;
  readonly #put: { readonly put: Put; readonly room: Room } | undefined;
  #bytes: Buffer = Buffer.alloc(256);
  #view = viewOf(this.#bytes);

  constructor(definitions: Definitions) {
    this.#generic = new MessageWriter(definitions);
    this.#put = putOf(definitions);
  }

  /** The bytes of a message, valid until the next one is written. */
  write(message: Message): Buffer {
    const length = this.encode(message);
    return this.#bytes.subarray(0, length);
  }

  /** Memory of which {@link CdrWriter.encode} fills the first bytes; another one after some messages. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Writes a message into {@link CdrWriter.bytes} without an object for the part used. @returns its length [byte] */
  encode(message: Message): number {
    const length = this.#usual(message);
    if (length !== undefined) return length;
    const { buffer, byteOffset, byteLength } = writeCdr(this.#generic, message);
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#view = viewOf(this.#bytes);
    return byteLength;
  }

  #usual(message: Message): number | undefined {
    if (this.#put === undefined) return undefined;
    try {
      const wanted = this.#put.room(message);
      if (wanted > this.#bytes.length) {
        this.#bytes = Buffer.alloc(2 * wanted);
        this.#view = viewOf(this.#bytes);
      }
      // Padding is 0, so that it contains nothing of the last message. Buffer's own `fill` checks its arguments in JavaScript.
      Uint8Array.prototype.fill.call(this.#bytes, 0, 0, wanted);
      return this.#put.put(message, this.#bytes, this.#view);
    } catch {
      return undefined;
    }
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength);

function putOf(definitions: Definitions): { readonly put: Put; readonly room: Room } | undefined {
  try {
    const layout = new Layout(definitions);
    const code = ['v.setUint32(0, 0x100, true); let o = 4;'];
    putFields(layout, undefined, 'm', code);
    const body = `return ${room(layout, undefined, 'm')};`;
    return { put: compiled(['m', 'b', 'v'], [...code, 'return o;']) as Put, room: compiled(['m'], [body]) as Room };
  } catch {
    return undefined;
  }
}
