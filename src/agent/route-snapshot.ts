import { storedArray, storedNames, type Snapshot } from '../base/snapshot.js';
import type { RouteMatcher, RoutePictures } from '../classifier/route-matcher.js';

/** Puts the pictures of a route into a snapshot: `route.…`, and `route_names` in the meta. */
export function withRoute(snapshot: Snapshot, route: RouteMatcher | undefined): Snapshot {
  if (route === undefined) return snapshot;
  const { pictures, names, stamps } = route.state;
  return {
    ...snapshot,
    tensors: {
      ...snapshot.tensors,
      'route.pictures': { shape: [names.length, route.length], data: pictures },
      'route.stamps': { shape: [names.length], data: stamps },
    },
    meta: { ...snapshot.meta, route_names: names },
  };
}

/**
 * Reads them from a snapshot; one written without a route holds none.
 *
 * @param length - intensities of a sample
 * @param most - pictures
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function routeOf({ tensors, meta }: Snapshot, length: number, most: number): RoutePictures {
  if (!('route_names' in meta)) return { pictures: new Uint8Array(), names: [], stamps: new BigInt64Array() };
  const names = storedNames(meta['route_names'], 'route_names', most);
  return {
    pictures: storedArray(tensors, 'route.pictures', new Uint8Array(), names.length * length),
    names,
    stamps: storedArray(tensors, 'route.stamps', new BigInt64Array(), names.length),
  };
}
