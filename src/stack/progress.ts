/** What `up` and `down` tell while they work, as data; how it looks is the command line's business. */

import type { PieceName } from './connections.js';

export type ProgressKind = 'get' | 'advance' | 'start' | 'ready' | 'stop' | 'wait' | 'note';

export interface StackProgress {
  readonly piece: PieceName | 'installer' | 'stack';
  /** `advance` replaces the line before it of the same piece; all others are lines of their own. */
  readonly kind: ProgressKind;
  /** A phrase without a full stop: name, size, purpose and place where they matter. */
  readonly message: string;
}

export type Report = (progress: StackProgress) => void;
