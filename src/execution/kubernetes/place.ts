/** What the parts of the executor share. */
import type { BlobAccess } from '../port.js';
import type { Capacity } from './capacity.js';
import type { Cluster } from './cluster.js';
import type { Gateway } from './gateway.js';
import type { Mirror } from './mirror.js';
import type { Records } from './records.js';
import type { ClassSettings, KubernetesSettings } from './settings.js';

export interface Place {
  readonly settings: KubernetesSettings;
  readonly className: string;
  readonly machine: ClassSettings;
  readonly gateway: Gateway;
  readonly cluster: Cluster;
  readonly mirror: Mirror;
  readonly records: Records;
  readonly capacity: Capacity;
  readonly blobs: BlobAccess;
  /** Signs the tokens of the artefact endpoint. */
  readonly secret: () => Promise<Uint8Array>;
}
