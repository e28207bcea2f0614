import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { reasonOf, TopsparkError } from '../../../base/errors.js';
import { programRoot } from '../../../base/package.js';
import { quoted } from '../../../base/quoted.js';
import { readRegular } from '../../../base/regular-file.js';
import {
  unanswered,
  type BackboneAnswer,
  type BackboneRequest,
  type BackboneSeed,
  type ValueShape,
} from './backbone-messages.js';

/** Largest model that is read [byte]. */
const mostBytes = 2 ** 28;
/** Least and most pixels of a side of its picture. */
const sides = [16, 512] as const;
/** Least and most numbers of its vector. */
const lengths = [4, 4096] as const;
/** Longest wait for an answer [ms]; a model that takes longer is of no use to a robot. */
const patience = 20_000;

/** The package that runs models; a robot asks for it by name. */
export const runtimePackage = 'onnxruntime-node@1.30.0';

/** Tests run from source, but threads run what was compiled. */
const thread = new URL('dist/sensing/image/embedding/backbone-thread.js', pathToFileURL(programRoot));

/**
 * A model with a picture in and a vector out, in a thread of its own, so that whoever waits for a vector may do other things
 * meanwhile. The sums in it are of one thread in one order: the same picture gives the same bits on a machine. Another
 * processor may have other instructions, and differ in the last bits.
 */
export class Backbone {
  /** SHA-256 (hex) of the file. */
  readonly sha256: string;
  /** Side of the picture [pixel]. */
  readonly size: number;
  /** Numbers in the vector. */
  readonly length: number;
  readonly #port: MessagePort;
  readonly #opened = new Int32Array(new SharedArrayBuffer(4));
  /** Who waits for an answer, by the number of the request. */
  readonly #waiting = new Map<number, (answer: BackboneAnswer) => void>();
  #number = 0;
  #ended: string | undefined;

