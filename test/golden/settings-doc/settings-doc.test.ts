/** docs/settings.md says what the source says. `UPDATE_GOLDEN=1` prints it anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { withParts } from '../../support/operators-doc.js';
import { settingsParts } from '../../support/settings-doc.js';

const DOCUMENT = new URL('../../../docs/settings.md', import.meta.url);
const SOURCES = join(import.meta.dirname, '../../../src');

test('docs/settings.md is printed from the schemas', () => {
  const written = readFileSync(DOCUMENT, 'utf8');
  const printed = withParts(written, settingsParts());
  if (process.env.UPDATE_GOLDEN) writeFileSync(DOCUMENT, printed);
  expect(process.env.UPDATE_GOLDEN ? printed : written).toBe(printed);
  for (const line of printed.split('\n').filter((each) => each.startsWith('| `'))) expect(line).toMatch(/\w[^|]* \|$/);
});

test('every variable of ours that a source reads is in a document', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const texts = files.map((file) => readFileSync(join(SOURCES, file), 'utf8'));
  const read = new Set(texts.flatMap((text) => text.match(/\b(?:AUTOMLGEN|OPENAI)_[A-Z_]+\b/g) ?? []));
  const documents = ['settings.md', 'models.md'].map((name) => readFileSync(new URL(name, DOCUMENT), 'utf8')).join();
  expect(read.size).toBeGreaterThan(15);
  expect([...read].filter((name) => !documents.includes(`\`${name}\``))).toEqual([]);
});
