/** The part of the WebAssembly interface used here; it is typed only in the browser's library. */
declare namespace WebAssembly {
  // An interface, since other packages declare it too, and both are merged.
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  const Module: new (bytes: Uint8Array) => Module;
  class Instance {
    constructor(module: Module);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Global {
    value: number;
  }
}
