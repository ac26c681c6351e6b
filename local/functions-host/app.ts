/**
 * The app as the host keeps it: one process that runs, another in its place after a crash, a timed-out function or
 * a change of the bundle. It knows nothing of triggers.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Faults } from '../fault-injection/faults.ts';
import type { Log } from './log.ts';
import type { FromWorker, FunctionMetadata } from './worker/protocol.ts';
import type { InvocationRequest, InvocationResponse } from './worker/typed-data.ts';
import { InvocationFailure, UnloadableApp, WorkerProcess, type LoadedApp } from './worker/worker-process.ts';

/** Waits before a restart, by the number of crashes in a row, in milliseconds. */
const restartDelays = [0, 250, 500, 1_000, 2_000, 5_000, 10_000];
/** An app that has run this long has recovered from its earlier crashes, in milliseconds. */
const recoveredAfter = 10_000;
/** How long invocations may go on in a process that has been replaced, in milliseconds. */
const drainLimit = 30_000;

export interface AppOptions {
  scriptRoot: string;
  env: NodeJS.ProcessEnv;
  /** Milliseconds; undefined for no limit. */
  functionTimeout: number | undefined;
  faults: Faults;
  log: Log;
  /** Each time the app has loaded: its functions may be others than before. */
  onLoaded: (functions: FunctionMetadata[]) => void;
  /** A line that an invocation logged through its context. */
  onLog: (line: Extract<FromWorker, { kind: 'log' }>) => void;
}

/** `error`: the app cannot be loaded, and only a changed bundle will help. */
export type AppState = 'starting' | 'running' | 'error' | 'stopped';

export class App {
  #options: AppOptions;
  #running: WorkerProcess | undefined;
  #capabilities: Record<string, string> = {};
  #state: AppState = 'starting';
  #crashes = 0;
  /** Counts launches: one that is not the newest any more must not take over. */
  #launches = 0;
  #listeners = new Set<() => void>();
  #stopping = new AbortController();

  constructor(options: AppOptions) {
    this.#options = options;
  }

  get state(): AppState {
    return this.#state;
  }

  /** Where the library takes streamed HTTP requests, if the app has switched that on. */
  get httpUri(): string | undefined {
    return this.#capabilities['HttpUri'];
  }

  /** Loads the app; a process that runs goes on until the new one has loaded. Never throws: see `state`. */
  async load(): Promise<void> {
    const launch = ++this.#launches;
    const { scriptRoot, env, log } = this.#options;
    const worker: WorkerProcess = new WorkerProcess(scriptRoot, env, {
      log: this.#options.onLog,
      console: (line, stream) =>
        log.write(stream === 'stderr' ? 'error' : 'information', 'Host.Function.Console', line),
      exit: (reason) => void this.#replace(worker, launch, reason),
    });
    try {
      const loaded = await worker.loaded;
      if (launch === this.#launches && !this.#stopping.signal.aborted) this.#takeOver(worker, loaded);
      else await worker.end('kill');
    } catch (error) {
      if (!(error instanceof UnloadableApp)) return; // It died: `exit` sees to it.
      log.write('error', 'Host.Startup', error.message);
      if (launch === this.#launches && !this.#running) this.#change('error');
      await worker.end('kill');
    }
  }

  /** Waits until the app runs. Rejects when the signal says so first. */
  async running(signal: AbortSignal): Promise<void> {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(new Error('The host stops.'));
    signal.addEventListener('abort', abort);
    try {
      while (this.#state !== 'running') {
        signal.throwIfAborted();
        const { promise: changed, resolve } = Promise.withResolvers<void>();
        this.#listeners.add(resolve);
        // oxlint-disable-next-line no-await-in-loop
        await Promise.race([changed, aborted]);
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Runs a function. Throws `InvocationFailure`. */
  async invoke(request: InvocationRequest, functionName: string): Promise<InvocationResponse> {
    const worker = this.#running;
    if (!worker) throw timedOutOrGone('Function host is not running.');
    const limit = this.#options.functionTimeout;
    if (limit === undefined) return this.#invoke(worker, request, functionName);
    const text =
      `Timeout value of ${limit / 1000} s exceeded by function 'Functions.${functionName}' ` +
      `(Id: '${request.invocationId}'). Initiating cancellation.`;
    let timer: NodeJS.Timeout | undefined;
    const expiry = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#options.log.write('error', 'Host.Results', text);
        // First the reason, or this invocation would fail with the end of the process.
        reject(timedOutOrGone(text));
        setImmediate(() => void worker.end('kill'));
      }, limit);
    });
    try {
      return await Promise.race([this.#invoke(worker, request, functionName), expiry]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the app for good, after its appTerminate hooks. */
  async stop(): Promise<void> {
    this.#change('stopped');
    this.#stopping.abort();
    await this.#running?.end('terminate');
  }

  /** The invocation as far as faults let it pass: they may also end the process, or let nothing come back. */
  async #invoke(
    worker: WorkerProcess,
    request: InvocationRequest,
    functionName: string,
  ): Promise<InvocationResponse> {
    const { faults } = this.#options;
    if (!faults.any) return worker.invoke(request);
    const meet = async (when: 'before' | 'after'): Promise<void> => {
      const { kind } = await faults.meet(`invoke ${functionName}`, when);
      if (kind === 'disconnect') await worker.end('kill');
      if (kind === 'drop') await worker.ended;
      if (kind !== 'pass') throw timedOutOrGone('A fault on request.');
    };
    await meet('before');
    const response = await worker.invoke(request);
    await meet('after');
    return response;
  }

  #takeOver(worker: WorkerProcess, loaded: LoadedApp): void {
    const old = this.#running;
    this.#running = worker;
    this.#capabilities = loaded.capabilities;
    setTimeout(() => {
      if (this.#running === worker) this.#crashes = 0;
    }, recoveredAfter).unref();
    this.#options.onLoaded(loaded.functions);
    this.#change('running');
    if (old) void retire(old);
  }

  /** A process has ended. If it was the one that counts, another follows. */
  async #replace(worker: WorkerProcess, launch: number, reason: string): Promise<void> {
    if (this.#running === worker) {
      this.#running = undefined;
      if (this.#state === 'running') this.#change('starting');
    }
    if (launch !== this.#launches || this.#stopping.signal.aborted || this.#state === 'error') return;
    const wait = restartDelays[Math.min(this.#crashes++, restartDelays.length - 1)] ?? 0;
    this.#options.log.write('error', 'Host.Startup', `${reason} Restarting in ${wait} ms.`);
    await delay(wait);
    if (launch === this.#launches && !this.#stopping.signal.aborted) await this.load();
  }

  #change(state: AppState): void {
    this.#state = state;
    if (state !== 'running') return;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

function timedOutOrGone(message: string): InvocationFailure {
  return new InvocationFailure({ name: 'FunctionInvocationException', message, isSystem: true });
}

/** Lets a replaced process finish what it has begun. */
async function retire(worker: WorkerProcess): Promise<void> {
  const deadline = Date.now() + drainLimit;
  // oxlint-disable-next-line no-await-in-loop
  while (worker.busy > 0 && Date.now() < deadline) await delay(50);
  await worker.end('terminate');
}
