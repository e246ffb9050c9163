// The search and its tests as plain scripts in one process: compiled once, evaluated afresh as often as wanted, so that a mutant in the value
// of a constant is seen and nothing that one mutant left behind reaches the next.

import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Script } from 'node:vm';
import { transformSync } from '@swc/core';

const require = createRequire(import.meta.url);
const { expect } = createRequire(require.resolve('@jest/globals/package.json'))('expect');

/** Suites whose subject is the search, the quick ones first. Those of times and of whole tournaments are left out: no mutant should cost seconds. */
const SUITES = ['test/unit/search', 'test/unit/search/policies', 'test/golden/search', 'test/property/search'];
const LEFT_OUT = /\/(speed|landscape)\.test\.ts$/;

/** Gives a function that evaluates all suites below `root` and returns their tests in order. */
export function loadSuites(root) {
  const scripts = new Map();
  const suites = SUITES.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(root, folder, name)),
  ).filter((path) => !LEFT_OUT.test(path));
  return () => {
    const modules = new Map();
    return suites.flatMap((suite) => {
      const tests = [];
      const globals = collector(relative(root, suite), tests);
      evaluate(suite, { scripts, modules, globals: new Map([['@jest/globals', globals]]) });
      return tests;
    });
  };
}

/** One module and all it imports; relative imports are sources, all others come from the real package. */
function evaluate(path, world) {
  const known = world.modules.get(path);
  if (known) return known.exports;
  const module = { exports: {} };
  world.modules.set(path, module);
  const requireFrom = (name) => {
    if (name.startsWith('.')) return evaluate(sourceOf(join(dirname(path), name)), world);
    return world.globals.get(name) ?? require(name);
  };
  compiled(path, world.scripts).runInThisContext()(module.exports, requireFrom, module, path, dirname(path));
  return module.exports;
}

function sourceOf(path) {
  const source = path.replace(/\.js$/, '.ts');
  return existsSync(source) ? source : path;
}

function compiled(path, scripts) {
  const known = scripts.get(path);
  if (known) return known;
  const code = translated(path);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, {
    filename: path,
  });
  scripts.set(path, script);
  return script;
}

/** Kept beside the source, which lies in a sandbox that is thrown away: a runner that was stopped for an endless loop is back at once. */
function translated(path) {
  const kept = `${path}.translated`;
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { code } = transformSync(readFileSync(path, 'utf8'), {
    filename: path,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  writeFileSync(`${kept}.${process.pid}`, code);
  renameSync(`${kept}.${process.pid}`, kept);
  return code;
}

/** What the tests use of Jest: `test`, `test.each` and `describe` collect, `expect` is Jest's own. */
function collector(file, tests) {
  const names = [];
  const test = (name, run) => {
    const title = [...names, name].join(' › ');
    const twins = tests.filter((other) => other.title === title).length;
    tests.push({ id: `${file}: ${title}${twins > 0 ? ` (${twins + 1})` : ''}`, title, file, run });
  };
  const describe = (name, body) => {
    names.push(name);
    body();
    names.pop();
  };
  test.each = (rows) => (name, run) => {
    for (const [place, row] of rows.entries()) {
      const values = Array.isArray(row) ? row : [row];
      test(`${name} [${place}]`, () => run(...values));
    }
  };
  return { test, describe, expect };
}
