import { workerData } from 'node:worker_threads';
import { reasonOf } from '../../../base/errors.js';
import { threadCpuTime } from '../../../base/thread-cpu-time.js';
import {
  answered,
  type BackboneAnswer,
  type BackboneRequest,
  type BackboneSeed,
  type ValueShape,
} from './backbone-messages.js';

// The thread in which a model runs: pictures and vectors lie in memory that both threads see, and a number in it says when a
// vector is there, so that the other thread may wait for it or go on meanwhile.

const { model, state, port } = workerData as BackboneSeed;
/** What is used of onnxruntime-node, which is installed by name. */
interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<InferenceSession> };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object;
}

/** A model that is loaded. */
interface InferenceSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly ValueMetadata[];
  readonly outputMetadata: readonly ValueMetadata[];
  run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, { readonly data: unknown }>>>;
}

interface ValueMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

/** A name that is no literal: compiling needs no package. */
const runtimeName = 'onnxruntime-node' as string;

/** Tells the other thread, also where it sleeps until there is an answer. */
function tell(answer: BackboneAnswer, whether = state): void {
  const flag = new Int32Array(whether);
  port.postMessage(answer);
  Atomics.store(flag, 0, answered);
  Atomics.notify(flag, 0);
}

async function open(): Promise<{ readonly runtime: Runtime; readonly session: InferenceSession } | undefined> {
  let runtime: Runtime;
  try {
    runtime = (await import(runtimeName)) as Runtime;
  } catch (error) {
    tell({ kind: 'no_runtime', message: reasonOf(error).split('\n')[0] });
    return undefined;
  }
  try {
    // One thread: the same sums in the same order every time.
    const threads = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' } as const;
    const session = await runtime.InferenceSession.create(model, {
      ...threads,
      executionProviders: ['cpu'],
      logSeverityLevel: 4,
    });
    return { runtime, session };
  } catch (error) {
    tell({ kind: 'unreadable', message: reasonOf(error) });
    return undefined;
  }
}

const shapeOf = ({ name, isTensor, type = 'unknown', shape = [] }: ValueMetadata): ValueShape =>
  isTensor ? { name, type, shape } : { name, type: 'no tensor', shape: [] };

const opened = await open();
if (opened !== undefined) {
  const { runtime, session } = opened;
  tell({ kind: 'opened', inputs: session.inputMetadata.map(shapeOf), outputs: session.outputMetadata.map(shapeOf) });
  // One after the other, so that two who look share the thread and nothing else.
  let before = Promise.resolve();
  port.on('message', (request: BackboneRequest) => {
    before = before.then(() => run(runtime, session, request));
  });
}

async function run(runtime: Runtime, session: InferenceSession, request: BackboneRequest): Promise<void> {
  const { number, state, picture, vector, shape } = request;
  const begun = threadCpuTime();
  try {
    const input = new runtime.Tensor('float32', Float32Array.from(picture), shape);
    const results = await session.run({ [session.inputNames[0]]: input });
    const found = results[session.outputNames[0]].data as Float32Array;
    vector.set(found);
    tell({ kind: 'seen', number, cpuTime: threadCpuTime() - begun }, state);
  } catch (error) {
    tell({ kind: 'failed', number, message: reasonOf(error) }, state);
  }
}
