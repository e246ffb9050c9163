/** The namespace of the programs: that it exists, refuses privileged pods, closes the network, and has room. */
import { ApiError } from '../execution/kubernetes/api-error.js';
import type { Gateway } from '../execution/kubernetes/gateway.js';
import type { ObjectMeta } from '../execution/kubernetes/objects.js';
import type { KubernetesSettings } from '../execution/kubernetes/settings.js';
import type { Finding } from './doctor-checks.js';

type Api = Pick<Gateway, 'request'>;
type Level = Finding['level'];

const ENFORCE = 'pod-security.kubernetes.io/enforce';

export async function checkNamespace(api: Api, settings: KubernetesSettings): Promise<readonly Finding[]> {
  const { namespace } = settings;
  const found = await Promise.all([
    looked(`namespace ${namespace}`, () => podSecurity(api, namespace)),
    looked('network policies', () => networkPolicies(api, namespace)),
    looked('quota', () => quotas(api, namespace)),
    looked('volume', () => volume(api, settings)),
  ]);
  return found.flat();
}

function finding(level: Level, found: string, fix?: string): Finding {
  return { about: 'kubernetes', level, found, ...(fix !== undefined && { fix }) };
}

/** A worker has no right to look at most of this, and needs none. */
async function looked(what: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    return [finding('fine', `${what}: not looked at, this identity has no right to`)];
  }
}

async function podSecurity(api: Api, namespace: string): Promise<readonly Finding[]> {
  try {
    const { metadata } = await api.request<{ readonly metadata: ObjectMeta }>(`/api/v1/namespaces/${namespace}`);
    const level = metadata.labels?.[ENFORCE];
    if (level === 'restricted') return [finding('fine', `namespace ${namespace} enforces PodSecurity restricted`)];
    const fix = `kubectl label --overwrite namespace ${namespace} ${ENFORCE}=restricted`;
    return [finding('warning', `namespace ${namespace} enforces PodSecurity ${level ?? 'nothing'}`, fix)];
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    return [finding('blocked', `there is no namespace ${namespace}`, `kubectl create namespace ${namespace}`)];
  }
}

interface NetworkPolicy {
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: unknown; readonly matchExpressions?: unknown };
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly unknown[];
    readonly egress?: readonly unknown[];
  };
}

/** Policies add up, so one that selects every pod and allows nothing is a default deny. */
async function networkPolicies(api: Api, namespace: string): Promise<readonly Finding[]> {
  const { items } = await api.request<{ readonly items: readonly NetworkPolicy[] }>(
    `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
  );
  const forAll = items.filter(({ spec }) => !spec.podSelector.matchLabels && !spec.podSelector.matchExpressions);
  const closed = (type: string, rules: 'ingress' | 'egress'): boolean =>
    forAll.some(({ spec }) => spec.policyTypes?.includes(type) && !spec[rules]?.length);
  const open = [
    ...(closed('Egress', 'egress') ? [] : ['outwards']),
    ...(closed('Ingress', 'ingress') ? [] : ['inwards']),
  ];
  if (open.length > 0) {
    const found = `no network policy of ${namespace} denies everything ${open.join(' and ')}`;
    return [finding('warning', found, 'kubectl apply -f k8s/base/network-policies.yaml')];
  }
  return [finding('fine', `${items.length} network policies, default deny; --try finds out whether they are enforced`)];
}

interface Quota {
  readonly metadata: ObjectMeta;
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

async function quotas(api: Api, namespace: string): Promise<readonly Finding[]> {
  const { items } = await api.request<{ readonly items: readonly Quota[] }>(
    `/api/v1/namespaces/${namespace}/resourcequotas`,
  );
  if (items.length === 0) {
    const fix = `kubectl create quota automlgen -n ${namespace} --hard=pods=64`;
    return [finding('warning', `no quota in ${namespace}: programs may take the whole cluster`, fix)];
  }
  return items.map(({ metadata, status }) => {
    const { hard = {}, used = {} } = status ?? {};
    const full = Object.keys(hard).filter((name) => Number(hard[name]) > 0 && used[name] === hard[name]);
    const pods = `${used.pods ?? '0'} of ${hard.pods ?? 'any number of'} pods`;
    if (full.length === 0) return finding('fine', `quota ${metadata.name}: ${pods}`);
    const fix = `kubectl describe quota ${metadata.name} -n ${namespace}`;
    return finding('warning', `quota ${metadata.name} is used up: ${full.join(', ')}; further programs wait`, fix);
  });
}

interface Claim {
  readonly status?: { readonly phase?: string };
  readonly spec?: { readonly accessModes?: readonly string[] };
}

async function volume(api: Api, { data, namespace }: KubernetesSettings): Promise<readonly Finding[]> {
  if (data.mode === 'fetch')
    return [finding('fine', 'data is fetched from the artefact endpoint; no volume is needed')];
  try {
    const claim = await api.request<Claim>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${data.claim}`);
    const modes = claim.spec?.accessModes ?? [];
    const fix = `kubectl describe pvc ${data.claim} -n ${namespace}`;
    if (claim.status?.phase !== 'Bound')
      return [finding('warning', `volume ${data.claim} is ${claim.status?.phase ?? 'unknown'}, not bound`, fix)];
    if (modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod'))
      return [finding('warning', `volume ${data.claim} is ${modes.join(', ')}: all programs must run on one machine`)];
    return [finding('fine', `volume ${data.claim} is bound, ${modes.join(', ')}`)];
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    return [
      finding('blocked', `there is no volume claim ${data.claim} in ${namespace}`, 'Make it; docs/deploy.md says how.'),
    ];
  }
}
