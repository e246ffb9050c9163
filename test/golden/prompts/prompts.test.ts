/** Every prompt as it is sent, for one recorded task. `UPDATE_GOLDEN=1` writes them anew; they are read in review like code. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { VISIBILITY } from '../../../src/authors/llm/operators/visibility.js';
import { everyPrompt } from '../../support/every-prompt.js';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));

describe('prompts', () => {
  const built = everyPrompt();

  test.each([...Object.keys(VISIBILITY), 'debug-edits', 'improve-features-rewrite'])('%s', async (name) => {
    const prompt = (await built)[name];
    if (!prompt) throw new Error(`${name} was not built`);
    const text = prompt.messages.map(({ role, content }) => `──── ${role}\n${content}\n`).join('');
    const path = `${FOLDER}${name}.md.golden`;
    const golden = `${text}──── ${prompt.stablePrefix} characters are the same for every node; trimmed: ${prompt.trimmed.join(', ') || 'nothing'}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, golden);
    expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(golden);
  });

  test('there is one for each line of the table, and no golden file too many', async () => {
    const names = Object.keys(await built);
    expect(names.filter((name) => name in VISIBILITY).sort()).toEqual(Object.keys(VISIBILITY).sort());
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.golden'));
    expect(files.sort()).toEqual(names.map((name) => `${name}.md.golden`).sort());
  });
});