  /**
   * @param file - as it is named in sentences
   * @param bytes - of the ONNX file
   * @throws {@link TopsparkError} `embedding_runtime` where no runtime is installed, `embedding_model` where the model is
   *   damaged or not of the shape that is expected
   */
  constructor(file: string, bytes: Uint8Array) {
    this.sha256 = createHash('sha256').update(bytes).digest('hex');
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const seed: BackboneSeed = { model: bytes, state: this.#opened.buffer, port: port2 };
    const worker = new Worker(thread, { workerData: seed, transferList: [port2] });
    worker.unref();
    worker.on('error', (error) => {
      this.#end(reasonOf(error));
    });
    worker.on('exit', () => {
      this.#end('it is over');
    });
    try {
      Atomics.wait(this.#opened, 0, unanswered, patience);
      const { size, length } = shapeOf(file, this.#receive() ?? noAnswer());
      [this.size, this.length] = [size, length];
      // The first run lays out its memory; it shows besides that the model runs at all.
      const look = new Look(this);
      void look.begin();
      look.finish();
    } catch (error) {
      void worker.terminate();
      throw error instanceof TopsparkError ? error : modelFault(file, reasonOf(error), 'a model that runs', error);
    }
    port1.on('message', (answer: BackboneAnswer) => {
      this.#hear(answer);
    });
    port1.unref();
  }

  /**
   * Asks for a vector; requests are worked on in their order.
   *
   * @param heard - hears the answer, once
   * @throws Error where the thread has ended
   */
  ask(request: Omit<BackboneRequest, 'number'>, heard: (answer: BackboneAnswer) => void): void {
    if (this.#ended !== undefined) throw new Error(`its thread has ended: ${this.#ended}`);
    const number = ++this.#number;
    this.#waiting.set(number, heard);
    this.#port.postMessage({ ...request, number } satisfies BackboneRequest);
  }

  /** Passes on the answers that are there, without waiting for the event loop to do so. */
  drain(): void {
    for (let answer = this.#receive(); answer !== undefined; answer = this.#receive()) this.#hear(answer);
  }

  /** Whoever waits for an answer gets none. */
  #end(why: string): void {
    this.#ended ??= why;
    for (const number of [...this.#waiting.keys()]) {
      this.#hear({ kind: 'failed', number, message: `its thread has ended: ${this.#ended}` });
    }
  }

  #hear(answer: BackboneAnswer): void {
    if (!('number' in answer)) return;
    const heard = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    heard?.(answer);
  }

  #receive(): BackboneAnswer | undefined {
    const received = receiveMessageOnPort(this.#port) as { readonly message: BackboneAnswer } | undefined;
    return received?.message;
  }
}

/**
 * One who looks through a model, at one picture at a time. Several share the model and its thread, each with a picture and a
 * vector of its own, so that none waits for another but in the thread.
 */
export class Look {
  /** The picture: bytes of R, G, B, `size` × `size` each, row by row; to be filled before {@link Look.begin}, after {@link Look.settle}. */
  readonly picture: Uint8Array;
  readonly #vector: Float32Array;
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  #answer: BackboneAnswer | undefined;
  #asked = false;
  #cpuTime = 0;

  constructor(readonly backbone: Backbone) {
    const { size, length } = backbone;
    this.picture = new Uint8Array(new SharedArrayBuffer(3 * size * size));
    this.#vector = new Float32Array(new SharedArrayBuffer(4 * length));
  }

  /** CPU time that the last picture took [µs]. */
  get cpuTime(): number {
    return this.#cpuTime;
  }

  /** Begins to look at {@link Look.picture}. @returns settles when {@link Look.finish} would not wait */
  begin(): Promise<void> {
    this.settle();
    this.#answer = undefined;
    Atomics.store(this.#flag, 0, unanswered);
    const { picture } = this;
    const { size } = this.backbone;
    const request = { state: this.#flag.buffer, picture, vector: this.#vector, shape: [1, 3, size, size] };
    return new Promise((resolve) => {
      this.backbone.ask(request, (answer) => {
        this.#answer = answer;
        resolve();
      });
      this.#asked = true;
    });
  }

  /**
   * The vector of the picture with which {@link Look.begin} was called, waited for where it is not there yet; valid until
   * the next call.
   *
   * @throws Error where the model failed
   */
  finish(): Float32Array {
    this.settle();
    const answer = this.#answer;
    if (answer?.kind === 'seen') this.#cpuTime = answer.cpuTime;
    else throw new Error(answer?.kind === 'failed' ? answer.message : 'it was asked nothing');
    return this.#vector;
  }

  /** Waits until nothing is looked at. */
  settle(): void {
    if (!this.#asked) return;
    if (this.#answer === undefined) {
      Atomics.wait(this.#flag, 0, unanswered, patience);
      this.backbone.drain();
    }
    this.#asked = false;
    if (this.#answer === undefined) noAnswer();
  }
}

function noAnswer(): never {
  throw new Error('its thread gave no answer for 20 s');
}

const opened = new Map<string, { readonly stamp: string; readonly backbone: Backbone }>();

/**
 * The model of a file, loaded once for all who name it.
 *
 * @param file - of an ONNX model: one input `float32[1, 3, side, side]` of bytes R, G, B, one output, a float32 vector
 * @param remedy - what to do where there is no such file
 * @throws {@link TopsparkError} as the constructor of {@link Backbone}; `embedding_model` where the file cannot be read
 */
export function openBackbone(file: string, remedy: string): Backbone {
  try {
    const { mtimeMs, size } = statSync(file);
    const stamp = `${mtimeMs} ${size}`;
    const known = opened.get(file);
    if (known?.stamp === stamp) return known.backbone;
    const bytes = readRegular(file, mostBytes + 1);
    if (bytes.length > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`);
    const backbone = new Backbone(file, bytes);
    opened.set(file, { stamp, backbone });
    return backbone;
  } catch (error) {
    if (error instanceof TopsparkError) throw error;
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw modelFault(file, missing ? 'there is no such file' : reasonOf(error), remedy, error);
  }
}

function modelFault(file: string, found: string, expected: string, cause?: unknown): TopsparkError {
  return new TopsparkError(
    'embedding_model',
    'environment',
    `embedding model ${quoted(file)}: ${found}, expected ${expected}`,
    { cause },
  );
}

const told = ({ name, type, shape }: ValueShape): string => `${quoted(name)} of ${type}[${shape.join(', ')}]`;

function shapeOf(file: string, answer: BackboneAnswer): { readonly size: number; readonly length: number } {
  if (answer.kind === 'no_runtime') {
    const found = `the encoding embedding needs ${runtimePackage}, which cannot be loaded: ${answer.message}`;
    throw new TopsparkError(
      'embedding_runtime',
      'environment',
      `${found}; npm install ${runtimePackage}, or colcon build with --cmake-args -DTOPSPARK_EMBEDDING=ON`,
    );
  }
  if (answer.kind !== 'opened') {
    throw modelFault(
      file,
      `it cannot be loaded: ${'message' in answer ? answer.message : answer.kind}`,
      'a whole ONNX file',
    );
  }
  const { inputs, outputs } = answer;
  const input = inputs.at(0);
  const [least, most] = sides;
  const wanted = `one input, float32[1, 3, side, side] with a side of ${least}..${most}`;
  const [batch, channels, height, width] = input?.shape ?? [];
  const picture =
    input?.type === 'float32' && input.shape.length === 4 && batch === 1 && channels === 3 && height === width;
  if (inputs.length !== 1 || !picture || typeof width !== 'number' || width < least || width > most) {
    throw modelFault(file, `its inputs are ${inputs.map(told).join(' and ') || 'none'}`, wanted);
  }
  const output = outputs.at(0);
  const count = output?.shape.reduce<number>((product, side) => product * (typeof side === 'number' ? side : NaN), 1);
  const vector = output?.type === 'float32' && output.shape.filter((side) => side !== 1).length === 1;
  const [fewest, longest] = lengths;
  if (outputs.length !== 1 || !vector || count === undefined || !(count >= fewest && count <= longest)) {
    const expected = `one output, a float32 vector as [1, length] with a length of ${fewest}..${longest}`;
    throw modelFault(file, `its outputs are ${outputs.map(told).join(' and ') || 'none'}`, expected);
  }
  return { size: width, length: count };
}
