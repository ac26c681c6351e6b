/**
 * A stand-in for `azd` or `az`, which cannot be had here: a program on PATH that records how it was called and answers
 * what a test says. What is tested is our side; that the real tools take these calls was not tried.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ran {
  status: number | null;
  output: string;
}

export class FakeTools {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'hubbub-tools-'));

  /** `program`: the body of a function of `args` that returns what is printed, or throws what it complains of. */
  add(name: string, program: string): void {
    const file = join(this.folder, name);
    const calls = JSON.stringify(this.#calls);
    writeFileSync(
      file,
      `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
const kept = ${JSON.stringify(join(this.folder, 'kept.json'))};
fs.appendFileSync(${calls}, JSON.stringify([${JSON.stringify(name)}, ...args]) + '\\n');
try {
  process.stdout.write(String((() => { ${program} })() ?? ''));
} catch (error) {
  process.stderr.write('ERROR: ' + error.message);
  process.exitCode = 1;
}
`,
    );
    chmodSync(file, 0o755);
  }

  /** Every call so far: the tool and its arguments. */
  calls(): string[][] {
    if (!existsSync(this.#calls)) return [];
    return readFileSync(this.#calls, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as string[]);
  }

  /** Runs a program of ours by Node alone, with these tools alone on PATH: a real one must never be met. */
  run(args: string[], environment: Record<string, string> = {}, cwd = tmpdir()): Promise<Ran> {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { PATH: this.folder, ...environment },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    return new Promise((done) => child.once('close', (status) => done({ status, output })));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #calls(): string {
    return join(this.folder, 'calls.jsonl');
  }
}
