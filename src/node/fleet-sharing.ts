import type { Logger } from 'pino';
import type { Agent } from '../agent/agent.js';
import type { AgentStatus } from '../agent/agent-status.js';
import { refusal, type RefusalEvent } from '../base/refusal.js';
import { inTurns } from '../base/slices.js';
import { encodeManifest } from '../fleet/manifest.js';
import { contributionOf } from '../fleet/own-contribution.js';
import type { Shelf } from '../fleet/shelf.js';
import type { FleetFolder } from './fleet-folder.js';
import type { FleetSettings } from './fleet-parameters.js';

/** Parts that {@link FleetSharing} works with. */
export interface FleetSharingParts {
  readonly agent: Agent;
  readonly folder: FleetFolder;
  readonly shelf: Shelf;
  readonly settings: FleetSettings;
  readonly logger: Logger;
  /** Monotonic time [s]. */
  readonly time: () => number;
  readonly refuse: (event: RefusalEvent) => void;
  /** Called when a newer version is shared. */
  readonly shared: () => void;
}

/**
 * Makes the versions that this robot shares: what it learned itself, and nothing from others. It makes a new one when
 * something was learned since the last, that one is old enough, and the robot charges or rests: the statistics of the
 * linear readout are computed in one go, which would delay decisions.
 */
export class FleetSharing {
  readonly #parts: FleetSharingParts;
  #busy = false;
  #closed = false;
  #sharedAt = -Infinity;
  /** Samples learned and labelled at the last version; −1: there was none since the start. */
  #sharedLearned = -1;

  constructor(parts: FleetSharingParts) {
    this.#parts = parts;
    const { own } = parts.folder;
    if (own !== undefined && parts.settings.shares) parts.shelf.put(own);
  }

  /**
   * Call it once a second. It shares a new version if that is due.
   *
   * @param rests - the robot charges, or has decided nothing for a while
   */
  tick(status: AgentStatus, rests: boolean): void {
    const { settings, time, refuse } = this.#parts;
    const now = time();
    if (!rests) return;
    if (!settings.shares || this.#busy || this.#closed || !this.#isDue(status, now)) return;
    this.#busy = true;
    this.#share(status.learned + status.labelled)
      .catch((error: unknown) => {
        const event = refusal('fleet', error);
        refuse({ ...event, message: `nothing newer is shared: ${event.message}` });
      })
      .finally(() => {
        this.#busy = false;
      });
  }

  /** Ends sharing. */
  close(): void {
    this.#closed = true;
  }

  #isDue({ learned, labelled, neuronsUsed }: AgentStatus, now: number): boolean {
    const { settings, folder } = this.#parts;
    if (neuronsUsed === 0 || now - this.#sharedAt < settings.shareEvery) return false;
    if (folder.own === undefined) return true;
    // The version from before a restart stays until something is learned.
    const count = learned + labelled;
    return this.#sharedLearned < 0 ? count > 0 : count !== this.#sharedLearned;
  }

  async #share(learned: number): Promise<void> {
    const { agent, folder, shelf, settings, time, shared, logger } = this.#parts;
    this.#sharedAt = time();
    const snapshot = await inTurns(agent.capture());
    const when = Math.floor(Date.now() / 1000);
    const version = Math.max((folder.own?.manifest.version ?? 0) + 1, when);
    const { manifest, chunks } = await inTurns(contributionOf(snapshot, { robot: settings.robot, version, when }));
    if (this.#closed) return;
    this.#sharedLearned = learned;
    const before = JSON.stringify(folder.own?.manifest.chunks);
    if (manifest.chunks.length === 0 || JSON.stringify(manifest.chunks) === before) return;
    const offered = { manifest, bytes: encodeManifest(manifest), chunks };
    folder.share(offered);
    shelf.put(offered);
    logger.info(`fleet: shares version ${version}, ${chunks.size} chunks, as ${settings.robot}`);
    shared();
  }
}
