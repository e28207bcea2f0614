import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { cleanName } from '../classifier/class-names.js';

/**
 * Classes by the numbers of buttons, from a text such as `kitchen, hall,, bath`.
 *
 * @returns a name a button, empty: it teaches nothing
 * @throws TopsparkError `teach_buttons` where a name stands twice
 */
export function buttonClasses(text: string): readonly string[] {
  const names = text.trim() === '' ? [] : text.split(',').map(cleanName);
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) < at);
  if (twice === undefined) return names;
  const found = `teach.buttons is ${quoted(text)}, in which ${quoted(twice)} stands twice`;
  throw new TopsparkError('teach_buttons', 'usage', `${found}, expected a class a button: kitchen, hall,, bath`);
}

/** The buttons of a joystick, of which each teaches a class as long as it is held. */
export class Joystick {
  #held = -1;

  /** @param classes - a name a button, empty: it teaches nothing */
  constructor(readonly classes: readonly string[]) {}

  /**
   * Hears which buttons are down. The first of several counts, until it is let go.
   *
   * @param buttons - a number a button, 0: up
   * @returns the class that is taught from now on, empty: none; `undefined`: as before
   */
  hear(buttons: ArrayLike<number>): string | undefined {
    if (this.#held >= 0 && buttons[this.#held] > 0) return undefined;
    const before = this.#held;
    this.#held = this.classes.findIndex((name, at) => name !== '' && at < buttons.length && buttons[at] > 0);
    if (this.#held === before) return undefined;
    return this.#held < 0 ? '' : this.classes[this.#held];
  }
}
