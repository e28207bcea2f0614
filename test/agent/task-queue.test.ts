import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Slices } from '../../src/base/slices.js';
import { TaskQueue } from '../../src/agent/sample-pipeline.js';

interface Task {
  readonly name: string;
  /** Further slices that the task needs after the first. */
  readonly yields: number;
  readonly patient?: boolean;
  /** The part of the task that another thread does. */
  readonly elsewhere?: Promise<void>;
}

let log: string[];
let hear: (text: string) => void;
let turns: TaskQueue<Task, string>;

function* work({ name, yields, elsewhere }: Task): Slices<string> {
  log.push(`begin ${name}`);
  if (elsewhere) yield elsewhere;
  for (let k = 0; k < yields; k++) yield;
  return `done ${name}`;
}
const image = (name: string, yields: number): void => {
  turns.take({ name, yields });
};
const label = (name: string): void => {
  turns.take({ name, yields: 0, patient: true });
};
async function loops(count: number): Promise<void> {
  for (let k = 0; k < count; k++) await nextTurn();
}

beforeEach(() => {
  log = [];
  turns = new TaskQueue({
    begin: work,
    patient: ({ patient }) => patient === true,
    replaced: ({ name }) => `drop ${name}`,
    done: (text) => {
      log.push(text);
      hear(text);
    },
  });
  hear = () => undefined;
});

describe('TaskQueue', () => {
  it('completes at once what takes one slice', () => {
    image('a', 0);
    label('x');
    image('b', 0);
    expect(log).toEqual(['begin a', 'done a', 'begin x', 'done x', 'begin b', 'done b']);
  });

  it('continues once when another thread has done its part, and not before', async () => {
    let end = (): void => undefined;
    const elsewhere = new Promise<void>((resolve) => {
      end = resolve;
    });
    turns.take({ name: 'a', yields: 1, elsewhere });
    label('x');
    image('b', 0);
    image('c', 0);
    await loops(5);
    expect(log).toEqual(['begin a', 'drop b']);
    end();
    await loops(3);
    expect(log).toEqual(['begin a', 'drop b', 'done a', 'begin x', 'done x', 'begin c', 'done c']);
  });

  it('finishes on request what another thread works on, and continues with what waits', async () => {
    let end = (): void => undefined;
    const elsewhere = new Promise<void>((resolve) => {
      end = resolve;
    });
    turns.take({ name: 'a', yields: 0, elsewhere });
    label('x');
    image('b', 0);
    turns.finish();
    expect(log).toEqual(['begin a', 'done a', 'begin x', 'done x']);
    end();
    await loops(2);
    expect(log.slice(4)).toEqual(['begin b', 'done b']);
  });

  it('lets the event loop run between slices', async () => {
    image('a', 3);
    for (let others = 0; others < 3; others++) {
      expect(log).toEqual(['begin a']);
      await nextTurn();
    }
    await nextTurn();
    expect(log).toEqual(['begin a', 'done a']);
  });

  it('keeps the newest while one is running, and reports those that it replaces', async () => {
    image('a', 2);
    for (const name of ['b', 'c', 'd']) image(name, 1);
    await loops(6);
    expect(log).toEqual(['begin a', 'drop b', 'drop c', 'done a', 'begin d', 'done d']);
  });

  it('works in the order in which inputs came', async () => {
    image('a', 2);
    label('x');
    image('b', 0);
    label('y');
    await loops(4);
    expect(log).toEqual(['begin a', 'done a', 'begin x', 'done x', 'begin b', 'done b', 'begin y', 'done y']);
  });

  it('puts a newer one behind everything that came before it, in place of the one that it replaces', async () => {
    image('a', 2);
    image('b', 0);
    label('x');
    image('c', 0);
    await loops(4);
    expect(log).toEqual(['begin a', 'drop b', 'done a', 'begin x', 'done x', 'begin c', 'done c']);
  });

  it('finishes on request what runs and what came before the newest; that and later ones keep waiting', async () => {
    image('a', 5);
    label('x');
    image('b', 0);
    label('y');
    turns.finish();
    expect(log).toEqual(['begin a', 'done a', 'begin x', 'done x']);
    await loops(2);
    expect(log.slice(4)).toEqual(['begin b', 'done b', 'begin y', 'done y']);
  });

  it('ends: the newest is dropped, all else is done, and nothing comes later', async () => {
    image('a', 5);
    label('x');
    image('b', 0);
    label('y');
    turns.end();
    await loops(8);
    expect(log).toEqual(['begin a', 'done a', 'drop b', 'begin x', 'done x', 'begin y', 'done y']);
    image('c', 0);
    expect(log.slice(7)).toEqual(['begin c', 'done c']);
  });

  it('accepts what a listener adds while it is called', async () => {
    hear = (text) => {
      if (text === 'done a') label('for a');
    };
    image('a', 2);
    image('b', 2);
    await loops(8);
    expect(log).toEqual(['begin a', 'done a', 'begin b', 'done b', 'begin for a', 'done for a']);
  });
});
