// What the committed rendering in k8s/ was made from and consists of: paths with the SHA-256 of their bytes. No program is needed.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The list that `node bin/render-k8s.mjs` leaves and a test compares. */
export const RECORD = 'k8s/rendered.json';

export const OVERLAYS = ['dev', 'gpu', 'kueue', 'gvisor'];

/** `sources`: the chart and the values; `rendered`: everything else that Kustomize reads. */
export function chartFiles(root) {
  const values = ['base', ...OVERLAYS.map((name) => `overlays/${name}`)].map((folder) =>
    join('k8s', folder, 'values.yaml'),
  );
  const rendered = filesOf(root, 'k8s').filter(
    (path) => /^k8s\/(base|overlays)\/.*\.yaml$/.test(path) && !values.includes(path),
  );
  return {
    sources: hashes(root, [...filesOf(root, 'helm/automlgen'), ...values]),
    rendered: hashes(root, rendered),
  };
}

function hashes(root, paths) {
  const entries = paths
    .filter((path) => existsSync(join(root, path)))
    .sort()
    .map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest('hex'),
    ]);
  return Object.fromEntries(entries);
}

function filesOf(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
