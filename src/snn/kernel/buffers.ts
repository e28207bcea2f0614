// Linear memory: everything is reserved once, when the network is created, and never moves. New pages are zero.

/** Arrays begin at a cache line. */
const LINE: usize = 64;

let top: usize = (__heap_base + LINE - 1) & ~(LINE - 1);

/** Room for `bytes` bytes; it exists after `commit`. */
export function reserve(bytes: usize): usize {
  const at = top;
  top = (top + bytes + LINE - 1) & ~(LINE - 1);
  return at;
}

/** Clears whole registers; cheaper than the general fill for the short lists of a sample. */
export function zero(at: usize, bytes: usize): void {
  const none = i32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) v128.store(at, none);
}

/** Grows the memory over everything reserved; false where there is not enough. */
export function commit(): bool {
  const pages = <i32>((top + 0xffff) >>> 16);
  const more = pages - memory.size();
  return more <= 0 || memory.grow(more) >= 0;
}
