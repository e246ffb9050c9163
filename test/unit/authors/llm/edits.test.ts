/** SEARCH/REPLACE edits: what is applied, what is forgiven, what is refused and how that is told. */
import { describe, expect, it } from '@jest/globals';
import { editBlocksIn, fencedProgramIn, proseBefore } from '../../../../src/authors/llm/edits/edit-blocks.js';
import { applyEdits } from '../../../../src/authors/llm/edits/edits.js';
import { tellProblems } from '../../../../src/authors/llm/edits/problems.js';

const PROGRAM = `import numpy as np

def fit(rows):
    model = Ridge(alpha=1.0)
    model.fit(rows, target)
    return model

def predict(model, rows):
    return model.predict(rows)

max = 10
print("ready")
`;

function edited(program: string, ...edits: readonly (readonly [string, string])[]): string {
  const result = applyEdits(
    program,
    edits.map(([search, replace]) => ({ search, replace })),
  );
  if (result.kind === 'failed') throw new Error(tellProblems(result.problems));
  return result.program;
}

function refusal(program: string, ...edits: readonly (readonly [string, string])[]): string {
  const result = applyEdits(
    program,
    edits.map(([search, replace]) => ({ search, replace })),
  );
  if (result.kind === 'edited') throw new Error(`it was applied:\n${result.program}`);
  return tellProblems(result.problems);
}

describe('what is applied', () => {
  it('replaces lines, and changes nothing else', () => {
    expect(edited(PROGRAM, ['    model = Ridge(alpha=1.0)', '    model = Lasso(alpha=0.5)'])).toBe(
      PROGRAM.replace('Ridge(alpha=1.0)', 'Lasso(alpha=0.5)'),
    );
    expect(edited(PROGRAM, ['print("ready")\n', ''])).toBe(PROGRAM.replace('print("ready")\n', ''));
  });

  it('replaces a part of a line where it is there once', () => {
    expect(edited(PROGRAM, ['alpha=1.0', 'alpha=2.0'])).toContain('    model = Ridge(alpha=2.0)\n');
    expect(edited(PROGRAM, ['Ridge(alpha=1.0)', 'Ridge(\n        alpha=3.0,\n    )'])).toContain(
      '    model = Ridge(\n        alpha=3.0,\n    )\n    model.fit',
    );
  });

  it('never cuts a word in two', () => {
    expect(refusal(PROGRAM, ['x = 1', 'x = 2'])).toContain('not in the program');
    expect(refusal(PROGRAM, ['x = 10', 'x = 2'])).toContain('max = 10');
  });

  it('prefers a whole line to the same words inside a longer one', () => {
    expect(edited('total = a\nsubtotal = total = a\n', ['total = a', 'total = b'])).toBe(
      'total = b\nsubtotal = total = a\n',
    );
  });

  it('takes a replacement literally', () => {
    const strange = `    model = Ridge("$& $1 $\` $' $$ \\1 \\n")`;
    expect(edited(PROGRAM, ['    model = Ridge(alpha=1.0)', strange])).toContain(`${strange}\n`);
  });

  it('reads CRLF as LF on both sides', () => {
    const windows = PROGRAM.replaceAll('\n', '\r\n');
    expect(edited(windows, ['    model.fit(rows, target)\r\n    return model\r\n', '    return model\r\n'])).toBe(
      PROGRAM.replace('    model.fit(rows, target)\n', ''),
    );
  });

  it('finds text beyond ASCII, whole signs only', () => {
    const program = 'naïve = "größe 🙂"\nüber = 1\n';
    expect(edited(program, ['"größe 🙂"', '"𝒳"'])).toBe('naïve = "𝒳"\nüber = 1\n');
    expect(refusal(program, ['ber = 1', 'ber = 2'])).toContain('not in the program');
  });

  it('lets a later edit build on what an earlier one wrote', () => {
    expect(
      edited(
        PROGRAM,
        ['import numpy as np', 'import numpy as np\nimport pandas as pd'],
        ['import pandas as pd', 'import polars as pd'],
      ),
    ).toContain('import numpy as np\nimport polars as pd\n');
  });

  it('does not let what one edit writes make another ambiguous, in either order', () => {
    const edits = [
      ['print("ready")', 'print("ready")\nmax = 10'],
      ['max = 10', 'max = 20'],
    ] as const;
    const wanted = PROGRAM.replace('max = 10\nprint("ready")', 'max = 20\nprint("ready")\nmax = 10');
    expect(edited(PROGRAM, ...edits)).toBe(wanted);
    expect(edited(PROGRAM, ...edits.toReversed())).toBe(wanted);
  });

  it('keeps a program without a last line break so', () => {
    expect(edited('a = 1\nb = 2', ['b = 2', 'b = 3'])).toBe('a = 1\nb = 3');
    expect(edited('a = 1\nb = 2', ['b = 2\n', 'b = 3\n'])).toBe('a = 1\nb = 3');
  });
});

