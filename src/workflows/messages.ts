/** Queries and updates of a run. Clients import these definitions; they load no workflow code. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { AddedProgram } from '../domain/added-program.js';
import type { NodeId } from '../domain/ids.js';
import type { SearchNode } from '../domain/node.js';
import type { Explanation, GraphPage, RunPhase, RunStatus } from '../domain/run-status.js';
import type { Reservation } from '../search/state.js';

/** Most nodes in one answer of `graph`: about 300 KB. */
export const GRAPH_PAGE = 500;
export const HINT_CHARACTERS = 500;
/** They are part of the state, which travels with the run. The author is told the latest of them. */
export const MOST_HINTS = 200;
export const MINIMUM_BUDGET_MS = 10_000;
export const MAXIMUM_BUDGET_MS = 30 * 24 * 3_600_000;

export interface GraphQuery {
  /** First ordinal; absent: 0. */
  readonly from?: number;
  /** 1 to 500; absent: 500. */
  readonly limit?: number;
}

/** A node, or one that is on its way. */
export type NodeAnswer =
  | { readonly kind: 'finished'; readonly node: SearchNode }
  | { readonly kind: 'in-flight'; readonly reservation: Reservation };

export interface BudgetChange {
  /** Wall time of the whole run without its pauses, milliseconds. */
  readonly budgetMs?: number;
  readonly executions?: number;
}

/** A program to run as a node of its own branch, or below `parent`. */
export interface ProgramToAdd extends AddedProgram {
  readonly parent?: NodeId;
}

/** Every update is answered by what the run does now. */
export interface Acknowledgement {
  readonly phase: RunPhase;
  readonly message: string;
}

export const statusQuery = defineQuery<RunStatus>('status');
/** The best node so far, or null. */
export const bestQuery = defineQuery<RunStatus['best'] | null>('best');
export const graphQuery = defineQuery<GraphPage, [GraphQuery?]>('graph');
/** Fails for an unknown node. */
export const nodeQuery = defineQuery<NodeAnswer, [NodeId]>('node');
/** Why the search made this node. Answers for nodes decided since the last continue-as-new; the event store has the others. */
export const explainQuery = defineQuery<Explanation, [NodeId]>('explain');

export const pauseUpdate = defineUpdate<Acknowledgement>('pause');
export const resumeUpdate = defineUpdate<Acknowledgement>('resume');
export const finishUpdate = defineUpdate<Acknowledgement>('finish');
export const setBudgetUpdate = defineUpdate<Acknowledgement, [BudgetChange]>('setBudget');
export const setSlotsUpdate = defineUpdate<Acknowledgement, [number]>('setSlots');
export const hintUpdate = defineUpdate<Acknowledgement, [string]>('hint');
export const pruneUpdate = defineUpdate<Acknowledgement, [NodeId]>('prune');
export const pinUpdate = defineUpdate<Acknowledgement, [NodeId]>('pin');
export const addProgramUpdate = defineUpdate<Acknowledgement & { readonly nodeId: NodeId }, [ProgramToAdd]>(
  'addProgram',
);

/** Shown in the forms of the Temporal UI. */
export const DESCRIPTIONS = {
  status: 'Phase, budget, best score, what is running.',
  best: 'The best node so far.',
  graph: 'Finished nodes by order of finishing: { from, limit }, at most 500 at a time.',
  node: 'One node by its id, for example "n17".',
  explain: 'The numbers behind the decision that made a node.',
  pause: 'Start nothing new and stop the clock. Programs that are running go on.',
  resume: 'Go on after a pause, or try again at once when blocked.',
  finish: 'Stop searching now; choose, refit and package what was found.',
  setBudget: 'Change the budget: { budgetMs, executions }. A smaller one cancels what no longer fits.',
  setSlots: 'Change how many programs run at the same time.',
  hint: 'Tell the author of programs something, in at most 500 characters.',
  prune: 'Close a node: nothing below it is developed further.',
  addProgram:
    'Run a person’s program as a node: { programRef, summary, family, parent }. `automlgen add` stores the file first.',
  pin: 'Keep a node on the shortlist of the final choice.',
} as const;
