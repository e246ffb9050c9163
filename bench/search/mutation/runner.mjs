// A test runner for Stryker that keeps everything in one process: a mutant costs the milliseconds of the tests that reach it, where a runner
// that starts Jest for each costs seconds. The tests are the very same files; see modules.mjs.

import fc from 'fast-check';
import { loadSuites } from './modules.mjs';

/** Stryker's limit is a hundred times what all tests hit without a mutant; three times as much shows an endless loop as well, and sooner. */
const HITS_SHARE = 33;
const LEAST_HITS = 10_000;

class SearchRunner {
  #load;
  /** Milliseconds that each test last took, by id; one that is not known yet keeps its place behind the quick ones. */
  #times = new Map();

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    // The same random cases for every mutant.
    fc.configureGlobal({ seed: 1 });
    this.#load = loadSuites(process.cwd());
  }

  async dryRun() {
    const world = stryker();
    world.mutantCoverage = { static: {}, perTest: {} };
    world.activeMutant = undefined;
    world.currentTestId = undefined;
    const tests = [];
    for (const { id, title, file, run } of this.#load()) {
      const began = performance.now();
      world.currentTestId = id;
      const failure = await failureOf(run);
      world.currentTestId = undefined;
      const outcome = failure === undefined ? { status: 0 } : { status: 1, failureMessage: failure };
      this.#times.set(id, performance.now() - began);
      tests.push({ id, name: title, fileName: file, timeSpentMs: this.#times.get(id), ...outcome });
    }
    return { status: 'complete', tests, mutantCoverage: world.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const world = stryker();
    const wanted = testFilter && new Set(testFilter);
    world.mutantCoverage = undefined;
    world.activeMutant = activeMutant.id;
    world.hitLimit = hitLimit === undefined ? undefined : Math.max(LEAST_HITS, hitLimit / HITS_SHARE);
    world.hitCount = 0;
    let ran = 0;
    try {
      const tests = this.#load().filter(({ id }) => !wanted || wanted.has(id));
      // The cheapest first: most mutants are found before the dear ones are reached.
      const timeOf = ({ id }) => this.#times.get(id) ?? 100;
      for (const { id, run } of tests.sort((a, b) => timeOf(a) - timeOf(b))) {
        ran += 1;
        const began = performance.now();
        const failure = await failureOf(run);
        if (failure === undefined) this.#times.set(id, performance.now() - began);
        if (world.hitLimit !== undefined && world.hitCount > world.hitLimit)
          return { status: 'timeout', reason: 'hit limit' };
        if (failure !== undefined) return { status: 'killed', killedBy: [id], failureMessage: failure, nrOfTests: ran };
      }
      return { status: 'survived', nrOfTests: ran };
    } catch (error) {
      // The sources cannot even be loaded: whoever ran any test would see it.
      return { status: 'killed', killedBy: testFilter ?? [], failureMessage: String(error), nrOfTests: ran };
    } finally {
      world.activeMutant = undefined;
    }
  }
}

/** Where instrumented code looks for the active mutant; the name is set in the configuration of Stryker. */
function stryker() {
  globalThis.__stryker__ ??= {};
  return globalThis.__stryker__;
}

async function failureOf(run) {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'search', injectableClass: SearchRunner }];
