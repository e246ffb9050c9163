/** The committed rendering, checked without Helm: nothing was changed on one side only. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { chartFiles, OVERLAYS, RECORD } from '../../../bin/chart-files.mjs';
import { valuesTable, withTable } from '../../../bin/values-table.mjs';
import { ClassSettings, ENVIRONMENT, KubernetesSettings } from '../../../src/execution/kubernetes/settings.js';
import { OPERATIONS_ENVIRONMENT } from '../../../src/worker/operations.js';

const root = process.cwd();
const schema = JSON.parse(readFileSync('helm/automlgen/values.schema.json', 'utf8'));

test('k8s/ was rendered from this very chart; else: npm run render:k8s', () => {
  const recorded = JSON.parse(readFileSync(RECORD, 'utf8'));
  const now = chartFiles(root);
  expect(now.sources).toEqual(recorded.sources);
  expect(now.rendered).toEqual(recorded.rendered);
  expect(Object.keys(recorded.sources).length).toBeGreaterThan(15);
});

test('the table of values in docs/deploy.md is that of the chart; else: npm run render:k8s', () => {
  const text = readFileSync('docs/deploy.md', 'utf8');
  expect(withTable(text, valuesTable(root))).toBe(text);
  expect(text).toContain('| `classes.<class>.gpuResource` |');
});

test('every overlay names files that are there', () => {
  for (const name of ['base', ...OVERLAYS.map((overlay) => `overlays/${overlay}`)]) {
    const folder = join('k8s', name);
    const { resources } = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as { resources: string[] };
    for (const resource of resources)
      expect(`${resource}: ${existsSync(join(folder, resource))}`).toBe(`${resource}: true`);
    const files = readdirSync(folder).filter(
      (file) => file.endsWith('.yaml') && !/^(values|kustomization)\.yaml$/.test(file),
    );
    expect(resources).toEqual(expect.arrayContaining(files));
  }
});

test('the settings that the chart renders are settings that a worker accepts', () => {
  const map = parse(readFileSync('k8s/base/settings.yaml', 'utf8')) as { data: Record<string, string> };
  const settings = parse(map.data['kubernetes.yaml'] ?? '');
  settings.artefacts.url = 'http://10.0.0.1:8790';
  expect(KubernetesSettings.parse(settings)).toMatchObject({ namespace: 'automlgen-runs', data: { mode: 'fetch' } });
});

test('the janitor names a class that the settings have, and scaling never ends the last worker', () => {
  const janitor = parse(readFileSync('k8s/base/janitor.yaml', 'utf8'));
  const [container] = janitor.spec.jobTemplate.spec.template.spec.containers;
  const named = container.env.filter(({ name }: { name: string }) => name === 'AUTOMLGEN_EXECUTION_CLASS');
  const map = parse(readFileSync('k8s/base/settings.yaml', 'utf8')) as { data: Record<string, string> };
  expect(named).toHaveLength(1);
  expect(Object.keys(parse(map.data['kubernetes.yaml'] ?? '').classes)).toContain(named[0].value);
  expect(schema.properties.autoscaling.properties.minReplicas.minimum).toBe(1);
});

test('a class in the values has exactly the fields of a class in the settings', () => {
  const fields = Object.keys(z.toJSONSchema(ClassSettings, { io: 'input' }).properties ?? {}).sort();
  expect(Object.keys(schema.$defs.class.properties).sort()).toEqual(fields);
});

test('waiting times in the values are fields of the settings', () => {
  const fields = Object.keys(KubernetesSettings.shape);
  expect(fields).toEqual(expect.arrayContaining(Object.keys(schema.properties.jobs.properties)));
});

test('every value has a description, and every object refuses unknown names', () => {
  const faults: string[] = [];
  const visit = (node: Record<string, never>, path: string): void => {
    const { description, properties, additionalProperties, type } = node as Record<string, unknown>;
    if (!description) faults.push(`${path}: no description`);
    if (properties && additionalProperties !== false) faults.push(`${path}: takes unknown names`);
    if (!type) faults.push(`${path}: no type`);
    for (const [name, child] of Object.entries((properties as Record<string, never>) ?? {}))
      visit(child, `${path}.${name}`);
  };
  visit(schema, 'values');
  expect(faults).toEqual([]);
});

test('the workers are told nothing that no code reads', () => {
  const known = { ...ENVIRONMENT, ...OPERATIONS_ENVIRONMENT };
  const named = new Set(readFileSync('k8s/overlays/gpu/added.yaml', 'utf8').match(/\bAUTOMLGEN_[A-Z_]+\b/g));
  const others = ['AUTOMLGEN_CACHE', 'AUTOMLGEN_ARTEFACTS_SERVICE_HOST'];
  expect([...named].filter((name) => !(name in known) && !others.includes(name))).toEqual([]);
});

test('images copy what is there and ignore the rest', () => {
  const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n');
  for (const name of ['runner', 'worker']) {
    const text = readFileSync(`k8s/${name}/Dockerfile`, 'utf8').replaceAll(/\$\{LOCK\}/g, 'requirements.lock');
    const copied = [...text.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words = '']) =>
      words.split(' ').slice(0, -1),
    );
    const missing = copied.filter(
      (path) => !path.endsWith('*') && !tracked.some((file) => file === path || file.startsWith(`${path}/`)),
    );
    expect(missing).toEqual([]);
    const shown = readFileSync(`k8s/${name}/Dockerfile.dockerignore`, 'utf8');
    for (const path of copied.filter((one) => !one.endsWith('*'))) {
      const pattern = path.startsWith('python/requirements') ? '!python/requirements*.lock' : `!${path}`;
      expect(shown.split('\n')).toContain(pattern);
    }
    expect(text).toMatch(/^USER 10001:10001$/m);
    expect(text.slice(text.lastIndexOf('USER '))).not.toContain('RUN ');
    expect([...text.matchAll(/^ARG (?:PYTHON|BASE|NODE)=(.+)$/gm)].every(([, image = '']) => /:\d/.test(image))).toBe(
      true,
    );
  }
});

test('both locks of the runner image hold the same version of what both have', () => {
  const versions = (lock: string): Map<string, string> =>
    new Map(
      [...readFileSync(lock, 'utf8').matchAll(/^([a-z0-9-]+)==([^\s;\\]+)/gm)].map(([, name = '', version = '']) => [
        name,
        version,
      ]),
    );
  const [plain, cuda] = [versions('python/requirements.lock'), versions('python/requirements-cuda.lock')];
  const differing = [...plain].filter(([name, version]) => cuda.has(name) && cuda.get(name) !== version);
  expect(differing).toEqual([]);
  expect([...plain.keys()].filter((name) => !cuda.has(name))).toEqual(['xgboost-cpu']);
  expect(cuda.has('torch')).toBe(true);
});
