/** What the node tier quotes from a report. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { findResult, isolationOf } from '../../../bin/node-tier-report.mjs';

const folder = mkdtempSync(join(tmpdir(), 'automlgen-node-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const REPORT = `# Births

## Result

| **Chosen: blend of 3** | **537.7 ± 9.2** | us, out of fold |

On the private answers: **556 ± 16**, baseline 596 ± 18.

## Isolation

A program made 49 attempts: 1 of them reached something.

- environment: HOME

| tried | result | how |
| --- | --- | --- |
| network interfaces | reached | eth0 |
| the hidden labels | refused | No such file |

## Files

submission.csv
`;

test('the newest finished run, its choice and what the private answers said', () => {
  expect(findResult(join(folder, 'nowhere'))).toBeUndefined();
  mkdirSync(join(folder, 'a-unfinished'));
  expect(findResult(folder)).toBeUndefined();
  mkdirSync(join(folder, 'b'));
  writeFileSync(join(folder, 'b', 'report.md'), REPORT);
  expect(findResult(folder)?.headline).toBe('blend of 3 537.7 ± 9.2, on the private answers 556 ± 16');
});

test('of the isolation section what was reached and no more, and the warning above it', () => {
  const shown = isolationOf(REPORT);
  expect(shown).toContain('49 attempts');
  expect(shown).toContain('| network interfaces | reached | eth0 |');
  for (const words of ['hidden labels', 'environment', 'Files', 'submission']) expect(shown).not.toContain(words);
  expect(isolationOf(`**Scores are not protected.** Look.\n\n${REPORT}`)).toMatch(/^\*\*Scores are not protected/);
  expect(isolationOf('# Nothing')).toContain('The report has none.');
});
