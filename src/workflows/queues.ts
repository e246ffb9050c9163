/** Names of the task queues: who does what is decided by where a worker listens. */

export interface TaskQueues {
  /** Workflow tasks and the light store activities. */
  readonly search: string;
  /** Writing programs. */
  readonly author: string;
  /** Running programs; capacity tokens belong to the executor, not to this queue. */
  readonly execute: string;
  /** Scoring, final choice, packaging: warm evaluator processes. */
  readonly evaluate: string;
}

/** One set of queues serves every run of an installation; a prefix separates installations that share a namespace, a class the machines. */
export function taskQueues(prefix = '', executionClass = 'cpu'): TaskQueues {
  return {
    search: `${prefix}search`,
    author: `${prefix}author`,
    execute: `${prefix}execute-${executionClass}`,
    evaluate: `${prefix}evaluate`,
  };
}

export const TASK_QUEUES: TaskQueues = taskQueues();
