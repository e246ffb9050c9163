/** What a worker reads about its cluster. */
import { expect, test } from '@jest/globals';
import { loadKubernetesSettings } from '../../../../src/execution/kubernetes/settings.js';

const IMAGE = 'registry.example/runner:1';

function load(url: string) {
  return loadKubernetesSettings({ AUTOMLGEN_KUBERNETES_IMAGE: IMAGE, AUTOMLGEN_ARTEFACT_URL: url });
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
