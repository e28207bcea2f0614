import type { MessageType, MessageTypeClassName } from 'rclnodejs';
import { quoted } from '../base/quoted.js';
import { monotonic } from '../base/time.js';
import { TopsparkError } from '../base/errors.js';
import {
  classViews,
  decisionView,
  fleetView,
  modeView,
  prototypesView,
  spikesView,
  statusView,
} from '../dashboard/node-views.js';
import { OpenQuestions, type SeenFrame } from '../dashboard/open-questions.js';
import { encodedFrame, LightPictures, scanFrame } from '../dashboard/sensor-pictures.js';
import type { ClassView } from '../dashboard/protocol.js';
import type { News, NodeView, Outcome, TaughtSample, Watched } from '../dashboard/watched-node.js';
import { labelKinds } from '../classifier/label-kinds.js';
import { InputReader } from '../node/messages.js';
import { qosProfiles, type QosProfile } from '../node/qos-profiles.js';
import { definitionsOf } from './message-definitions.js';
import { openNode, type SimpleNode, type SimplePublisher } from './open-node.js';
import { parameterTypes } from './rclnodejs.js';

/** Time without a mode after which the node counts as silent; it publishes one every second [s]. */
const silenceLimit = 3.5;

/** Time limit of the node's answers [s]. */
const patience = 5;

/** Time limit of a merge, which is computed and tried before the answer [s]. */
const mergePatience = 120;

/** Period in which the classes are requested and sensors are looked for [s]. */
const asking = 1;

/** Least time between two samples whose spikes are shown [s]. */
const spikesPeriod = 0.25;

/** Least time between two pictures of a sensor [s]. */
const picturePeriod = 0.19;

/** Keeps only the newest message: a page shows no others. */
const newest: QosProfile = { ...qosProfiles.output, depth: 1 };

/** Types of sensors that can be shown. */
const shownTypes = ['sensor_msgs/msg/LaserScan', 'sensor_msgs/msg/Image', 'sensor_msgs/msg/CompressedImage'] as const;

/** A running node, watched over ROS 2 for the dashboard. */
export class DashboardNode implements Watched {
  readonly #peer: SimpleNode;
  readonly #calls;
  #view: Partial<NodeView> = {};
  #silence: string | undefined;
  #heardAt = -Infinity;
  #looking = false;
  readonly #stops: (() => void)[] = [];
  /** Bytes of the newest mode and decision, decoded when a page is open. */
  #mode: Uint8Array | undefined;
  #decision: Uint8Array | undefined;
  #stamp = 0;
  readonly #readMode = readerOf('topspark_msgs/msg/EnergyMode');
  readonly #readDecision = readerOf('topspark_msgs/msg/Decision');
  #spikesShown = -Infinity;
  /** JSON of the last prototypes. They often repeat, and are then not shown again. */
  #prototypes = '';
  readonly #questions = new OpenQuestions();
  #asked = -Infinity;
  #asks = 0;
  readonly #sensors = new Map<string, () => void>();
  readonly #pictures = new Map<string, Uint8Array>();
  #taught: TaughtSample[] = [];
  #labels: { readonly topic: string; readonly publisher: SimplePublisher<'topspark_msgs/msg/Label'> } | undefined;

