/**
 * Commands of a script that has to leave nothing behind: each in a process group of its own and bounded in time; a signal to the script
 * ends the one that runs; and a guard, where one is given, is told of them and cleans up as soon as the script has ended, however it did.
 */
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** From the order to end to SIGKILL. */
const GRACE_MS = 15_000;

/** `guard`: program and arguments; it reads `start GROUP` and `end GROUP` and acts when its input ends. */
export function createProcesses({ cwd, environment, guard }) {
  const groups = new Set();
  let interrupted;
  const interrupt = (signal) => {
    interrupted ??= signal;
    for (const group of groups) kill(group, 'SIGTERM');
  };
  for (const signal of SIGNALS) if (guard) process.on(signal, interrupt);
  const watcher =
    guard &&
    spawn(guard[0], guard.slice(1), { cwd, env: environment, detached: true, stdio: ['pipe', 'inherit', 'inherit'] });
  // A guard that died is told of by its exit code.
  watcher?.stdin.on('error', () => undefined);
  const guarded = watcher && new Promise((resolve) => watcher.on('close', (code) => resolve(code ?? 1)));

  return {
    /** The signal that asked for the end. */
    get interrupted() {
      return interrupted;
    },
    /** `{ code, text }`; `keep`: also what it printed, shown when it has ended or, with `silent`, never. Code 124 when it took more than `minutes`. */
    run([program, ...args], { minutes, environment: more = {}, keep = false, silent = false }) {
      if (interrupted) return Promise.resolve({ code: 1, text: '' });
      return new Promise((resolve) => {
        const child = spawn(program, args, {
          cwd,
          env: { ...environment, ...more },
          detached: true,
          stdio: keep ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
        });
        let text = '';
        let late = false;
        for (const stream of [child.stdout, child.stderr])
          stream?.on('data', (chunk) => {
            text += chunk;
          });
        const group = child.pid;
        if (group !== undefined) begin(group);
        const timer = setTimeout(() => {
          late = true;
          console.error(`${program} ${args.join(' ')}: not done after ${minutes} minutes.`);
          if (group !== undefined) kill(group, 'SIGTERM');
        }, minutes * 60_000);
        const end = (code) => {
          clearTimeout(timer);
          if (!silent) process.stdout.write(text);
          if (group !== undefined) finish(group);
          resolve({ code: late ? 124 : code, text });
        };
        child.on('error', (error) => {
          console.error(error.message);
          end(1);
        });
        child.on('close', (code) => end(code ?? 1));
      });
    },
    /** Exit code of the guard, 124 when it took more than `minutes`; 0 without one. */
    async close(minutes) {
      for (const group of groups) kill(group, 'SIGTERM');
      if (!watcher) return 0;
      watcher.stdin.end();
      let timer;
      const late = new Promise((resolve) => {
        timer = setTimeout(() => resolve(124), minutes * 60_000);
      });
      const code = await Promise.race([guarded, late]);
      clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, interrupt);
      return code;
    },
  };

  function begin(group) {
    groups.add(group);
    watcher?.stdin.write(`start ${group}\n`);
  }

  function finish(group) {
    groups.delete(group);
    watcher?.stdin.write(`end ${group}\n`);
  }
}

/** First asked, then not. */
function kill(group, signal) {
  send(group, signal);
  setTimeout(() => send(group, 'SIGKILL'), GRACE_MS).unref();
}

function send(group, signal) {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended.
  }
}
