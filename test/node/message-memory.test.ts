import { describe, expect, it } from 'vitest';
import { MessageMemory } from '../../src/node/intake.js';

/** Takes these messages, one after the other, as the addon does. */
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
  it('takes a message into the memory of the one before, once that was given back', () => {
    const memory = memoryOf('one', 'seven');
    const first = memory.take();
    expect(first?.bytes.toString()).toBe('one');
    first?.giveBack();
    const second = memory.take();
    expect(second?.bytes.toString()).toBe('seven');
    expect(second?.bytes.buffer).toBe(first?.bytes.buffer);
    expect(memory.take()).toBeUndefined();
  });

  it('leaves a message alone that is still in use', () => {
    const memory = memoryOf('first', 'other', 'third');
    const first = memory.take();
    const second = memory.take();
    second?.giveBack();
    first?.giveBack();
    expect(memory.take()?.bytes.toString()).toBe('third');
    expect(first?.bytes.toString()).toBe('first');
  });

  it('does not take a message for the next where nothing was there', () => {
    const memory = memoryOf('one');
    const first = memory.take();
    expect(memory.take()).toBeUndefined();
    expect(first?.bytes.toString()).toBe('one');
  });

  it('grows with the messages, and takes smaller ones there too', () => {
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

  it('does not keep memory of more than 32 MiB', () => {
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
