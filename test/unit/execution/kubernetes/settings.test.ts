/** What a worker reads about its cluster. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { listenAddress } from '../../../../src/execution/kubernetes/listen-address.js';
import { ClassSettings, loadKubernetesSettings } from '../../../../src/execution/kubernetes/settings.js';

const IMAGE = 'registry.example/runner:1';

function load(url: string, more: NodeJS.ProcessEnv = {}) {
  return loadKubernetesSettings({ AUTOMLGEN_KUBERNETES_IMAGE: IMAGE, AUTOMLGEN_ARTEFACT_URL: url, ...more });
}

test.each([
  ['http://fd00:10:96::a1:8790', 'http://[fd00:10:96::a1]:8790'],
  ['http://::ffff:10.0.0.1:8790/', 'http://[::ffff:10.0.0.1]:8790/'],
  ['http://[fd00::1]:8790', 'http://[fd00::1]:8790'],
  ['http://10.96.0.7:8790', 'http://10.96.0.7:8790'],
  ['https://artefacts.automlgen.svc:443/in', 'https://artefacts.automlgen.svc:443/in'],
])('the address of the artefact endpoint %s, as a URL', (given, wanted) => {
  expect(load(given).artefacts.url).toBe(wanted);
  expect(new URL(wanted).port === '' || given.includes(new URL(wanted).port)).toBe(true);
});

test('without a host the endpoint listens on every interface; what is no address is refused by its field', () => {
  expect(load('http://10.96.0.7:8790').artefacts.listen).toBe(':8790');
  expect(() => load('fd00::1')).toThrow('artefacts.url');
});

test.each([
  [':8790', '', 8790],
  ['127.0.0.1:8790', '127.0.0.1', 8790],
  ['worker-0.workers:65535', 'worker-0.workers', 65_535],
  ['[::]:8790', '::', 8790],
  ['[fd00:10:96::a1]:1', 'fd00:10:96::a1', 1],
])('the endpoint may listen on %s', (listen, host, port) => {
  const { artefacts } = load('http://10.96.0.7:8790', { AUTOMLGEN_ARTEFACT_LISTEN: listen });
  expect(artefacts.listen).toBe(listen);
  expect(listenAddress(listen)).toEqual({ host, port });
});

test.each([
  '8790',
  '127.0.0.1',
  ':',
  ':0',
  ':65536',
  ':08790x',
  '::1:8790',
  '[::1]',
  '[worker]:8790',
  'http://a:1',
  'a b:1',
  '-a:1',
])('listening on %s is refused with its value and with what to write', (listen) => {
  const wanted = {
    code: 'kubernetes-settings-invalid',
    message: expect.stringContaining(`artefacts.listen: "${listen}"`),
  };
  const tried = () => load('http://10.96.0.7:8790', { AUTOMLGEN_ARTEFACT_LISTEN: listen });
  expect(tried).toThrow(expect.objectContaining(wanted));
  expect(tried).toThrow(/write ":8790"/);
});

test('a port that YAML reads as a number is refused in the same words', () => {
  const folder = mkdtempSync(join(tmpdir(), 'automlgen-settings-'));
  try {
    const path = join(folder, 'kubernetes.yaml');
    writeFileSync(path, `image: ${IMAGE}\nartefacts: { listen: 8790, url: "http://10.96.0.7:8790" }\n`);
    expect(() => loadKubernetesSettings({ AUTOMLGEN_KUBERNETES: path })).toThrow(/artefacts\.listen: 8790 .*":8790"/);
    writeFileSync(path, `image: ${IMAGE}\nartefacts: { listen: ":8790", url: "http://10.96.0.7:8790" }\n`);
    expect(loadKubernetesSettings({ AUTOMLGEN_KUBERNETES: path }).artefacts.listen).toBe(':8790');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a name that is left empty is no name', () => {
  const names = [
    'image',
    'runtimeClassName',
    'priorityClassName',
    'schedulerName',
    'kueueQueue',
    'resourceClaimTemplate',
  ];
  const read = ClassSettings.parse(Object.fromEntries(names.map((name) => [name, ''])));
  expect(read).toEqual(ClassSettings.parse({}));
  const given = Object.fromEntries(names.map((name) => [name, 'one']));
  expect(ClassSettings.parse(given)).toMatchObject(given);
});