describe('what is forgiven', () => {
  const tolerant = (program: string, search: string, replace: string) => {
    const result = applyEdits(program, [{ search, replace }]);
    return result.kind === 'edited' ? [result.program, result.tolerant] : tellProblems(result.problems);
  };

  it('another indentation, which the replacement takes on', () => {
    expect(
      tolerant(PROGRAM, 'model = Ridge(alpha=1.0)\nmodel.fit(rows, target)', 'if True:\n    model = Lasso()'),
    ).toEqual([
      PROGRAM.replace(
        '    model = Ridge(alpha=1.0)\n    model.fit(rows, target)\n',
        '    if True:\n        model = Lasso()\n',
      ),
      1,
    ]);
    expect(tolerant('if a:\n  b()\n  c()\n', '        b()\n        c()', '        c()\n\n        b()')).toEqual([
      'if a:\n  c()\n\n  b()\n',
      1,
    ]);
  });

  it('tabs that were copied as spaces', () => {
    expect(
      tolerant('def f():\n\tif a:\n\t\tb()\n', '    if a:\n        b()', '    if a:\n        c()\n        d()'),
    ).toEqual(['def f():\n\tif a:\n\t\tc()\n\t\td()\n', 1]);
  });

  it('trailing spaces and empty lines around the block', () => {
    expect(tolerant('a = 1   \nb = 2\n', '\na = 1\nb = 2  \n\n', '\na = 3\n\n')).toEqual(['a = 3\n', 1]);
  });

  it('but not a block whose lines stand differently to each other, nor one that would leave the page', () => {
    expect(tolerant('if a:\n    b()\nc()\n', 'if a:\n    b()\n    c()', 'x()')).toContain('not in the program');
    expect(tolerant('a()\nb()\n', '    a()\n    b()', '  c()')).toContain('not in the program');
  });
});

describe('what is refused', () => {
  it('applies all edits or none, and tells of each that failed', () => {
    const told = refusal(
      PROGRAM,
      ['max = 10', 'max = 11'],
      ['model.fit(x)', ''],
      ['', 'y = 1'],
      ['import os', 'import io'],
    );
    expect(told).toMatch(/Edit 2: .* not in the program/);
    expect(told).toContain('Edit 3 searches nothing');
    expect(told).toContain('Edit 4');
    expect(told).not.toContain('Edit 1');
  });

  it('names the lines where a repeated line stands', () => {
    const told = refusal('a()\nb()\na()\n', ['a()', 'c()']);
    expect(told).toContain('there 2 times, at lines 1, 3');
  });

  it('shows what is most like a block that is not there, and which lines differ', () => {
    const told = refusal(PROGRAM, ['    model = Ridge(alpha=1.0)\n    model.fit(rows, labels)\n    return model', '']);
    expect(told).toContain(
      'from line 4 on:\n    model = Ridge(alpha=1.0)\n    model.fit(rows, target)\n    return model',
    );
    expect(told).toContain('Not there as searched:\nmodel.fit(rows, labels)');
    expect(refusal('a = 1\n', ['zzz(qqq)', ''])).toContain('No line of it is there');
  });

  it('edits that overlap', () => {
    const told = refusal(
      PROGRAM,
      ['    model = Ridge(alpha=1.0)\n    model.fit(rows, target)', '    model = one()'],
      ['    model.fit(rows, target)\n    return model', '    return one()'],
    );
    expect(told).toContain('Edit 2');
  });

  it('nothing, too much, and what changes nothing', () => {
    expect(refusal(PROGRAM)).toContain('no edit');
    expect(refusal(PROGRAM, ['max = 10', 'max = 10'])).toContain('stays as it is');
    expect(refusal(PROGRAM, ...Array.from({ length: 61 }, () => ['max = 10', 'max = 11'] as const))).toContain(
      '60 edits',
    );
    expect(refusal(PROGRAM, [' \n\t\n', 'x'])).toContain('searches nothing');
  });

  it('in no time, however large', () => {
    const lines = Array.from({ length: 5_000 }, (_, k) => `value_${k % 50} = compute(${k})`).join('\n');
    const started = performance.now();
    const told = refusal(
      lines,
      ...Array.from({ length: 60 }, (_, k) => [`value_${k} = compute(x)\n`.repeat(300), 'y'] as const),
    );
    expect(told.length).toBeLessThan(60_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('edits and programs in prose', () => {
  const reply = `<think>Maybe <<<<<<< SEARCH</think>I raise alpha,\nas planned.

\`\`\`python
<<<<<<< SEARCH
    model = Ridge(alpha=1.0)
=======
    model = Ridge(alpha=2.0)
>>>>>>> REPLACE
\`\`\`
and
<<<<<<< SEARCH
print("ready")
=======
>>>>>>> REPLACE
`;

  it('are found with and without fences', () => {
    expect(editBlocksIn(reply)).toEqual({
      edits: [
        { search: '    model = Ridge(alpha=1.0)', replace: '    model = Ridge(alpha=2.0)' },
        { search: 'print("ready")', replace: '' },
      ],
      cutOff: false,
    });
    expect(proseBefore(reply)).toBe('I raise alpha, as planned.');
  });

  it('are known to be cut off', () => {
    const cut = editBlocksIn(reply.slice(0, reply.lastIndexOf('=======')));
    expect(cut).toMatchObject({ edits: [{}], cutOff: true });
    expect(editBlocksIn('no block at all')).toEqual({ edits: [], cutOff: false });
  });

  it('the longest closed fence of Python is the program', () => {
    const text =
      'First\n```bash\npip install a b c d e f g\n```\n```python\nimport a\nb = 1\n```\n```py\nx\n```\n```python\ncut off and long';
    expect(fencedProgramIn(text)).toBe('import a\nb = 1');
    expect(fencedProgramIn('```json\n{"a": 1}\n```')).toBeUndefined();
  });
});
