import type { Manifest, SharedClass, SharedEdit } from './manifest.js';

/**
 * All edits of a set of manifests, those that forget first: what somebody forgot on purpose stays forgotten, even where
 * another has renamed it.
 */
export function editsOfAll(manifests: readonly Manifest[]): readonly SharedEdit[] {
  const edits = [...new Map(manifests.flatMap((each) => each.edits).map((edit) => [edit.id, edit])).values()];
  const forgets = ({ to }: SharedEdit): number => (to === undefined ? 0 : 1);
  return edits.sort((a, b) => forgets(a) - forgets(b) || (a.id < b.id ? -1 : 1));
}

/**
 * What a class of one robot is called in the whole fleet. Renames are followed one after the other; where they lead in a circle,
 * it is the first of its names in the order of their letters.
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
