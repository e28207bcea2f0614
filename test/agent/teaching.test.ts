import { beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import type { AgentEvent, ClassEditEvent, LabelEvent } from '../../src/agent/events.js';
import { clockFrom } from '../../src/base/time.js';
import type { LabelKind } from '../../src/classifier/label-kinds.js';
import { smallAgent } from './settings.js';

/** Ten samples a second. */
const frame = (k: number): bigint => 1_764_000_000_000_000_000n + BigInt(k) * 100_000_000n;

/** An agent that sees vectors of four kinds. */
class Robot {
  readonly agent: Agent;
  readonly events: AgentEvent[] = [];
  time = 0;
  /** Reason why the last sample was not taught. */
  why = '';

  constructor() {
    const network = { neurons: 30, classes: 8, memory: 64 };
    const sensors = { ...smallAgent.sensors, use: [{ name: 'features', values: { size: 16 } }] };
    this.agent = new Agent(
      { ...smallAgent, network, sensors },
      clockFrom(() => this.time),
    );
    this.agent.forceMode('FULL');
    this.agent.onEvent = (event) => this.events.push(event);
  }

  see(k: number): string {
    this.time = k / 10;
    const values = Float32Array.from({ length: 16 }, (_, i) => (i % 4 === k % 4 ? 0.6 + ((i * 5 + k) % 4) / 10 : 0));
    const event = { sensor: 'features', stamp: frame(k), frameId: '', taken: this.time, message: { values } };
    this.agent.take({ topic: 'sensor', event });
    return this.events.findLast((each) => each.kind === 'decision')?.label ?? '';
  }

  label(stamp: bigint, name: string, kind?: LabelKind): void {
    this.agent.take({ topic: 'label', event: { stamp, name, ...(kind && { kind }) } });
  }

  /** Teaches. Returns how many samples were taught once that has ended. */
  teach(name: string, duration: number): { taught?: number } {
    const result: { taught?: number } = {};
    const done = (taught: number, why: string): void => {
      result.taught = taught;
      this.why = why;
    };
    this.agent.teach({ name, duration, done });
    return result;
  }

  get known(): Record<string, number> {
    return Object.fromEntries(this.agent.classFacts.map(({ name, labels }) => [name, labels]));
  }

  get taught(): LabelEvent[] {
    return this.events.flatMap((event) => (event.kind === 'taught' ? [event.label] : []));
  }

  get edits(): ClassEditEvent[] {
    return this.events.flatMap((event) => (event.kind === 'classes' ? [event.edit] : []));
  }

  get causes(): string[] {
    return this.events.flatMap((event) => (event.kind === 'refusal' ? [event.cause] : []));
  }

  get notices(): string[] {
    return this.events.flatMap((event) => (event.kind === 'notice' ? [event.message] : []));
  }
}

let robot: Robot;
beforeEach(() => {
  robot = new Robot();
});

describe('teach', () => {
  it('labels the newest sample at once', () => {
    robot.see(0);
    expect(robot.teach('kitchen', 0)).toEqual({ taught: 1 });
    expect(robot.known).toEqual({ kitchen: 1 });
    expect(robot.taught).toEqual([{ stamp: frame(0), name: 'kitchen', kind: 'teaching' }]);
    expect(robot.see(4)).toBe('kitchen');
  });

  it('labels the samples within its duration by their stamps, and reports how many when the next one comes', () => {
    robot.see(0);
    const result = robot.teach('kitchen', 0.5);
    for (let k = 1; k <= 5; k++) robot.see(k);
    expect(result).toEqual({});
    robot.see(6);
    expect(result).toEqual({ taught: 6 });
    expect(robot.known).toEqual({ kitchen: 6 });
    robot.see(7);
    expect(robot.known).toEqual({ kitchen: 6 });
  });

  it('ends when another begins, at its end by the clock when no sample comes, and on request', () => {
    robot.see(0);
    const first = robot.teach('kitchen', 60);
    robot.see(1);
    const second = robot.teach('hall', 2);
    expect(first).toEqual({ taught: 2 });
    robot.time += 2.5;
    robot.agent.tick();
    expect(second).toEqual({});
    robot.time += 1;
    robot.agent.tick();
    // The sample was labelled kitchen a moment ago: the second label corrects it.
    expect(second).toEqual({ taught: 1 });
    expect(robot.known).toEqual({ kitchen: 1, hall: 1 });
    robot.see(40);
    const third = robot.teach('hall', 60);
    robot.agent.endTeaching();
    expect(third).toEqual({ taught: 1 });
  });

  it('ends when the node hears nothing any more', () => {
    robot.see(0);
    const result = robot.teach('kitchen', 60);
    robot.agent.rest();
    expect(result).toEqual({ taught: 1 });
  });

  it('is refused without a recent sample or a name, for too long a time, or when nothing is learned', () => {
    expect(() => robot.teach('kitchen', 0)).toThrow(
      'there was no sample in the last 5 s to be called "kitchen": is the sensor running, and the node active?',
    );
    robot.see(0);
    robot.time += 6;
    expect(() => robot.teach('kitchen', 1)).toThrow(/no sample in the last 5 s/);
    robot.see(100);
    expect(() => robot.teach('  ', 1)).toThrow(/^the class has no name, expected 1 to /);
    expect(() => robot.teach('x'.repeat(300), 1)).toThrow(
      /^the class has the name "x{60}…" \(300 characters\), expected 1 to /,
    );
    expect(() => robot.teach('kitchen', 3601)).toThrow('duration is 3601 s, expected 0 to 3600 s');
    robot.agent.setLearning(false);
    expect(() => robot.teach('kitchen', 1)).toThrow(/nothing is learned now, in mode FULL/);
    expect(robot.known).toEqual({});
  });

  it('says why nothing was taught, and which classes can be forgotten when there is no room', () => {
    robot.see(0);
    robot.teach('kitchen', 0);
    expect(robot.why).toBe('');
    expect(robot.teach('kitchen', 0)).toEqual({ taught: 0 });
    expect(robot.why).toMatch(/^label "kitchen" is the second for the sample of .* both name the same class/);
    for (let k = 1; k < 40; k++) {
      robot.see(k);
      robot.teach(`class ${k % 8}`, 0);
    }
    robot.see(41);
    expect(robot.teach('one more', 0)).toEqual({ taught: 0 });
    expect(robot.why).toMatch(
      /^label "one more" is a new class, but network\.classes = 8 are known .*; raise network\.classes or use ~\/forget_class; fewest labels: "class \d" \(\d\), /,
    );
  });

  it('is ignored by the estimate and by the alarms', () => {
    for (let k = 0; k < 40; k++) {
      robot.see(k);
      robot.teach(`class ${k % 4}`, 0);
    }
    expect(robot.agent.status()).toMatchObject({ labelled: 40, tested: 0 });
    expect(robot.agent.status().accuracy.samples).toBe(0);
    robot.see(40);
    robot.label(frame(40), 'class 0');
    expect(robot.agent.status()).toMatchObject({ labelled: 41, tested: 1 });
  });

  it('teaches the same bits when it is repeated from its events', () => {
    const other = new Robot();
    for (let k = 0; k < 60; k++) {
      const before = robot.taught.length;
      robot.see(k);
      other.see(k);
      if (k % 7 === 3) robot.teach(`class ${k % 3}`, 0.2);
      if (k % 11 === 5) robot.label(0n, `class ${k % 2}`, 'correction');
      const edits = robot.edits.length;
      if (k === 30) robot.agent.editClass({ name: 'class 1', newName: 'class 2' });
      if (k === 45) robot.agent.editClass({ name: 'class 2', newName: '' });
      for (const event of robot.taught.slice(before)) other.agent.take({ topic: 'label', event });
      for (const event of robot.edits.slice(edits)) other.agent.take({ topic: 'class_edit', event });
    }
    expect(robot.taught.length).toBeGreaterThan(15);
    expect(other.agent.weightsHash()).toBe(robot.agent.weightsHash());
    expect(other.known).toEqual(robot.known);
  });
});

describe('a label with a zero stamp', () => {
  it('labels the newest sample', () => {
    robot.see(0);
    robot.see(1);
    robot.label(0n, 'hall', 'correction');
    expect(robot.taught).toEqual([{ stamp: frame(1), name: 'hall', kind: 'correction' }]);
    expect(robot.known).toEqual({ hall: 1 });
  });

  it('withdraws the label of the newest sample if it has no name, and is reported', () => {
    robot.see(0);
    robot.label(frame(0), 'hall');
    robot.label(0n, '', 'correction');
    expect(robot.taught).toEqual([{ stamp: frame(0), name: '', kind: 'correction' }]);
    expect(robot.known).toEqual({ hall: 0 });
    robot.label(0n, '', 'correction');
    expect(robot.taught).toHaveLength(1);
    expect(robot.causes).toEqual(['label_nothing_taken']);
  });

  it('is refused when no sample was decided', () => {
    robot.label(0n, 'hall');
    expect(robot.causes).toEqual(['label_no_sample']);
    expect(robot.taught).toEqual([]);
  });
});

describe('a second label of a sample', () => {
  it('corrects the first: its effect is taken back', () => {
    const right = new Robot();
    for (let k = 0; k < 12; k++) {
      for (const each of [robot, right]) each.see(k);
      robot.label(frame(k), k === 7 ? 'wrong' : `class ${k % 4}`);
      right.label(frame(k), `class ${k % 4}`);
    }
    robot.label(frame(7), 'class 3', 'correction');
    expect(robot.known).toEqual({ 'class 0': 3, 'class 1': 3, 'class 2': 3, 'class 3': 3, wrong: 0 });
    const of = ({ agent }: Robot, name: string): Float32Array => agent.snapshot().tensors[name].data as Float32Array;
    // Prototypes never depended on it; of the wrong class nothing is left.
    expect(of(robot, 'network.weights')).toEqual(of(right, 'network.weights'));
    const evidence = of(robot, 'network.evidence');
    const wrong = robot.agent.classFacts.findIndex(({ name }) => name === 'wrong');
    const stride = evidence.length / 30;
    expect(Array.from({ length: 30 }, (_, j) => evidence[j * stride + wrong]).every((each) => each === 0)).toBe(true);
    expect(of(robot, 'class_neurons.seen')[wrong]).toBe(0);
    expect(robot.agent.status().accuracy.samples).toBe(12);
    expect(robot.causes).toEqual([]);
  });

  it('withdraws the first if it has no name; the sample may be labelled again', () => {
    const before = new Robot();
    for (let k = 0; k < 12; k++) {
      for (const each of [robot, before]) each.see(k);
      robot.label(frame(k), `class ${k % 4}`);
      if (k !== 7) before.label(frame(k), `class ${k % 4}`);
    }
    robot.label(frame(7), '', 'correction');
    expect(robot.known).toEqual(before.known);
    robot.label(frame(7), ' ', 'correction');
    robot.label(frame(100), '', 'correction');
    expect(robot.causes).toEqual(['label_nothing_taken', 'label_nothing_taken']);
    robot.label(frame(7), 'class 3');
    expect(robot.known['class 3']).toBe(3);
    // Without a kind it is a label without a name, as before.
    robot.label(frame(8), '');
    expect(robot.causes.at(-1)).toBe('label_empty');
  });

  it('is a duplicate when it says the same, or when nothing was learned from the first', () => {
    robot.see(0);
    robot.label(frame(0), 'a');
    robot.label(frame(0), 'a');
    robot.agent.setLearning(false);
    robot.see(1);
    robot.label(frame(1), 'a');
    robot.label(frame(1), 'b');
    expect(robot.causes).toEqual(['label_duplicate', 'label_duplicate']);
    expect(robot.known).toEqual({ a: 1 });
  });

  it('may correct repeatedly, and works the same after a restart', () => {
    const [one, two] = [new Robot(), new Robot()];
    const life = (each: Robot, from: number, to: number): void => {
      for (let k = from; k < to; k++) {
        each.see(k);
        each.label(frame(k), `class ${k % 3}`);
        each.label(frame(k - 2), `class ${(k + 1) % 3}`, 'correction');
        each.label(frame(k - 5), `class ${k % 2}`, 'correction');
      }
    };
    life(one, 0, 80);
    life(two, 0, 40);
    const again = new Robot();
    again.agent.restore(structuredClone(two.agent.snapshot()));
    life(again, 40, 80);
    expect(again.agent.weightsHash()).toBe(one.agent.weightsHash());
    expect(again.known).toEqual(one.known);
    for (const { labels } of one.agent.classFacts) expect(labels).toBeGreaterThanOrEqual(0);
  });
});

describe('classes', () => {
  const teachAll = (): void => {
    for (let k = 0; k < 24; k++) {
      robot.see(k);
      robot.label(frame(k), `class ${k % 4}`);
    }
  };

  it('list their labels and neurons', () => {
    teachAll();
    expect(robot.known).toEqual({ 'class 0': 6, 'class 1': 6, 'class 2': 6, 'class 3': 6 });
    const neurons = robot.agent.classFacts.map((facts) => facts.neurons);
    expect(neurons.every((count) => count > 0)).toBe(true);
    expect(neurons.reduce((a, b) => a + b)).toBeLessThanOrEqual(30);
  });

  it('are never answered again once forgotten, and the others stay as they were', () => {
    teachAll();
    expect(robot.agent.editClass({ name: 'class 1', newName: '' })).toBe(
      'class "class 1", which had 6 labels, is forgotten',
    );
    expect(Object.keys(robot.known)).toEqual(['class 0', 'class 2', 'class 3']);
    const answers = Array.from({ length: 16 }, (_, k) => robot.see(100 + k));
    expect(answers).not.toContain('class 1');
    for (const c of [0, 2, 3]) expect(answers[c]).toBe(`class ${c}`);
    // The name may come back, as a class that knows nothing yet.
    robot.label(frame(101), 'class 1');
    expect(Object.keys(robot.known)).toEqual(['class 0', 'class 2', 'class 3', 'class 1']);
  });

  it('are answered by their new name once renamed; two can become one', () => {
    teachAll();
    expect(robot.agent.editClass({ name: 'class 0', newName: ' kitchen ' })).toBe(
      'class "class 0" is called "kitchen" now',
    );
    expect(robot.see(100)).toBe('kitchen');
    expect(robot.agent.editClass({ name: 'class 3', newName: 'kitchen' })).toBe(
      'class "class 3" is one with "kitchen" now',
    );
    expect(robot.known).toEqual({ kitchen: 12, 'class 1': 6, 'class 2': 6 });
    expect([robot.see(104), robot.see(103), robot.see(101)]).toEqual(['kitchen', 'kitchen', 'class 1']);
    expect(robot.edits).toEqual([
      { name: 'class 0', newName: 'kitchen' },
      { name: 'class 3', newName: 'kitchen' },
    ]);
  });

  it('are refused by name when unknown, with the known ones listed', () => {
    teachAll();
    const before = robot.agent.weightsHash();
    expect(() => robot.agent.editClass({ name: 'clas 1', newName: '' })).toThrow(
      'there is no class "clas 1"; did you mean class 1?; known are "class 0", "class 1", "class 2", "class 3"',
    );
    robot.agent.take({ topic: 'class_edit', event: { name: 'nobody', newName: 'somebody' } });
    expect(robot.causes).toEqual(['class_unknown']);
    expect(robot.agent.weightsHash()).toBe(before);
  });

  it('are one when their names look alike: trimmed and composed', () => {
    robot.see(0);
    robot.label(frame(0), '  Ku\u0308che ');
    robot.see(4);
    robot.label(frame(4), 'K\u00fcche');
    expect(robot.known).toEqual({ 'K\u00fcche': 2 });
    robot.see(8);
    robot.label(frame(8), ' \t ');
    expect(robot.causes).toEqual(['label_empty']);
  });

  it('are reported once when a new name is spelled nearly like a known one', () => {
    robot.see(0);
    robot.label(frame(0), 'kitchen');
    robot.see(1);
    robot.label(frame(1), 'Kitchen');
    robot.see(5);
    robot.label(frame(5), 'Kitchen');
    expect(robot.notices).toEqual([
      'class "Kitchen" is new, and "kitchen" is spelt almost the same; ' +
        'if they are the same class, merge them with ~/rename_class',
    ]);
  });
});
