/**
 * One process of the app, seen from the host: start, invoke, end. It does not restart; `app.ts` does.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Failure, FromWorker, FunctionMetadata, ToWorker } from './protocol.ts';
import type { InvocationRequest, InvocationResponse } from './typed-data.ts';

/** How long the appTerminate hooks may take before the process is killed, in milliseconds. */
const terminateLimit = 5_000;

/** What an app turned out to be once it had loaded. */
export interface LoadedApp {
  functions: FunctionMetadata[];
  capabilities: Record<string, string>;
}

/** An invocation that did not succeed. `failure.isSystem` says whether the app's own code threw. */
export class InvocationFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The app could not be loaded; its process is ended. */
export class UnloadableApp extends Error {}

export interface WorkerEvents {
  log(line: Extract<FromWorker, { kind: 'log' }>): void;
  /** A line that the app wrote to its standard output or error. */
  console(line: string, stream: 'stdout' | 'stderr'): void;
  /** The process is gone, wanted or not. */
  exit(reason: string): void;
}

interface Waiting {
  resolve(response: InvocationResponse): void;
  reject(error: Error): void;
}

const gone = (reason: string): InvocationFailure =>
  new InvocationFailure({ name: 'WorkerProcessExitException', message: reason, isSystem: true });

export class WorkerProcess {
  /** Settles when the app has loaded, or rejects with why it has not. */
  readonly loaded: Promise<LoadedApp>;
  #child: ChildProcess;
  #waiting = new Map<string, Waiting>();
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
  #isGone = false;

  constructor(appRoot: string, env: NodeJS.ProcessEnv, events: WorkerEvents) {
    this.#child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), [appRoot], {
      cwd: appRoot,
      env: { ...env, NODE_COMPILE_CACHE: getCompileCacheDir() },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      const input = this.#child[stream];
      if (input) createInterface({ input }).on('line', (line) => events.console(line, stream));
    }
    this.loaded = new Promise((resolve, reject) => {
      this.#child.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve(message);
        else if (message.kind === 'unloadable') reject(new UnloadableApp(message.message));
        else this.#hear(message, events);
      });
      this.#child.once('exit', () =>
        reject(new Error('The process of the app ended before it had started.')),
      );
    });
    // Whoever does not wait for it learns of the exit instead.
    this.loaded.catch(() => undefined);
    this.ended = new Promise((resolve) => {
      const end = (reason: string): void => {
        if (this.#isGone) return;
        this.#isGone = true;
        for (const waiting of this.#waiting.values()) waiting.reject(gone(reason));
        this.#waiting.clear();
        resolve();
        events.exit(reason);
      };
      this.#child.once('exit', (code, signal) =>
        end(`The process of the app ended (${signal ?? `code ${code}`}).`),
      );
      this.#child.once('error', (error) => end(`The process of the app did not start: ${error.message}`));
    });
  }

  /** Runs a function. Throws `InvocationFailure`, also when the process ends meanwhile. */
  invoke(request: InvocationRequest): Promise<InvocationResponse> {
    if (this.#isGone) return Promise.reject(gone('The process of the app has ended.'));
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.invocationId, { resolve, reject });
      this.#send({ kind: 'invoke', request });
    });
  }

  /** How many invocations are under way. */
  get busy(): number {
    return this.#waiting.size;
  }

  /** Ends the process: politely, with its hooks, or at once. Returns when it is gone. */
  async end(how: 'terminate' | 'kill'): Promise<void> {
    if (this.#isGone) return;
    if (how === 'kill') this.#child.kill('SIGKILL');
    else this.#send({ kind: 'terminate' });
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), terminateLimit);
    await this.ended;
    clearTimeout(deadline);
  }

  #send(message: ToWorker): void {
    // An error means that the process is ending, and 'exit' tells everybody who waits.
    this.#child.send(message, () => undefined);
  }

  #hear(message: Exclude<FromWorker, { kind: 'ready' | 'unloadable' }>, events: WorkerEvents): void {
    if (message.kind === 'log') return events.log(message);
    const waiting = this.#waiting.get(message.invocationId);
    if (!waiting) return;
    this.#waiting.delete(message.invocationId);
    if (message.kind === 'done') waiting.resolve(message.response);
    else waiting.reject(new InvocationFailure(message.failure));
  }
}
