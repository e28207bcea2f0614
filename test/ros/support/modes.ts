import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Settings of energy modes, by the names of the file. */
export type Modes = Readonly<
  Partial<Record<'full' | 'balanced' | 'saver' | 'critical', Readonly<Record<string, number | boolean>>>>
>;

/** ROS arguments that give a node these settings, in a file in the folder. */
export function withModes(folder: string, modes: Modes): string[] {
  const file = join(folder, 'modes.yaml');
  writeFileSync(file, JSON.stringify(modes)); // JSON is YAML
  return ['-p', `modes.file:=${file}`];
}
