/** Asks the author for one program and stores it before answering. A repeated request gets the stored one. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { CapReachedError, RunEndedError } from '../authors/llm/calls.js';
import { ModelError } from '../authors/llm/model.js';
import type { Author, KnownProgram, ProposalRequest } from '../authors/port.js';
import type { AddedProgram } from '../domain/added-program.js';
import { errorOf } from '../domain/error-of.js';
import { fingerprintOf } from '../domain/fingerprint.js';
import { BlobId, type NodeId } from '../domain/ids.js';
import { type Lesson, lessonTraitsOf } from '../domain/lesson.js';
import { Outcome } from '../domain/outcome.js';
import type { Proposal } from '../domain/proposal.js';
import type { Cost } from '../domain/score.js';
import { searchOutcome } from '../domain/search-outcome.js';
import type { PreparedTask } from '../domain/split.js';
import type { Recalled } from '../knowledge/port.js';
import type { NodeRecord } from '../store/nodes.js';
import type { RunRecord } from '../store/runs.js';
import { authorTools } from './author-tools.js';
import type { AuthorActivities, ProposeInput, ProposeResult } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { learns } from './learns.js';
import { modelFailure } from './model-failure.js';
import { settledView } from './proposal-view.js';
import { requireRun } from './required.js';
import { descriptionOf, inputsOf } from './task-texts.js';

type Needs = Pick<Dependencies, 'store' | 'authorFor' | 'modelFor' | 'knowledge'>;

const FREE: Cost = { seconds: 0, gpuSeconds: 0, usd: 0, tokens: 0, executions: 0 };
const KNOWLEDGE_ITEMS = 12;
const LESSONS = 6;
const QUESTION_CHARACTERS = 2_000;

export function createProposeNode(needs: Needs): AuthorActivities['proposeNode'] {
  const { store } = needs;
  return async (input) => {
    const earlier = await store.nodes.find(input.runId, input.nodeId);
    const run = await requireRun(store, input.runId);
    const result = earlier?.programRef ? receiptOf(earlier) : await proposed(needs, input, run);
    const model = run.config.author === 'composer' ? undefined : await store.calls.meter(input.runId);
    return model === undefined ? result : { ...result, model };
  };
}

/** @throws ApplicationFailure for a model that does not answer, CancelledFailure. */
async function proposed(needs: Needs, input: ProposeInput, run: RunRecord): Promise<ProposeResult> {
  const { store } = needs;
  const rows = await store.nodes.ofRun(input.runId);
  const { proposal, request } = await proposalFor(needs, input, run, rows);
  if (proposal.kind === 'capped') return proposal;
  const { cost } = proposal;
  if (proposal.kind === 'none') return { kind: 'rejected', reason: proposal.reason, cost };
  const fingerprint = fingerprintOf(proposal.program);
  const node: NodeRecord = {
    runId: input.runId,
    nodeId: input.nodeId,
    operator: input.operator,
    ...(input.variant && { variant: input.variant }),
    ...(input.parent && { parent: input.parent }),
    references: input.references,
    seed: input.seed,
    programRef: await store.blobs.save(proposal.program),
    planRef: await store.blobs.save(JSON.stringify(proposal.plan)),
    fingerprint,
    family: proposal.family,
    summary: proposal.summary,
    changes: proposal.changes,
    knowledge: proposal.knowledge,
    knowledgeOffered: request.knowledge.length > 0,
    ...(cost.tokens > 0 && { cost }),
  };
  // Proposals are made side by side: another node may have this program by now, or an attempt that was thought dead has answered for this one.
  const kept = await store.nodes.propose(node);
  return kept ? { ...receiptOf(kept), cost } : { kind: 'rejected', reason: 'duplicate', cost };
}

interface Answer {
  readonly proposal: Proposal | Extract<ProposeResult, { readonly kind: 'capped' }>;
  readonly request: ProposalRequest;
}

async function proposalFor(
  needs: Needs,
  input: ProposeInput,
  run: RunRecord,
  rows: readonly NodeRecord[],
): Promise<Answer> {
  const { author: kind } = run.config;
  const author = needs.authorFor(run.config);
  if (kind !== 'composer' && !input.added) return askedOfModel(needs, input, run, author, rows);
  const request = await requestOf(needs, input, run, rows);
  return { request, proposal: await (input.added ? personsProposal(needs, input.added) : author.propose(request)) };
}

async function askedOfModel(
  needs: Needs,
  input: ProposeInput,
  run: RunRecord,
  author: Author,
  nodes: readonly NodeRecord[],
): Promise<Answer> {
  const view = await settledView(needs.store, input, async () => ({
    request: await requestOf(needs, input, run, nodes),
    nodes: run.config.without === 'memory' ? [] : nodes,
    lessons: await lessonsFor(needs, input, run),
  }));
  const { request } = view;
  const tools = authorTools(needs, input, run, view);
  try {
    return { request, proposal: await author.propose(request, tools) };
  } catch (error) {
    if (tools.signal.aborted) throw new CancelledFailure(`Proposal ${input.nodeId}`);
    if (error instanceof ModelError) throw modelFailure(error);
    if (error instanceof RunEndedError) throw ApplicationFailure.nonRetryable(error.message, 'run-ended');
    if (!(error instanceof CapReachedError)) throw error;
    const { cap, message } = error;
    return { request, proposal: { kind: 'capped', cap, message, cost: { ...FREE, ...tools.calls.cost() } } };
  }
}

