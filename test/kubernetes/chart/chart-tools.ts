/** Helm, kubeconform, kubectl and a real API server, as far as they are here; a test that lacks one of them is skipped and says so. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: manifests of every kind
  readonly [field: string]: any;
}

const cache = process.env.AUTOMLGEN_CACHE ?? join(homedir(), '.cache', 'automlgen');
const tools = newest('chart-tools-');
const cluster = newest('k8s-v');

export const HELM = program('helm', tools);
export const KUBECONFORM = program('kubeconform', tools);
export const KUBECTL = program('kubectl', cluster);
/** Kubeconfig of the API server that the suite has started. */
export const KUBECONFIG = process.env.AUTOMLGEN_TEST_KUBERNETES
  ? join(process.env.AUTOMLGEN_TEST_KUBERNETES, 'admin.kubeconfig')
  : undefined;

export const CHART = 'helm/automlgen';
export const VALUES = ['--set', 'temporal.address=temporal.example:7233'];

/** What is missing, for the name of a skipped suite; empty when nothing is. See chart/tools.sh and tier/api-tier.sh. */
export function lacking(...names: readonly ('helm' | 'kubeconform' | 'cluster')[]): string {
  const has = { helm: HELM, kubeconform: KUBECONFORM, cluster: KUBECONFIG && KUBECTL };
  const missing = names.filter((name) => !has[name]);
  if (missing.length === 0) return '';
  return ` (skipped: no ${missing.join(', no ')})`;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function helm(...args: readonly string[]): Ran {
  return run(HELM, args);
}

export function kubectl(args: readonly string[], input?: string): Ran {
  return run(KUBECTL, ['--kubeconfig', KUBECONFIG ?? '', ...args], input);
}

/** @throws with Helm's own words. */
export function rendered(...args: readonly string[]): readonly KubernetesObject[] {
  const { status, stdout, stderr } = helm('template', 'automlgen', CHART, '--namespace', 'automlgen', ...args);
  if (status !== 0) throw new Error(stderr);
  return objectsIn(stdout);
}

export function objectsIn(yaml: string): readonly KubernetesObject[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object): object is KubernetesObject => object !== null);
}

/** Pod templates of everything that makes pods. */
export function podsOf(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.flatMap((object) => {
    if (object.kind === 'Pod') return [object];
    const template = object.spec?.template ?? object.spec?.jobTemplate?.spec?.template;
    if (!template) return [];
    const { name, namespace } = object.metadata;
    const claimed = (object.spec.volumeClaimTemplates ?? []).map((claim: KubernetesObject) => ({
      name: claim.metadata.name,
      emptyDir: {},
    }));
    const spec = { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claimed] };
    return [{ apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name, namespace }, spec }];
  });
}

function run(path: string | undefined, args: readonly string[], input?: string): Ran {
  const { status, stdout, stderr, error } = spawnSync(path ?? '', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    ...(input !== undefined && { input }),
    env: { ...process.env, HELM_CACHE_HOME: join(cache, 'helm'), HELM_CONFIG_HOME: join(cache, 'helm') },
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

function newest(prefix: string): string | undefined {
  if (!existsSync(cache)) return undefined;
  const folder = readdirSync(cache)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .at(-1);
  return folder && join(cache, folder);
}

function program(name: string, folder: string | undefined): string | undefined {
  const path = folder && join(folder, name);
  return path && existsSync(path) ? path : undefined;
}
