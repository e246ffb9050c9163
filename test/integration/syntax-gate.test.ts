/** The gate of syntax against Python's own compiler, on its standard library and on some hundred ways to spoil it. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { syntaxProblems } from '../../src/authors/llm/syntax/syntax.js';

const python = process.env.AUTOMLGEN_PYTHON;
const withPython = python === undefined ? describe.skip : describe;

/** Prints programs with what `compile` says of them: modules as they are, and each spoilt three times by seeded mutations. */
const CORPUS = `
import json, pathlib, random, sysconfig, warnings
warnings.simplefilter("ignore")
folder = pathlib.Path(sysconfig.get_path("stdlib"))
files = sorted(path for path in folder.glob("*.py") if 1000 < path.stat().st_size < 12000)[:60]
draw = random.Random(7)

def compiles(text):
    try:
        compile(text, "program", "exec")
        return True
    except (SyntaxError, ValueError):
        return False

def spoilt(text):
    kind = draw.choice(["sign", "colon", "indent", "dedent", "cut", "join", "fence", "prose"])
    lines = text.split("\\n")
    at = draw.randrange(len(lines))
    if kind == "sign":
        place = draw.choice([k for k, letter in enumerate(text) if letter in "()[]{}\\"'"])
        return text[:place] + text[place + 1:]
    if kind == "colon":
        at = draw.choice([k for k, line in enumerate(lines) if line.rstrip().endswith(":")] or [at])
        lines[at] = lines[at].rstrip()[:-1]
    if kind == "indent":
        lines[at] = "  " + lines[at]
    if kind == "dedent":
        lines[at] = lines[at][1:] if lines[at].startswith(" ") else lines[at]
    if kind == "cut":
        return text[:draw.randrange(len(text))]
    if kind == "join":
        lines[at:at + 2] = [" ".join(line.strip() for line in lines[at:at + 2])]
    if kind == "fence":
        return "\`\`\`python\\n" + text + "\\n\`\`\`"
    if kind == "prose":
        return "Here is the improved program:\\n\\n" + text
    return "\\n".join(lines)

texts = []
for path in files:
    text = path.read_text(encoding="utf-8", errors="replace")
    texts += [text] + [spoilt(text) for _ in range(3)]
print(json.dumps([[text, compiles(text)] for text in texts]))
`;

withPython('the gate of syntax', () => {
  it('lets nearly every valid program pass and stops nearly every invalid one', () => {
    const { stdout, stderr } = spawnSync(python!, ['-c', CORPUS], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (stdout === '') throw new Error(stderr);
    const corpus = z.array(z.tuple([z.string(), z.boolean()])).parse(JSON.parse(stdout));
    const complaints = (valid: boolean) => {
      const programs = corpus.filter(([, compiles]) => compiles === valid);
      return {
        of: programs.length,
        share: programs.filter(([text]) => syntaxProblems(text).length > 0).length / programs.length,
      };
    };
    const [valid, invalid] = [complaints(true), complaints(false)];
    expect(valid.of).toBeGreaterThan(60);
    expect(invalid.of).toBeGreaterThan(80);
    expect(valid.share).toBeLessThan(0.03);
    expect(invalid.share).toBeGreaterThan(0.95);
  }, 60_000);
});
