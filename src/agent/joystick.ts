import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { cleanName } from '../classifier/class-roster.js';

/**
 * Reads classes by button number from a text such as `kitchen, hall,, bath`.
 *
 * @returns one name per button; empty: the button teaches nothing
 * @throws TopsparkError `teach_buttons` where a name occurs twice
 */
export function buttonClasses(text: string): readonly string[] {
  const names = text.trim() === '' ? [] : text.split(',').map(cleanName);
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) < at);
  if (twice === undefined) return names;
  const found = `teach.buttons is ${quoted(text)}, and ${quoted(twice)} stands in it twice`;
  throw new TopsparkError(
    'teach_buttons',
    'usage',
    `${found}, expected one class a button, such as kitchen, hall,, bath`,
  );
}

/** Buttons of a joystick: each teaches a class while it is held. */
export class Joystick {
  #held = -1;

  /** @param classes - one name per button; empty: the button teaches nothing */
  constructor(readonly classes: readonly string[]) {}

  /**
   * Takes the buttons that are down. With several down, the first counts until it is released.
   *
   * @param buttons - one number per button; 0: up
   * @returns the class taught from now on; empty: none; `undefined`: no change
   */
  hear(buttons: ArrayLike<number>): string | undefined {
    if (this.#held >= 0 && buttons[this.#held] > 0) return undefined;
    const before = this.#held;
    this.#held = this.classes.findIndex((name, at) => name !== '' && at < buttons.length && buttons[at] > 0);
    if (this.#held === before) return undefined;
    return this.#held < 0 ? '' : this.classes[this.#held];
  }
}
