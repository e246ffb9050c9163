/**
 * What a worker has to know about its cluster: a YAML file named by AUTOMLGEN_KUBERNETES, single values overridden by the
 * environment. docs/settings.md has the table; the chart renders the file.
 */
import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../domain/errors.js';
import { listenAddress } from './listen-address.js';

const Label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
/** An empty text is what a template leaves of a value that is not set. */
const OptionalName = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional();
const KubernetesObject = z.record(z.string(), z.unknown());

/** Kubernetes tells the address of a Service without the brackets that an IPv6 address has in a URL. */
function bracketed(url: unknown): unknown {
  return typeof url === 'string'
    ? url.replace(/^(https?:\/\/)([0-9a-f]*:[0-9a-f.:]*):(\d+)(?=\/|$)/i, '$1[$2]:$3')
    : url;
}

/** A port that the system picks would be one that no pod knows. */
function isListenable(text: string): boolean {
  return (listenAddress(text)?.port ?? 0) > 0;
}

function notListenable({ input }: { readonly input?: unknown }): string {
  return `${JSON.stringify(input)} is no address to listen on; write ":8790", "127.0.0.1:8790" or "[::]:8790"`;
}

/** One kind of machine that programs run on; its task queue is `execute-<name>`. */
export const ClassSettings = z.strictObject({
  slots: z.number().int().positive().default(2).describe('Jobs of this class that exist at the same time.'),
  cpus: z.number().positive().default(2).describe('Cores requested for one program.'),
  memoryMiB: z.number().int().min(256).default(4096).describe('Memory of one program, without /dev/shm.'),
  diskMiB: z.number().int().min(64).default(8192).describe('What one program may write.'),
  shmMiB: z.number().int().min(16).default(512).describe('Size of /dev/shm; counts towards the memory of the pod.'),
  pids: z.number().int().min(16).default(512).describe('Processes and threads of one program, polled.'),
  gpus: z.number().int().nonnegative().default(0).describe('Devices of one program.'),
  gpuResource: z
    .string()
    .default('nvidia.com/gpu')
    .describe('Name of the device: nvidia.com/mig-1g.10gb, amd.com/gpu …'),
  image: OptionalName.describe('Absent: the image of all classes.'),
  cpuLimit: z.boolean().default(false).describe('Cap the cores as well; slows data loaders down.'),
  nodeSelector: z.record(z.string(), z.string()).default({}).describe('Labels that a node must have.'),
  tolerations: z.array(KubernetesObject).default([]).describe('Taints that are put up with.'),
  runtimeClassName: OptionalName.describe('For example gvisor.'),
  priorityClassName: OptionalName.describe('An existing PriorityClass.'),
  schedulerName: OptionalName.describe('Another scheduler than the cluster’s own.'),
  kueueQueue: OptionalName.describe('LocalQueue of Kueue; its webhook then suspends and admits the Job.'),
  resourceClaimTemplate: OptionalName.describe('Dynamic resource allocation instead of gpuResource.'),
  podTemplatePatch: KubernetesObject.default({}).describe(
    'Strategic-merge patch of the pod template; lists of named things merge by name.',
  ),
});
export type ClassSettings = z.infer<typeof ClassSettings>;

/** How the prepared tables reach a pod. Hidden labels never do. */
export const DataSettings = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('fetch').describe('An init container gets them from the artefact endpoint.') }),
  z.strictObject({
    mode: z.literal('claim').describe('They are copied once to a volume that pods mount read-only.'),
    claim: z.string().describe('PersistentVolumeClaim in the namespace of the Jobs, ReadOnlyMany or ReadWriteMany.'),
    folder: z.string().describe('Where the worker has the same volume, writable.'),
  }),
]);

