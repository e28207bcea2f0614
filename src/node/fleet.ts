import { join } from 'node:path';
import type { AgentStatus } from '../agent/agent-status.js';
import type { RefusalEvent } from '../base/refusal.js';
import { TokenBucket } from '../base/token-bucket.js';
import type { PieceAnswer, PieceRequest, PieceSource } from '../fleet/pieces.js';
import { mostPieceBytes } from '../fleet/pieces.js';
import type { MergedRobot } from '../fleet/own-contribution.js';
import type { Offer } from '../fleet/reception.js';
import { Shelf } from '../fleet/shelf.js';
import { FleetExchange, type Member } from './fleet-exchange.js';
import { FleetFolder, fleetFolderName } from './fleet-folder.js';
import type { FleetSettings } from './fleet-parameters.js';
import { FleetMerging, type MergeAnswered, type FleetMergingParts, type MergeReport } from './fleet-merging.js';
import { FleetSharing, type FleetSharingParts } from './fleet-sharing.js';
import { RestWatch } from './rest-watch.js';

/** A server of the fleet. */
export interface ServerReport {
  /** Its address, without a password. */
  readonly address: string;
  /** Its state, in words. */
  readonly state: string;
}

/** State of a node's fleet. */
export interface FleetReport {
  readonly settings: FleetSettings;
  /** Version that this robot shares; 0: none yet. */
  readonly version: number;
  readonly members: readonly Member[];
  /** Robots whose learning is part of what this robot knows. */
  readonly merged: readonly MergedRobot[];
  /** Result of the last merge; absent: none since the start. */
  readonly merge: MergeReport | undefined;
  /** Checkpoint from before the last merge that was kept; empty: none. */
  readonly undo: string;
  readonly server: ServerReport | undefined;
  /** Data received, and sent [byte]. */
  readonly received: number;
  readonly sent: number;
  /** Counts of what was refused, late or given up, by cause. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Monotonic time [s]. */
  readonly now: number;
}

/** Other parts that a {@link Fleet} works with. */
export interface FleetParts
  extends
    Pick<FleetSharingParts, 'agent' | 'logger' | 'time' | 'refuse'>,
    Pick<FleetMergingParts, 'checkpoints' | 'stamp'> {
  readonly settings: FleetSettings;
  /** Folder of the checkpoints. */
  readonly directory: string;
}

/** A robot's part in its fleet, without the transports: what it shares, what it has received, and its storage. */
export class Fleet {
  readonly settings: FleetSettings;
  readonly sharing: FleetSharing;
  /** Absent, as `merging`, where nothing is received. */
  readonly exchange: FleetExchange | undefined;
  readonly merging: FleetMerging | undefined;
  readonly shelf: Shelf;
  /** Limits everything that is sent, on the subnet and to a server together. */
  readonly sendRate: TokenBucket;
  readonly folder: FleetFolder;
  /** Returns the state of the server; absent: there is none. */
  server: (() => ServerReport) | undefined;
  /** Called when a newer version is shared. */
  readonly onShared: (() => void)[] = [];
  /** Monotonic time [s]. */
  readonly time: () => number;
  /** Data sent to the server [byte]. */
  sentToServer = 0;
  readonly #rest = new RestWatch();
  readonly #dropped = new Map<string, number>();

  constructor(parts: FleetParts) {
    const { settings, directory, time } = parts;
    this.settings = settings;
    this.time = time;
    const refuse = (event: RefusalEvent): void => {
      this.#dropped.set(event.cause, 1 + (this.#dropped.get(event.cause) ?? 0));
      parts.refuse(event);
    };
    this.refuse = refuse;
    const trust = (): { now: number } => ({ now: Date.now() / 1000 });
    this.folder = new FleetFolder(join(directory, fleetFolderName), trust, refuse);
    const { rate, burst, mostBytes, robot } = settings;
    this.sendRate = new TokenBucket(rate, burst, time());
    this.shelf = new Shelf(this.sendRate);
    this.sharing = new FleetSharing({
      ...{ ...parts, folder: this.folder, shelf: this.shelf, refuse },
      shared: () => {
        for (const hear of this.onShared) hear();
      },
    });
    if (!settings.receives) return;
    this.merging = new FleetMerging({ ...parts, folder: this.folder, refuse });
    this.exchange = new FleetExchange({
      ...{ robot, folder: this.folder, rate: new TokenBucket(rate, burst, time()), mostBytes, trust, time, refuse },
      pieceBytes: Math.min(burst, mostPieceBytes),
      arrived: (from, version) => {
        parts.logger.info(`fleet: version ${version} of ${from} is here whole`);
      },
    });
  }

  /** Counts and reports a refusal. */
  readonly refuse: (event: RefusalEvent) => void;

  /** Call it once a second while the node is active. */
  tick(status: AgentStatus, charging: boolean): void {
    const rests = this.#rest.rests(status.decided, charging, this.time());
    this.sharing.tick(status, rests);
    this.merging?.tick(rests);
  }

  /** Removes what came from a robot, and accepts nothing more from it; calls `answered` at the end. */
  forget(robot: string, answered: MergeAnswered): void {
    const known = this.exchange?.members.map((each) => each.robot) ?? [];
    this.merging?.forget(robot, known, (success, message) => {
      if (this.folder.isRefused(robot)) this.exchange?.drop(robot);
      answered(success, message);
    });
  }

  /** Hears an offer; see {@link FleetExchange.hear}. */
  hear(offer: Offer, way: string, source: PieceSource): void {
    this.exchange?.hear(offer, way, source);
  }

  /** Answers a request. @throws {@link TopsparkError} `fleet_request` */
  answer(request: PieceRequest): PieceAnswer {
    return this.shelf.answer(request, this.time());
  }

  /** The state now. */
  get report(): FleetReport {
    return {
      settings: this.settings,
      version: this.shelf.shared?.manifest.version ?? 0,
      members: this.exchange?.members ?? [],
      merged: this.merging?.merged ?? [],
      merge: this.merging?.report,
      undo: this.merging?.undo ?? '',
      server: this.server?.(),
      received: this.exchange?.received ?? 0,
      sent: this.shelf.sent + this.sentToServer,
      dropped: this.#dropped,
      now: this.time(),
    };
  }

  /** Ends sharing, merging and the exchange. */
  close(): void {
    this.sharing.close();
    this.merging?.close();
    this.exchange?.close();
  }
}
