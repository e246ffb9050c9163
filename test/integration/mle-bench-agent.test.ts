/** The agent's start.sh in a home folder of its own, with stubs of the product and of the validity check on PATH. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { putFiles } from '../support/benchmark-fixtures.js';

const AGENT = resolve('bench/mle-bench/agent');
const START = join(AGENT, 'start.sh');
const SAMPLE = 'id,y\n1,0\n2,0\n';

/** Writes down how it was called; `run` leaves results after `$RUN_SECS`, earlier when `finish` was called. */
const STUB = `#!/usr/bin/env bash
echo "$* | id=\${COMPETITION_ID:-none}" >> "$STUB_LOG"
case "$1 $2" in
  "benchmark import") [ "\${IMPORT_FAILS:-}" ] && exit 2; mkdir -p "$5" ;;
  "benchmark snapshot") [ "\${SNAPSHOT_FAILS:-}" ] && exit 1; printf 'id,y\\n1,5\\n2,5\\n' > "$5" ;;
  "benchmark complete") [ "\${COMPLETE_FAILS:-}" ] && exit 1; sed 's/9/8/g' "$4" > "$6" ;;
  "finish last") touch "$STUB_LOG.finish" ;;
  "run "*)
    trap 'exit 143' TERM
    for _ in $(seq $((\${RUN_SECS:-1} * 10))); do [ -e "$STUB_LOG.finish" ] && break; sleep 0.1; done
    [ "\${RUN_FAILS:-}" ] && { echo "no luck" >&2; exit 1; }
    folder="$6/data-run-1"
    mkdir -p "$folder/members"
    printf 'id,y\\n1,9\\n2,9\\n' > "$folder/submission.csv"
    echo 'print(1)' > "$folder/solution.py"
    echo 'print(2)' > "$folder/members/n1.py"
    echo '# report' > "$folder/report.md"
    echo '{"folder": "x"}' ;;
esac
`;
const VALID = '#!/usr/bin/env bash\necho "$1" >> "$STUB_LOG.validated"\necho \'{"result":"Submission is valid."}\'\n';
const INVALID =
  '#!/usr/bin/env bash\necho "$1" >> "$STUB_LOG.validated"\necho \'{"result":"Submission invalid! The ids differ."}\'\n';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mle-bench-home-'));
  await putFiles(home, {
    'bin/automlgen': STUB,
    'validate_submission.sh': VALID,
    'data/sample_submission.csv': SAMPLE,
    'data/train.csv': 'id,x,y\n7,1,2\n',
    'data/test.csv': 'id,x\n1,1\n2,2\n',
  });
  await chmod(join(home, 'bin/automlgen'), 0o755);
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

