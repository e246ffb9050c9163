// One run of the model author on one task, with everything real but the execution: the author, its gates and memory, the stub model over HTTP,
// recall from the knowledge base. How a program ends is drawn: one in six fails with a real error text, all others get a score.

const OPERATORS = ['improve', 'improve', 'improve', 'evolve', 'fuse'];
const VARIANTS = ['tune', 'features', 'strategy'];
const DRAFTS = 5;
/** From here on every eighth node is an aggregation. */
const LATE = 24;

/** Yields nothing; `onCall` gets `{ node, operator, step, messages }` of every model call. */
export async function simulatedRun({
  task,
  author,
  model,
  recall,
  recipes,
  nodes,
  random,
  idOf,
  fingerprintOf,
  onCall,
}) {
  const known = [];
  const records = [];
  const texts = new Map();
  const keep = (text) => {
    const ref = idOf(text);
    texts.set(ref, text);
    return ref;
  };
  for (let number = 1; number <= nodes; number++) {
    const move = nextMove(known, number, random);
    const { parent } = move;
    const siblings = known.filter((each) => (parent ? each.parentId === parent.nodeId : each.operator === 'draft'));
    const seed = number * 7919;
    const operator = move.operator;
    const question = operator === 'debug' ? parent.outcome.stderrTail : `${task.description} ${parent?.summary ?? ''}`;
    const request = {
      runId: 'bench-20260101-aaaaaa',
      nodeId: `n${number}`,
      operator,
      ...(move.variant && { variant: move.variant }),
      seed,
      ...task,
      ...(parent && { parent }),
      references: move.references,
      siblings,
      best: known.filter((each) => each.score).slice(0, 10),
      knowledge: recall({
        card: task.card,
        operator,
        ...(move.variant && { variant: move.variant }),
        question,
        inUse: [],
        limit: 12,
      }),
      taken: new Set(known.map(({ program }) => fingerprintOf(program))),
      hints: [],
      limits: { cpus: 2, memoryMiB: 4096, runSeconds: 300 - number },
    };
    const calls = {
      cost: () => ({ usd: null, tokens: 0, seconds: 0 }),
      call: async ({ step, request: asked }) => {
        onCall({ node: number, operator, step, messages: asked.messages });
        return { ...(await answered(model, asked)), found: false };
      },
    };
    const history = { nodes: records, lessons: [], readText: async (ref) => texts.get(ref) ?? '' };
    const proposal = await author.propose(request, { calls, signal: AbortSignal.timeout(120_000), history });
    if (proposal.kind === 'none') continue;
    const node = ended({ ...proposal, nodeId: request.nodeId, operator, parentId: parent?.nodeId }, parent, {
      task,
      recipes,
      random,
    });
    known.push(node);
    records.push(recordOf(node, request, keep));
  }
  return known.length;
}

/** The server closes connections that have been idle; a call may meet that very moment. */
async function answered(model, asked, tries = 3) {
  try {
    return await model.complete(asked, { signal: AbortSignal.timeout(60_000) });
  } catch (error) {
    if (error?.fault !== 'away' || tries === 1) throw error;
    return answered(model, asked, tries - 1);
  }
}

function nextMove(known, number, random) {
  const healthy = known.filter((node) => node.score);
  const broken = known.filter(
    (node) => node.status === 'failed' && !known.some(({ parentId }) => parentId === node.nodeId),
  );
  if (broken.length > 0) return { operator: 'debug', parent: broken[0], references: [] };
  if (known.filter(({ operator }) => operator === 'draft').length < DRAFTS || healthy.length < 2)
    return { operator: 'draft', references: [] };
  if (number >= LATE && number % 8 === 0) return { operator: 'aggregate', references: leaders(healthy) };
  const operator = OPERATORS[Math.floor(random() * OPERATORS.length)];
  const parent = healthy[Math.floor(random() ** 2 * healthy.length)];
  if (operator === 'improve') return { operator, variant: VARIANTS[Math.floor(random() * 3)], parent, references: [] };
  const others = healthy.filter((node) => node.family !== parent.family);
  if (operator === 'fuse' && others.length > 0) return { operator, parent, references: others.slice(0, 3) };
  const line = lineTo(parent, known);
  return line.length > 0
    ? { operator: 'evolve', parent, references: line }
    : { operator: 'improve', variant: 'strategy', parent, references: [] };
}

/** The best of each family, best first. */
function leaders(healthy) {
  const goodness = ({ score: { value, direction } }) => (direction === 'maximise' ? value : -value);
  const sorted = [...healthy].sort((a, b) => goodness(b) - goodness(a));
  return sorted
    .filter(({ family }, place) => sorted.findIndex((other) => other.family === family) === place)
    .slice(0, 5);
}

function lineTo({ parentId }, known) {
  const parent = known.find(({ nodeId }) => nodeId === parentId);
  return parent ? [parent, ...lineTo(parent, known)] : [];
}

function ended(node, parent, { task, recipes, random }) {
  const base = { stderrHead: '', stderrTail: '', stdoutTail: '' };
  if (random() < 1 / 6) {
    const error = recipes[Math.floor(random() * recipes.length)];
    const stderrTail = `Traceback (most recent call last):\n  File "/job/program.py", line 31, in <module>\n    main()\n${error}`;
    return {
      ...node,
      status: 'failed',
      seconds: 2.5,
      outcome: { ...base, kind: 'exception', message: error, stderrTail },
    };
  }
  const { direction } = task.card;
  const gain = (random() - 0.45) * 0.04;
  const value = parent?.score ? parent.score.value + (direction === 'maximise' ? gain : -gain) : 0.7 + 0.1 * random();
  const score = { value, standardError: 0.011, rows: 800, direction, source: 'folds' };
  const versus = parent?.score ? { parent: { against: parent.nodeId, delta: gain, pairedSE: 0.006, rows: 800 } } : {};
  const evaluation = { kind: 'valid', score, versus, complement: [], fragile: false, next: [], complete: true };
  const outcome = { ...base, kind: 'finished', message: 'Finished.', stdoutTail: `validation: ${value.toFixed(4)}\n` };
  return { ...node, status: 'valid', seconds: 20 + 40 * random(), score, versus, evaluation, outcome };
}

function recordOf(node, request, keep) {
  const { kind, message } = node.outcome;
  const execution = {
    executionId: 'aml-aaaaaaaaaaaaaaaaaaaa',
    attempt: '1',
    outcomeRef: keep('{}'),
    kind,
    message,
    seconds: node.seconds,
    cpuSeconds: 1,
    peakMemoryMiB: 300,
  };
  return {
    runId: request.runId,
    nodeId: node.nodeId,
    operator: node.operator,
    ...(request.variant && { variant: request.variant }),
    ...(node.parentId && { parent: node.parentId }),
    references: [],
    seed: request.seed,
    programRef: keep(node.program),
    planRef: keep('{}'),
    fingerprint: node.nodeId,
    family: node.family,
    summary: node.summary,
    changes: node.changes,
    knowledge: node.knowledge,
    knowledgeOffered: true,
    executions: { 1: execution },
    ...(node.evaluation && { evaluation: node.evaluation }),
  };
}
