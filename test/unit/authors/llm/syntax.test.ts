/** The gate before anything is paid to run: what is Python, what is not, and what a program should not need. */
import { describe, expect, it } from '@jest/globals';
import { suspicionsIn } from '../../../../src/authors/llm/syntax/suspicions.js';
import { syntaxProblems } from '../../../../src/authors/llm/syntax/syntax.js';

const VALID: Readonly<Record<string, string>> = {
  match:
    'match x:\n    case {"a": [1, *rest], **kw} if rest:\n        pass\n    case Point(x=0) | None:\n        pass\n',
  'match as a name': 'match = 1\nprint(match)\ntype = 3\ncase = 4\n',
  walrus: 'if (n := len(a)) > 10:\n    print(n)\n',
  'nested f-strings (3.12)': `x = f"{f"{1+1}"!r:>{width}}"\ny = f'{d['a']}'\n`,
  'f-string with braces': 'x = f"{{}} {a=!r:^{w}.{p}f} {b[\'c\']}"\n',
  'exception groups': 'try:\n    pass\nexcept* ValueError as e:\n    pass\n',
  'with in parentheses': 'with (open("a") as a, open("b") as b):\n    pass\n',
  'any decorator': '@buttons[0].clicked\n@(f := g)\ndef h(): pass\n',
  'PEP 646': 'def f[*Ts](*args: *Ts): ...\na[*b]\n',
  'PEP 695 and 696': 'type X[T] = list[T]\nclass A[T: int = bool]: ...\ndef f[T, **P](x: T) -> T: ...\n',
  'star return': 'def f():\n    return *a, b\n',
  'continued lines': 'a = 1 + \\\n    2\nb = (1,\n  2)\nc = [\n]\n',
  'strings of all kinds': `a = rb"\\x" + Rb'a' + u"" + r'\\\\'\nb = """it's "so" """ + '''"'''\n`,
  'comment at any indent': 'if a:\n    b\n          # far\n# near\n    c\n',
  'semicolons and one-liners': 'a = 1; b = 2\nif a: b\nwhile a: b; c\nclass X: pass\n',
  tabs: 'if a:\n\tb\n\tif c:\n\t\td\n',
  CRLF: 'if a:\r\n    b\r\n\r\nc\r\n',
  'form feed and mark of byte order': '\uFEFFimport a\n\x0c\nimport b\n',
  unicode: 'größe = "🙂"\n',
  'lambda, star, keyword': 'f = lambda x, *a, y=1, **k: (x, y)\nprint(*a, sep="", **k)\n',
  async: 'async def f():\n    async with a as b:\n        return [x async for x in y if await z]\n',
  'print alone': 'print\nprint (1)\nprint.x\n',
};

const INVALID: Readonly<Record<string, readonly [program: string, line: number]>> = {
  empty: [' \n', 1],
  'no colon': ['x = 1\nif a\n    b\n', 2],
  'no block': ['def f():\nx = 1\n', 2],
  'block at the end': ['def f():\n', 1],
  'dedent to nowhere': ['def f():\n        a\n    b\n', 3],
  'indent without reason': ['a = 1\n  b = 2\n', 2],
  'open bracket': ['a = (1,\nb = 2\nc = 3\n', 1],
  'open string': ['x = 1\na = "abc\nb = 1\n', 2],
  'open long string': ['x = 1\na = """abc\nb = 1\n', 2],
  'print of Python 2': ['print "a"\n', 1],
  assignment: ['if a = 1:\n    pass\n', 1],
  'closing bracket': ['a = 1\nb = )\n', 2],
  fence: ['```python\nimport a\n```\n', 1],
  prose: ['Here is the program:\n\nimport a\n', 1],
  'cut in the middle': ['import a\nmodel = Ridge(alpha=', 2],
};

describe('syntaxProblems', () => {
  it.each(Object.entries(VALID))('takes %s', (_name, program) => {
    expect(syntaxProblems(program)).toEqual([]);
  });

  it.each(Object.entries(INVALID))('finds %s, and where', (_name, [program, line]) => {
    const [first] = syntaxProblems(program);
    expect(first).toMatchObject({ line, what: expect.stringMatching(/\w/) });
  });

  it('tells of few problems, in order, and takes no longer for garbage', () => {
    const garbage = 'def class 1x "" ? $ :\n'.repeat(5_000);
    const started = performance.now();
    const problems = syntaxProblems(garbage);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(problems).toHaveLength(5);
    expect(problems.map(({ line }) => line)).toEqual(problems.map(({ line }) => line).toSorted((a, b) => a - b));
  });
});

describe('suspicionsIn', () => {
  const found = (program: string): readonly string[] =>
    suspicionsIn(program, { target: 'price' }).map(({ kind, line, what }) => `${kind} ${line}: ${what}`);

  it('finds nothing in an ordinary program', () => {
    const program = `"""Reads /data/nowhere and ../x in words only."""
import os
import numpy as np
import pandas as pd
os.environ["OMP_NUM_THREADS"] = "2"
train = pd.read_csv("input/train.csv")
test = pd.read_csv("./input/test.csv")
features = [name for name in test.columns if name != "id"]
drop_columns = ["price", "id"]
model.fit(train[features], train["price"])
scaler.fit_transform(train[features])
ratio = "a / b"
answer = model.predict(test[features])
`;
    expect(found(program)).toEqual([]);
  });

  it('finds what is fitted on rows to predict, under any name they are given', () => {
    const program =
      'a = 1\nscaler.fit(test[columns])\nboth = pd.concat([train, test])\nvectorizer.fit_transform(both.text)\nmodel.fit(train)\n';
    expect(found(program)).toEqual([
      'doubtful 2: fit is given rows of the test table',
      'doubtful 4: fit_transform is given rows of the test table',
    ]);
  });

  it('finds the target among features, paths, addresses, downloads and commands', () => {
    const program = `feature_columns = ["size", "price"]
pd.read_csv("../answers.csv")
open(f"/data/{name}/labels.csv")
import requests as r
from urllib.request import urlopen
model = AutoModel.from_pretrained("bert")
subprocess.run(["ls"])
`;
    expect(found(program)).toEqual([
      'doubtful 1: the target price is listed in feature_columns',
      'doubtful 2: it leaves its folder by ../answers.csv',
      'doubtful 3: it names the absolute path /data/{name}/labels.csv',
      'doubtful 4: it imports requests, and there is no network',
      'doubtful 5: it imports urllib, and there is no network',
      'doubtful 6: from_pretrained may need a download, and there is no network',
      'doubtful 7: it starts another program with subprocess.run',
    ]);
  });

  it('calls foul what no honest program does, first', () => {
    const program = `import socket
key = os.environ["OPENAI_API_KEY"]
other = os.getenv('AWS_SECRET')
open("/proc/1/environ").read()
pd.read_csv("/home/me/.cache/automlgen/data/prepared/x/hidden/labels.csv")
`;
    expect(found(program).map((line) => line.slice(0, 30))).toEqual([
      'foul 2: it reads the secret OP',
      'foul 3: it reads the secret AW',
      'foul 4: it names /proc/1/envir',
      'foul 5: it names /home/me/.cac',
      'doubtful 1: it imports socket,',
    ]);
  });

  it('reads programs that are not Python, and very long ones, without an exception', () => {
    expect(() => found('def (((\n"""open')).not.toThrow();
    const started = performance.now();
    found('x = concat([test, x])\nx.fit(x, "/a/b", f"{x}")\n'.repeat(5_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
