import type { Random } from 'topspark/base/random.js';

// A generated floor of an office building, on a grid of 0.1 m: two corridors along it and three across, with junctions
// where they meet. Between them are blocks of furnished rooms; each room has one door to a corridor.

/** Kinds of places; {@link Building.places} holds indices into this list. */
export const placeTypes = ['room', 'corridor', 'doorway', 'junction'] as const;

/** Kind of a place. */
export type PlaceType = (typeof placeTypes)[number];

/** Side of a cell [m]. */
export const cellSize = 0.1;

/** A place where robots and people can stand. Spots are joined by straight lines that are free of furniture. */
export interface Spot {
  /** [m] */
  readonly x: number;
  readonly y: number;
  readonly place: PlaceType;
  /** Indices of the spots that straight lines lead to. */
  readonly next: number[];
}

/** A floor of a building. */
export interface Building {
  /** Cells along x and y. */
  readonly columns: number;
  readonly rows: number;
  /** 1 where a wall or a piece of furniture stands, row by row. */
  readonly occupied: Uint8Array;
  /** Index into {@link placeTypes} for every free cell. */
  readonly places: Uint8Array;
  readonly spots: readonly Spot[];
}

/** A rectangle of cells; `right` and `bottom` are excluded. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const size = { columns: 450, rows: 310 };
const corridorWidth = 22;
const wall = 2;
const doorWidth = 10;
const doorReach = 8;

/** Kind of place at a point [m]. */
export function placeAt(building: Building, x: number, y: number): PlaceType {
  const cell = Math.floor(y / cellSize) * building.columns + Math.floor(x / cellSize);
  return placeTypes[building.places[cell]];
}

/** Builds a floor; the same random numbers give the same floor. */
export function generateBuilding(random: Random): Building {
  return new Builder(random).build();
}

class Builder {
  readonly occupied = new Uint8Array(size.columns * size.rows).fill(1);
  readonly places = new Uint8Array(size.columns * size.rows);
  readonly spots: Spot[] = [];
  readonly along: readonly number[];
  readonly across: readonly number[];
  /** Spots on the middle line of each corridor, unordered. */
  readonly #onCorridor = new Map<string, number[]>();

  constructor(readonly random: Random) {
    this.along = [85, 205].map((y) => this.near(y, 10));
    this.across = [95, 215, 335].map((x) => this.near(x, 12));
  }

