/** A few whole programs, reviewed like code. Regenerate with AUTOMLGEN_UPDATE_GOLDEN=1 and read the difference. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { proposeMany, realComposer } from '../../support/composer.js';
import { requestFor, TOY_CARDS } from '../../support/composer-tasks.js';

/** Task and position in the portfolio. */
const GOLDEN: readonly (readonly [string, number])[] = [
  ['regression', 1],
  ['skewed', 0],
  ['binary', 0],
  ['multiclass', 1],
  ['ordinal', 0],
  ['text', 0],
  ['image', 1],
  ['several-numbers', 0],
  ['several-labels', 0],
];

describe('golden programs', () => {
  it.each(GOLDEN)('%s, draft %d', async (name, position) => {
    const drafts = await proposeMany(realComposer(), requestFor(TOY_CARDS[name]!), position + 1);
    const program = drafts[position]?.program ?? '';
    const path = fileURLToPath(new URL(`./${name}-${position}.py.golden`, import.meta.url));
    if (process.env.AUTOMLGEN_UPDATE_GOLDEN) writeFileSync(path, program);
    expect(program).toBe(readFileSync(path, 'utf8'));
  });
});
