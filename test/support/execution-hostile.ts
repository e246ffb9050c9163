/** Programs that try to get out, to stay, to choke the machine, or to deceive whoever reads their results. */
import type { ExecutionLimits } from '../../src/domain/execution-spec.js';
import type { OutcomeKind } from '../../src/domain/outcome.js';
import { WRITE } from './execution-setup.js';

export interface HostileProgram {
  readonly name: string;
  readonly program: string;
  readonly limits?: Partial<ExecutionLimits>;
  /** More than one where the machine's means decide who notices first. */
  readonly kinds: readonly OutcomeKind[];
  /** Must match the message or the output. */
  readonly evidence?: RegExp;
  /** Must not appear in the output. */
  readonly never?: RegExp;
}

/** What a program may want to know about the outside: told to it, so that only the sandbox stands in its way. */
export interface Outside {
  readonly answers: string;
  readonly port: number;
  readonly control: string;
}

const SHORT = { runSeconds: 2 };
const LIBC = 'import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n';

export function hostilePrograms({ answers, port, control }: Outside): readonly HostileProgram[] {
  return [...thatChoke(), ...thatStay(), ...thatBreakOut({ answers, port, control }), ...thatDeceive()];
}

function thatChoke(): readonly HostileProgram[] {
  return [
    {
      name: 'fork bomb',
      program: 'import os\nwhile True:\n  try: os.fork()\n  except OSError: pass',
      limits: SHORT,
      kinds: ['timeout', 'exception', 'memory'],
    },
    { name: '20 GB in one piece', program: `x = bytearray(20 * 2**30)\n${WRITE}`, kinds: ['memory'] },
    {
      name: '20 GB of shared pages, which no process limit counts',
      program: 'import mmap\nm = mmap.mmap(-1, 20 << 30)\nfor at in range(0, 20 << 30, 4096): m[at] = 1',
      kinds: ['memory'],
      evidence: /512 MiB/,
    },
    {
      name: 'memory in many small processes',
      program:
        'import os, time\nfor _ in range(20):\n  if os.fork() == 0:\n    x = bytearray(b"x") * (100 << 20); time.sleep(60)\ntime.sleep(60)',
      limits: { runSeconds: 10 },
      kinds: ['memory'],
    },
    {
      name: 'endless output',
      program: 'import os\nwhile True: os.write(1, b"x" * 65536)',
      kinds: ['disk'],
      evidence: /printed too much: more than 256 MiB/,
    },
    {
      name: 'endless loop',
      program: 'def spin():\n  while True: pass\nspin()',
      limits: SHORT,
      kinds: ['timeout'],
      evidence: /solution.py", line 2 in spin/,
    },
    {
      name: 'stops itself',
      program: 'import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)',
      limits: SHORT,
      kinds: ['timeout'],
    },
    {
      name: 'very many files',
      program: 'import os\nfor i in range(10**7):\n  os.close(os.open(f"working/{i}", os.O_CREAT))',
      limits: { runSeconds: 60 },
      kinds: ['disk'],
      evidence: /more than 50000 files/,
    },
    {
      name: 'fills the work folder piece by piece',
      program: 'for i in range(10**6): open(f"working/{i}", "wb").write(b"x" * (8 << 20))',
      kinds: ['disk'],
      evidence: /more than 64 MiB written/,
    },
    {
      name: 'one endless file',
      program: 'f = open("working/submission.csv", "wb")\nwhile True: f.write(b"x" * (1 << 20))',
      kinds: ['disk'],
    },
    {
      name: 'fills /tmp and /dev/shm',
      program: `full = 0
for folder in ('/tmp', '/dev/shm'):
  try:
    for i in range(10**4): open(f'{folder}/{i}', 'wb').write(b'x' * (1 << 20))
  except OSError: full += 1
raise OSError(28, f'{full} were full')`,
      kinds: ['disk', 'memory'],
      evidence: /2 were full|512 MiB/,
    },
    {
      name: 'nests folders without end',
      program: `import os\nos.chdir('working')\nfor i in range(3000): os.mkdir('d'); os.chdir('d')\nimport time; time.sleep(1)`,
      kinds: ['disk'],
      evidence: /nested deeper/,
    },
  ];
}

function thatStay(): readonly HostileProgram[] {
  return [
    {
      name: 'ignores SIGTERM',
      program: 'import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: None)\nwhile True: time.sleep(1)',
      limits: SHORT,
      kinds: ['timeout'],
    },
    {
      name: 'leaves double-forked children in sessions of their own',
      program: `import os, time
for _ in range(3):
  if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
      for fd in (0, 1, 2): os.close(fd)
      time.sleep(600)
    os._exit(0)
${WRITE}`,
      kinds: ['finished'],
    },
    {
      name: 'leaves a child that holds the pipes',
      program: `import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n${WRITE}`,
      kinds: ['finished'],
    },
    {
      name: 'kills its parent, and everything else it can name',
      program: `import os, signal
for pid in (os.getppid(), 1, *range(2, 400)):
  if pid != os.getpid():
    try: os.kill(pid, signal.SIGKILL)
    except OSError: pass
${WRITE}`,
      kinds: ['finished', 'exception'],
    },
    { name: 'kills all', program: `import os\nos.kill(-1, 9)\n${WRITE}`, kinds: ['finished', 'exception'] },
  ];
}

