import { expect, it } from 'vitest';
import { topspark } from '../../lab/test/training/topspark.js';

async function help(...command: string[]): Promise<string> {
  const { code, out } = await topspark([...command, '--help']);
  expect(code).toBe(0);
  return out;
}

/** The commands that a help lists. */
const listed = (text: string): string[] =>
  [...(text.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name]) => name);

it('every command shows an example in its help', { timeout: 120_000 }, async () => {
  const top = await help();
  const commands = listed(top).filter((name) => name !== 'help');
  expect(commands).toContain('bench');
  const benches = listed(await help('bench')).filter((name) => name !== 'help');
  expect(benches).toContain('day');
  for (const command of [[], ...commands.map((name) => [name]), ...benches.map((name) => ['bench', name])]) {
    expect(await help(...command), command.join(' ')).toMatch(/Examples?:\n {2}\$ np[mx] /);
  }
});
