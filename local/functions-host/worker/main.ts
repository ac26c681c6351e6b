/**
 * The process of the app: loads it, tells the host which functions it has, and runs them. It listens on nothing,
 * and ends with its host.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { provideCoreModule, Registry, type Log } from './core-module.ts';
import { loadEntryPoint } from './entry-point.ts';
import { invoke, readOnly, type Turn } from './invocation.ts';
import { endWithParent } from './parent.ts';
import type { Failure, FromWorker, ToWorker } from './protocol.ts';
import type { InvocationRequest } from './typed-data.ts';

const appRoot = process.argv[2] ?? process.cwd();
const registry = new Registry();
const appHookData: Record<string, unknown> = {};
/** The invocation whose code runs, so that what the library logs by itself finds its place. */
const current = new AsyncLocalStorage<Turn>();

const defaultCapabilities = Object.fromEntries(
  [
    'RawHttpBodyBytes',
    'RpcHttpTriggerMetadataRemoved',
    'RpcHttpBodyOnly',
    'IgnoreEmptyValuedRpcHttpHeaders',
    'UseNullableValueDictionaryForHttp',
    'WorkerStatus',
    'TypedDataCollection',
    'HandlesWorkerTerminateMessage',
  ].map((name) => [name, 'true']),
);

function tell(message: FromWorker, sent?: () => void): void {
  process.send?.(message, undefined, undefined, () => sent?.());
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), isSystem: false };
  const isSystem = 'isAzureFunctionsSystemError' in error;
  return { name: error.name, message: error.message, isSystem, ...(error.stack && { stack: error.stack }) };
}

function write(turn: Turn | undefined, ...[level, category, message]: Parameters<Log>): void {
  const line = { level, category, message };
  const shared = { hookData: {}, appHookData, invocationContext: turn?.context };
  const context = Object.assign(readOnly(shared), line);
  for (const hook of registry.hooks.log) hook(context);
  tell({
    kind: 'log',
    level: context.level,
    category,
    message: context.message,
    ...(turn && { invocationId: turn.invocationId }),
  });
}

const log: Log = (...line) => write(current.getStore(), ...line);

async function start(): Promise<void> {
  provideCoreModule(registry, { worker: '3.9.1', host: '4.1043.0' }, log);
  try {
    await loadEntryPoint(appRoot, log);
    const hookContext = readOnly({ hookData: {}, appHookData, functionAppDirectory: appRoot });
    for (const hook of registry.hooks.appStart) {
      // oxlint-disable-next-line no-await-in-loop
      await hook(hookContext);
    }
    const capabilities = (await registry.model?.getCapabilities({ ...defaultCapabilities })) ?? {};
    registry.locked = true;
    const functions = [...registry.functions.values()].map(({ metadata }) => metadata);
    tell({ kind: 'ready', functions, capabilities });
  } catch (error) {
    tell({ kind: 'unloadable', message: error instanceof Error ? error.message : String(error) });
  }
}

function run(request: InvocationRequest): void {
  const { invocationId } = request;
  const turn: Turn = { invocationId, context: undefined };
  current
    .run(turn, () => invoke(registry, request, { turn, appHookData, log: (...line) => write(turn, ...line) }))
    .then(
      ({ outputData, returnValue }) =>
        tell({ kind: 'done', invocationId, response: { outputData, returnValue } }),
      (error: unknown) => tell({ kind: 'failed', invocationId, failure: failureOf(error) }),
    )
    // What cannot be cloned to the host (it would have to come from the library itself) must not leave a caller waiting.
    .catch((error: unknown) => tell({ kind: 'failed', invocationId, failure: failureOf(error) }));
}

async function terminate(): Promise<void> {
  const hookContext = readOnly({ hookData: {}, appHookData, functionAppDirectory: appRoot });
  try {
    for (const hook of registry.hooks.appTerminate) {
      // oxlint-disable-next-line no-await-in-loop
      await hook(hookContext);
    }
  } finally {
    process.exit(0);
  }
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'invoke') run(message.request);
  else void terminate();
});
process.on('uncaughtException', (error) => {
  const text = `Worker uncaught exception: ${error instanceof Error ? error.stack : String(error)}`;
  tell({ kind: 'log', level: 'error', category: 'system', message: text }, () => process.exit(1));
});
// These reach the whole group of processes; the host decides when the app ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
endWithParent();
await start();
