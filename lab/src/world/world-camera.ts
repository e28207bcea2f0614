import { castAtCircle, castRay } from './ray-cast.js';
import type { World } from './world.js';

// A SIMULATED camera that looks ahead from the robot: a pinhole camera that sees tiled walls, and people as dark
// columns.
//
//   bearing of column c:  b = atan((1 − (2 c + 1) / W) tan(F / 2));  an object at distance d has depth z = d cos b
//   an object from height a to e above the camera covers rows H/2 − f e / z to H/2 − f a / z,  f = W / (2 tan(F / 2))
//
// A row that is covered only in part takes the mean grey value by area. Walls are lit by 1 / (1 + d / 6 m).

/** Size of the picture [pixel]. */
export const cameraSize = { width: 64, height: 48 } as const;
/** F, the horizontal field of view [rad]. */
const field = 1.4;
const reach = 30;
/** Heights above the camera [m]. */
const ceiling = 1.5;
const floor = -1;
const head = 0.75;
const bodyRadius = 0.22;
/** Side of a tile of the walls [m]. */
const tile = 0.5;
const greys = { ceiling: 200, floor: 60, person: 20, light: 220, dark: 90 } as const;

/** The camera's picture now: grey values, row by row. */
export function cameraPicture({ building, robot, people }: World): Uint8Array {
  const { width, height } = cameraSize;
  const focal = width / (2 * Math.tan(field / 2));
  const picture = new Uint8Array(width * height);
  for (let column = 0; column < width; column++) {
    const bearing = Math.atan((1 - (2 * column + 1) / width) * Math.tan(field / 2));
    const angle = robot.heading + bearing;
    const wall = castRay(building, robot.x, robot.y, angle, reach);
    const person = Math.min(
      ...people.map(({ x, y }) => {
        const near = Math.abs(x - robot.x) + Math.abs(y - robot.y) <= 2 * bodyRadius;
        return near ? Infinity : castAtCircle(robot, angle, { x, y, radius: bodyRadius });
      }),
    );
    const [x, y] = [robot.x + wall * Math.cos(angle), robot.y + wall * Math.sin(angle)];
    const isLight = (Math.floor(x / tile) + Math.floor(y / tile)) % 2 === 0;
    const grey = (isLight ? greys.light : greys.dark) / (1 + wall / 6);
    const rowOf = (above: number, distance: number): number =>
      height / 2 - (focal * above) / (distance * Math.cos(bearing));
    for (let row = 0; row < height; row++) {
      const covered = (distance: number, top: number): number =>
        Math.max(0, Math.min(row + 1, rowOf(floor, distance)) - Math.max(row, rowOf(top, distance)));
      const beyond = row < height / 2 ? greys.ceiling : greys.floor;
      const share = Number.isFinite(wall) ? covered(wall, ceiling) : 0;
      const body = person < wall ? covered(person, head) : 0;
      const behind = share * grey + (1 - share) * beyond;
      picture[row * width + column] = Math.round(body * greys.person + (1 - body) * behind);
    }
  }
  return picture;
}
