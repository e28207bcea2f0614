// @ts-check

/**
 * The way of a message through the program, as ARCHITECTURE.md describes it.
 * @typedef {object} Way
 * @property {string[]} files - in the order of the way, each once
 * @property {{ file: string, name: string }[]} steps - the function of each
 * @property {number} changes - changes of room along the way
 */

/** @typedef {Record<keyof typeof titles, Way>} Ways */

/** Headings of the ways. */
const titles = /** @type {const} */ ({
  image: 'An image',
  label: 'A label',
  battery: 'A battery message',
  parameter: 'A parameter',
});

/**
 * Reads the ways from the tables below their headings.
 * @param {string} text - of ARCHITECTURE.md
 * @returns {Ways}
 */
export function waysOf(text) {
  const { image, label, battery, parameter } = titles;
  return {
    ...{ image: wayOf(text, image), label: wayOf(text, label) },
    ...{ battery: wayOf(text, battery), parameter: wayOf(text, parameter) },
  };
}

/**
 * @param {string} text
 * @param {string} title
 * @returns {Way}
 */
function wayOf(text, title) {
  const section = text.split(/^(?=##+ )/m).find((part) => part.startsWith(`### ${title}\n`)) ?? '';
  const steps = [...section.matchAll(/^\| *\d+ *\|.*\]\((src\/[^)]+)\) `(\w+)` *\|$/gm)].map(
    ([, file = '', name = '']) => ({ file, name }),
  );
  const rooms = steps.map(({ file }) => roomOf(file));
  const changes = rooms.filter((room, at) => at > 0 && room !== rooms[at - 1]).length;
  return { files: [...new Set(steps.map(({ file }) => file))], steps, changes };
}

/**
 * @param {string} file - `src/agent/agent.ts`
 * @returns {string} `agent`
 */
function roomOf(file) {
  return file.split('/')[1] ?? '';
}
