/** What a key asks for. */
export type TeachAction =
  | { readonly kind: 'begin'; readonly name: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'take_back' }
  | { readonly kind: 'quit' };

/** Without the key again for so long it was let go [s]: terminals begin to repeat a key after half a second. */
const released = 0.7;

const [interrupt, end, escape, backspaces] = ['\u0003', '\u0004', '\u001b', ['\u007f', '\b']];

/**
 * What keys mean while somebody teaches: a digit teaches the class of that number as long as it is held, `/` begins a new name,
 * `u` takes the last burst back, `q` ends.
 */
export class TeachKeys {
  /** The name that is being typed; `undefined`: none is. */
  typed: string | undefined;
  #held: { readonly name: string; until: number } | undefined;

  /** The class that is being taught; empty: none. */
  get held(): string {
    return this.#held?.name ?? '';
  }

  /**
   * Hears a key.
   *
   * @param key - as the terminal sends it
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

  /** Time has passed: ends what is not held any more. */
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
