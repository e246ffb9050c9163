/**
 * What people may ask and order. All handlers are synchronous, so none is open when the run continues as new; every order is
 * checked by a validator first, and a refused one leaves no event.
 */
import { setHandler } from '@temporalio/workflow';
import { nodeOf } from '../search/graph.js';
import { installAddProgram } from './add-program.js';
import {
  type Acknowledgement,
  type BudgetChange,
  bestQuery,
  DESCRIPTIONS,
  explainQuery,
  finishUpdate,
  graphQuery,
  HINT_CHARACTERS,
  hintUpdate,
  MAXIMUM_BUDGET_MS,
  MINIMUM_BUDGET_MS,
  MOST_HINTS,
  nodeQuery,
  pauseUpdate,
  pinUpdate,
  pruneUpdate,
  resumeUpdate,
  setBudgetUpdate,
  setSlotsUpdate,
  statusQuery,
} from './messages.js';
import { check, checkFinished, isWhole, searching, shown } from './order-checks.js';
import { happen, type Run, type Session } from './run.js';
import { bestOf, explanationOf, graphPage, nodeAnswer, phaseOf, statusOf } from './status.js';
import { cleared } from './trouble.js';

export function installHandlers(session: Session): void {
  installQueries(session);
  installClockOrders(session);
  installLimits(session);
  installGuidance(session);
  installAddProgram(session);
}

function installQueries(session: Session): void {
  setHandler(statusQuery, () => statusOf(session), { description: DESCRIPTIONS.status });
  setHandler(bestQuery, () => bestOf(session.run), { description: DESCRIPTIONS.best });
  setHandler(graphQuery, (query) => graphPage(session.run, query), { description: DESCRIPTIONS.graph });
  setHandler(nodeQuery, (nodeId) => nodeAnswer(session.run, nodeId), { description: DESCRIPTIONS.node });
  setHandler(explainQuery, (nodeId) => explanationOf(session.run, nodeId), { description: DESCRIPTIONS.explain });
}

function installClockOrders(session: Session): void {
  const done = (message: string): Acknowledgement => ({ phase: phaseOf(session), message });
  setHandler(
    pauseUpdate,
    () => {
      const run = searching(session);
      happen(run, { kind: 'paused' });
      cleared(run);
      return done('Nothing new is started and the clock stands; running programs go on.');
    },
    {
      description: DESCRIPTIONS.pause,
      validator: () => check(!isPaused(searching(session)), 'The run is paused already.'),
    },
  );
  setHandler(
    resumeUpdate,
    () => {
      const run = searching(session);
      happen(run, { kind: 'resumed' });
      cleared(run);
      return done('The search goes on.');
    },
    {
      description: DESCRIPTIONS.resume,
      validator: () => check(searching(session).state.steering.paused, 'The run is not paused.'),
    },
  );
  setHandler(
    finishUpdate,
    () => {
      happen(searching(session), { kind: 'finish-asked' });
      return done('The search stops; the results follow.');
    },
    {
      description: DESCRIPTIONS.finish,
      validator: () => check(!searching(session).state.steering.finishAsked, 'The run is finishing already.'),
    },
  );
}

function installLimits(session: Session): void {
  const done = (message: string): Acknowledgement => ({ phase: phaseOf(session), message });
  setHandler(
    setBudgetUpdate,
    (change) => {
      const { budgetMs, executions } = change;
      happen(searching(session), {
        kind: 'budget-changed',
        ...(budgetMs === undefined ? {} : { budgetMs }),
        ...(executions === undefined ? {} : { executions }),
      });
      return done('The budget is changed.');
    },
    {
      description: DESCRIPTIONS.setBudget,
      validator: (change) => {
        searching(session);
        checkBudget(change);
      },
    },
  );
  setHandler(
    setSlotsUpdate,
    (slots) => {
      happen(searching(session), { kind: 'slots-changed', slots });
      return done(`${slots} ${slots === 1 ? 'program runs' : 'programs run'} at the same time.`);
    },
    {
      description: DESCRIPTIONS.setSlots,
      validator: (slots) => {
        const { capacity } = searching(session).facts;
        const sentence = `Slots must be a whole number from 1 to ${capacity}, the executor's capacity, not ${shown(slots)}.`;
        check(isWhole(slots) && slots >= 1 && slots <= capacity, sentence);
      },
    },
  );
}

function installGuidance(session: Session): void {
  const done = (message: string): Acknowledgement => ({ phase: phaseOf(session), message });
  setHandler(
    hintUpdate,
    (text) => {
      happen(searching(session), { kind: 'hinted', text: text.trim() });
      return done('The author is told from the next proposal on.');
    },
    {
      description: DESCRIPTIONS.hint,
      validator: (text) => {
        const { hints } = searching(session).state.steering;
        check(hints.length < MOST_HINTS, `A run takes ${MOST_HINTS} hints, and this one has them.`);
        check(typeof text === 'string' && text.trim() !== '', 'A hint must be a text that is not empty.');
        const sentence = `A hint has at most ${HINT_CHARACTERS} characters, not ${text.length}.`;
        check(text.length <= HINT_CHARACTERS, sentence);
      },
    },
  );
  setHandler(
    pruneUpdate,
    (nodeId) => {
      happen(searching(session), { kind: 'pruned', nodeId });
      return done(`${nodeId} and what lies below it is closed.`);
    },
    {
      description: DESCRIPTIONS.prune,
      validator: (nodeId) => {
        const run = searching(session);
        checkFinished(run, nodeId);
        check(!run.state.steering.pruned.includes(nodeId), `${nodeId} is pruned already.`);
      },
    },
  );
  setHandler(
    pinUpdate,
    (nodeId) => {
      happen(searching(session), { kind: 'pinned', nodeId });
      return done(`${nodeId} stays on the shortlist.`);
    },
    {
      description: DESCRIPTIONS.pin,
      validator: (nodeId) => {
        const run = searching(session);
        checkFinished(run, nodeId);
        check(
          nodeOf(run.state, nodeId)?.status === 'valid',
          `${nodeId} failed; only a node with a score can be pinned.`,
        );
        check(!run.state.steering.pinned.includes(nodeId), `${nodeId} is pinned already.`);
      },
    },
  );
}

/** Paused by a person: a blocked run may still be paused, which ends its probing. */
function isPaused({ state }: Run): boolean {
  return state.steering.paused && state.steering.blocked === undefined;
}

function checkBudget(change: BudgetChange): void {
  check(typeof change === 'object' && change !== null, `A budget is { budgetMs, executions }, not ${shown(change)}.`);
  const { budgetMs, executions } = change;
  check(budgetMs !== undefined || executions !== undefined, 'Say budgetMs, executions or both.');
  const inRange = isWhole(budgetMs) && budgetMs >= MINIMUM_BUDGET_MS && budgetMs <= MAXIMUM_BUDGET_MS;
  const range = `from ${MINIMUM_BUDGET_MS} (ten seconds) to ${MAXIMUM_BUDGET_MS} (thirty days)`;
  check(budgetMs === undefined || inRange, `budgetMs must be a whole number ${range}, not ${shown(budgetMs)}.`);
  const enough = isWhole(executions) && executions >= 1 && executions <= 1_000_000;
  check(
    executions === undefined || enough,
    `executions must be a whole number from 1 to 1000000, not ${shown(executions)}.`,
  );
}
