// NIR, the neuromorphic intermediate representation: a graph of named nodes. Each is an ordinary differential equation
// or a map.
//
//   LIF     tau dv/dt = (v_leak - v) + r I ,  a spike where v > v_threshold, then v = v_reset
//   Linear  y = W x
//
// Source: J. E. Pedersen et al., Neuromorphic intermediate representation, Nature Communications 15 (2024) 8122. The
// layout is that of version 1.0.8 of the package `nir`.

/** Version of NIR that is written. */
export const nirVersion = '1.0.8';

/** An array of numbers: a parameter of a node. */
export interface NirArray {
  readonly shape: readonly number[];
  /** 64-bit integers are sizes. */
  readonly data: Float32Array | BigInt64Array;
}

/** A node. */
export interface NirNode {
  /** `Input`, `Linear`, `LIF`, `Output`, … */
  readonly type: string;
  /** Arrays by NIR's names of the parameters. */
  readonly parameters: Readonly<Record<string, NirArray>>;
}

/** A graph with its metadata. */
export interface NirGraph {
  readonly nodes: Readonly<Record<string, NirNode>>;
  readonly edges: readonly (readonly [from: string, to: string])[];
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** An edge as text. */
export const edgeText = ([from, to]: readonly [string, string]): string => `${from} → ${to}`;
