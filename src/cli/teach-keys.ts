/** Action that a key causes. */
export type TeachAction =
  | { readonly kind: 'begin'; readonly name: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'take_back' }
  | { readonly kind: 'quit' };

/** A key that does not repeat for this long was released [s]: terminals begin to repeat a key after half a second. */
const released = 0.7;

const [interrupt, end, escape, backspaces] = ['\u0003', '\u0004', '\u001b', ['\u007f', '\b']];

/**
 * Keys while teaching: a digit teaches the class of that number while it is held, `/` begins a new name, `u` undoes the
 * last burst, `q` quits.
 */
export class TeachKeys {
  /** The name being typed; `undefined`: none. */
  typed: string | undefined;
  #held: { readonly name: string; until: number } | undefined;

  /** The class being taught; empty: none. */
  get held(): string {
    return this.#held?.name ?? '';
  }

  /**
   * Handles a key.
   *
   * @param key - as sent by the terminal
   * @param classes - in the order of their numbers, from 1
   * @param now - monotonic time [s]
   */
  press(key: string, classes: readonly string[], now: number): TeachAction[] {
    if (key === interrupt || key === end) return this.#quit();
    if (this.typed !== undefined) return this.#type(key, this.typed, now);
    if (key === 'q') return this.#quit();
    if (key === 'u') return [...this.#letGo(), { kind: 'take_back' }];
    if (key === '/') this.typed = '';
    const name = /^[1-9]$/.test(key) ? classes.at(Number(key) - 1) : undefined;
    return name === undefined ? [] : this.#hold(name, now);
  }

  /** Ends the lesson of a key that was released. */
  tick(now: number): TeachAction[] {
    return this.#held !== undefined && now > this.#held.until ? this.#letGo() : [];
  }

  #type(key: string, typed: string, now: number): TeachAction[] {
    if (key === escape) this.typed = undefined;
    else if (backspaces.includes(key)) this.typed = Array.from(typed).slice(0, -1).join('');
    else if (key === '\r' || key === '\n') {
      this.typed = undefined;
      return typed.trim() === '' ? [] : this.#hold(typed.trim(), now);
    } else if (!/\p{C}/u.test(key)) this.typed = typed + key;
    return [];
  }

  #hold(name: string, now: number): TeachAction[] {
    const again = this.#held?.name === name;
    this.#held = { name, until: now + released };
    return again ? [] : [{ kind: 'begin', name }];
  }

  #letGo(): TeachAction[] {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? [] : [{ kind: 'end' }];
  }

  #quit(): TeachAction[] {
    return [...this.#letGo(), { kind: 'quit' }];
  }
}
