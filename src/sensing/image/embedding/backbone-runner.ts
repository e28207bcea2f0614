import { workerData } from 'node:worker_threads';
import { reasonOf } from '../../../base/errors.js';
import { threadCpuTime } from '../../../base/thread-cpu-time.js';
import {
  answered,
  type CloseRequest,
  type BackboneAnswer,
  type BackboneOutcome,
  type BackboneRequest,
  type BackboneSeed,
  type OpenRequest,
  type SeeRequest,
  type ValueShape,
} from './backbone-messages.js';

// The thread that runs models. Pictures and vectors lie in memory that both threads share. A number in it says when a
// vector has been written, so that the other thread may wait for it or continue meanwhile.

const { port } = workerData as BackboneSeed;

/** The used part of onnxruntime-node, which is installed by name. */
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

/** Not a literal, so that compiling does not need the package. */
const runtimeName = 'onnxruntime-node' as string;
let loaded: Runtime | undefined;
const sessions = new Map<number, InferenceSession>();

async function open({ model, bytes }: OpenRequest): Promise<BackboneOutcome> {
  try {
    loaded ??= (await import(runtimeName)) as Runtime;
  } catch (error) {
    return { kind: 'no_runtime', message: reasonOf(error).split('\n')[0] };
  }
  try {
    // One thread: the same sums in the same order every time.
    const threads = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' } as const;
    const session = await loaded.InferenceSession.create(bytes, {
      ...threads,
      executionProviders: ['cpu'],
      logSeverityLevel: 4,
    });
    sessions.set(model, session);
    const { inputMetadata, outputMetadata } = session;
    return { kind: 'opened', inputs: inputMetadata.map(shapeOf), outputs: outputMetadata.map(shapeOf) };
  } catch (error) {
    return { kind: 'unreadable', message: reasonOf(error) };
  }
}

const shapeOf = ({ name, isTensor, type = 'unknown', shape = [] }: ValueMetadata): ValueShape =>
  isTensor ? { name, type, shape } : { name, type: 'no tensor', shape: [] };

async function see({ model, picture, vector, shape }: SeeRequest): Promise<BackboneOutcome> {
  const begun = threadCpuTime();
  try {
    const session = sessions.get(model);
    if (loaded === undefined || session === undefined) throw new Error('it is not open');
    const input = new loaded.Tensor('float32', Float32Array.from(picture), shape);
    const results = await session.run({ [session.inputNames[0]]: input });
    vector.set(results[session.outputNames[0]].data as Float32Array);
    return { kind: 'seen', cpuTime: threadCpuTime() - begun };
  } catch (error) {
    return { kind: 'failed', message: reasonOf(error) };
  }
}

function close({ model }: CloseRequest): BackboneOutcome {
  sessions.delete(model);
  return { kind: 'closed' };
}

const work = async (request: BackboneRequest): Promise<BackboneOutcome> =>
  request.kind === 'open' ? open(request) : request.kind === 'see' ? see(request) : close(request);

// Requests run one after the other. Users of different models share only the thread.
let before = Promise.resolve();
port.on('message', (request: BackboneRequest) => {
  before = before.then(async () => {
    const outcome = await work(request);
    port.postMessage({ ...outcome, number: request.number } satisfies BackboneAnswer);
    // Notifies the other thread, also when it sleeps until the answer.
    const flag = new Int32Array(request.state);
    Atomics.store(flag, 0, answered);
    Atomics.notify(flag, 0);
  });
});