function thatBreakOut({ answers, port, control }: Outside): readonly HostileProgram[] {
  return [
    {
      name: 'connects to a server of this machine',
      program: `import socket\nsocket.create_connection(('127.0.0.1', ${port}), 2).sendall(b'here I am')\nprint('CONNECTED')`,
      kinds: ['exception'],
      evidence: /refused|unreachable/i,
      never: /CONNECTED/,
    },
    {
      name: 'reads the private answers',
      program: `print(open(${JSON.stringify(answers)}).read())`,
      kinds: ['exception'],
      evidence: /FileNotFoundError/,
      never: /SECRET-LABELS/,
    },
    {
      name: 'finds the private answers through /proc',
      program: `import os, glob
for path in glob.glob('/proc/*/root${answers}') + glob.glob('/proc/*/cwd/../../answers.csv') + glob.glob('/tmp/*/answers.csv'):
  try: print(open(path).read())
  except OSError: pass
print(sorted(int(p) for p in os.listdir('/proc') if p.isdigit()))
for pid in (1, os.getppid()):
  try: print(open(f'/proc/{pid}/environ').read(), open(f'/proc/{pid}/cmdline').read())
  except OSError as e: print(e)
raise SystemExit(5)`,
      kinds: ['exception'],
      evidence: /\[1, 2\]/,
      never: /SECRET-LABELS|automlgen-execution/,
    },
    {
      name: 'makes read-only mounts writable, or new namespaces',
      program: `${LIBC}
opened = [p for p in ('/usr', '/job/input', '/') if libc.mount(None, p.encode(), None, 32 | 4096, None) == 0]
opened += [hex(f) for f in (0x10000000, 0x00020000, 0x40000000) if libc.unshare(f) == 0]
opened += ['ptrace'] if libc.ptrace(0, 0, 0, 0) == 0 else []
print('OPENED', opened)
raise SystemExit(5)`,
      kinds: ['exception'],
      evidence: /OPENED \[\]/,
    },
    {
      name: 'writes core_pattern',
      program: "open('/proc/sys/kernel/core_pattern', 'w').write('|/job/x')",
      kinds: ['exception'],
      evidence: /Permission denied|Read-only/,
    },
    {
      name: 'writes outside its folders',
      program: `written = []
for path in ('/x', '/usr/x', '/etc/x', '/etc/passwd', '/dev/x', '/run/x', '/run/launch.py', ${JSON.stringify(`${control}/x`)}):
  try: open(path, 'a').write('x'); written.append(path)
  except OSError: pass
print('WRITTEN', written)
raise SystemExit(5)`,
      kinds: ['exception'],
      evidence: /WRITTEN \[\]/,
    },
    {
      name: 'deletes and changes its input',
      program: `import os, shutil
done = []
for act in (lambda: os.remove('input/train.csv'), lambda: open('input/train.csv', 'w'), lambda: shutil.rmtree('input'),
            lambda: os.rename('input', 'other'), lambda: os.chmod('input/train.csv', 0o777)):
  try: act(); done.append('x')
  except OSError: pass
print('DONE', done)
raise SystemExit(5)`,
      kinds: ['exception'],
      evidence: /DONE \[\]/,
    },
  ];
}

function thatDeceive(): readonly HostileProgram[] {
  const large = { diskMiB: 256 };
  return [
    {
      name: 'forges its status',
      program: `import os
for folder in ('.', '..', '../control', 'working', 'working/../..'):
  try: open(f'{folder}/status.json', 'w').write('{"cause": null, "views": []}')
  except OSError: pass
raise ValueError('honest failure')`,
      kinds: ['exception'],
      evidence: /honest failure/,
    },
    {
      name: 'a link as submission',
      program: "import os\nos.symlink('/etc/passwd', 'working/submission.csv')",
      kinds: ['bad-format'],
      evidence: /symbolic link/,
    },
    {
      name: 'a pipe as submission',
      program: "import os\nos.mkfifo('working/submission.csv')",
      kinds: ['bad-format'],
      evidence: /named pipe/,
    },
    {
      name: 'a folder as submission',
      program: "import os\nos.mkdir('working/submission.csv')",
      kinds: ['bad-format'],
      evidence: /is a folder/,
    },
    {
      name: 'a hard link as submission',
      program: "import os\nopen('working/a', 'w').write('x')\nos.link('working/a', 'working/submission.csv')",
      kinds: ['bad-format'],
      evidence: /2 hard links/,
    },
    {
      name: 'a link instead of the folder',
      program: "import os\nos.rmdir('working')\nos.symlink('/etc', 'working')",
      kinds: ['bad-format'],
      evidence: /not a folder/,
    },
    { name: 'no folder at all', program: "import os\nos.rmdir('working')", kinds: ['no-output'] },
    {
      name: 'a submission of 100 MB',
      program: "open('working/submission.csv', 'wb').write(b'x' * (100 << 20))",
      limits: large,
      kinds: ['bad-format'],
      evidence: /100 MiB, and the most is 64 MiB/,
    },
    {
      name: 'a terabyte of holes',
      program: "import os\nopen('working/submission.csv', 'wb').truncate(10**12)",
      kinds: ['disk'],
    },
    {
      name: 'prints NUL, invalid bytes and a great many languages',
      program: `import sys\nsys.stdout.buffer.write(b'\\0\\xff\\xfe\\xed\\xa0\\x80 caf\\xc3\\xa9 \\xf0\\x9f\\x8c\\xb1\\n')\nprint('\\u202e\\ud800')\n${WRITE}`,
      kinds: ['finished'],
      evidence: /café 🌱/,
      never: /\0/,
    },
    {
      name: 'prints what looks like a trace-back and a crash of ours, then succeeds',
      program: `import sys\nprint('Traceback (most recent call last):\\nMemoryError: bwrap: no', file=sys.stderr)\n${WRITE}`,
      kinds: ['finished'],
    },
  ];
}
