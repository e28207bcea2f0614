import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { reasonOf, TopsparkError } from '../../../base/errors.js';
import { quoted } from '../../../base/quoted.js';
import { readRegular } from '../../../base/regular-file.js';
import type { BackboneAnswer, ValueShape } from './backbone-messages.js';
import { BackboneThread, Question } from './backbone-thread.js';

/** Largest accepted model [byte]. */
const mostBytes = 2 ** 28;
/** Smallest and largest side of its picture [pixel]. */
const sides = [16, 512] as const;
/** Smallest and largest length of its vector. */
const lengths = [4, 4096] as const;

/** The package that runs models; optional on a robot. */
export const runtimePackage = 'onnxruntime-node@1.30.0';

/**
 * A model that turns a picture into a vector, in a thread beside this one. One thread adds in one order, so the same
 * picture gives the same bits on a machine. Another processor may use other instructions and differ in the last bits.
 */
export class Backbone {
  /** SHA-256 (hex) of the file. */
  readonly sha256: string;
  /** Side of the picture [pixel]. */
  readonly size: number;
  /** Numbers in the vector. */
  readonly length: number;
  /** CPU time for one picture, measured when the model was loaded [µs]. */
  readonly cpuTime: number;
  /** Identifies the model in the thread. */
  readonly number: number;

  /**
   * @param file - name of the file for error messages
   * @param bytes - content of the ONNX file
   * @throws {@link TopsparkError} `embedding_runtime` where no runtime is installed, `embedding_model` where the model
   *   is damaged or not of the shape that is expected
   */
  constructor(
    readonly thread: BackboneThread,
    file: string,
    bytes: Uint8Array,
  ) {
    this.sha256 = createHash('sha256').update(bytes).digest('hex');
    this.number = thread.next();
    try {
      // A copy of its own, which is moved to the thread without another copy.
      const own = Uint8Array.from(bytes);
      const { answer } = new Question(thread, { kind: 'open', model: this.number, bytes: own }, [own.buffer]);
      const { size, length } = shapeOf(file, answer);
      [this.size, this.length] = [size, length];
      const look = new Look(this);
      // The first run allocates memory, and shows whether the model works at all; the second is measured.
      for (let k = 0; k < 2; k++) {
        void look.begin();
        look.finish();
      }
      this.cpuTime = look.cpuTime;
    } catch (error) {
      if (!thread.over) new Question(thread, { kind: 'close', model: this.number });
      throw error instanceof TopsparkError ? error : modelFault(file, reasonOf(error), 'a model that runs', error);
    }
  }
}

/**
 * One user of a model, with one picture at a time. Several share a model and its thread. Each has its own picture and
 * vector, so they wait for each other only in the thread.
 */
export class Look {
  /**
   * The picture: bytes of R, G, B, `size` × `size` each, row by row; fill it before {@link Look.begin} and after {@link
   * Look.settle}.
   */
  readonly picture: Uint8Array;
  readonly #vector: Float32Array;
  #question: Question | undefined;
  #cpuTime = 0;

  constructor(readonly backbone: Backbone) {
    const { size, length } = backbone;
    this.picture = new Uint8Array(new SharedArrayBuffer(3 * size * size));
    this.#vector = new Float32Array(new SharedArrayBuffer(4 * length));
  }

  /** CPU time of the last picture [µs]. */
  get cpuTime(): number {
    return this.#cpuTime;
  }

  /** Starts to process {@link Look.picture}. @returns settles when {@link Look.finish} would not wait */
  begin(): Promise<void> {
    this.settle();
    const { size, number: model, thread } = this.backbone;
    const { picture } = this;
    this.#question = new Question(thread, {
      kind: 'see',
      model,
      picture,
      vector: this.#vector,
      shape: [1, 3, size, size],
    });
    return this.#question.answered;
  }

  /**
   * The vector of the picture at the last {@link Look.begin}; waits for it if necessary. Valid until the next call.
   *
   * @throws Error where the model failed
   */
  finish(): Float32Array {
    const answer = this.settle();
    if (answer?.kind === 'seen') this.#cpuTime = answer.cpuTime;
    else
      throw new Error(
        answer === undefined ? 'it was asked nothing' : 'message' in answer ? answer.message : answer.kind,
      );
    return this.#vector;
  }

  /** Waits until no request is under way. @returns its result; `undefined`: there was none */
  settle(): BackboneAnswer | undefined {
    const question = this.#question;
    this.#question = undefined;
    return question?.answer;
  }
}

/** All models of a process share one thread; if it has ended, a new one is started. */
let shared: BackboneThread | undefined;
const opened = new Map<string, { readonly stamp: string; readonly backbone: Backbone }>();

/**
 * The model of a file, loaded once for all users.
 *
 * @param file - of an ONNX model: one input `float32[1, 3, side, side]` of bytes R, G, B, one output, a float32 vector
 * @param remedy - what to do where the file is missing
 * @throws {@link TopsparkError} as the constructor of {@link Backbone}; `embedding_model` where the file cannot be read
 */
export function openBackbone(file: string, remedy: string): Backbone {
  try {
    const { mtimeMs, size } = statSync(file);
    const stamp = `${mtimeMs} ${size}`;
    const known = opened.get(file);
    if (known?.stamp === stamp && !known.backbone.thread.over) return known.backbone;
    const bytes = readRegular(file, mostBytes + 1);
    if (bytes.length > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`);
    if (shared === undefined || shared.over) shared = new BackboneThread();
    const backbone = new Backbone(shared, file, bytes);
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

const describeValue = ({ name, type, shape }: ValueShape): string => `${quoted(name)} of ${type}[${shape.join(', ')}]`;

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
    throw modelFault(file, `its inputs are ${inputs.map(describeValue).join(' and ') || 'none'}`, wanted);
  }
  const output = outputs.at(0);
  const count = output?.shape.reduce<number>((product, side) => product * (typeof side === 'number' ? side : NaN), 1);
  const vector = output?.type === 'float32' && output.shape.filter((side) => side !== 1).length === 1;
  const [fewest, longest] = lengths;
  if (outputs.length !== 1 || !vector || count === undefined || !(count >= fewest && count <= longest)) {
    const expected = `one output, a float32 vector as [1, length] with a length of ${fewest}..${longest}`;
    throw modelFault(file, `its outputs are ${outputs.map(describeValue).join(' and ') || 'none'}`, expected);
  }
  return { size: width, length: count };
}
