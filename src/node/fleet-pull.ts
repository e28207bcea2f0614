import { reasonOf, TopsparkError } from '../base/errors.js';
import { assemble } from '../fleet/contribution.js';
import type { Trust } from '../fleet/manifest.js';
import { mostPieceBytes } from '../fleet/pieces.js';
import { checkOffer, Reception, type Offer } from '../fleet/reception.js';
import type { FleetFolder } from './fleet-folder.js';
import type { FleetServer } from './fleet-server.js';

/** One robot on a server, and what was fetched from it. */
export interface PulledRobot {
  readonly robot: string;
  readonly version: number;
  /** Bytes that came now; 0: that version was here already. */
  readonly bytes: number;
  /** Why it was not taken; absent: it is here completely. */
  readonly refused?: string;
}

/**
 * Fetches what the robots of a fleet have put on a server, without a rate limit, and keeps it in a folder. Chunks that
 * are in the folder are not fetched again, so an interrupted pull continues.
 *
 * @param own - robot that is left out; empty: none
 * @throws {@link TopsparkError} `fleet_server`
 */
export async function pullFleet(
  server: FleetServer,
  folder: FleetFolder,
  own: string,
  trust: () => Trust,
): Promise<PulledRobot[]> {
  const pulled: PulledRobot[] = [];
  for (const offer of await server.offers()) {
    const { robot, version } = offer;
    if (robot === own) continue;
    try {
      pulled.push({ robot, version, bytes: await pullRobot(server, folder, offer, trust) });
    } catch (error) {
      if (!(error instanceof TopsparkError) || error.code === 'fleet_server') throw error;
      pulled.push({ robot, version, bytes: 0, refused: reasonOf(error) });
    }
  }
  await folder.idle;
  return pulled;
}

async function pullRobot(server: FleetServer, folder: FleetFolder, offer: Offer, trust: () => Trust): Promise<number> {
  const { robot, version } = offer;
  if ((folder.contributions.of(robot)?.manifest.version ?? 0) >= version) return 0;
  checkOffer(offer);
  const source = server.sourceOf(robot);
  const reception = new Reception(offer, (hash) => folder.blobOf(robot, hash) !== undefined, trust);
  const begun = folder.begunManifest(robot);
  if (begun !== undefined) reception.resume(begun);
  let bytes = 0;
  for (let request = reception.next(mostPieceBytes); request !== undefined; request = reception.next(mostPieceBytes)) {
    const answer = await source(request);
    if (answer.kind !== 'sent') {
      const message = `contribution of ${robot}: version ${version} is not on the server any more; pull again`;
      throw new TopsparkError('fleet_chunk', 'data', message);
    }
    bytes += answer.data.length;
    const before = reception.manifest;
    const blobs = reception.take(request, answer);
    const { manifest, manifestBytes } = reception;
    if (before === undefined && manifest && manifestBytes) folder.begin(manifest, manifestBytes);
    if (manifest !== undefined) folder.keep(robot, blobs);
  }
  if (reception.manifest !== undefined) {
    folder.complete(assemble(reception.manifest, (hash) => folder.blobOf(robot, hash)));
  }
  return bytes;
}
