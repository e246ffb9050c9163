/** What a pod is told: the program and its request for the main container, the way to the worker for its helpers. */
import type { V1ConfigMap } from '@kubernetes/client-node';
import { labelsOf, PATHS } from './names.js';
import type { Job } from './objects.js';
import type { Part } from './parts.js';
import type { KubernetesSettings } from './settings.js';

/** A ConfigMap takes 1 MiB in all; base64 and the rest need their part. */
export const MOST_PROGRAM_BYTES = 700 * 1024;

export interface Told {
  readonly program: Uint8Array;
  /** Allows reading the views and writing the outputs of this execution, and nothing else. */
  readonly token: string;
  readonly className: string;
}

/** Owned by the Job, so that deleting the Job removes it. */
export function configMapFor(spec: Part, job: Job, settings: KubernetesSettings, told: Told): V1ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: spec.job,
      namespace: settings.namespace,
      labels: { ...labelsOf(spec, told.className) },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: job.metadata.name, uid: job.metadata.uid ?? '', controller: true },
      ],
    },
    immutable: true,
    data: {
      'request.json': JSON.stringify(requestFor(spec, settings)),
      'endpoint.json': JSON.stringify(endpointFor(spec, settings, told.token)),
    },
    binaryData: { 'program.py': Buffer.from(told.program).toString('base64') },
  };
}

/** The request of the entry supervisor, as in a local execution; the pod is the sandbox. */
function requestFor(spec: Part, settings: KubernetesSettings): Readonly<Record<string, unknown>> {
  return {
    ...spec,
    views: spec.views.map(({ name }) => ({ name, input: `${PATHS.views}/${name}` })),
    level: 'pod',
    bwrap: null,
    python: settings.python,
    slots: 1,
    slotsFolder: `${PATHS.workspace}/control/slots`,
    outputCapMiB: settings.artefacts.maxFileMiB,
  };
}

function endpointFor(spec: Part, settings: KubernetesSettings, token: string): Readonly<Record<string, unknown>> {
  return {
    id: spec.job,
    url: settings.artefacts.url.replace(/\/$/, ''),
    token,
    views: spec.views.map(({ name }) => name),
    outputs: spec.outputs,
    capMiB: settings.artefacts.maxFileMiB,
    graceSeconds: settings.graceSeconds,
  };
}
