/** What is known about an execution in the cluster, and what may be concluded from it. */
import type { FailureClass } from '../../domain/outcome.js';
import type { Job, Pod, Warning } from './objects.js';

export interface Evidence {
  /** Asked to end by us, and why. */
  readonly cancelled?: string;
  /** Absent once it is gone. */
  readonly job?: Job;
  /** Its last state that was seen, also when it is gone. */
  readonly pod?: Pod;
  readonly podGone: boolean;
  /** The Job was there and is not any more. */
  readonly jobGone: boolean;
  /** The collector has delivered what there was. */
  readonly reported: boolean;
  /** `FailedCreate` and its like, asked for only while there is no pod. */
  readonly warnings: readonly Warning[];
}

/** Seconds, from the settings. */
export interface Patience {
  readonly queueSeconds: number;
  readonly startSeconds: number;
  readonly graceSeconds: number;
  readonly lostSeconds: number;
}

export type Cause =
  | 'preempted'
  | 'drained'
  | 'node-lost'
  | 'node-shutdown'
  | 'evicted'
  | 'image'
  | 'start-timeout'
  | 'data'
  | 'unschedulable'
  | 'rejected-by-node'
  | 'quota'
  | 'admission'
  | 'disrupted'
  | 'pod-deleted'
  | 'job-deleted'
  | 'job-deadline'
  | 'killed'
  | 'results-lost';

export type Verdict =
  /** The program came to an end of its own; the supervisor's report, or else the exit code, says which. */
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: Extract<FailureClass, 'timeout' | 'memory' | 'disk'>; readonly message: string }
  | { readonly kind: 'infrastructure'; readonly cause: Cause; readonly message: string }
  | { readonly kind: 'cancelled'; readonly message: string };

export type Phase =
  | { readonly state: 'queued'; readonly why: string }
  | { readonly state: 'starting'; readonly why: string }
  | { readonly state: 'running' }
  | { readonly state: 'ended'; readonly verdict: Verdict };

export function infrastructure(cause: Cause, message: string): Verdict {
  return { kind: 'infrastructure', cause, message };
}
