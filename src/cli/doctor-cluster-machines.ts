/** The machines: whether each class of programs has one that could take it, and whether the image is pinned and there. */
import { ApiError } from '../execution/kubernetes/api-error.js';
import type { Gateway } from '../execution/kubernetes/gateway.js';
import type { ObjectMeta } from '../execution/kubernetes/objects.js';
import type { ClassSettings, KubernetesSettings } from '../execution/kubernetes/settings.js';
import type { Finding } from './doctor-checks.js';

export interface Machine {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    /** An image without a name, such as one that was replaced, has null. */
    readonly images?: readonly { readonly names?: readonly string[] | null }[];
  };
}

export async function checkMachines(
  api: Pick<Gateway, 'request'>,
  settings: KubernetesSettings,
): Promise<readonly Finding[]> {
  try {
    const { items } = await api.request<{ readonly items: readonly Machine[] }>('/api/v1/nodes');
    const classes = Object.entries(settings.classes);
    const images = new Set(classes.map(([, machine]) => machine.image ?? settings.image));
    return [
      ...classes.map(([name, machine]) => classFinding(name, machine, items)),
      ...[...images].map((image) => imageFinding(image, items)),
    ];
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    const found = 'machines and GPUs: not looked at, this identity has no right to';
    return [{ about: 'kubernetes', level: 'fine', found }];
  }
}

/** Of what a machine offers, not of what is free now: a full cluster is no fault. Claims of dynamic allocation are not counted. */
export function classFinding(name: string, machine: ClassSettings, machines: readonly Machine[]): Finding {
  const { gpus, gpuResource, resourceClaimTemplate } = machine;
  const selected = machines.filter((node) => !node.spec?.unschedulable && hasLabels(node, machine.nodeSelector));
  const counted = gpus > 0 && resourceClaimTemplate === undefined;
  const able = selected.filter((node) => fits(node, machine, counted));
  const devices = selected.reduce((sum, node) => sum + quantity(node.status?.allocatable?.[gpuResource]), 0);
  const offer = counted ? `, ${devices} ${gpuResource}` : '';
  if (able.length > 0) {
    return {
      about: 'kubernetes',
      level: 'fine',
      found: `class ${name}: ${able.length} of ${machines.length} machines can take its programs${offer}`,
    };
  }
  const wish = [
    `${machine.cpus} cores`,
    `${machine.memoryMiB + machine.shmMiB} MiB`,
    ...(counted ? [`${gpus} ${gpuResource}`] : []),
  ].join(', ');
  const selector = Object.entries(machine.nodeSelector).map(([key, value]) => `${key}=${value}`);
  const among = selector.length > 0 ? ` with ${selector.join(', ')}` : '';
  const fix =
    counted && devices === 0
      ? `Install the device plugin, or name the resource that \`kubectl get nodes -o jsonpath='{.items[*].status.allocatable}'\` shows.`
      : `Lower cpus or memoryMiB of class ${name}, or add a machine: kubectl describe nodes${selector.length > 0 ? ` -l ${selector.join(',')}` : ''}`;
  return { about: 'kubernetes', level: 'warning', found: `class ${name}: no machine${among} has ${wish}`, fix };
}

export function imageFinding(image: string, machines: readonly Machine[]): Finding {
  const there = machines.filter((node) =>
    node.status?.images?.some(({ names }) => names?.some((name) => isImage(name, image))),
  ).length;
  const found = `image ${image}: on ${there} of ${machines.length} machines${there < machines.length ? '; the others pull it' : ''}`;
  if (image.includes('@sha256:')) return { about: 'kubernetes', level: 'fine', found };
  return {
    about: 'kubernetes',
    level: 'fine',
    found: `${found}; named by tag, a digest would pin it`,
  };
}

/** Nodes write the registry that a short name leaves out. */
function isImage(name: string, image: string): boolean {
  return name === image || name === `docker.io/${image}` || name === `docker.io/library/${image}`;
}

function hasLabels(node: Machine, selector: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => node.metadata.labels?.[key] === value);
}

function fits(node: Machine, machine: ClassSettings, counted: boolean): boolean {
  const has = node.status?.allocatable ?? {};
  return (
    quantity(has.cpu) >= machine.cpus &&
    quantity(has.memory) >= (machine.memoryMiB + machine.shmMiB) * 2 ** 20 &&
    (!counted || quantity(has[machine.gpuResource]) >= machine.gpus)
  );
}

const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity as a number; absent or unreadable: 0. */
export function quantity(text: string | undefined): number {
  const [, digits, unit = ''] = /^([0-9.]+(?:e[0-9]+)?)([a-zA-Z]*)$/.exec(text ?? '') ?? [];
  if (digits === undefined) return 0;
  return Number(digits) * (unit === '' ? 1 : (FACTORS[unit] ?? 0));
}
