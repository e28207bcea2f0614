/** The part of the WebAssembly interface used here. TypeScript declares it only in the DOM library. */
declare namespace WebAssembly {
  // An interface, so that it merges with the declarations of other packages.
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
