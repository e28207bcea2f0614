import type { Agent } from 'topspark/agent/agent.js';
import type { SensorEvent } from 'topspark/sensing/sensor-event.js';
import { SampleSource } from 'topspark/sensing/in-time/sample-source.js';
import { controlTable, type Candidate, type ControlTable } from 'topspark/timestep/controller/control-table.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { OperatingProfile } from 'topspark/timestep/controller/profile.js';

/** Result of a point of the profile in an hour, as if it had been used throughout, within the caps. */
export interface PointResult {
  readonly point: OperatingPoint;
  /** Share of right answers, 0..1; NaN without a decision. */
  readonly accuracy: number;
  /** Samples that only this point would have answered right, and samples that only the agent answered right. */
  readonly gained: number;
  readonly lost: number;
}

interface Tally {
  right: number;
  gained: number;
  lost: number;
}

/**
 * Counterfactual runs: answers as if one operating point had been used throughout. Before a sample is decided, the
 * agent's own network answers it at every point that the mode allows, without learning. A point that the mode does not
 * allow is replaced by the dearest allowed one.
 */
export class Shadow {
  readonly #source: SampleSource;
  readonly #intensities: Uint8Array;
  #answers: readonly string[] = [];
  #tallies: Tally[] = [];
  #decided = 0;
  #profile: OperatingProfile | undefined;
  #table: ControlTable;

  constructor(readonly agent: Agent) {
    this.#source = new SampleSource(agent.settings.sensors);
    this.#intensities = new Uint8Array(this.#source.rows * this.#source.columns);
    this.#table = this.#tableOf(agent.profile);
  }

  /** Answers a sample that is about to be decided. */
  ask(event: SensorEvent): void {
    const { mode, settings } = this.agent.mode;
    // The agent has measured a new profile.
    if (this.agent.profile !== this.#profile) this.#table = this.#tableOf(this.agent.profile);
    const { candidates } = this.#table[mode];
    const [sample] = this.#source.hear(event);
    const shown = 'parts' in sample && this.#source.encode(sample, this.#intensities).usable;
    const known = new Map<string, string>();
    const answer = ({ point }: Candidate): string => {
      // Exits are not taken while a sample is learned.
      const asked = settings.learning ? { ...point, exitFirst: 0, exit: 0 } : point;
      const key = Object.values(asked).join('/');
      const found = known.get(key) ?? this.agent.probe(this.#intensities, asked);
      known.set(key, found);
      return found;
    };
    const allowed = shown ? candidates.filter((candidate) => candidate.allowed) : [];
    const dearest = allowed.at(-1);
    const answers = dearest ? Array<string>(candidates.length).fill(answer(dearest)) : [];
    for (const candidate of allowed) answers[candidate.index] = answer(candidate);
    this.#answers = answers;
  }

  /**
   * Compares the answers after the agent has decided the sample.
   *
   * @param truth - name of the true class
   */
  decided(truth: string, right: boolean): void {
    this.#decided++;
    for (const [index, answer] of this.#answers.entries()) {
      const tally = (this.#tallies[index] ??= { right: 0, gained: 0, lost: 0 });
      tally.right += Number(answer === truth);
      tally.gained += Number(answer === truth && !right);
      tally.lost += Number(answer !== truth && right);
    }
  }

  /** Ends an hour and returns its results; empty without a profile. */
  endHour(): readonly PointResult[] {
    const points = this.agent.profile?.points ?? [];
    const results = this.#tallies.map(({ right, gained, lost }, index) => {
      return { point: points[index].point, accuracy: right / this.#decided, gained, lost };
    });
    this.#tallies = [];
    this.#decided = 0;
    return results;
  }

  #tableOf(profile: OperatingProfile | undefined): ControlTable {
    const { modes, learning } = this.agent.settings;
    this.#profile = profile;
    return controlTable(modes, profile, learning !== false);
  }
}
