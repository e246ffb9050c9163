/** Real pods of a real kubelet: what a program finds itself in, and what stops it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { SpecChanges } from '../support/execution-setup.js';
import { WRITE } from '../support/execution-setup.js';
import { createNodeBench, describeOnNode, type NodeBench } from '../support/kubernetes/node-bench.js';

jest.setTimeout(240_000);

describeOnNode('a program in a pod', () => {
  let bench: NodeBench;
  beforeAll(async () => {
    bench = await createNodeBench();
  });
  afterAll(() => bench.close());

  /** A release does not wait for the kubelet to take a pod down. */
  async function nothingLeft(): Promise<void> {
    for (let turn = 0; turn < 60; turn += 1) {
      if (bench.kubectl('get', 'pods', '-o', 'name') === '') return;
      await sleep(500);
    }
    expect(bench.kubectl('get', 'pods')).toBe('');
  }

  test('has no token, no rights, no way to write outside its folders, and the limits that were asked for', async () => {
    const outcome = await bench.run(`
import json, os, re
def limit(*paths):
    for path in paths:
        if os.path.exists(path): return open(path).read().strip()
def writable(path):
    try: open(path + '/probe', 'w').close(); return True
    except OSError: return False
status = dict(line.split(':\\t', 1) for line in open('/proc/self/status') if ':\\t' in line)
print(json.dumps({
    'uid': os.getuid(),
    'token': os.path.exists('/var/run/secrets/kubernetes.io/serviceaccount'),
    'writable': [p for p in ('/', '/usr', '/etc', '/opt/automlgen/python', '/opt/automlgen/venv', 'input') if writable(p)],
    'capabilities': status['CapEff'].strip(), 'newPrivileges': status['NoNewPrivs'].strip(), 'seccomp': status['Seccomp'].strip(),
    'shm': os.statvfs('/dev/shm').f_blocks * os.statvfs('/dev/shm').f_frsize >> 20,
    'memory': int(limit('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes')) >> 20,
    'services': [name for name in os.environ if name.endswith('_SERVICE_HOST') and name != 'KUBERNETES_SERVICE_HOST'],
    'secrets': [name for name in os.environ if 'TOKEN' in name or 'MONGO' in name or 'TEMPORAL' in name],
}))
${WRITE}`);
    expect(outcome).toMatchObject({ kind: 'finished', exitCode: 0 });
    const { memory, ...found } = JSON.parse(outcome.stdoutTail);
    expect(found).toEqual({
      uid: bench.settings.userId,
      token: false,
      writable: [],
      capabilities: '0000000000000000',
      newPrivileges: '1',
      seccomp: '2',
      shm: 32,
      services: [],
      secrets: [],
    });
    // The program's own 512 MiB, 32 MiB of /dev/shm, and the supervisor.
    expect(memory).toBeGreaterThanOrEqual(544);
    expect(memory).toBeLessThan(1024);
  });

  test('has the pinned packages', async () => {
    const outcome = await bench.run(
      `import catboost, lightgbm, numpy, pandas, scipy, sklearn, statsmodels, xgboost, skimage\nprint(numpy.__version__)\n${WRITE}`,
      { limits: { memoryMiB: 1024, runSeconds: 120 } },
    );
    expect(outcome).toMatchObject({ kind: 'finished', stdoutTail: expect.stringMatching(/^\d+\.\d+/) });
  });

  test.each<[string, string, SpecChanges['limits'], readonly string[]]>([
    ['memory in one process', 'x = bytearray(b"x") * (4 << 30)', {}, ['memory']],
    [
      'memory in many children, while the parent looks away',
      `import os, time\nfor _ in range(12):\n  if os.fork() == 0:\n    x = bytearray(b"x") * (100 << 20); time.sleep(60)\ntime.sleep(30)\n${WRITE}`,
      {},
      ['memory'],
    ],
    [
      'the work folder, piece by piece',
      'for i in range(10**6): open(f"working/{i}", "wb").write(b"x" * (8 << 20))',
      {},
      ['disk'],
    ],
    ['/dev/shm', 'f = open("/dev/shm/x", "wb")\nwhile True: f.write(b"x" * (1 << 20))', {}, ['disk', 'memory']],
    ['time', 'while True: pass', { runSeconds: 3 }, ['timeout']],
    [
      'time, and does not listen',
      'import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: None)\nwhile True: time.sleep(1)',
      { runSeconds: 3 },
      ['timeout'],
    ],
    [
      'processes',
      'import os, time\nfor _ in range(5000):\n  try:\n    if os.fork() == 0: time.sleep(60); os._exit(0)\n  except OSError: break\ntime.sleep(60)',
      { runSeconds: 30 },
      ['processes', 'exception', 'memory'],
    ],
  ])('is stopped when it takes too much: %s', async (_name, program, limits, kinds) => {
    const outcome = await bench.run(program, { limits: { ...limits } });
    expect(kinds).toContain(outcome.kind);
    expect(outcome.message).not.toBe('');
    await nothingLeft();
  });

  test('its results survive that somebody deletes its pod, which charges nobody', async () => {
    const spec = bench.spec('import time; time.sleep(60)');
    const handle = await bench.executor.submit(spec);
    const pods = async (): Promise<string> => {
      for (;;) {
        const name = bench.kubectl(
          'get',
          'pods',
          '-o',
          'jsonpath={.items[?(@.status.phase=="Running")].metadata.name}',
        );
        if (name) return name;
        await sleep(500);
      }
    };
    bench.kubectl('delete', 'pod', await pods(), '--wait=false');
    const outcome = await bench.executor.wait(handle);
    expect(outcome).toMatchObject({ kind: 'infrastructure' });
    await bench.executor.release(spec.id);
  });
});
