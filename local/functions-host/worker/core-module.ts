/**
 * The module `@azure/functions-core`, which on Azure only the Node worker provides: where an app registers its
 * functions and hooks. It knows nothing of loading or invoking them.
 */
import { registerHooks } from 'node:module';
import { hostVersion, workerVersion } from '../version.ts';
import type { Binding, FunctionMetadata, LogCategory, LogLevel, RetryOptions } from './protocol.ts';
import type { ProgrammingModel } from './programming-model.ts';

const hookNames = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'] as const;
export type HookName = (typeof hookNames)[number];
export type HookCallback = (context: Record<string, unknown>) => unknown;
export type FunctionCallback = (...inputs: unknown[]) => unknown;
export type Log = (level: LogLevel, category: LogCategory, message: string) => void;

interface Registration {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
}

/** What an app has registered, and whether it still may. */
export class Registry {
  readonly functions = new Map<string, Registration>();
  readonly hooks: Record<HookName, HookCallback[]> = {
    preInvocation: [],
    postInvocation: [],
    appStart: [],
    appTerminate: [],
    log: [],
  };
  model: ProgrammingModel | undefined;
  /** Set once the app has started: functions cannot come or go any more. */
  locked = false;
}

/** An error that is not of the app's making; the library and the host tell the two kinds apart by this mark. */
export class SystemError extends Error {
  readonly isAzureFunctionsSystemError = true;
}

class SystemRangeError extends RangeError {
  readonly isAzureFunctionsSystemError = true;
  // The library compares the name, and a subclass would otherwise not have this one when bundled.
  override readonly name = 'RangeError';
}

class Disposable {
  static from(...inner: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => inner.forEach((each) => each.dispose()));
  }

  #end: (() => void) | undefined;

  constructor(end: () => void) {
    this.#end = end;
  }

  dispose(): void {
    this.#end?.();
    this.#end = undefined;
  }
}

interface NewFunction {
  name: string;
  functionId?: string;
  bindings: Record<string, Binding>;
  retryOptions?: RetryOptions;
}

function registerFunction(registry: Registry, given: NewFunction, callback: FunctionCallback): Disposable {
  const id = given.functionId ?? given.name;
  if (registry.locked) throw new SystemError('A function can only be registered during app startup.');
  if (registry.functions.has(id)) {
    throw new SystemError(`A function with id "${id}" has already been registered.`);
  }
  const metadata: FunctionMetadata = {
    functionId: id,
    name: given.name,
    bindings: given.bindings,
    ...(given.retryOptions && { retryOptions: given.retryOptions }),
  };
  registry.functions.set(id, { metadata, callback });
  return new Disposable(() => {
    if (registry.locked) throw new SystemError('A function can only be disposed during app startup.');
    registry.functions.delete(id);
  });
}

function registerHook(registry: Registry, name: string, callback: HookCallback): Disposable {
  const known = hookNames.find((hookName) => hookName === name);
  if (!known) throw new SystemRangeError(`Unrecognized hook "${name}"`);
  registry.hooks[known].push(callback);
  return new Disposable(() => {
    const place = registry.hooks[known].indexOf(callback);
    if (place >= 0) registry.hooks[known].splice(place, 1);
  });
}

/** Makes `@azure/functions-core` loadable, by `require` and `import` and from any copy of the library. */
export function provideCoreModule(registry: Registry, log: Log): void {
  const core = {
    version: workerVersion,
    hostVersion,
    registerFunction: (given: NewFunction, callback: FunctionCallback) =>
      registerFunction(registry, given, callback),
    registerHook: (name: string, callback: HookCallback) => registerHook(registry, name, callback),
    setProgrammingModel: (model: ProgrammingModel) => {
      registry.model = model;
    },
    getProgrammingModel: () => registry.model,
    log,
    Disposable,
  };
  Object.assign(globalThis, { [Symbol.for('functions-host.core')]: core });
  const url = new URL('functions-core.cjs', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '@azure/functions-core'
        ? { url, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
  });
}
