import type { topspark_msgs } from 'rclnodejs';
import { toStamp, type Stamp } from '../base/time.js';
import { hashesIn, hashesOf, type PieceAnswer, type PieceRequest } from '../fleet/pieces.js';
import type { Offer } from '../fleet/reception.js';
import type { FleetReport } from './fleet.js';

// Converts between messages of ROS and data of the fleet.

/** An offer as a message. */
export function offerMessage(offer: Offer, stamp: Stamp): topspark_msgs.msg.FleetOffer {
  const { robot, version, manifest, manifestBytes, chunks, bytes } = offer;
  return {
    header: { stamp, frame_id: '' },
    robot,
    version: BigInt(version),
    manifest: Uint8Array.from(hashesIn([manifest])),
    manifest_bytes: manifestBytes,
    chunks,
    bytes: BigInt(bytes),
  };
}

/** An offer from a message; the exchange checks it. */
export function heardOffer(message: topspark_msgs.msg.FleetOffer): Offer {
  const { robot, version, manifest, manifest_bytes: manifestBytes, chunks, bytes } = message;
  const hash = Buffer.from(manifest as Uint8Array).toString('hex');
  return { robot, version: Number(version), manifest: hash, manifestBytes, chunks, bytes: Number(bytes) };
}

type PiecesRequest = topspark_msgs.srv.FleetPieces_Request;
type PiecesResponse = topspark_msgs.srv.FleetPieces_Response;

/** Values of `outcome` in FleetPieces. */
const outcomes = { sent: 0, wait: 1, gone: 2, refused: 3 } as const;

/** A request for pieces as a message. */
export function piecesRequest({ hashes, offset, mostBytes }: PieceRequest): PiecesRequest {
  return { hashes: Uint8Array.from(hashesIn(hashes)), offset, most_bytes: mostBytes };
}

/** A request for pieces from a message. @throws {@link TopsparkError} `fleet_request` */
export function pieceRequest({ hashes, offset, most_bytes: mostBytes }: PiecesRequest): PieceRequest {
  return { hashes: hashesOf(Uint8Array.from(hashes)), offset, mostBytes };
}

const nothing = { lengths: new Uint32Array(), data: new Uint8Array(), wait: 0, message: '' };

/** An answer as a message. */
export function piecesResponse(answer: PieceAnswer): PiecesResponse {
  switch (answer.kind) {
    case 'sent':
      return { ...nothing, outcome: outcomes.sent, lengths: Uint32Array.from(answer.lengths), data: answer.data };
    case 'wait':
      return { ...nothing, outcome: outcomes.wait, wait: answer.seconds, message: 'its rate is used up' };
    case 'gone':
      return { ...nothing, outcome: outcomes.gone, message: 'that is not shared any more' };
  }
}

/** The answer to a refused request. */
export function refusedResponse(message: string): PiecesResponse {
  return { ...nothing, outcome: outcomes.refused, message };
}

/** An answer from a message; `undefined`: the request was refused. */
export function pieceAnswer({ outcome, lengths, data, wait }: PiecesResponse): PieceAnswer | undefined {
  switch (outcome) {
    case outcomes.sent:
      return { kind: 'sent', lengths: Array.from(lengths), data: Uint8Array.from(data) };
    case outcomes.wait:
      return { kind: 'wait', seconds: wait };
    case outcomes.gone:
      return { kind: 'gone' };
    default:
      return undefined;
  }
}

/** State of the fleet as a message. */
export function fleetStatusMessage(report: FleetReport, stamp: Stamp): topspark_msgs.msg.FleetStatus {
  const { settings, version, members, merged, merge, undo, server, received, sent, dropped, now } = report;
  const whose = new Map(merged.map((each) => [each.robot, each]));
  const { before, after } = merge?.trial ?? {};
  return {
    header: { stamp, frame_id: '' },
    ...{ fleet: settings.name, robot: settings.robot, role: settings.role, version: BigInt(version) },
    robots: members.map(({ robot }) => robot),
    offered: members.map(({ offer }) => BigInt(offer?.version ?? 0)),
    held: members.map(({ held }) => BigInt(held)),
    chunks: Uint32Array.from(members, ({ offer }) => offer?.chunks ?? 0),
    chunks_held: Uint32Array.from(members, ({ chunksHeld }) => chunksHeld),
    merged: members.map(({ robot }) => BigInt(whose.get(robot)?.version ?? 0)),
    neurons: Uint32Array.from(members, ({ robot }) => whose.get(robot)?.neurons ?? 0),
    silent: Float32Array.from(members, ({ heardAt }) => (heardAt === undefined ? NaN : now - heardAt)),
    notes: members.map(({ note }) => note),
    merge: merge?.text ?? '',
    merge_time: merge?.stamp ?? toStamp(0n),
    merge_kept: merge?.kept ?? false,
    merge_samples: merge?.trial.samples ?? 0,
    accuracy_before: before?.accuracy ?? NaN,
    accuracy_after: after?.accuracy ?? NaN,
    recall_before: before?.recall ?? NaN,
    recall_after: after?.recall ?? NaN,
    merge_undo: undo,
    ...{ server: server?.address ?? '', server_state: server?.state ?? '' },
    ...{ received_bytes: BigInt(received), sent_bytes: BigInt(sent) },
    dropped_causes: [...dropped.keys()],
    dropped_counts: Array.from(dropped.values(), BigInt),
  };
}