export const KubernetesSettings = z.strictObject({
  namespace: Label.default('automlgen-runs').describe('Where the Jobs are made.'),
  context: z.string().optional().describe('Context of the kubeconfig; absent: its current one.'),
  image: z.string().describe('Runner image: pinned Python packages and the entry supervisor.'),
  imagePullPolicy: z
    .enum(['Always', 'IfNotPresent', 'Never'])
    .default('IfNotPresent')
    .describe('When a node asks the registry for the image.'),
  imagePullSecrets: z.array(z.string()).default([]).describe('Names of secrets in the namespace of the Jobs.'),
  python: z.string().default('/opt/automlgen/venv/bin/python').describe('Interpreter in the image.'),
  runtimeFolder: z
    .string()
    .default('/opt/automlgen/python')
    .describe('Folder in the image that holds automlgen_runtime.'),
  serviceAccountName: z.string().default('automlgen-runner').describe('Without any rights; its token is not mounted.'),
  userId: z.number().int().positive().default(10001).describe('User and group of every container.'),
  artefacts: z.strictObject({
    listen: z
      .string({ error: notListenable })
      .refine(isListenable, { error: notListenable })
      .default(':8790')
      .describe('Where the worker takes results, host:port; without a host on IPv6 and IPv4.'),
    url: z
      .preprocess(bracketed, z.url({ protocol: /^https?$/ }))
      .describe('The same as pods reach it, for example http://automlgen-artefacts.automlgen.svc:8790.'),
    maxFileMiB: z.number().int().positive().default(64).describe('Largest file that is taken.'),
  }),
  data: DataSettings.default({ mode: 'fetch' }).describe('How the prepared tables reach a pod.'),
  queueSeconds: z
    .number()
    .int()
    .positive()
    .default(3600)
    .describe('Longest wait for a node before the try is given up.'),
  startSeconds: z
    .number()
    .int()
    .positive()
    .default(900)
    .describe('Longest time for pulling the image and for the data.'),
  graceSeconds: z.number().int().min(1).default(30).describe('From the order to end until a pod is killed.'),
  lostSeconds: z
    .number()
    .int()
    .min(1)
    .default(90)
    .describe('How long a node may be silent before its pod counts as lost.'),
  ttlSeconds: z.number().int().positive().default(86_400).describe('A finished Job that nobody collected is removed.'),
  relistSeconds: z.number().int().min(1).default(45).describe('How often the watch is compared with a whole list.'),
  classes: z.record(Label, ClassSettings).default({ cpu: ClassSettings.parse({}) }),
});
export type KubernetesSettings = z.infer<typeof KubernetesSettings>;

export const ENVIRONMENT = {
  AUTOMLGEN_EXECUTOR: 'local or kubernetes: what `automlgen worker` runs programs with.',
  AUTOMLGEN_KUBERNETES: 'Path of the settings file (YAML).',
  AUTOMLGEN_EXECUTION_CLASS: 'Class of machines this worker serves; its task queue is execute-<class>. Default cpu.',
  AUTOMLGEN_KUBERNETES_NAMESPACE: 'Overrides namespace.',
  AUTOMLGEN_KUBERNETES_IMAGE: 'Overrides image.',
  AUTOMLGEN_ARTEFACT_LISTEN: 'Overrides artefacts.listen.',
  AUTOMLGEN_ARTEFACT_URL: 'Overrides artefacts.url.',
  AUTOMLGEN_ARTEFACT_SECRET:
    'Signs upload tokens; the same for all replicas. Absent: made once and kept beside the executions.',
} as const;

const OVERRIDES: readonly (readonly [keyof typeof ENVIRONMENT, readonly [string, string?]])[] = [
  ['AUTOMLGEN_KUBERNETES_NAMESPACE', ['namespace']],
  ['AUTOMLGEN_KUBERNETES_IMAGE', ['image']],
  ['AUTOMLGEN_ARTEFACT_LISTEN', ['artefacts', 'listen']],
  ['AUTOMLGEN_ARTEFACT_URL', ['artefacts', 'url']],
];

/** @throws UserError `kubernetes-settings-invalid` with every wrong field. */
export function loadKubernetesSettings(environment: NodeJS.ProcessEnv = process.env): KubernetesSettings {
  const path = environment.AUTOMLGEN_KUBERNETES;
  const parsed = KubernetesSettings.safeParse(overridden(path ? readYaml(path) : {}, environment));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new UserError(
    'kubernetes-settings-invalid',
    `The settings of Kubernetes (${path ?? 'environment only'}) are not usable: ${faults.join('; ')}.`,
    'Correct the file named by AUTOMLGEN_KUBERNETES; docs/settings.md lists every field.',
  );
}

/** @throws UserError `kubernetes-settings-invalid` for a class that the settings do not have. */
export function classOf(settings: KubernetesSettings, name: string): ClassSettings {
  const found = settings.classes[name];
  if (found) return found;
  throw new UserError(
    'kubernetes-settings-invalid',
    `No class of machines is called ${name}; there are ${Object.keys(settings.classes).join(', ') || 'none'}.`,
    'Name one of them in AUTOMLGEN_EXECUTION_CLASS, or add it to `classes` in the file named by AUTOMLGEN_KUBERNETES.',
  );
}

function readYaml(path: string): unknown {
  try {
    return parseYaml(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    throw new UserError(
      'kubernetes-settings-invalid',
      `The settings file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Name a readable YAML file in AUTOMLGEN_KUBERNETES.',
      { cause: error },
    );
  }
}

function overridden(read: unknown, environment: NodeJS.ProcessEnv): unknown {
  if (typeof read !== 'object' || read === null) return read;
  const settings: Record<string, unknown> = { ...read };
  for (const [variable, [outer, inner]] of OVERRIDES) {
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    settings[outer] = inner === undefined ? value : { ...Object(settings[outer]), [inner]: value };
  }
  return settings;
}
