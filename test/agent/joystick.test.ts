import { describe, expect, it } from 'vitest';
import { buttonClasses, Joystick } from '../../src/agent/joystick.js';

describe('joystick buttons', () => {
  it('name classes by number; a button without a name teaches nothing', () => {
    expect(buttonClasses(' kitchen, hall,, bath ')).toEqual(['kitchen', 'hall', '', 'bath']);
    expect(buttonClasses('  ')).toEqual([]);
  });

  it('each have a class of their own', () => {
    expect(() => buttonClasses('hall, bath, hall')).toThrow(/"hall" stands in it twice, expected one class a button/);
  });

  it('teach while held; the first of several counts until it is released', () => {
    const joystick = new Joystick(['kitchen', '', 'hall']);
    const hear = (...buttons: number[]): string | undefined => joystick.hear(Int32Array.from(buttons));
    expect(hear(0, 0, 0)).toBeUndefined();
    expect(hear(1, 0, 0)).toBe('kitchen');
    expect(hear(1, 0, 0)).toBeUndefined();
    expect(hear(1, 0, 1)).toBeUndefined();
    expect(hear(0, 0, 1)).toBe('hall');
    expect(hear(0, 1, 0)).toBe('');
    expect(hear(0, 0, 0)).toBeUndefined();
  });

  it('are up when the joystick does not have them', () => {
    const joystick = new Joystick(['a', 'b', 'c', 'd']);
    expect(joystick.hear([0, 1])).toBe('b');
    expect(joystick.hear([])).toBe('');
    expect(joystick.hear([])).toBeUndefined();
  });
});
