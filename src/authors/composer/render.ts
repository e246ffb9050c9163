/** Turns a plan into one ordinary Python program: what a person would have written for this task, and nothing else. */

import type { Catalogue } from './catalogue.js';
import { describe } from './describe.js';
import { type Facts, flagsOf } from './facts.js';
import { printedMetric } from './metric-text.js';
import type { Plan, Step } from './plan.js';
import { imports, literal, sequence } from './python-text.js';
import { renderBody } from './render-body.js';
import { type RenderedMember, renderMembers } from './render-member.js';
import { expand, type SectionName } from './template.js';

/** Expands sections of a step for one plan; the only way from a component to text. */
export interface Renderer {
  readonly facts: Facts;
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  section(step: Step, name: SectionName, extra?: Readonly<Record<string, string>>): readonly string[];
}

export function createRenderer(plan: Plan, facts: Facts, catalogue: Catalogue): Renderer {
  const base = flagsOf(facts, plan);
  const bagged = plan.ensemble.length > 0 && plan.members.length === 1;
  const section: Renderer['section'] = (step, name, extra = {}) => {
    const values = { seed: bagged ? 'seed' : 'SEED', cpus: 'THREADS', ...literals(step), ...extra };
    return expand(
      catalogue.get(step.component).sections.get(name),
      new Set([...base, ...switches(step, plan)]),
      values,
    );
  };
  return { facts, plan, catalogue, section };
}

/** A complete program; ends with a newline. The same plan, card and limits give the same bytes. */
export function render(plan: Plan, facts: Facts, catalogue: Catalogue): string {
  const renderer = createRenderer(plan, facts, catalogue);
  const members = renderMembers(renderer);
  const body = renderBody(renderer, members);
  const functions = functionsOf(renderer, members);
  const code = [...functions, ...body].join('\n');
  const constants = constantsOf(renderer, code);
  const sections = [
    [docstring(plan, facts, catalogue)],
    importsOf(renderer, members, [...constants, code].join('\n')),
    constants,
  ].map((lines) => lines.join('\n'));
  return `${[...sections, ''].join('\n\n')}\n${functions.join('\n')}\n\n\n${body.join('\n')}\n`.replaceAll(
    /\n{4,}/g,
    '\n\n\n',
  );
}

