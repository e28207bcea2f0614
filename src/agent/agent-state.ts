import type { Copy } from '../base/buffer-pool.js';
import type { Slices } from '../base/slices.js';
import type { Snapshot } from '../base/snapshot.js';
import { mostLabelled, type OnlineClassifier } from '../classifier/online-classifier.js';
import { fleetRecordOf, noFleet, withFleetRecord, type FleetRecord } from './fleet-record.js';
import { noQuestions } from './questions.js';
import { questionsOf, withQuestions, type Asking } from './asking.js';
import { labelsOf, withLabels } from './label-snapshot.js';
import { lastAnswerOf, withLastAnswer, type LastAnswer } from './last-answer.js';
import { mostWaiting, type Labels } from './labels.js';
import { routeOf, withRoute, type RouteMatcher } from '../classifier/route-matcher.js';
import type { EnergyController } from '../timestep/controller/energy-controller.js';
import { controllerStateOf, withControllerState } from '../timestep/controller/energy-controller-snapshot.js';
import type { Recalibration } from './recalibration.js';
import { recalibrationOf, withRecalibration } from './recalibration-snapshot.js';
import type { SampleSource } from '../sensing/in-time/sample-source.js';
import { sensorsOf, withSensors } from '../sensing/in-time/sensor-snapshot.js';

/** The parts of an agent that have state. */
export interface Remembering {
  readonly classifier: OnlineClassifier;
  readonly source: SampleSource;
  readonly recalibration: Recalibration;
  readonly controller: EnergyController;
  readonly labels: Labels;
  readonly asking: Asking;
  /** The answer to repeat for samples that hardly differ from the last one. */
  readonly repetition: { last: LastAnswer | undefined };
  /** Pictures along a route; absent: none. */
  readonly route: RouteMatcher | undefined;
}

/** Everything an agent has learned, stored, restored and forgotten as a whole. */
export class AgentState {
  readonly #parts: Remembering;
  #weightsHash = '';
  #fleet = noFleet;

  constructor(parts: Remembering) {
    this.#parts = parts;
  }

  /** Hash of the weights when they were last stored or restored; empty: never. */
  get weightsHash(): string {
    return this.#weightsHash;
  }

  /** Copies everything now. The hash is computed in slices, so that decisions continue meanwhile. */
  capture(copy?: Copy): Slices<Snapshot> {
    const { classifier, recalibration, source, controller, labels, asking, route, repetition } = this.#parts;
    const captured = classifier.capture(copy);
    const { state } = recalibration;
    const inputs = this.#inputs;
    const sensors = source.state;
    const controlled = controller.state;
    const waiting = labels.state;
    const questions = asking.state;
    const { last } = repetition;
    const fleet = this.#fleet;
    const placed = (snapshot: Snapshot): Snapshot =>
      withFleetRecord(withRoute(withLastAnswer(snapshot, last), route), fleet);
    const keepHash = (hash: string): void => {
      this.#weightsHash = hash;
    };
    return (function* () {
      const snapshot = yield* captured;
      keepHash(snapshot.weightsHash);
      const learned = withSensors(withRecalibration(snapshot, state, inputs), sensors);
      return placed(withQuestions(withLabels(withControllerState(learned, controlled), waiting), questions));
    })();
  }

  /**
   * Replaces everything learned.
   *
   * @throws {@link TopsparkError} where the snapshot does not fit this network; nothing has changed then
   */
  restore(snapshot: Snapshot): void {
    const { classifier, recalibration, source, controller, labels, asking, route, repetition } = this.#parts;
    const measured = recalibrationOf(snapshot, this.#inputs, mostLabelled);
    const sensors = sensorsOf(snapshot, source.state);
    const controlled = controllerStateOf(snapshot);
    const waiting = labelsOf(snapshot, mostWaiting);
    const questions = questionsOf(snapshot);
    const pictures = route && routeOf(snapshot, route.length, route.most);
    classifier.restore(snapshot);
    this.#weightsHash = snapshot.weightsHash;
    this.#fleet = fleetRecordOf(snapshot);
    recalibration.restore(measured);
    controller.restore(controlled);
    labels.restore(waiting);
    asking.state = questions;
    source.remember(sensors);
    repetition.last = lastAnswerOf(snapshot);
    if (route && pictures) route.state = pictures;
  }

  /** Record of merges with other robots. */
  get fleet(): FleetRecord {
    return this.#fleet;
  }

  /**
   * Replaces the knowledge of the classifier by the outcome of a merge. Everything else stays: goals, the estimate of
   * accuracy, labels that wait, questions, the route.
   *
   * @throws {@link TopsparkError} where the snapshot does not fit this network; nothing has changed then
   */
  takeMerged(snapshot: Snapshot): void {
    const { classifier, repetition } = this.#parts;
    const { samples } = recalibrationOf(snapshot, this.#inputs, mostLabelled);
    classifier.restore(snapshot);
    classifier.labelled = samples;
    this.#weightsHash = snapshot.weightsHash;
    this.#fleet = fleetRecordOf(snapshot);
    repetition.last = undefined;
  }

  /** Forgets everything. */
  reset(): void {
    const { classifier, source, controller, labels, asking, route, repetition } = this.#parts;
    classifier.reset();
    this.#weightsHash = '';
    this.#fleet = noFleet;
    controller.forgetAccuracy();
    labels.forget();
    asking.state = noQuestions;
    source.forget();
    repetition.last = undefined;
    route?.drop(() => true);
  }

  /** D, bytes of a sample. */
  get #inputs(): number {
    return this.#parts.source.rows * this.#parts.source.columns;
  }
}