  private constructor(
    peer: SimpleNode,
    readonly node: string,
  ) {
    this.#peer = peer;
    this.#calls = {
      teach: peer.impatientCaller('topspark_msgs/srv/Teach', `${node}/teach`),
      forget: peer.impatientCaller('topspark_msgs/srv/ForgetClass', `${node}/forget_class`),
      rename: peer.impatientCaller('topspark_msgs/srv/RenameClass', `${node}/rename_class`),
      classes: peer.impatientCaller('topspark_msgs/srv/ListClasses', `${node}/classes`),
      mode: peer.impatientCaller('topspark_msgs/srv/SetEnergyMode', `${node}/set_energy_mode`),
      learning: peer.impatientCaller('std_srvs/srv/SetBool', `${node}/set_learning`),
      save: peer.impatientCaller('std_srvs/srv/Trigger', `${node}/save_checkpoint`),
      merge: peer.impatientCaller('std_srvs/srv/Trigger', `${node}/merge`),
      forgetRobot: peer.impatientCaller('topspark_msgs/srv/ForgetRobot', `${node}/forget_robot`),
      parameters: peer.impatientCaller('rcl_interfaces/srv/SetParameters', `${node}/set_parameters`),
    };
    const type = 'topspark_msgs/msg/EnergyMode';
    peer.hearBytes({ type, topic: `${node}/energy_mode`, profile: qosProfiles.latched }, (bytes) => {
      this.#heardAt = monotonic();
      this.#mode = bytes;
    });
  }

  /**
   * Begins to watch a node, whether or not it is there.
   *
   * @param node - full name
   */
  static async open(node: string): Promise<DashboardNode> {
    return new DashboardNode(await openNode('topspark_dashboard', { argv: [], polled: true, signals: false }), node);
  }

  /** Stops watching; the node stays as it is. */
  async close(): Promise<void> {
    this.#peer.close();
    await this.#peer.closed;
  }

  look(on: boolean): void {
    this.#looking = on;
    if (on) {
      this.#hear('topspark_msgs/msg/Decision', 'decision', newest, (bytes) => (this.#decision = bytes));
      const status = readerOf('topspark_msgs/msg/Status');
      this.#hear('topspark_msgs/msg/Status', 'status', newest, (bytes) => {
        this.#view = { ...this.#view, status: statusView(status(bytes)) };
      });
      const spikes = readerOf('topspark_msgs/msg/Spikes');
      this.#hear('topspark_msgs/msg/Spikes', 'spikes', newest, (bytes) => {
        const now = monotonic();
        if (now - this.#spikesShown < spikesPeriod) return;
        this.#spikesShown = now;
        this.#view = { ...this.#view, spikes: spikesView(spikes(bytes)) };
      });
      const prototypes = readerOf('topspark_msgs/msg/Prototypes');
      this.#hear('topspark_msgs/msg/Prototypes', 'prototypes', newest, (bytes) => {
        const view = prototypesView(prototypes(bytes));
        const text = JSON.stringify(view);
        if (text !== this.#prototypes) this.#view = { ...this.#view, prototypes: view };
        this.#prototypes = text;
      });
      const fleet = readerOf('topspark_msgs/msg/FleetStatus');
      this.#hear('topspark_msgs/msg/FleetStatus', 'fleet', qosProfiles.latched, (bytes) => {
        this.#view = { ...this.#view, fleet: fleetView(fleet(bytes)) };
      });
      const question = readerOf('topspark_msgs/msg/Question');
      this.#hear('topspark_msgs/msg/Question', 'question', qosProfiles.labels, (bytes) => {
        this.#questions.ask(question(bytes), monotonic());
      });
      const label = readerOf('topspark_msgs/msg/Label');
      this.#hear('topspark_msgs/msg/Label', 'taught', qosProfiles.labels, (bytes) => {
        const { header, kind } = label(bytes);
        if (labelKinds[kind] === 'teaching') this.#taught.push(header.stamp);
      });
      return;
    }
    for (const stop of [...this.#stops.splice(0), ...this.#sensors.values()]) stop();
    this.#sensors.clear();
    this.#decision = undefined;
  }

  poll(): News {
    this.#peer.poll();
    const now = monotonic();
    const silence = this.#listen(now);
    if (silence !== this.#silence) this.#view = { ...this.#view, silence };
    this.#silence = silence;
    if (this.#looking && silence === '' && now - this.#asked > asking && this.#asks === 0) {
      this.#asked = now;
      this.#findSensors();
      void this.#askClasses();
    }
    if (this.#looking && this.#mode !== undefined) {
      this.#view = { ...this.#view, mode: modeView(this.#readMode(this.#mode)) };
      this.#mode = undefined;
    }
    if (this.#looking && this.#questions.changed(now)) {
      this.#view = { ...this.#view, questions: this.#questions.shown };
    }
    if (this.#decision !== undefined) {
      const decision = decisionView(this.#readDecision(this.#decision));
      this.#decision = undefined;
      this.#stamp = decision.stamp;
      this.#view = { ...this.#view, decision };
    }
    const news = { view: this.#view, pictures: [...this.#pictures.values()], taught: this.#taught };
    this.#view = {};
    this.#pictures.clear();
    this.#taught = [];
    return news;
  }

  async teach(name: string, seconds: number): Promise<Outcome & { readonly samples: number }> {
    const request = { label: name, duration: { sec: seconds, nanosec: 0 } };
    const { success, samples, message } = await this.#calls.teach(request, seconds + patience);
    return { ok: success, samples, message };
  }

  endTeaching(): void {
    // Without contact, a lesson ends by itself.
    this.#calls.teach({ label: '', duration: { sec: 0, nanosec: 0 } }, patience).catch(() => undefined);
  }

  takeBack(samples: readonly TaughtSample[]): void {
    const label = this.#labelPublisher();
    const kind = labelKinds.indexOf('correction');
    for (const stamp of samples) label.publish({ header: { stamp, frame_id: '' }, label: '', kind });
  }

  async rename(name: string, newName: string): Promise<Outcome> {
    return this.#edited(await this.#calls.rename({ label: name, new_label: newName }, patience));
  }

  async forget(name: string): Promise<Outcome> {
    return this.#edited(await this.#calls.forget({ label: name }, patience));
  }

  answer(id: string, name: string): Outcome {
    const asked = this.#questions.take(id);
    if (asked === undefined) return { ok: false, message: 'this question is no longer open' };
    if (name === '') return { ok: true, message: '' };
    const { header, kind } = asked;
    this.#labelPublisher().publish({ header: { stamp: header.stamp, frame_id: '' }, label: name.trim(), kind });
    return { ok: true, message: `the robot now knows that it was ${quoted(name.trim())}` };
  }

  async setMode(mode: string): Promise<Outcome> {
    return outcomeOf(await this.#calls.mode({ mode }, patience));
  }

  async setLearning(on: boolean): Promise<Outcome> {
    return outcomeOf(await this.#calls.learning({ data: on }, patience));
  }

  async save(): Promise<Outcome> {
    return outcomeOf(await this.#calls.save({}, patience));
  }

  async merge(): Promise<Outcome> {
    return this.#edited(await this.#calls.merge({}, mergePatience));
  }

  async forgetRobot(name: string): Promise<Outcome> {
    return this.#edited(await this.#calls.forgetRobot({ robot: name }, mergePatience));
  }

  async setTarget(target: number): Promise<Outcome> {
    const value = { ...noValue, type: parameterTypes.double, double_value: target };
    const request = { parameters: [{ name: 'accuracy.target', value }] };
    const [{ successful, reason }] = (await this.#calls.parameters(request, patience)).results;
    return { ok: successful, message: successful ? `the target is ${(100 * target).toFixed(0)} %` : reason };
  }

  // Requests the classes again at the next poll, so that the page shows the change without waiting a second.
  #edited(answer: { readonly success: boolean; readonly message: string }): Outcome {
    this.#asked = -Infinity;
    return outcomeOf(answer);
  }

  /** Why nothing comes from the node; empty: it is active. */
  #listen(now: number): string {
    if (now - this.#heardAt < silenceLimit) return '';
    if (this.#peer.publishersOf(`${this.node}/energy_mode`) === 0) {
      return `${this.node} is not found: is it running, in the same ROS_DOMAIN_ID and namespace?`;
    }
    return `${this.node} is there, but silent: is it active (ros2 lifecycle set ${this.node} activate), or just starting?`;
  }

  #hear(type: MessageTypeClassName, topic: string, profile: QosProfile, hear: (bytes: Uint8Array) => void): void {
    this.#stops.push(this.#peer.hearBytes({ type, topic: `${this.node}/${topic}`, profile }, hear));
  }

  async #askClasses(): Promise<void> {
    this.#asks++;
    try {
      const classes: ClassView[] = classViews(await this.#calls.classes({}, patience), this.#stamp);
      this.#view = { ...this.#view, classes };
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      // It is asked again after a second; silence is reported elsewhere.
    } finally {
      this.#asks--;
    }
  }

  // Uses the graph, so that remapped topics of the node are found.
  #findSensors(): void {
    if (this.#sensors.size > 0) return;
    for (const { topic, types } of this.#peer.heardBy(this.node)) {
      const type = shownTypes.find((each) => types.includes(each));
      if (type === undefined) continue;
      const picture = this.#pictureOf(type);
      let last = -Infinity;
      const hear = (bytes: Uint8Array): void => {
        const now = monotonic();
        if (now - last < picturePeriod) return;
        last = now;
        const frame = picture(bytes);
        if (frame === undefined) return;
        this.#pictures.set(topic, frame.bytes);
        this.#questions.see(frame);
      };
      this.#sensors.set(topic, this.#peer.hearBytes({ type, topic, profile: qosProfiles.sensorData }, hear));
    }
  }

  #pictureOf(type: (typeof shownTypes)[number]): (bytes: Uint8Array) => SeenFrame | undefined {
    switch (type) {
      case 'sensor_msgs/msg/LaserScan': {
        const read = readerOf(type);
        return (bytes) => {
          const scan = read(bytes);
          return { stamp: scan.header.stamp, bytes: scanFrame(scan) };
        };
      }
      case 'sensor_msgs/msg/CompressedImage': {
        const read = readerOf(type);
        return (bytes) => {
          const { header, data } = read(bytes);
          const frame = encodedFrame(Uint8Array.from(data));
          return frame && { stamp: header.stamp, bytes: frame };
        };
      }
      case 'sensor_msgs/msg/Image': {
        const read = readerOf(type);
        const light = new LightPictures();
        return (bytes) => {
          try {
            const image = read(bytes);
            const frame = light.picture({ ...image, data: image.data as Uint8Array });
            return { stamp: image.header.stamp, bytes: frame };
          } catch (error) {
            if (error instanceof TopsparkError) return undefined; // The node refuses it too, and says why.
            throw error;
          }
        };
      }
    }
  }

  #labelPublisher(): SimplePublisher<'topspark_msgs/msg/Label'> {
    const heard = this.#peer.heardBy(this.node).find(({ types }) => types.includes('topspark_msgs/msg/Label'));
    if (heard === undefined) {
      throw new TopsparkError('node_silent', 'environment', `${this.node} does not take labels: is it active?`);
    }
    const { topic } = heard;
    if (this.#labels?.topic !== topic) {
      this.#labels = { topic, publisher: this.#peer.publisher('topspark_msgs/msg/Label', topic, qosProfiles.labels) };
    }
    return this.#labels.publisher;
  }
}

/** Reads messages of a type from their bytes. */
function readerOf<T extends MessageTypeClassName>(type: T): (bytes: Uint8Array) => MessageType<T> {
  const reader = new InputReader(type, definitionsOf(type));
  return (bytes) => reader.read(bytes).message;
}

const outcomeOf = ({ success, message }: { readonly success: boolean; readonly message: string }): Outcome => ({
  ok: success,
  message,
});

/** An unset rcl_interfaces/msg/ParameterValue. */
const noValue = {
  ...{ bool_value: false, integer_value: 0n, double_value: 0, string_value: '' },
  ...{
    byte_array_value: [],
    bool_array_value: [],
    integer_array_value: [],
    double_array_value: [],
    string_array_value: [],
  },
};
