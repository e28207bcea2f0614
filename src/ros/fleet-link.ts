import type { Client, Publisher, Service, Subscription } from 'rclnodejs';
import { TopsparkError } from '../base/errors.js';
import { refusal } from '../base/refusal.js';
import type { Offer } from '../fleet/reception.js';
import type { PieceSource } from '../fleet/pieces.js';
import type { Fleet } from '../node/fleet.js';
import { mostMembers } from '../node/fleet-exchange.js';
import type { MergeAnswered } from '../node/fleet-merging.js';
import {
  fleetStatusMessage,
  offerMessage,
  heardOffer,
  pieceAnswer,
  pieceRequest,
  piecesRequest,
  piecesResponse,
  refusedResponse,
} from '../node/fleet-messages.js';
import { endpoints } from '../node/endpoints.js';
import { qosProfiles } from '../node/qos-profiles.js';
import { qosOptions, toQos } from './qos.js';
import type { MessageType } from './rclnodejs.js';
import type { RosClock } from './ros-clock.js';
import type { SafeLifecycleNode } from './safe-lifecycle-node.js';

/** Topic of the offers of a fleet; names of its services begin with it, too. */
export const fleetTopic = (fleet: string): string => `/topspark_fleet/${fleet}`;

const piecesService = (fleet: string, robot: string): string => `${fleetTopic(fleet)}/${robot}/pieces`;

/** A robot that does not answer within this time is asked again later [s]. */
const patience = 5;

const offerType = 'topspark_msgs/msg/FleetOffer';
const statusType = 'topspark_msgs/msg/FleetStatus';
const triggerType = 'std_srvs/srv/Trigger';
const forgetType = 'topspark_msgs/srv/ForgetRobot';
const piecesType = 'topspark_msgs/srv/FleetPieces';

/** Offers read within a second; more are counted and reported. */
const mostOffers = 256;

/**
 * The fleet on the subnet: offers on one latched topic for all robots in any namespace, and pieces by a service of each
 * robot. The service is named after its robot, so that a policy (SROS2) can state which node may answer for which
 * robot.
 */
export class FleetLink {
  readonly #node: SafeLifecycleNode;
  readonly #fleet: Fleet;
  readonly #clock: RosClock;
  readonly #offers: Publisher<typeof offerType> | undefined;
  readonly #heard: Subscription | undefined;
  readonly #services: Service[] = [];
  #closed = false;
  readonly #clients = new Map<string, Client<typeof piecesType>>();
  readonly #status: Publisher<typeof statusType>;
  /** The last status that was published, without its times. */
  #published = '';
  #offersHeard = 0;

