// `npm run render:k8s`: writes k8s/ from helm/automlgen. The base is the chart with k8s/base/values.yaml, one file for each template;
// an overlay is what its own values.yaml adds to that or changes in it, as a Kustomize overlay; and the table of values in
// docs/deploy.md. HELM names the program (default: helm).

import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, stringify } from 'yaml';
import { chartFiles, OVERLAYS, RECORD } from './chart-files.mjs';
import { writeValuesTable } from './values-table.mjs';

const HEAD =
  '# Rendered by `npm run render:k8s` from helm/automlgen. Change the chart or values.yaml, then render again.\n';
/** Written by hand, beside what is rendered. */
const OWN = new Set(['values.yaml', 'servers.yaml', 'queues.yaml', 'runtime-class.yaml']);

export function renderAll(root, helm = process.env.HELM ?? 'helm') {
  const base = renderObjects(root, helm, ['k8s/base/values.yaml']);
  writeBase(join(root, 'k8s', 'base'), base);
  for (const name of OVERLAYS) {
    const values = ['k8s/base/values.yaml', `k8s/overlays/${name}/values.yaml`];
    writeOverlay(join(root, 'k8s', 'overlays', name), base, renderObjects(root, helm, values));
  }
  writeFileSync(join(root, RECORD), `${JSON.stringify(chartFiles(root), null, 2)}\n`);
}

/** `{ source, key, text, value }` of each object, in Helm's order. */
export function renderObjects(root, helm, values) {
  const files = values.flatMap((path) => ['--values', join(root, path)]);
  const args = [
    'template',
    'automlgen',
    join(root, 'helm/automlgen'),
    '--namespace',
    'automlgen',
    '--no-hooks',
    ...files,
  ];
  const { status, stdout, stderr, error } = spawnSync(helm, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error || status !== 0)
    throw new Error(error ? `${helm} cannot be started: ${error.message}` : `helm: ${stderr.trim()}`);
  return stdout
    .split(/^---\n/m)
    .map((text) => ({ source: basename(/^# Source: (.+)$/m.exec(text)?.[1] ?? ''), text }))
    .flatMap(({ source, text }) =>
      parseAllDocuments(text).flatMap((document) => {
        const value = document.toJS();
        return value ? [{ source, key: keyOf(value), text: withoutMarks(text), value }] : [];
      }),
    );
}

function keyOf({ kind, metadata }) {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Helm's own marks say nothing true about objects that Kustomize applies. */
function withoutMarks(text) {
  const marks = /^# Source: .+\n|^ *helm\.sh\/chart: .+\n|^ *app\.kubernetes\.io\/managed-by: "Helm"\n/gm;
  return `${text.replace(marks, '').trim()}\n`;
}

function writeBase(folder, objects) {
  clear(folder);
  const sources = [...new Set(objects.map(({ source }) => source))];
  for (const source of sources) {
    const texts = objects.filter((object) => object.source === source).map(({ text }) => text);
    writeFileSync(join(folder, source), HEAD + texts.join('---\n'));
  }
  writeKustomization(folder, { resources: sources });
}

/** What an overlay changes is written as JSON patches: exact, and as short as the change. */
function writeOverlay(folder, base, objects) {
  clear(folder);
  const before = new Map(base.map(({ key, value }) => [key, value]));
  const added = objects.filter(({ key }) => !before.has(key));
  const patches = objects
    .filter(({ key }) => before.has(key))
    .map(({ key, value }) => ({ value, steps: stepsFrom(before.get(key), value, '') }))
    .filter(({ steps }) => steps.length > 0)
    .map(({ value, steps }) => ({ target: targetOf(value), patch: stringify(steps, { lineWidth: 0 }) }));
  const own = readdirSync(folder).filter((name) => OWN.has(name) && name !== 'values.yaml');
  if (added.length > 0) writeFileSync(join(folder, 'added.yaml'), HEAD + added.map(({ text }) => text).join('---\n'));
  writeKustomization(folder, {
    resources: ['../../base', ...(added.length > 0 ? ['added.yaml'] : []), ...own],
    ...(patches.length > 0 && { patches }),
  });
}

function targetOf({ kind, metadata: { name, namespace } }) {
  return { kind, name, ...(namespace && { namespace }) };
}

/** RFC 6902 steps that turn `from` into `to`. */
function stepsFrom(from, to, path) {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const bothLists = Array.isArray(from) && Array.isArray(to) && from.length === to.length;
  if (!bothLists && !(isMap(from) && isMap(to))) return [{ op: 'replace', path, value: to }];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) => {
    const place = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!(name in to)) return [{ op: 'remove', path: place }];
    return name in from ? stepsFrom(from[name], to[name], place) : [{ op: 'add', path: place, value: to[name] }];
  });
}

function isMap(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function clear(folder) {
  for (const name of readdirSync(folder)) if (name.endsWith('.yaml') && !OWN.has(name)) rmSync(join(folder, name));
}

function writeKustomization(folder, content) {
  const head = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' };
  writeFileSync(join(folder, 'kustomization.yaml'), HEAD + stringify({ ...head, ...content }, { lineWidth: 0 }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const root = fileURLToPath(new URL('..', import.meta.url));
    writeValuesTable(root);
    renderAll(root);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
