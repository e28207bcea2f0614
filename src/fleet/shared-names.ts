import type { Manifest, SharedClass, SharedEdit } from './manifest.js';

/**
 * All edits of a set of manifests. Those that forget a class come first: it stays forgotten even if another robot has
 * renamed it.
 */
export function editsOfAll(manifests: readonly Manifest[]): readonly SharedEdit[] {
  const edits = [...new Map(manifests.flatMap((each) => each.edits).map((edit) => [edit.id, edit])).values()];
  const forgets = ({ to }: SharedEdit): number => (to === undefined ? 0 : 1);
  return edits.sort((a, b) => forgets(a) - forgets(b) || (a.id < b.id ? -1 : 1));
}

/**
 * Name of a robot's class in the whole fleet. Renames are followed one after the other. If they form a circle, the name
 * is the first of the circle in alphabetical order.
 *
 * @returns `undefined`: it was forgotten
 */
export function fleetName(
  { name, despite = [] }: Pick<SharedClass, 'name' | 'despite'>,
  edits: readonly SharedEdit[],
): string | undefined {
  const names = [name];
  for (;;) {
    const current = names[names.length - 1];
    const edit = edits.find((each) => each.name === current && !despite.includes(each.id));
    if (edit === undefined) return current;
    if (edit.to === undefined) return undefined;
    const begin = names.indexOf(edit.to);
    if (begin >= 0) return names.slice(begin).sort()[0];
    names.push(edit.to);
  }
}
