import { cellSize, type Building } from './building.js';

// Distance from a point to the first wall in a direction. The ray passes cell by cell: of the two borders ahead, it
// crosses the nearer one next. Source: Amanatides & Woo, A fast voxel traversal algorithm for ray tracing, Eurographics
// 1987.

/**
 * @param x - [m], inside the building
 * @param angle - direction [rad]
 * @param reach - farthest distance of interest [m]
 * @returns distance to a wall or a piece of furniture [m]; Infinity beyond `reach`
 */
export function castRay(building: Building, x: number, y: number, angle: number, reach: number): number {
  const { columns, rows, occupied } = building;
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  let column = Math.floor(x / cellSize);
  let row = Math.floor(y / cellSize);
  const [stepX, stepY] = [dx > 0 ? 1 : -1, dy > 0 ? 1 : -1];
  const [deltaX, deltaY] = [Math.abs(cellSize / dx), Math.abs(cellSize / dy)];
  let nextX = ((column + Number(dx > 0)) * cellSize - x) / dx;
  let nextY = ((row + Number(dy > 0)) * cellSize - y) / dy;
  // A ray along a grid line never meets the borders that are parallel to it.
  if (dx === 0) nextX = Infinity;
  if (dy === 0) nextY = Infinity;
  for (;;) {
    const distance = Math.min(nextX, nextY);
    if (distance > reach) return Infinity;
    if (nextX < nextY) {
      column += stepX;
      nextX += deltaX;
    } else {
      row += stepY;
      nextY += deltaY;
    }
    if (column < 0 || row < 0 || column >= columns || row >= rows) return Infinity;
    if (occupied[row * columns + column] === 1) return distance;
  }
}

/** Distance along a ray to a circle [m]; Infinity where the ray misses, 0 from inside. */
export function castAtCircle(
  from: { readonly x: number; readonly y: number },
  angle: number,
  circle: { readonly x: number; readonly y: number; readonly radius: number },
): number {
  const [cx, cy] = [circle.x - from.x, circle.y - from.y];
  const along = cx * Math.cos(angle) + cy * Math.sin(angle);
  const off = cx * cx + cy * cy - along * along;
  const inside = circle.radius * circle.radius - off;
  if (along < 0 || inside < 0) return Infinity;
  return Math.max(0, along - Math.sqrt(inside));
}