  build(): Building {
    this.#carveCorridors();
    for (const block of this.#blocks()) this.#fillBlock(block);
    this.#furnishCorridors();
    for (const line of this.#onCorridor.values()) this.#joinInOrder(line);
    return { ...size, occupied: this.occupied, places: this.places, spots: this.spots };
  }

  near(middle: number, reach: number): number {
    return middle + this.between(-reach, reach);
  }

  /** An integer from low to high, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.random.uniform() * (high - low + 1));
  }

  #carveCorridors(): void {
    const end = 4;
    for (const y of this.along) {
      this.#carve({ left: end, right: size.columns - end, top: y, bottom: y + corridorWidth }, 'corridor');
    }
    for (const x of this.across) {
      this.#carve({ left: x, right: x + corridorWidth, top: end, bottom: size.rows - end }, 'corridor');
    }
    const reach = 6;
    for (const y of this.along) {
      for (const x of this.across) {
        const [left, top] = [x - reach, y - reach];
        this.#mark({ left, top, right: x + corridorWidth + reach, bottom: y + corridorWidth + reach }, 'junction');
        const middle = this.#spot(x + corridorWidth / 2, y + corridorWidth / 2, 'junction');
        this.#putOnCorridor(`along ${y}`, middle);
        this.#putOnCorridor(`across ${x}`, middle);
      }
    }
    for (const x of this.across) {
      for (const y of [end + 15, size.rows - end - 15]) {
        this.#putOnCorridor(`across ${x}`, this.#spot(x + corridorWidth / 2, y, 'corridor'));
      }
    }
    for (const y of this.along) {
      for (const x of [end + 15, size.columns - end - 15]) {
        this.#putOnCorridor(`along ${y}`, this.#spot(x, y + corridorWidth / 2, 'corridor'));
      }
    }
  }

  // Cabinets and pillars along the walls, clear of doors and junctions.
  #furnishCorridors(): void {
    for (const y of this.along) {
      for (let k = 0; k < 7; k++) {
        const left = this.between(10, size.columns - 30);
        const deep = this.between(2, 4);
        const top = this.random.uniform() < 0.5 ? y : y + corridorWidth - deep;
        const box = { left, right: left + this.between(4, 16), top, bottom: top + deep };
        if (this.#allAre(box, 'corridor')) this.#fill(box);
      }
    }
  }

  #blocks(): Box[] {
    const cuts = (starts: readonly number[], length: number): [number, number][] => {
      const edges = [0, ...starts.flatMap((at) => [at, at + corridorWidth]), length];
      return Array.from({ length: starts.length + 1 }, (_, k) => [edges[2 * k], edges[2 * k + 1]]);
    };
    const columns = cuts(this.across, size.columns);
    return cuts(this.along, size.rows).flatMap(([top, bottom]) =>
      columns.map(([left, right]) => ({ left, right, top, bottom })),
    );
  }

  // Rooms stand side by side. Where a block has corridors on both sides, the side of each door is random.
  #fillBlock({ left, right, top, bottom }: Box): void {
    const width = right - left;
    const rooms = width > 90 ? this.between(2, 3) : width > 60 ? this.between(1, 2) : 1;
    for (let k = 0; k < rooms; k++) {
      const room = {
        left: left + Math.round((k * width) / rooms) + wall,
        right: left + Math.round(((k + 1) * width) / rooms) - wall,
        top: top + wall,
        bottom: bottom - wall,
      };
      const doorBelow = top === 0 || (bottom !== size.rows && this.random.uniform() < 0.5);
      this.#makeRoom(room, doorBelow);
    }
  }

  #makeRoom(room: Box, doorBelow: boolean): void {
    const { left, right, top, bottom } = room;
    this.#carve(room, 'room');
    const x = this.between(left + 8, right - 9);
    const y = doorBelow ? bottom + wall / 2 : top - wall / 2;
    const half = doorWidth / 2;
    this.#carve({ left: x - half, right: x + half, top: y - wall, bottom: y + wall }, 'doorway');
    const corridor = this.along.find((at) => (doorBelow ? at >= bottom : at + corridorWidth <= top && at > top - 60));
    const line = doorBelow ? corridor : this.along.filter((at) => at + corridorWidth <= top).at(-1);
    if (line === undefined) return;
    const outside = this.#spot(x, line + corridorWidth / 2, 'corridor');
    this.#putOnCorridor(`along ${line}`, outside);
    const inward = doorBelow ? -1 : 1;
    const door = this.#spot(x, y, 'doorway');
    const inside = this.#spot(x, y + 14 * inward, 'room');
    this.#join(outside, door);
    this.#join(door, inside);
    const middle = this.#spot(this.near((left + right) / 2, 3), this.near((top + bottom) / 2, 3), 'room');
    const corner = this.#spot(this.between(left + 10, right - 10), this.between(top + 10, bottom - 10), 'room');
    this.#join(inside, middle);
    this.#join(middle, corner);
    this.#furnish(room, [
      [door, inside],
      [inside, middle],
      [middle, corner],
    ]);
    this.#markDoor(x, y);
  }

  #markDoor(x: number, y: number): void {
    for (let row = y - doorReach; row < y + doorReach; row++) {
      for (let column = x - doorReach; column < x + doorReach; column++) {
        if (Math.hypot(column + 0.5 - x, row + 0.5 - y) > doorReach) continue;
        this.places[row * size.columns + column] = placeTypes.indexOf('doorway');
      }
    }
  }

  // Tables and shelves, clear of the paths.
  #furnish(room: Box, ways: readonly (readonly [number, number])[]): void {
    const pieces = Math.round(((room.right - room.left) * (room.bottom - room.top)) / 900);
    for (let k = 0; k < pieces; k++) {
      const [wide, deep] = [this.between(4, 16), this.between(4, 9)];
      const left = this.between(room.left, room.right - wide);
      const top = this.between(room.top, room.bottom - deep);
      const box = { left, top, right: left + wide, bottom: top + deep };
      if (ways.every(([a, b]) => this.#clear(box, a, b))) this.#fill(box);
    }
  }

  // Whether a robot on its path between two spots stays clear of the box.
  #clear({ left, top, right, bottom }: Box, a: number, b: number): boolean {
    const [from, to] = [this.spots[a], this.spots[b]];
    const margin = 5;
    for (let k = 0; k <= 20; k++) {
      const x = (from.x + ((to.x - from.x) * k) / 20) / cellSize;
      const y = (from.y + ((to.y - from.y) * k) / 20) / cellSize;
      if (x > left - margin && x < right + margin && y > top - margin && y < bottom + margin) return false;
    }
    return true;
  }

  #putOnCorridor(corridor: string, spot: number): void {
    const line = this.#onCorridor.get(corridor) ?? [];
    line.push(spot);
    this.#onCorridor.set(corridor, line);
  }

  #joinInOrder(line: readonly number[]): void {
    const inOrder = [...line].sort((a, b) => {
      const [p, q] = [this.spots[a], this.spots[b]];
      return p.x - q.x + (p.y - q.y);
    });
    for (let k = 1; k < inOrder.length; k++) this.#join(inOrder[k - 1], inOrder[k]);
  }

  /** Adds a spot; coordinates in cells. */
  #spot(column: number, row: number, place: PlaceType): number {
    this.spots.push({ x: column * cellSize, y: row * cellSize, place, next: [] });
    return this.spots.length - 1;
  }

  #join(a: number, b: number): void {
    this.spots[a].next.push(b);
    this.spots[b].next.push(a);
  }

  #carve(box: Box, place: PlaceType): void {
    this.#each(box, (cell) => (this.occupied[cell] = 0));
    this.#mark(box, place);
  }

  #fill(box: Box): void {
    this.#each(box, (cell) => (this.occupied[cell] = 1));
  }

  #mark(box: Box, place: PlaceType): void {
    this.#each(box, (cell) => (this.places[cell] = placeTypes.indexOf(place)));
  }

  #allAre(box: Box, place: PlaceType): boolean {
    let all = true;
    this.#each(box, (cell) => (all &&= this.places[cell] === placeTypes.indexOf(place)));
    return all;
  }

  #each({ left, top, right, bottom }: Box, act: (cell: number) => void): void {
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) act(row * size.columns + column);
    }
  }
}
