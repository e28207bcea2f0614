// Linear memory. Everything is reserved once, when the network is created, and never moves. New pages are zero.

/** Size of a cache line [byte]. Arrays begin at a multiple of it. */
const LINE: usize = 64;

let top: usize = (__heap_base + LINE - 1) & ~(LINE - 1);

/** Reserves `bytes` bytes and returns their address. They may be used after `commit`. */
export function reserve(bytes: usize): usize {
  const at = top;
  top = (top + bytes + LINE - 1) & ~(LINE - 1);
  return at;
}

/** Clears memory, in whole registers of 16 bytes. For the short lists of a sample it is faster than `memory.fill`. */
export function zero(at: usize, bytes: usize): void {
  const none = i32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) v128.store(at, none);
}

/** Grows the memory to hold everything reserved; false if there is not enough. */
export function commit(): bool {
  const pages = <i32>((top + 0xffff) >>> 16);
  const more = pages - memory.size();
  return more <= 0 || memory.grow(more) >= 0;
}
