/** A copy of the project in which code may be broken and tests run, without touching what everybody works on. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const needed = ['contract', 'functions', 'web', 'local', 'infra', 'tests', 'dist'];
const neededFiles = [
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'host.json',
  'local.settings.sample.json',
];

/** Milliseconds after which a run is ended. Each starts services, which takes its time on a busy machine. */
export const patience = 570_000;

/** What one test did, as vitest reports it. */
export interface Ran {
  title: string;
  status: 'passed' | 'failed';
  failures: string[];
}

/** A test file and the name of one of its tests. */
export interface Chosen {
  file: string;
  test: string;
}

interface Report {
  testResults: {
    name: string;
    status: string;
    /** Why the file as a whole failed. */
    message: string;
    assertionResults: { title: string; status: string; failureMessages?: string[] }[];
  }[];
}

export class Copy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hubbub-mutants-'));

  constructor() {
    for (const name of [...needed, ...neededFiles]) {
      const from = join(root, name);
      if (existsSync(from)) cpSync(from, join(this.#folder, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'), 'dir');
  }

  read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  /** Runs these tests, and no others of their files, in a process of its own. Answers those that ran. */
  async run(chosen: Chosen[]): Promise<Ran[]> {
    const report = join(this.#folder, 'report.json');
    rmSync(report, { force: true });
    const names = chosen.map(({ test }) => `${literal(test)}$`).join('|');
    const output = await this.#vitest([
      ...new Set(chosen.map(({ file }) => file)),
      `--testNamePattern=${names}`,
      '--reporter=json',
      `--outputFile=${report}`,
    ]);
    if (!existsSync(report)) throw new Error(`vitest reported nothing:\n${output}`);
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    for (const { name, status, message, assertionResults } of testResults) {
      const hasFailure = assertionResults.some((result) => result.status === 'failed');
      if (status === 'failed' && !hasFailure) throw new Error(`${name} did not run: ${message}\n${output}`);
    }
    return testResults.flatMap(({ assertionResults }) =>
      assertionResults.flatMap(({ title, status, failureMessages = [] }) =>
        status === 'passed' || status === 'failed' ? [{ title, status, failures: failureMessages }] : [],
      ),
    );
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Answers what it printed; that a test failed is no error here. */
  #vitest(args: string[]): Promise<string> {
    // What this run of vitest tells its own workers is not for another.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|VITE_|TEST$)/.test(name));
    const program = join(this.#folder, 'node_modules/vitest/vitest.mjs');
    const options = {
      cwd: this.#folder,
      env: Object.fromEntries(inherited),
      maxBuffer: 64 * 1_024 * 1_024,
      timeout: patience,
    };
    return new Promise((done) => {
      execFile(process.execPath, [program, 'run', ...args], options, (_error, stdout, stderr) =>
        done(stdout + stderr),
      );
    });
  }
}

/** A regular expression for exactly this text. */
const literal = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