function docstring(plan: Plan, facts: Facts, catalogue: Catalogue): string {
  const what = facts.targets.length > 0 ? `${facts.targets.length} targets, one after the other` : facts.card.target;
  const title = `Predict ${what} (${facts.card.metric}): ${describe(plan, catalogue)}.`;
  const safe = title.replaceAll('\\', '/').replaceAll('"', "'");
  return `"""${wrapWords(safe, 84).join('\n')}${safe.length > 82 ? '\n' : ''}"""`;
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function literals(step: Step): Record<string, string> {
  return Object.fromEntries(Object.entries(step.params).map(([name, value]) => [name, literal(value)]));
}

/** A true boolean is a flag by its name, a choice by `name_value`. */
function switches(step: Step, plan: Plan): readonly string[] {
  return Object.entries(step.params).flatMap(([name, value]) => {
    if (value === true) return name === 'balanced' && plan.objective === 'regression' ? [] : [name];
    return typeof value === 'string' ? [`${name}_${value.replaceAll(/\W/g, '_')}`] : [];
  });
}

function allSteps({ plan }: Renderer, members: readonly RenderedMember[]): readonly Step[] {
  return [plan.load, ...members.flatMap((member) => member.steps), ...plan.calibrate, ...plan.ensemble, ...plan.post];
}

function importsOf(renderer: Renderer, members: readonly RenderedMember[], code: string): readonly string[] {
  const lines = allSteps(renderer, members).flatMap((step) => renderer.section(step, 'imports'));
  const always = ['from pathlib import Path', 'import pandas as pd', ...printedMetric(renderer.facts.card).imports];
  const wanted = [...always, ...lines, ...members.flatMap((member) => member.imports), ...KNOWN_IMPORTS];
  return imports(usedImports(wanted, code));
}

/** Imported when the code names them; sections need not repeat these. */
const KNOWN_IMPORTS = [
  'import numpy as np',
  'from sklearn.model_selection import train_test_split',
  'from sklearn.model_selection import GroupShuffleSplit',
  'from sklearn.pipeline import make_pipeline',
  'from scipy.sparse import hstack',
];

function usedImports(lines: readonly string[], code: string): readonly string[] {
  return lines.flatMap((line) => {
    const plain = /^import \S+(?: as (\w+))?$/.exec(line.trim());
    if (plain) return new RegExp(`\\b${plain[1] ?? line.trim().split(' ')[1]}\\b`).test(code) ? [line] : [];
    const [, module, names = ''] = /^from (\S+) import (.+)$/.exec(line.trim()) ?? [];
    const used = names.split(', ').filter((name) => new RegExp(`(?<![.\\w])${name}\\b`).test(code));
    return used.length === 0 ? [] : [`from ${module} import ${used.join(', ')}`];
  });
}

function functionsOf(renderer: Renderer, members: readonly RenderedMember[]): readonly string[] {
  const helpers = allSteps(renderer, members).map((step) => renderer.section(step, 'functions'));
  const blocks = [...helpers, ...members.flatMap((member) => member.functions)].filter((lines) => lines.length > 0);
  const unique = [...new Map(blocks.map((lines) => [lines.join('\n'), lines])).values()];
  return unique.flatMap((lines, index) => (index === 0 ? lines : ['', '', ...lines]));
}

function constantsOf(renderer: Renderer, code: string): readonly string[] {
  const { card, textColumns, dateColumns, ignored } = renderer.facts;
  const plain = [card.idColumn, ...ignored, ...textColumns];
  const all: readonly (readonly [string, readonly string[]])[] = [
    ['ID', [`ID = ${literal(card.idColumn)}`]],
    ['TARGET', [`TARGET = ${literal(card.target)}`]],
    ['TARGETS', sequence('TARGETS = [', renderer.facts.targets.map(literal), ']')],
    ['CLASSES', classesOf(renderer)],
    ['COLUMNS', sequence('COLUMNS = [', renderer.facts.task.submissionColumns.map(literal), ']')],
    ['GROUP', [`GROUP = ${literal(card.group ?? '')}`]],
    ['TIME', [`TIME = ${literal(card.time ?? '')}`]],
    [
      'TEXT',
      textColumns.length === 1
        ? [`TEXT = ${literal(textColumns[0] ?? '')}`]
        : sequence('TEXT = [', textColumns.map(literal), ']'),
    ],
    ['DATES', sequence('DATES = [', dateColumns.map(literal), ']')],
    ['IMAGE', [`IMAGE = ${literal(card.image?.column ?? '')}`]],
    ['NOT_FEATURES', sequence('NOT_FEATURES = [', [...new Set(plain)].map(literal), ']')],
    ['SEED', [`SEED = ${42 + renderer.plan.seed}`]],
    ['SEEDS', bagSeeds(renderer.plan)],
    ['THREADS', [`THREADS = ${renderer.facts.cpus}`]],
  ];
  const own = renderer.plan.load ? renderer.section(renderer.plan.load, 'constants', imageValues(renderer)) : [];
  const used = all.filter(([name]) => new RegExp(`\\b${name}\\b`).test(code)).flatMap(([, lines]) => lines);
  return [...used, ...own];
}

function imageValues({ facts }: Renderer): Record<string, string> {
  const { image } = facts.card;
  if (!image) return {};
  const scale = Math.min(1, 64 / Math.max(image.width, image.height));
  const size = `(${Math.round(image.width * scale)}, ${Math.round(image.height * scale)})`;
  return { folder: literal(image.folder), suffix: literal(image.suffix), size };
}

function bagSeeds(plan: Plan): readonly string[] {
  const count = Number(plan.ensemble[0]?.params.seeds ?? 3);
  return [`SEEDS = range(${42 + plan.seed}, ${42 + plan.seed + count})`];
}

function classesOf({ facts }: Renderer): readonly string[] {
  return sequence('CLASSES = [', (facts.card.classes ?? []).map(literal), ']');
}
