import { Curve } from './curve.js';
import type { DecisionHeard, DemoEvent, ModeHeard, StatusHeard } from './demo-events.js';
import type { Picture } from './glyphs.js';
import { Score, type Scored } from './score.js';

/** Figures of one mode. */
export interface ModeFigures {
  readonly decisions: number;
  /** Mean T of the operating points, and mean timesteps that were run. */
  readonly timesteps: number;
  readonly timestepsRun: number;
}

/** Everything that the view and the summary show. */
export interface Figures {
  /** Images that the camera sent, decisions received, and decisions scored against the truth. */
  readonly sent: number;
  readonly decided: number;
  readonly scored: number;
  /** Accuracy over the last 1000 scored samples, 0..1; NaN while there are none. */
  readonly accuracy: number;
  /** Scored samples until this accuracy first reached 80 %. */
  readonly samplesTo80: number | undefined;
  readonly overall: ModeFigures;
  /** In the order in which the modes were first used. */
  readonly modes: Readonly<Record<string, ModeFigures>>;
  readonly mode: ModeHeard | undefined;
  readonly status: StatusHeard | undefined;
  /** State of charge, 0..1; NaN while unknown. */
  readonly charge: number;
  /** Decisions per second over about the last second; NaN while unknown. */
  readonly rate: number;
  readonly last: Scored | undefined;
  readonly picture: Picture | undefined;
  /** Means over equal stretches of the run: accuracy 0..1 and T; NaN for stretches to come. */
  readonly curves: { readonly accuracy: readonly number[]; readonly timesteps: readonly number[] };
}

/** Stretches of the run for which means are kept: one character each in the view. */
export const stretches = 64;

/** Adds up the received events. It depends on neither ROS nor terminal nor clock. */
export class DemoTally {
  readonly #score = new Score();
  readonly #modes = new Map<string, Sums>();
  readonly #overall = new Sums();
  readonly #accuracy: Curve;
  readonly #timesteps: Curve;
  #sent = 0;
  #mode: ModeHeard | undefined;
  /** Stamp at which the mode in force was first reported [ns], and the mode before it. */
  #switched = 0n;
  #before: ModeHeard | undefined;
  #status: StatusHeard | undefined;
  #picture: Picture | undefined;
  #charge = NaN;
  #rate = NaN;
  #since: { readonly time: number; readonly decided: number } | undefined;

  /** @param samples - number of samples that the camera will send */
  constructor(samples: number) {
    this.#accuracy = new Curve(samples, stretches);
    this.#timesteps = new Curve(samples, stretches);
  }

  /** @param now - monotonic time of the event [s] */
  hear(event: DemoEvent, now: number): void {
    switch (event.kind) {
      case 'truth':
        this.#sent++;
        this.#scored(this.#score.truth(event.stamp, event.label));
        break;
      case 'decision':
        this.#decided(event, now);
        break;
      case 'mode':
        this.#heardMode(event);
        break;
      case 'status':
        this.#status = event;
        break;
      case 'battery':
        this.#charge = event.charge;
        break;
      case 'image':
        this.#picture = event.picture;
        break;
    }
  }

  figures(): Figures {
    return {
      sent: this.#sent,
      decided: this.#overall.decisions,
      scored: this.#score.count,
      accuracy: this.#score.accuracy,
      samplesTo80: this.#score.reached,
      overall: this.#overall.figures(),
      modes: Object.fromEntries([...this.#modes].map(([name, sums]) => [name, sums.figures()])),
      mode: this.#mode,
      status: this.#status,
      charge: this.#charge,
      rate: this.#rate,
      last: this.#score.last,
      picture: this.#picture,
      curves: { accuracy: this.#accuracy.means(), timesteps: this.#timesteps.means() },
    };
  }

  #decided(event: DecisionHeard, now: number): void {
    const name = this.#modeOf(event)?.name ?? 'unknown';
    const sums = this.#modes.get(name) ?? new Sums();
    this.#modes.set(name, sums);
    sums.add(event);
    this.#overall.add(event);
    this.#timesteps.add(event.timesteps);
    this.#scored(this.#score.decision(event.stamp, event.label));
    this.#since ??= { time: now, decided: this.#overall.decisions };
    const elapsed = now - this.#since.time;
    if (elapsed < 1) return;
    this.#rate = (this.#overall.decisions - this.#since.decided) / elapsed;
    this.#since = { time: now, decided: this.#overall.decisions };
  }

  #heardMode(event: ModeHeard): void {
    if (event.name !== this.#mode?.name) {
      this.#before = this.#mode;
      this.#switched = event.stamp;
    }
    this.#mode = event;
  }

  /** A mode change overtakes queued decisions: one with an earlier stamp and the old T belongs to the old mode. */
  #modeOf({ stamp, timesteps }: DecisionHeard): ModeHeard | undefined {
    const late = stamp < this.#switched && this.#before?.timesteps === timesteps;
    return late ? this.#before : this.#mode;
  }

  #scored(scored: Scored | undefined): void {
    if (scored !== undefined) this.#accuracy.add(Number(scored.label === scored.truth));
  }
}

class Sums {
  decisions = 0;
  #timesteps = 0;
  #timestepsRun = 0;

  add({ timesteps, timestepsRun }: DecisionHeard): void {
    this.decisions++;
    this.#timesteps += timesteps;
    this.#timestepsRun += timestepsRun;
  }

  figures(): ModeFigures {
    const { decisions } = this;
    return { decisions, timesteps: this.#timesteps / decisions, timestepsRun: this.#timestepsRun / decisions };
  }
}
