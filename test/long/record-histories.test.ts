/** Not a check but a tool: records the golden histories again, when `AUTOMLGEN_RECORD=1`, or one scene, when it names one. See docs/determinism.md. */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { recordHistories } from '../support/temporal-recorder.js';

const asked = process.env.AUTOMLGEN_RECORD;

(asked ? test : test.skip)(
  'golden histories are recorded',
  async () => {
    const names = await recordHistories(
      fileURLToPath(new URL('../workflow/histories', import.meta.url)),
      asked === '1' ? undefined : asked,
    );
    expect(names).toEqual(expect.arrayContaining(['plain.json', 'continued-1.json', 'cancelled.json', 'steered.json']));
  },
  300_000,
);
