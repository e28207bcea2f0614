import { describe, expect, it } from 'vitest';
import { MessageMemory } from '../../src/node/intake.js';

/** A memory that takes these messages one after the other, as from the addon. */
function memoryOf(...messages: readonly string[]): MessageMemory {
  const waiting = messages.map((each) => Buffer.from(each));
  return new MessageMemory((bytes) => {
    const message = waiting.shift();
    if (message === undefined) return -1;
    if (message.length > bytes.length) return message;
    message.copy(bytes);
    return message.length;
  });
}

const long = (letter: string): string => letter.repeat(10_000);

describe('MessageMemory', () => {
  it('reuses the memory of the previous message after giveBack', () => {
    const memory = memoryOf('one', 'seven');
    const first = memory.take();
    expect(first?.bytes.toString()).toBe('one');
    first?.giveBack();
    const second = memory.take();
    expect(second?.bytes.toString()).toBe('seven');
    expect(second?.bytes.buffer).toBe(first?.bytes.buffer);
    expect(memory.take()).toBeUndefined();
  });

  it('does not overwrite a message that is still in use', () => {
    const memory = memoryOf('first', 'other', 'third');
    const first = memory.take();
    const second = memory.take();
    second?.giveBack();
    first?.giveBack();
    expect(memory.take()?.bytes.toString()).toBe('third');
    expect(first?.bytes.toString()).toBe('first');
  });

  it('does not return an old message again when none is waiting', () => {
    const memory = memoryOf('one');
    const first = memory.take();
    expect(memory.take()).toBeUndefined();
    expect(first?.bytes.toString()).toBe('one');
  });

  it('grows with the messages, and reuses the larger memory for smaller ones', () => {
    const memory = memoryOf(long('a'), long('b'), 'c');
    const first = memory.take();
    expect(first?.bytes.toString()).toBe(long('a'));
    first?.giveBack();
    const second = memory.take();
    expect(second?.bytes.toString()).toBe(long('b'));
    expect(second?.bytes.buffer).toBe(first?.bytes.buffer);
    second?.giveBack();
    expect(memory.take()?.bytes.toString()).toBe('c');
  });

  it('keeps no memory larger than 32 MiB', () => {
    const huge = Buffer.alloc(2 ** 25 + 1);
    const sizes: number[] = [];
    const memory = new MessageMemory((bytes) => {
      sizes.push(bytes.length);
      return sizes.length === 1 ? huge : -1;
    });
    memory.take()?.giveBack();
    memory.take();
    expect(sizes).toEqual([2048, 2048]);
  });
});
