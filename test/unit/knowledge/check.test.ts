import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import type { UserError } from '../../../src/domain/errors.js';
import { checkKnowledge } from '../../../src/knowledge/check.js';
import { loadEntries } from '../../../src/knowledge/load.js';
import { entryWith } from '../../support/knowledge.js';

const root = mkdtempSync(join(tmpdir(), 'knowledge-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

/** A folder that holds these files; values are front matter, texts are written as they are. */
function folderWith(files: Readonly<Record<string, object | string>>): string {
  folders += 1;
  const folder = join(root, String(folders));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : fileText(content));
  }
  return folder;
}

function fileText({ body, ...fields }: { readonly body?: string }): string {
  return `---\n${stringify(fields)}---\n${body}\n`;
}

const PATH = 'model/linear/ridge.md';
const good = entryWith({ id: 'model.linear.ridge' });

function complaintsOf(fields: object): readonly string[] {
  return checkKnowledge(folderWith({ [PATH]: { ...good, ...fields } }), root).complaints.map(({ text }) => text);
}

describe('checking', () => {
  test('a good entry has no complaints', () => {
    expect(complaintsOf({})).toEqual([]);
  });

  const recipe = { kind: 'debug-recipe', aliases: ['ValueError: x'] };
  const faults: readonly (readonly [object, RegExp])[] = [
    [{ id: 'model.linear.lasso' }, /^id: `model.linear.lasso` should be `model.linear.ridge`/],
    [{ level: 'data' }, /^level: `data` is not that of the id/],
    [{ improves: ['model.linear.lasso'] }, /^improves: no entry `model.linear.lasso`/],
    [{ whenToUse: ['row < 3'] }, /^whenToUse: `row < 3`: `row` at 1 is no fact/],
    [{ whenNot: ['metric = rsme'] }, /^whenNot: `metric = rsme`: metric is never `rsme`/],
    [{ deps: ['lightgbm==4'] }, /^deps: `lightgbm==4` is neither/],
    [
      { component: { slot: 'model', template: 'model/none.py.tpl' } },
      /^component.template: no file `model\/none.py.tpl`/,
    ],
    [{ component: { slot: 'model' } }, /^component: neither a template nor a rewrite/],
    [{ ...recipe }, /^signature: a debug recipe needs one/],
    [{ ...recipe, signature: '(' }, /^signature: Invalid regular expression/],
    [{ ...recipe, signature: 'TypeError' }, /^signature: does not match `ValueError: x`/],
    [{ ...recipe, signature: '.*' }, /^signature: matches the empty text/],
    [{ signature: 'ValueError' }, /^signature: only debug recipes/],
    [{ kind: 'metric-playbook' }, /^metrics: a playbook names its own/],
    [{ cost: { 'rows.1k': 3 } }, /cannot be a field name/],
    [{ aliases: ['the Titanic model'] }, /^aliases: names a competition, `Titanic`/],
    [{ summary: 'Short.' }, /^summary: under 40/],
    [{ body: 'Short.' }, /^body: under 200/],
    [{ evidence: [] }, /^evidence: /],
    [{ body: 'x'.repeat(1901) }, /^body: /],
    [{ colour: 'red' }, /colour/],
  ];
  test.each(faults)('%j', (fields, complaint) => {
    const complaints = complaintsOf(fields);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(complaint);
  });

  test('two files with one id are both told', () => {
    const folder = folderWith({ [PATH]: good, 'model/other/ridge.md': good });
    const { complaints } = checkKnowledge(folder, root);
    expect(complaints.filter(({ text }) => text.includes('is also that of')).map(({ path }) => path)).toEqual([
      PATH,
      'model/other/ridge.md',
    ]);
  });

  test('an entry that cannot be read does not hide the faults of the others', () => {
    const folder = folderWith({ 'model/a/b.md': 'no front matter', 'model/c/d.md': '---\n: : :\n---\n', [PATH]: good });
    const { entries, complaints } = checkKnowledge(folder, root);
    expect(entries.map(({ id }) => id)).toEqual([good.id]);
    expect(complaints.map(({ path }) => path)).toEqual(['model/a/b.md', 'model/c/d.md']);
  });
});

describe('loading', () => {
  test('names file and field of the first fault', () => {
    const folder = folderWith({ [PATH]: { ...good, summary: 'x'.repeat(301), kind: 'modell' } });
    let error: Partial<UserError> = {};
    try {
      loadEntries(folder);
    } catch (thrown) {
      error = thrown as UserError;
    }
    expect(error.code).toBe('knowledge-invalid');
    expect(error.message).toMatch(/^model\/linear\/ridge\.md: .*kind: .*summary: /);
  });

  test('reads Windows line ends, keeps the body, fills the defaults', () => {
    const text = fileText({ ...good, body: '## How\nFirst.\n\n---\nA rule is no fence.' }).replaceAll('\n', '\r\n');
    const [entry] = loadEntries(folderWith({ [PATH]: text }));
    expect(entry?.body).toBe('## How\nFirst.\n\n---\nA rule is no fence.');
    expect(entry?.origin).toBe('curated');
    expect(entry?.conflicts).toEqual([]);
  });
});
