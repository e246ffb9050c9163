/** Fences and cleaning, against any text. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hostless } from '../../../../../src/authors/llm/operators/hostless.js';
import { cleaned, fenced, oneLine } from '../../../../../src/authors/llm/views/untrusted.js';
import { readFences } from '../../../../support/fences.js';

const hostile = fc.array(
  fc.constantFrom('~', '~~~~', '\n', '\r', '\u2028', ' data: x', '<|', '|>', 'im_end', '</s>', '\u0000', '\u202e', 'a'),
  { maxLength: 40 },
);

describe('fenced', () => {
  test('any text stays inside, and comes out as it went in', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = parts.join('');
        const { data, ours, faults } = readFences(`before\n${fenced('thing', text)}\nafter`);
        const inside = cleaned(text).trimEnd();
        expect(faults).toEqual([]);
        expect(ours.replaceAll('\n\n', '\n')).toBe('before\nafter');
        expect(data).toEqual(inside.trim() === '' ? [] : [{ label: 'thing', text: inside }]);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  test('plain text and programs are not touched', () => {
    const program = 'x = {"a": [1, 2]}  # ü, 漢, 🙂\n\tif a <= b and c | d:\n    s = r"\\d+|<b>"\n';
    expect(cleaned(program)).toBe(program);
    expect(fenced('p', program)).toBe(`~~~~ data: p\n${program.trimEnd()}\n~~~~`);
    expect(fenced('p', '~~~~~')).toBe('~~~~~~ data: p\n~~~~~\n~~~~~~');
  });

  test('cleaning twice is cleaning once', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        const once = cleaned(parts.join(''));
        expect(cleaned(once)).toBe(once);
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});

test('a letter that was cut in two leaves no half behind', () => {
  const line = oneLine('🙂'.repeat(300), 300);
  expect(fenced('x', line)).not.toMatch(/\p{Cs}/u);
  expect(fenced('x', `a\ud83db`)).toBe('~~~~ data: x\nab\n~~~~');
  expect(fenced('x', '🙂')).toContain('🙂');
});

test('oneLine is one line of at most its length', () => {
  expect(oneLine('  a\n\n b\u0000\t c ')).toBe('a b c');
  expect(oneLine('x'.repeat(500), 10)).toBe('xxxxxxxxx…');
});

describe('hostless', () => {
  test.each([
    [
      'File "/home/me/.cache/python/lib/python3.12/site-packages/sklearn/base.py", line 3',
      'File "…/sklearn/base.py", line 3',
    ],
    ['File "/usr/lib/python3.12/json/decoder.py"', 'File "…/json/decoder.py"'],
    ['File "/job/program.py", line 9', 'File "/job/program.py", line 9'],
    ['/kaggle/input/x/train.csv and ./working/a.csv', '/kaggle/input/x/train.csv and ./working/a.csv'],
    ['not in /var/lib/automlgen/hidden/labels.csv', 'not in …/labels.csv'],
    ['a/b and 1/2 and https://example.org/a/b', 'a/b and 1/2 and https://example.org/a/b'],
    ['OPENAI_API_KEY=abcdef123456', 'OPENAI_API_KEY=[removed]'],
    ['token sk-abcdefghijklmnopqrstuv', 'token [removed]'],
    ['{"password": "hunter2hunter2"}', '{"password": "[removed]"}'],
    ['Authorization: Bearer abcdefghijklmnopqrstuvwxyz', 'Authorization: [removed]'],
    ['key columns: id, town', 'key columns: id, town'],
  ])('%s', (text, expected) => {
    expect(hostless(text)).toBe(expected);
  });
});
