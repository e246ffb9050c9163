/** Laws of edits, on generated programs: exactness, independence of order, all or nothing, undoing. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyEdits } from '../../../src/authors/llm/edits/edits.js';
import type { Edit } from '../../../src/authors/llm/replies.js';

const word = fc.constantFrom('a', 'bb', 'model', 'fit', 'x1', 'größe', '$&', '🙂', '=');
const line = fc
  .tuple(fc.constantFrom('', '    ', '        ', '\t'), fc.array(word, { minLength: 1, maxLength: 4 }))
  .map(([indent, words]) => indent + words.join(' '));
const program = fc.array(fc.oneof({ weight: 5, arbitrary: line }, { weight: 1, arbitrary: fc.constant('') }), {
  minLength: 1,
  maxLength: 25,
});
/** Lines that differ from each other, so that each is found once. */
const distinct = fc.uniqueArray(line, { minLength: 4, maxLength: 30, selector: (text) => text.trim() });
const replacement = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));

test('edits of separate stretches give what cutting and joining by hand gives, in any order', () => {
  fc.assert(
    fc.property(
      distinct,
      fc.infiniteStream(replacement),
      fc.infiniteStream(fc.nat(6)),
      fc.nat(),
      (lines, texts, sizes, turn) => {
        const edits: Edit[] = [];
        const wanted: string[] = [];
        for (let at = 0; at < lines.length; ) {
          const size = 1 + (sizes.next().value ?? 0);
          const stretch = lines.slice(at, at + size);
          const replace = texts.next().value ?? '';
          const changed = size % 2 === 1;
          if (changed) edits.push({ search: stretch.join('\n'), replace });
          wanted.push(...(changed ? (replace === '' ? [] : replace.split('\n')) : stretch));
          at += size;
        }
        const cut = edits.length === 0 ? 0 : turn % edits.length;
        const turned = [...edits.slice(cut), ...edits.slice(0, cut)];
        const result = applyEdits(lines.join('\n'), turned);
        if (wanted.join('\n') === lines.join('\n')) expect(result.kind).toBe('failed');
        else expect(result).toEqual({ kind: 'edited', program: wanted.join('\n'), tolerant: 0 });
      },
    ),
  );
});

test('one edit that cannot be applied leaves nothing applied, wherever it stands', () => {
  fc.assert(
    fc.property(distinct, fc.nat(), fc.nat(), (lines, where, position) => {
      const good = lines.slice(0, 3).map((search) => ({ search, replace: `${search} # changed` }));
      const bad = { search: 'this line is nowhere', replace: `${where}` };
      const edits = good.toSpliced(position % 4, 0, bad);
      const result = applyEdits(lines.join('\n'), edits);
      expect(result.kind === 'failed' && result.problems).toEqual([
        expect.objectContaining({ kind: 'not-found', edit: (position % 4) + 1 }),
      ]);
    }),
  );
});

test('whatever comes in, the answer is a program of the given lines or a reason; never an exception', () => {
  const anything = fc.oneof(
    replacement,
    fc.string({ maxLength: 60 }),
    fc.constantFrom('', '\n', '\r\n', ' \t\n', '\0'),
  );
  fc.assert(
    fc.property(
      program,
      fc.array(fc.record({ search: anything, replace: anything }), { maxLength: 5 }),
      (lines, edits) => {
        const before = lines.join('\n');
        const result = applyEdits(before, edits);
        if (result.kind === 'failed') return expect(result.problems.length).toBeGreaterThan(0);
        expect(result.program).not.toBe(before);
        // Nothing but words of the program and of the replacements is in the result.
        const known = new Set(`${before}\n${edits.map(({ replace }) => replace.replace(/\r\n?/g, '\n')).join('\n')}`);
        for (const letter of result.program)
          expect(known.has(letter) || letter === ' ' || letter === '\t' || letter === '\n').toBe(true);
      },
    ),
  );
});

test('a change to marked lines is undone by the edit that is turned round', () => {
  fc.assert(
    fc.property(distinct, fc.nat(), (lines, at) => {
      const search = lines[at % lines.length] ?? '';
      const replace = `${search}\n# marked only here`;
      const there = applyEdits(lines.join('\n'), [{ search, replace }]);
      if (there.kind === 'failed') throw new Error('not applied');
      const back = applyEdits(there.program, [{ search: replace, replace: search }]);
      expect(back).toEqual({ kind: 'edited', program: lines.join('\n'), tolerant: 0 });
    }),
  );
});

test('moved as a whole, a block is found, and what replaces it is moved as much', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 3, maxLength: 6 }),
      fc.integer({ min: 1, max: 12 }),
      (words, shift) => {
        const block = words.map((text, k) => `${' '.repeat(k % 2 === 0 ? 0 : 4)}${text}_${k}`);
        const moved = block.map((text) => ' '.repeat(shift) + text);
        const shown = ['if outer:', ...moved, 'end'].join('\n');
        const result = applyEdits(shown, [{ search: block.join('\n'), replace: 'one\n    two' }]);
        const indent = ' '.repeat(shift);
        expect(result).toEqual({
          kind: 'edited',
          program: `if outer:\n${indent}one\n${indent}    two\nend`,
          tolerant: 1,
        });
      },
    ),
  );
});
