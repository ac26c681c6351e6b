/**
 * The functions of an app, as the host indexes them: names in bindings resolved, what cannot be served set apart
 * with the reason. It starts nothing.
 */
import { isDisabled, resolveNames } from './app-settings.ts';
import type { Binding, FunctionMetadata } from './worker/protocol.ts';

export interface FunctionDefinition extends FunctionMetadata {
  triggerName: string;
  trigger: Binding;
  isDisabled: boolean;
}

export interface Index {
  functions: FunctionDefinition[];
  /** One sentence for each function that this host cannot serve. */
  errors: string[];
}

const supportedTriggers = new Set(['httptrigger', 'servicebustrigger', 'timertrigger']);
const supportedOutputs = new Set(['http', 'servicebus']);

/** Sorts out what an app has registered. */
export function indexFunctions(registered: FunctionMetadata[], env: NodeJS.ProcessEnv): Index {
  const index: Index = { functions: [], errors: [] };
  for (const metadata of registered) {
    try {
      index.functions.push(define(metadata, env));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      index.errors.push(`The '${metadata.name}' function is in error: ${reason}`);
    }
  }
  return index;
}

function define(metadata: FunctionMetadata, env: NodeJS.ProcessEnv): FunctionDefinition {
  const bindings: Record<string, Binding> = {};
  for (const [name, binding] of Object.entries(metadata.bindings)) {
    refuseUnsupported(name, binding);
    bindings[name] = resolveBinding(binding, env);
  }
  const trigger = Object.entries(bindings).find(([, binding]) => isTrigger(binding));
  if (!trigger) throw new Error('it has no trigger.');
  return {
    ...metadata,
    bindings,
    triggerName: trigger[0],
    trigger: trigger[1],
    isDisabled: isDisabled(metadata.name, env),
  };
}

const isTrigger = (binding: Binding): boolean => binding.type.toLowerCase().endsWith('trigger');

function refuseUnsupported(name: string, binding: Binding): void {
  const type = binding.type.toLowerCase();
  const supported = isTrigger(binding)
    ? supportedTriggers
    : binding.direction === 'out'
      ? supportedOutputs
      : new Set<string>();
  if (!supported.has(type)) {
    throw new Error(`this host does not support the binding type '${binding.type}' of '${name}'.`);
  }
  if (binding.properties?.['supportsDeferredBinding'] === 'true') {
    throw new Error(`this host does not support SDK bindings ('${name}').`);
  }
}

function resolveBinding(binding: Binding, env: NodeJS.ProcessEnv): Binding {
  const resolved: Binding = { ...binding };
  for (const [field, value] of Object.entries(binding)) {
    if (typeof value === 'string') resolved[field] = resolveNames(value, env);
  }
  return resolved;
}