/** The plan says who wrote it, so that no author takes it for one of its own. */
async function personsProposal({ store }: Needs, { programRef, summary, family }: AddedProgram): Promise<Proposal> {
  const program = await store.blobs.readText(BlobId.parse(programRef));
  return {
    kind: 'program',
    program,
    plan: { author: 'person' },
    summary,
    changes: [],
    family,
    knowledge: [],
    cost: FREE,
  };
}

function receiptOf(node: NodeRecord): Extract<ProposeResult, { kind: 'proposed' }> {
  const { programRef, planRef, fingerprint, family, summary, cost = FREE } = node;
  return { kind: 'proposed', programRef, planRef, fingerprint, family, summary, cost };
}

async function requestOf(
  needs: Needs,
  input: ProposeInput,
  run: RunRecord,
  rows: readonly NodeRecord[],
): Promise<ProposalRequest> {
  const prepared = run.prepared;
  if (!prepared) throw new Error(`Run ${input.runId} has no frozen split yet.`);
  const byId = new Map(rows.map((row) => [row.nodeId, row]));
  const known = (ids: readonly NodeId[]): Promise<readonly KnownProgram[]> =>
    Promise.all(ids.flatMap((id) => byId.get(id) ?? []).map((row) => knownProgram(needs, row)));
  const parentRow = input.parent && byId.get(input.parent);
  const parent = parentRow && (await knownProgram(needs, parentRow));
  const description = await descriptionOf(needs.store.blobs, run);
  const remembers = run.config.without !== 'memory';
  return {
    runId: input.runId,
    nodeId: input.nodeId,
    operator: input.operator,
    ...(input.variant && { variant: input.variant }),
    seed: input.seed,
    card: prepared.card,
    split: prepared.split,
    description,
    ...(await inputsOf(prepared)),
    ...(parent && { parent }),
    references: await known(input.references),
    siblings: remembers ? await known(input.siblings) : [],
    best: remembers ? await known(input.best) : [],
    knowledge: await recall(needs, input, { run, prepared, description, inUse: parentRow?.knowledge ?? [] }, parent),
    taken: new Set(rows.map((row) => row.fingerprint)),
    hints: input.hints,
    limits: limitsOf(run, input),
  };
}

function limitsOf({ config }: RunRecord, { runSeconds }: ProposeInput): ProposalRequest['limits'] {
  const { cpus, memoryMiB, gpus } = config.limits;
  return { cpus, memoryMiB, runSeconds, ...(gpus > 0 && { gpus }) };
}

/** What earlier runs taught comes by the same chance as knowledge, so that the effect of both can be told. */
async function lessonsFor({ store }: Needs, input: ProposeInput, run: RunRecord): Promise<readonly Lesson[]> {
  const { prepared, runId } = run;
  if (!prepared || !learns(run) || !isOffered(input, run)) return [];
  return store.lessons.recall(lessonTraitsOf(prepared.card), { except: runId, limit: LESSONS });
}

function isOffered({ seed }: ProposeInput, { config }: RunRecord): boolean {
  return (seed % 1000) / 1000 < config.knowledgeProbability;
}

/** Debug always gets its recipes; every other operator gets knowledge with the configured probability. */
async function recall(
  { knowledge }: Needs,
  input: ProposeInput,
  task: {
    readonly run: RunRecord;
    readonly prepared: PreparedTask;
    readonly description: string;
    readonly inUse: readonly string[];
  },
  parent: KnownProgram | undefined,
): Promise<readonly Recalled[]> {
  const { run, prepared, description, inUse } = task;
  if (!isOffered(input, run) && input.operator !== 'debug') return [];
  const question =
    input.operator === 'debug'
      ? errorOf(parent)
      : `${description.slice(0, QUESTION_CHARACTERS)} ${parent?.summary ?? ''}`;
  return knowledge.recall({
    card: prepared.card,
    operator: input.operator,
    ...(input.variant && { variant: input.variant }),
    question,
    inUse,
    limit: KNOWLEDGE_ITEMS,
  });
}

async function knownProgram({ store }: Needs, row: NodeRecord): Promise<KnownProgram> {
  const ended = searchOutcome(row);
  const { execution } = ended;
  const outcome = execution && Outcome.parse(await store.blobs.readJson(execution.outcomeRef));
  const status = ended.kind === 'open' ? undefined : ended.kind;
  // A score of the first folds does not outlive a failure on the others.
  const evaluation = ended.kind === 'failed' && row.evaluation?.kind === 'valid' ? undefined : row.evaluation;
  return {
    nodeId: row.nodeId,
    operator: row.operator,
    plan: await store.blobs.readJson(BlobId.parse(row.planRef)),
    program: await store.blobs.readText(row.programRef),
    summary: row.summary,
    family: row.family,
    changes: row.changes,
    ...(status && { status }),
    ...(evaluation?.kind === 'valid' && { score: evaluation.score, versus: evaluation.versus }),
    ...(outcome && { seconds: outcome.seconds, outcome }),
    ...(evaluation && { evaluation }),
  };
}
