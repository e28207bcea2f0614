import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { noQuestions, Questions, type QuestionReason } from '../../src/agent/questions.js';

const begin = 1_764_000_000;

/** Asks about a stream at 10 Hz. */
function ask(
  questions: Questions,
  seconds: number,
  sample: (time: number) => { readonly lead: number; readonly group?: boolean; readonly quiet?: boolean },
): { readonly time: number; readonly why: QuestionReason }[] {
  const asked: { time: number; why: QuestionReason }[] = [];
  for (let k = 0; k < 10 * seconds; k++) {
    const time = begin + k / 10;
    const why = questions.see({ time, group: false, quiet: false, ...sample(time - begin) });
    if (why !== undefined) asked.push({ time: time - begin, why });
  }
  return asked;
}

const most = (times: readonly number[], window: number): number =>
  Math.max(...times.map((time) => times.filter((other) => other >= time && other < time + window).length));

describe('Questions', () => {
  it('asks at once when nothing is known, then no more often than the budget allows', () => {
    const asked = ask(new Questions({ perMinute: 3, perHour: 20 }), 7200, () => ({ lead: 0 }));
    const times = asked.map(({ time }) => time);
    expect(times[0]).toBe(0);
    expect(most(times, 60)).toBeLessThanOrEqual(3);
    expect(most(times, 3600)).toBeLessThanOrEqual(20);
    expect(asked.length).toBeGreaterThan(35);
  });

  it('asks half of its questions at random, at times that do not depend on the samples', () => {
    const random = new Random(1);
    const leads = (): { readonly lead: number } => ({ lead: 14 * random.uniform() });
    const budget = { perMinute: 2, perHour: 20 };
    const checks = (of: ReturnType<typeof ask>): number[] =>
      of.filter(({ why }) => why === 'random_check').map(({ time }) => time);
    const first = checks(ask(new Questions(budget), 36_000, leads));
    const second = checks(ask(new Questions(budget), 36_000, () => ({ lead: 14 })));
    expect(first.length).toBeGreaterThan(95);
    expect(first.length).toBeLessThanOrEqual(101);
    expect(first.filter((time) => !second.includes(time))).toEqual([]);
  });

  it('asks about the answers with the smallest lead', () => {
    const random = new Random(2);
    const seen: number[] = [];
    const asked: number[] = [];
    const questions = new Questions({ perMinute: 60, perHour: 3600 });
    for (let k = 0; k < 20_000; k++) {
      const lead = 14 * random.uniform();
      if (k >= 10_000) seen.push(lead);
      const why = questions.see({ time: k / 10, lead, group: false, quiet: false });
      if (k >= 10_000 && why === 'unsure') asked.push(lead);
    }
    // One in twenty may be asked about this way.
    const twentieth = seen.toSorted((a, b) => a - b)[seen.length / 20];
    expect(asked.length).toBeGreaterThan(400);
    expect(asked.filter((lead) => lead < 1.5 * twentieth).length).toBeGreaterThan(0.9 * asked.length);
  });

  it('asks about an unknown sample although its answer leads', () => {
    const asked = ask(new Questions({ perMinute: 2, perHour: 20 }), 3600, () => ({ lead: 14, group: true }));
    expect(new Set(asked.map(({ why }) => why))).toEqual(new Set(['unknown_group', 'random_check']));
  });

  it('does not postpone a random check when nobody can be asked', () => {
    const budget = { perMinute: 2, perHour: 20 };
    const all = ask(new Questions(budget), 7200, () => ({ lead: 14 }));
    const quiet = (time: number): boolean => time % 720 < 360;
    const some = ask(new Questions(budget), 7200, (time) => ({ lead: 14, quiet: quiet(time) }));
    expect(some).toEqual(all.filter(({ time }) => !quiet(time)));
    expect(some.length).toBeLessThan(all.length);
  });

  it('asks alike after a restore', () => {
    const random = new Random(3);
    const leads = Array.from({ length: 4000 }, () => 14 * random.uniform());
    const budget = { perMinute: 4, perHour: 200 };
    const see = (questions: Questions, from: number, to: number): (QuestionReason | undefined)[] =>
      leads.slice(from, to).map((lead, k) => {
        return questions.see({ time: begin + (from + k) / 2, lead, group: false, quiet: false });
      });
    const one = new Questions(budget);
    see(one, 0, 2000);
    const other = new Questions(budget);
    other.state = one.state;
    expect(see(other, 2000, 4000)).toEqual(see(one, 2000, 4000));
  });

  it('asks nothing with a budget of 0, and keeps its state', () => {
    const questions = new Questions({ perMinute: 2, perHour: 0 });
    expect(ask(questions, 100, () => ({ lead: 0 }))).toEqual([]);
    expect(questions.state).toEqual(noQuestions);
  });

  it('continues when stamps start again', () => {
    const questions = new Questions({ perMinute: 2, perHour: 20 });
    const before = ask(questions, 3600, () => ({ lead: 0 }));
    const again = ask(questions, 3600, () => ({ lead: 0 }));
    expect(before.length).toBeGreaterThan(15);
    expect(again.length).toBeGreaterThan(15);
  });
});
