/** Bytes from a linear congruential generator: the upper byte of s = 1664525 s + 1013904223, starting with s = 1. */
export function noise(): (bytes: number) => Uint8Array {
  let state = 1;
  return (bytes) =>
    Uint8Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

/** FNV-1a, 32 bits. */
export function fnv(hash: number, bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 16_777_619) >>> 0, hash);
}
