/** A person's program becomes a node: reserved like any decision of the search, stored and checked by the activity that stores proposals. */
import { setHandler } from '@temporalio/workflow';
import type { NodeId } from '../domain/ids.js';
import { executionsLeft, timeLeftMs } from '../search/budget.js';
import { worstCase } from '../search/estimates.js';
import { nodeNamed, nodeOf } from '../search/graph.js';
import { addProgramUpdate, DESCRIPTIONS, type ProgramToAdd } from './messages.js';
import { check, checkFinished, searching, shown } from './order-checks.js';
import { propose } from './propose.js';
import { happen, type Run, type Session } from './run.js';
import { phaseOf } from './status.js';

const SUMMARY_CHARACTERS = 200;

export function installAddProgram(session: Session): void {
  setHandler(
    addProgramUpdate,
    (program) => {
      const nodeId = addProgram(searching(session), program);
      return { phase: phaseOf(session), nodeId, message: `${nodeId} runs as soon as a slot is free.` };
    },
    {
      description: DESCRIPTIONS.addProgram,
      validator: (program) => {
        const run = searching(session);
        checkProgram(run, program);
      },
    },
  );
}

function addProgram(run: Run, { parent, programRef, summary, family }: ProgramToAdd): NodeId {
  const { state } = run;
  const nodeId = nodeNamed(state.nextNode);
  const operator = parent === undefined ? 'draft' : 'improve';
  const why = { policy: 'person', reason: 'added by a person', path: [], draws: {} };
  happen(run, {
    kind: 'reserved',
    nodeId,
    parent: parent ?? 'root',
    branch: (parent !== undefined && nodeOf(state, parent)?.branch) || nodeId,
    operator,
    references: [],
    seed: 0,
    committed: worstCase(state, operator),
    why,
    added: { programRef, summary, family },
  });
  run.explanations.set(nodeId, { nodeId, operator, parent: parent ?? 'root', references: [], why });
  void propose(run, nodeId);
  return nodeId;
}

function checkProgram(run: Run, program: ProgramToAdd): void {
  const sentence = `A program is { programRef, summary, family, parent? }, not ${shown(program)}.`;
  check(typeof program === 'object' && program !== null, sentence);
  const { programRef, summary, family, parent } = program;
  check(/^[0-9a-f]{64}$/.test(programRef), `programRef must name a stored blob, not ${shown(programRef)}.`);
  const isLine = (text: unknown): boolean =>
    typeof text === 'string' && text.trim() !== '' && text.length <= SUMMARY_CHARACTERS;
  check(isLine(summary), `summary must be one line of at most ${SUMMARY_CHARACTERS} characters.`);
  check(isLine(family), `family must be a word such as lightgbm, not ${shown(family)}.`);
  if (parent !== undefined) checkFinished(run, parent);
  check(!run.state.steering.finishAsked, 'The run is finishing; nothing is started any more.');
  check(executionsLeft(run.state) >= 1, 'The run has no executions left; raise them with setBudget.');
  check(timeLeftMs(run.state) > 0, 'The time of the search is over; raise it with setBudget.');
}
