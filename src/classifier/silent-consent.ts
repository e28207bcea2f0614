// R2: where people correct mistakes, silence says that an answer was right. It weighs in all as much as the corrections do:
//
//   every learned sample k that has a net answer c:  eps = r  (0 while the world seems to change), then r -= r / min(k, 1000)
//     for fired j:  R_j *= (1 - eps (1 - forget))^n_j ,  R_jc += eps n_j                              (kernel/evidence.ts)
//   a correction of a wrong answer, at once or late:    r += 1 / min(k, 1000)
//
// Where nobody corrects r is 0 and nothing happens at all; it fades with a thousand samples after the last correction. What a
// sample confirmed is taken back when a label for it comes. Doubles, in this order.

/** Samples over which corrections are counted. */
const window = 1000;
/** Below it silence says nothing. */
const least = 1e-4;

/** How much silence says. */
export class SilentConsent {
  /** @param share - r: corrections per sample, 0..1 */
  constructor(public share = 0) {}

  /**
   * A sample was learned that has an answer.
   *
   * @param samples - k, from 1
   * @returns eps: what that says of it
   */
  see(samples: number): number {
    const said = this.share;
    this.share -= this.share / Math.min(samples, window);
    if (this.share < least) this.share = 0;
    return said;
  }

  /** A wrong answer was corrected. */
  corrected(samples: number): void {
    this.share = Math.min(1, this.share + 1 / Math.min(samples, window));
  }
}
