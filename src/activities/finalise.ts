/** Writes what a finished run leaves: the answer, the programs, the report. Writing it again gives the same files. */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Attestation } from '../domain/attestation.js';
import { UserError } from '../domain/errors.js';
import type { FinalChoice, Grade } from '../domain/evaluation.js';
import type { NodeId } from '../domain/ids.js';
import type { SubmissionResult } from '../evaluation/port.js';
import { callsCsv } from '../results/calls-table.js';
import type { RunFacts } from '../results/facts.js';
import { lessonsOf } from '../results/lessons.js';
import { nodesCsv } from '../results/nodes-table.js';
import { withProtection } from '../results/protection.js';
import { reportMarkdown } from '../results/report.js';
import { reproduceScript } from '../results/reproduce.js';
import { requirementsText } from '../results/requirements.js';
import { searchStartOf } from '../results/search-start.js';
import { type ChosenProgram, type ProgramFile, solutionFiles } from '../results/solution.js';
import type { EvaluationActivities, PackageInput } from './contract.js';
import type { Dependencies } from './dependencies.js';
import { learns } from './learns.js';
import { localOutputs } from './outputs.js';
import { requireNode, requirePrepared } from './required.js';
import { placeWhole, writeWhole } from './write-whole.js';

type Needs = Pick<Dependencies, 'store' | 'evaluator'>;
type Run = RunFacts['run'];

export function createPackageRun(needs: Needs): EvaluationActivities['packageRun'] {
  return (input) => packageRun(needs, input);
}

async function packageRun(needs: Needs, input: PackageInput): ReturnType<EvaluationActivities['packageRun']> {
  const { store } = needs;
  const { runId, reason, message } = input;
  const run = await requirePrepared(store, runId);
  const folder = run.config.resultsFolder;
  await mkdir(folder, { recursive: true });
  const submission = input.choice ? await submit(needs, input, run) : undefined;
  const choice = input.choice && withSubmission(input.choice, submission);
  const { grade, warnings } = await gradeOf(needs, run);
  const [nodes, events, ledger] = await Promise.all([
    store.nodes.ofRun(runId),
    store.events.read(runId),
    store.ledger.ofRun(runId),
  ]);
  const attestation = await attestationOf(needs, run);
  const model = await store.calls.close(runId, 'the run had ended');
  const facts = withProtection({
    run: { ...run, warnings: [...(run.warnings ?? []), ...missing(input), ...warnings] },
    nodes,
    events,
    ledger,
    choice,
    ...(submission && { submission }),
    ...(attestation && { attestation }),
    grade,
    reason,
    ...(message !== undefined && { message }),
    ...(model && { model, calls: await store.calls.ofRun(runId) }),
  });
  const files = [...textFiles(facts), ...(choice ? await programFiles(needs, input, run, submission) : [])];
  for (const file of files) await writeWhole(join(folder, file.path), file.text);
  if (choice) await chmod(join(folder, 'reproduce.sh'), 0o755);
  const estimate = facts.choice?.estimate ?? null;
  const bestNode = bestSingle(choice);
  if (learns(run)) await store.lessons.save(lessonsOf({ runId, card: run.prepared.card }, nodes, run.startedAt));
  await store.runs.save({
    runId,
    phase: 'done',
    result: { folder, reason, ...(message !== undefined && { message }), estimate, grade, bestNode },
    endedAt: new Date(),
  });
  return { folder, estimate, grade, ...(model && { model }) };
}

/** Whatever is told of the search is read from the store. */
function missing({ unrecorded = 0 }: PackageInput): readonly string[] {
  if (unrecorded === 0) return [];
  const events = unrecorded === 1 ? 'event' : 'events';
  return [
    `The last ${unrecorded} ${events} of the search had not reached the database when this was written; they are not in events.jsonl.`,
  ];
}

/** What only the written submission tells: refits used, and how the members' answers became the file. */
function withSubmission(choice: FinalChoice, submission: SubmissionResult | undefined): FinalChoice {
  if (!submission) return choice;
  return { ...choice, refits: [...submission.refits], ...(submission.recipe && { recipe: submission.recipe }) };
}

function bestSingle(choice: PackageInput['choice']): NodeId | null {
  return choice?.candidates.find((candidate) => candidate.kind === 'single')?.members[0]?.nodeId ?? null;
}

/** Replaces the submission only by a valid one: the evaluator writes beside it and the file is then moved over it. */
async function submit({ store, evaluator }: Needs, input: PackageInput, run: Run): Promise<SubmissionResult> {
  const path = join(run.config.resultsFolder, 'submission.csv');
  const refits = await Promise.all(
    input.refits.map(async ({ nodeId, outcomeRef }) => ({ nodeId, files: await localOutputs(store, [outcomeRef]) })),
  );
  const { members = [], averaging } = { ...input.choice?.chosen, averaging: input.choice?.averaging };
  const { prepared } = run;
  return placeWhole(path, (temporary) =>
    evaluator.writeSubmission({ prepared, members, ...(averaging && { averaging }), refits, path: temporary }),
  );
}

async function attestationOf({ store }: Needs, { attestation }: Run): Promise<Attestation | undefined> {
  return attestation && Attestation.parse(await store.blobs.readJson(attestation.ref));
}

/** A run is not lost because its answer cannot be graded here: the report says why. Answers in a benchmark's own form are for `automlgen benchmark grade`. */
async function gradeOf({ evaluator }: Needs, run: Run): Promise<{ grade: Grade | null; warnings: readonly string[] }> {
  if (run.source.privateFolder === undefined) return { grade: null, warnings: [] };
  const submission = join(run.config.resultsFolder, 'submission.csv');
  try {
    return { grade: await evaluator.grade({ source: run.source, prepared: run.prepared, submission }), warnings: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { grade: null, warnings: error.code === 'path-missing' ? [] : [`Not graded: ${error.message}`] };
  }
}

function textFiles(facts: RunFacts): readonly ProgramFile[] {
  return [
    { path: 'report.md', text: reportMarkdown(facts) },
    { path: 'nodes.csv', text: nodesCsv(facts.nodes) },
    { path: 'search.json', text: `${JSON.stringify(searchStartOf(facts.run), null, 2)}\n` },
    { path: 'events.jsonl', text: facts.events.map((event) => `${JSON.stringify(event)}\n`).join('') },
    ...(facts.calls ? [{ path: 'calls.csv', text: callsCsv(facts.calls) }] : []),
    { path: 'choice.json', text: `${JSON.stringify(facts.choice, null, 2)}\n` },
  ];
}

async function programFiles(
  { store }: Needs,
  input: PackageInput,
  run: Run,
  submission: SubmissionResult | undefined,
): Promise<readonly ProgramFile[]> {
  const members: readonly ChosenProgram[] = await Promise.all(
    (input.choice?.chosen.members ?? []).map(async (member) => {
      const node = await requireNode(store, input.runId, member.nodeId);
      return { ...member, program: await store.blobs.readText(node.programRef) };
    }),
  );
  const programs = members.map((member) => member.program);
  await rm(join(run.config.resultsFolder, 'members'), { recursive: true, force: true });
  return [
    ...solutionFiles(members, run.prepared.card, submission?.recipe),
    { path: 'requirements.txt', text: requirementsText(programs, run.prepared.card.packages) },
    { path: 'reproduce.sh', text: reproduceScript(run.source) },
  ];
}