function start(variables: Record<string, string> = {}): ChildProcess {
  return spawn('bash', [START], {
    cwd: home,
    stdio: 'ignore',
    env: {
      PATH: `${join(home, 'bin')}:${process.env.PATH}`,
      HOME: home,
      STUB_LOG: join(home, 'calls'),
      COMPETITION_ID: 'leaf-classification',
      DATA_DIR: join(home, 'data'),
      SUBMISSION_DIR: join(home, 'submission'),
      LOGS_DIR: join(home, 'logs'),
      CODE_DIR: join(home, 'code'),
      AGENT_DIR: join(home, 'agent'),
      VALIDATE: join(home, 'validate_submission.sh'),
      TIME_LIMIT_SECS: '600',
      GRACE_SECS: '5',
      ...variables,
    },
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.on('close', (code) => done(code)));
}

const read = (path: string): Promise<string> => readFile(join(home, path), 'utf8');

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    if (await holds().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error(`It never happened. start.log:\n${await read('logs/start.log').catch(() => 'none')}`);
}

describe('start.sh', () => {
  test('leaves the chosen answer, code and logs, and asks the validity check once', async () => {
    expect(await ended(start())).toBe(0);
    expect(await read('submission/submission.csv')).toBe('id,y\n1,8\n2,8\n');
    expect(await read('code/solution.py')).toBe('print(1)\n');
    expect(await read('code/members/n1.py')).toBe('print(2)\n');
    expect(await read('logs/report.md')).toBe('# report\n');
    expect(await read('calls.validated')).toBe(`${join(home, 'submission/submission.csv')}\n`);
    expect(await read('logs/validation.txt')).toContain('valid');
  });

  test('gives the run its time less the reserve, and no word of which competition it is', async () => {
    await ended(start({ RESERVE_SECS: '100' }));
    const calls = await read('calls');
    const budget = Number(/run .*--budget (\d+)s/.exec(calls)?.[1]);
    expect(budget).toBeGreaterThan(490);
    expect(budget).toBeLessThanOrEqual(500);
    expect(calls).not.toContain('leaf-classification');
    expect(calls.split('\n').filter((line) => line !== '' && !line.endsWith('id=none'))).toEqual([]);
  });

  test('has a submission at once, then the best so far, whatever kills it', async () => {
    const child = start({ RUN_SECS: '30', SNAPSHOT_SECS: '2' });
    await until(async () => (await read('submission/submission.csv')) === SAMPLE);
    await until(async () => (await read('submission/submission.csv')) === 'id,y\n1,5\n2,5\n');
    child.kill('SIGKILL');
    await ended(child);
    expect(await read('submission/submission.csv')).toBe('id,y\n1,5\n2,5\n');
    await putFiles(home, { 'calls.finish': '' });
    await sleep(300);
  });

  test('asked to stop early has the run choose and package', async () => {
    const child = start({ RUN_SECS: '30' });
    await until(async () => (await read('calls')).includes('run '));
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
    expect(await read('calls')).toContain('finish last');
    expect(await read('submission/submission.csv')).toBe('id,y\n1,8\n2,8\n');
  });

  test('stops by itself when its time is up, though the run goes on', async () => {
    const begun = Date.now();
    expect(await ended(start({ RUN_SECS: '60', TIME_LIMIT_SECS: '6', RESERVE_SECS: '8' }))).toBe(0);
    expect(Date.now() - begun).toBeLessThan(15_000);
    expect(await read('submission/submission.csv')).toBe('id,y\n1,8\n2,8\n');
  });

  test('a run that fails leaves the best so far, or the sample', async () => {
    await ended(start({ RUN_FAILS: '1' }));
    expect(await read('submission/submission.csv')).toBe('id,y\n1,5\n2,5\n');
    await rm(join(home, 'submission'), { recursive: true });
    await ended(start({ RUN_FAILS: '1', SNAPSHOT_FAILS: '1' }));
    expect(await read('submission/submission.csv')).toBe(SAMPLE);
    expect(await read('logs/start.log')).toContain('no luck');
  });

  test('an answer that cannot be completed is taken as it is', async () => {
    await ended(start({ COMPLETE_FAILS: '1' }));
    expect(await read('submission/submission.csv')).toBe('id,y\n1,9\n2,9\n');
  });

  test('data that cannot be imported leave the sample, and nothing is run', async () => {
    expect(await ended(start({ IMPORT_FAILS: '1' }))).toBe(0);
    expect(await read('submission/submission.csv')).toBe(SAMPLE);
    expect(await read('calls')).not.toContain('run ');
  });

  test('an answer that the validity check refuses is replaced by the sample and kept among the logs', async () => {
    await putFiles(home, { 'validate_submission.sh': INVALID });
    await ended(start());
    expect(await read('submission/submission.csv')).toBe(SAMPLE);
    expect(await read('logs/invalid_submission.csv')).toBe('id,y\n1,8\n2,8\n');
    expect((await read('calls.validated')).trim().split('\n')).toHaveLength(1);
  });

  test('takes a sample by any of its names', async () => {
    await rm(join(home, 'data/sample_submission.csv'));
    await putFiles(home, { 'data/randomPredictions.csv': SAMPLE });
    await ended(start({ IMPORT_FAILS: '1' }));
    expect(await read('submission/submission.csv')).toBe(SAMPLE);
  });
});

describe('the folder', () => {
  test('has a script that bash can read and that may be executed', async () => {
    expect(spawnSync('bash', ['-n', START]).status).toBe(0);
    expect((await stat(START)).mode & 0o111).not.toBe(0);
  });

  test('has a config in the form of the benchmark: start, dockerfile, texts as variables, no arguments', async () => {
    const config: Record<
      string,
      { start?: string; dockerfile?: string; env_vars?: Record<string, unknown>; kwargs?: unknown }
    > = parse(await readFile(join(AGENT, 'config.yaml'), 'utf8'), { merge: true });
    const agents = Object.entries(config).filter(([id]) => id.startsWith('automlgen'));
    expect(agents.map(([id]) => id)).toEqual(['automlgen', 'automlgen/12h', 'automlgen/dev']);
    for (const [, agent] of agents) {
      expect(agent).toMatchObject({ start: 'automlgen/start.sh', dockerfile: 'automlgen/Dockerfile' });
      expect(agent.kwargs).toBeUndefined();
      expect(Object.values(agent.env_vars ?? {}).every((value) => typeof value === 'string')).toBe(true);
      expect(Number(agent.env_vars?.TIME_LIMIT_SECS)).toBeGreaterThan(0);
    }
  });

  test('builds on the benchmark image and starts as root, as its entry point needs', async () => {
    const lines = (await readFile(join(AGENT, 'Dockerfile'), 'utf8')).split('\n');
    expect(lines.find((line) => line.startsWith('FROM'))).toBe('FROM mlebench-env');
    expect(lines.filter((line) => line.startsWith('USER')).at(-1)).toBe('USER root');
    expect(lines.some((line) => /^(?:CMD|ENTRYPOINT)/.test(line))).toBe(false);
  });
});
