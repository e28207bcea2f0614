/** Parameters set for one node name on the command line or in a parameter file. */
export interface NodeOverrides<T> {
  /** Full name, bare name, or a pattern: `*` stands for one part of a name, `**` for any number. */
  readonly name: string;
  readonly parameters: readonly T[];
}

/**
 * The parameters set for a node, by name. As in rclcpp, all blocks whose name matches count, and the last one wins; a
 * bare name matches in every namespace.
 *
 * @param node - full name: `/robot1/topspark`
 */
export function matchOverrides<T extends { readonly name: string }>(
  blocks: readonly NodeOverrides<T>[],
  node: string,
): Map<string, T> {
  const matched = blocks.filter(({ name }) => isMeantFor(name, node)).flatMap(({ parameters }) => parameters);
  return new Map(matched.map((parameter) => [parameter.name, parameter]));
}

/** Whether a block addresses all nodes, or all of a namespace, and none by name. */
export const isMeantForAll = (name: string): boolean => /(^|\/)\*{1,2}$/.test(name);

/** Whether a block addresses a node; the block's name is full, bare or a pattern, the node's is full. */
export function isMeantFor(name: string, node: string): boolean {
  const bare = !name.includes('/');
  const pattern = bare ? `/**/${name}` : name.startsWith('/') ? name : `/${name}`;
  const parts = pattern.split('/').slice(1);
  const source = parts.map((part) => (part === '**' ? '(/\\w+)*' : `/${part.replaceAll('*', '\\w+')}`)).join('');
  return new RegExp(`^${source}$`).test(node);
}
