import type { MessagePort } from 'node:worker_threads';

/** In the shared number: there is an answer, or none yet. */
export const answered = 1;
/** See {@link answered}. */
export const unanswered = 0;

/** What a thread that runs a model begins with. */
export interface BackboneSeed {
  /** The ONNX file. */
  readonly model: Uint8Array;
  /** A number that says whether the model was opened, or could not be. */
  readonly state: SharedArrayBuffer;
  /** To whoever asks. */
  readonly port: MessagePort;
}

/** Name, type and shape of what goes into a model or comes out; a text in the shape is a side that is open. */
export interface ValueShape {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** Asks for the vector of a picture. */
export interface BackboneRequest {
  readonly number: number;
  /** A number that says whether there is an answer. */
  readonly state: SharedArrayBuffer;
  /** Bytes of the picture, in shared memory. */
  readonly picture: Uint8Array;
  /** Where the vector goes, in shared memory. */
  readonly vector: Float32Array;
  readonly shape: readonly number[];
}

/** What the thread tells. */
export type BackboneAnswer =
  | { readonly kind: 'opened'; readonly inputs: readonly ValueShape[]; readonly outputs: readonly ValueShape[] }
  | { readonly kind: 'no_runtime' | 'unreadable'; readonly message: string }
  /** The vector is there; `cpuTime`: what it took [µs]. */
  | { readonly kind: 'seen'; readonly number: number; readonly cpuTime: number }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string };
