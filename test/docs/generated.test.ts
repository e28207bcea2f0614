import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parameterTable } from '../../src/node/parameter-table.js';
import { messageReference } from './reference/messages.js';
import { messages } from './reference/msg-file.js';
import { parameterReference } from './reference/parameters.js';

const docs = (name: string): string => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

// `npm run docs` writes the files; here they are compared.
describe('generated documents', () => {
  it('docs/parameters.md equals the table of parameters', async () => {
    const text = parameterReference();
    for (const { name } of parameterTable) expect(text).toContain(`| \`${name}\` |`);
    await expect(text).toMatchFileSnapshot(docs('parameters.md'));
  });

  it('docs/messages.md equals the interface files', async () => {
    expect(messages().get('Decision')?.fields.find(({ name }) => name === 'energy')).toMatchObject({ type: 'float32' });
    await expect(messageReference()).toMatchFileSnapshot(docs('messages.md'));
  });
});
