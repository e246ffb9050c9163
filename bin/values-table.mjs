// The table of the chart's values in docs/deploy.md, from values.schema.json and values.yaml: `npm run render:k8s` writes it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const BEGIN = '<!-- values: written by npm run render:k8s -->';
const END = '<!-- end of values -->';

export function writeValuesTable(root) {
  const path = join(root, 'docs/deploy.md');
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), valuesTable(root)));
}

/** @throws Error when the document has no place for it. */
export function withTable(text, table) {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('docs/deploy.md has no place for the table of values.');
  return `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`;
}

/** One line for each value that is no group; a class once, with `<class>` for its name. */
export function valuesTable(root) {
  const schema = JSON.parse(readFileSync(join(root, 'helm/automlgen/values.schema.json'), 'utf8'));
  const defaults = parse(readFileSync(join(root, 'helm/automlgen/values.yaml'), 'utf8'));
  const rows = [
    ...rowsOf(schema, defaults, ''),
    // What the chart's only class says; another class has the executor's own defaults.
    ...rowsOf(schema.$defs.class, defaults.classes.cpu, 'classes.<class>.').map(ofClassCpu),
  ].sort(([one], [other]) => one.localeCompare(other, 'en'));
  const lines = rows.map(([name, value, description]) => `| \`${name}\` | ${value} | ${description} |`);
  return ['', '| value | default | meaning |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

function ofClassCpu([name, value, description]) {
  return [name, value === '' ? '' : `${value} (\`cpu\`)`, description];
}

function rowsOf({ properties }, defaults, prefix) {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (name === 'classes' || name === 'global') return [];
    const value = defaults?.[name];
    if (schema.properties) return rowsOf(schema, value, `${prefix}${name}.`);
    return [[`${prefix}${name}`, shown(value), cell(schema)]];
  });
}

function shown(value) {
  if (value === undefined || value === '' || JSON.stringify(value) === '{}' || JSON.stringify(value) === '[]')
    return '';
  return `\`${plain(value)}\``;
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join(', ');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, held]) => `${name}: ${plain(held)}`)
    .join(', ');
}

function cell({ description, enum: values }) {
  const choice = values
    ? ` One of ${values
        .filter(Boolean)
        .map((value) => `\`${value}\``)
        .join(', ')}.`
    : '';
  return `${description}${choice}`.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
