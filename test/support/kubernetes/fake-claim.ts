/** A claim that is bound, as the controller for volumes would leave it; the tier has none. */
import type { Tier } from './tier.js';

const MERGE = 'application/merge-patch+json';

/** The volume goes with its namespace's claim: it names that one alone. */
export async function bindClaim({ gateway }: Tier, namespace: string, name: string): Promise<void> {
  const volume = `${namespace}-${name}`;
  const shared = { accessModes: ['ReadOnlyMany'], storageClassName: '' };
  await gateway.request('/api/v1/persistentvolumes', {
    method: 'POST',
    body: {
      metadata: { name: volume },
      spec: {
        ...shared,
        capacity: { storage: '1Gi' },
        hostPath: { path: '/nowhere' },
        claimRef: { namespace, name },
      },
    },
  });
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  await gateway.request(claims, {
    method: 'POST',
    body: {
      metadata: { name, annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { ...shared, volumeName: volume, resources: { requests: { storage: '1Gi' } } },
    },
  });
  const bound = { method: 'PATCH', contentType: MERGE, body: { status: { phase: 'Bound' } } } as const;
  await gateway.request(`${claims}/${name}/status`, bound);
  await gateway.request(`/api/v1/persistentvolumes/${volume}/status`, bound);
}
