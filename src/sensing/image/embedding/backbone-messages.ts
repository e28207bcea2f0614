import type { MessagePort } from 'node:worker_threads';

/** States of the shared number: the answer has come, or not yet. */
export const answered = 1;
/** See {@link answered}. */
export const unanswered = 0;

/** Start data of the thread that runs models. */
export interface BackboneSeed {
  /** Port to the requester. */
  readonly port: MessagePort;
}

/** Name, type and shape of an input or output of a model; a text in the shape stands for a side of any length. */
export interface ValueShape {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** Request to open a model. */
export interface OpenRequest {
  readonly kind: 'open';
  /** Identifies it in later requests. */
  readonly model: number;
  /** The ONNX file. */
  readonly bytes: Uint8Array;
}

/** Request for the vector of a picture. */
export interface SeeRequest {
  readonly kind: 'see';
  readonly model: number;
  /** Bytes of the picture, in shared memory. */
  readonly picture: Uint8Array;
  /** Where the vector goes, in shared memory. */
  readonly vector: Float32Array;
  readonly shape: readonly number[];
}

/** Request to close a model. */
export interface CloseRequest {
  readonly kind: 'close';
  readonly model: number;
}

/** Requests to the thread. */
export type BackboneQuestion = OpenRequest | SeeRequest | CloseRequest;

/** A request as it is sent. */
export type BackboneRequest = BackboneQuestion & {
  readonly number: number;
  /** Shared number that shows whether there is an answer. */
  readonly state: SharedArrayBuffer;
};

/** Result of a request. */
export type BackboneOutcome =
  | { readonly kind: 'opened'; readonly inputs: readonly ValueShape[]; readonly outputs: readonly ValueShape[] }
  | { readonly kind: 'no_runtime' | 'unreadable' | 'failed'; readonly message: string }
  /** The vector has been written; `cpuTime`: CPU time for it [µs]. */
  | { readonly kind: 'seen'; readonly cpuTime: number }
  | { readonly kind: 'closed' };

/** An answer as it is sent, with the number of its request. */
export type BackboneAnswer = BackboneOutcome & { readonly number: number };