  constructor(node: SafeLifecycleNode, fleet: Fleet, clock: RosClock) {
    this.#node = node;
    this.#fleet = fleet;
    this.#clock = clock;
    const { name, robot, shares, receives } = fleet.settings;
    const topic = fleetTopic(name);
    this.#status = node.createPublisher(statusType, endpoints.fleet.topic, qosOptions(node, endpoints.fleet));
    if (shares) {
      this.#services.push(
        node.createService(piecesType, piecesService(name, robot), (request, reply) => {
          reply.send(this.#answer(request));
        }),
      );
      this.#offers = node.createPublisher(offerType, topic, { qos: toQos(qosProfiles.latched) });
      this.#tell();
      fleet.onShared.push(this.#tell.bind(this));
    }
    if (!receives) return;
    this.#offerMerging();
    // Every robot latches one offer, and the queue has room for all of them.
    const qos = toQos({ ...qosProfiles.latched, depth: 4 * mostMembers });
    this.#heard = node.createSubscription(offerType, topic, { qos }, (message: MessageType<typeof offerType>) => {
      this.#hear(message);
    });
  }

  /** Call it once a second: publishes the status if it has changed. */
  tick(): void {
    const status = fleetStatusMessage(this.#fleet.report, this.#clock.stamp());
    const text = JSON.stringify({ ...status, header: 0, silent: 0 }, plain);
    if (text !== this.#published) this.#status.publish(status);
    this.#published = text;
    const over = this.#offersHeard - mostOffers;
    this.#offersHeard = 0;
    if (over <= 0) return;
    const message = `${over + mostOffers} offers came in a second, expected at most ${mostOffers}: the rest were not looked at`;
    this.#fleet.refuse({ kind: 'refusal', topic: 'fleet', cause: 'fleet_flood', message });
  }

  /** Closes its topics, services and clients. */
  close(): void {
    const node = this.#node;
    node.destroyPublisher(this.#status);
    this.#closed = true;
    for (const service of this.#services) node.destroyService(service);
    if (this.#offers) node.destroyPublisher(this.#offers);
    if (this.#heard) node.destroySubscription(this.#heard);
    for (const client of this.#clients.values()) node.destroyClient(client);
    this.#clients.clear();
  }

  // Both services answer when the merge has ended, seconds later.
  #offerMerging(): void {
    const answered =
      (reply: { send(response: { success: boolean; message: string }): void }): MergeAnswered =>
      (success, message) => {
        if (!this.#closed) reply.send({ success, message });
      };
    this.#services.push(
      this.#node.createService(triggerType, '~/merge', (_request, reply) => {
        this.#fleet.merging?.merge(answered(reply));
      }),
      this.#node.createService(forgetType, '~/forget_robot', ({ robot }, reply) => {
        this.#fleet.forget(robot, answered(reply));
      }),
    );
  }

  #tell(): void {
    const { offer } = this.#fleet.shelf;
    if (offer !== undefined) this.#offers?.publish(offerMessage(offer, this.#clock.stamp()));
  }

  #answer(request: Parameters<typeof pieceRequest>[0]): ReturnType<typeof piecesResponse> {
    try {
      return piecesResponse(this.#fleet.answer(pieceRequest(request)));
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      this.#fleet.refuse(refusal('fleet', error));
      return refusedResponse(error.message);
    }
  }

  #hear(message: MessageType<typeof offerType>): void {
    if (++this.#offersHeard > mostOffers) return;
    const offer = heardOffer(message);
    if (offer.robot === this.#fleet.settings.robot) {
      this.#hearOwn(offer);
      return;
    }
    this.#fleet.hear(offer, 'ros', this.#sourceOf(offer.robot));
    // Created inside this callback, where adding an entity does not block, and not with the first request. Robots
    // without an accepted offer get no client.
    if (this.#fleet.exchange?.has(offer.robot) === true) this.#open(offer.robot);
  }

  // A node also receives what it publishes itself.
  #hearOwn({ version, manifest }: Offer): void {
    const own = this.#fleet.shelf.offer;
    if (own?.manifest === manifest || !this.#fleet.settings.shares || (own !== undefined && version < own.version))
      return;
    const { robot } = this.#fleet.settings;
    const message = `another robot offers version ${version} as ${robot}, which is the name of this one; expected names that differ: set fleet.robot`;
    this.#fleet.refuse({ kind: 'refusal', topic: 'fleet', cause: 'fleet_name_taken', message });
  }

  #sourceOf(robot: string): PieceSource {
    return async (request) => {
      const service = piecesService(this.#fleet.settings.name, robot);
      const client = this.#clients.get(robot);
      if (client?.isServiceServerAvailable() !== true) throw silent(`${service} is offered by nobody`);
      let response;
      try {
        response = await client.sendRequestAsync(piecesRequest(request), { timeout: 1000 * patience });
      } catch (cause) {
        throw silent(`${service} did not answer within ${patience} s`, { cause });
      }
      const answer = pieceAnswer(response);
      if (answer !== undefined) return answer;
      const found = `${service} refused: ${response.message.slice(0, 200)}`;
      throw new TopsparkError('fleet_piece', 'data', `${found}; it is asked again later`);
    };
  }

  #open(robot: string): void {
    if (this.#clients.has(robot)) return;
    this.#clients.set(robot, this.#node.createClient(piecesType, piecesService(this.#fleet.settings.name, robot)));
  }
}

const silent = (found: string, options?: ErrorOptions): TopsparkError =>
  new TopsparkError(
    'fleet_silent',
    'environment',
    `${found}: is that robot running? What came from it so far is kept, and it is asked again`,
    options,
  );

// JSON has no 64-bit integers.
const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
