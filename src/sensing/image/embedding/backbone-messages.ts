import type { MessagePort } from 'node:worker_threads';

/** States of the shared number: an answer is there, or not yet. */
export const answered = 1;
/** See {@link answered}. */
export const unanswered = 0;

/** What the thread that runs models begins with. */
export interface BackboneSeed {
  /** Port to the requester. */
  readonly port: MessagePort;
}

/** Name, type and shape of an input or output of a model; a text in the shape is a free side. */
export interface ValueShape {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** Asks that a model be opened. */
export interface OpenRequest {
  readonly kind: 'open';
  /** By which it is asked for later. */
  readonly model: number;
  /** The ONNX file. */
  readonly bytes: Uint8Array;
}

/** Asks for the vector of a picture. */
export interface SeeRequest {
  readonly kind: 'see';
  readonly model: number;
  /** Bytes of the picture, in shared memory. */
  readonly picture: Uint8Array;
  /** Where the vector goes, in shared memory. */
  readonly vector: Float32Array;
  readonly shape: readonly number[];
}

/** Asks that a model be forgotten. */
export interface CloseRequest {
  readonly kind: 'close';
  readonly model: number;
}

/** What the thread is asked. */
export type BackboneQuestion = OpenRequest | SeeRequest | CloseRequest;

/** The same, as it is sent. */
export type BackboneRequest = BackboneQuestion & {
  readonly number: number;
  /** A number that says whether there is an answer. */
  readonly state: SharedArrayBuffer;
};

/** What became of it. */
export type BackboneOutcome =
  | { readonly kind: 'opened'; readonly inputs: readonly ValueShape[]; readonly outputs: readonly ValueShape[] }
  | { readonly kind: 'no_runtime' | 'unreadable' | 'failed'; readonly message: string }
  /** The vector is there; `cpuTime`: what it took [µs]. */
  | { readonly kind: 'seen'; readonly cpuTime: number }
  | { readonly kind: 'closed' };

/** The same, as it is sent; the number is that of the request. */
export type BackboneAnswer = BackboneOutcome & { readonly number: number };
