/**
 * The functions of an app as the host serves them: names in bindings resolved, routes read, what cannot be served set
 * apart with the reason. It starts nothing.
 */
import { isDisabled, resolveNames } from './app-settings.ts';
import { httpRoute, type HttpRoute } from './http/routes.ts';
import type { Binding, FunctionMetadata } from './worker/protocol.ts';

export interface FunctionDefinition extends FunctionMetadata {
  triggerName: string;
  trigger: Binding;
  isDisabled: boolean;
}

const supportedTriggers = new Set(['httptrigger', 'servicebustrigger', 'timertrigger', 'webpubsubtrigger']);
const supportedOutputs = new Set(['http', 'servicebus', 'webpubsub']);
const supportedInputs = new Set(['webpubsubconnection', 'webpubsubcontext']);

export class Catalogue {
  /** One sentence for each function that is not served. */
  readonly errors: string[] = [];
  readonly #functions = new Map<string, FunctionDefinition>();
  readonly #routes = new Map<string, HttpRoute>();

  /** Sorts out what an app has registered. */
  constructor(registered: FunctionMetadata[], env: NodeJS.ProcessEnv, routePrefix: string) {
    for (const metadata of registered) {
      try {
        const definition = define(metadata, env);
        if (isHttp(definition)) this.#routes.set(metadata.name, httpRoute(definition, routePrefix));
        this.#functions.set(metadata.name, definition);
      } catch (error) {
        this.refuse(metadata.name, error);
      }
    }
  }

  get functions(): FunctionDefinition[] {
    return [...this.#functions.values()];
  }

  get routes(): HttpRoute[] {
    return [...this.#routes.values()];
  }

  /** What something else than a request sets off. */
  get triggered(): FunctionDefinition[] {
    return this.functions.filter((definition) => !isHttp(definition) && !definition.isDisabled);
  }

  /** The address of an HTTP-triggered function. */
  address({ name }: FunctionDefinition, origin: string): string | undefined {
    const route = this.#routes.get(name);
    return route && `${origin}/${route.path}`;
  }

  /** Takes a function out of service. */
  refuse(name: string, error: unknown): void {
    this.#functions.delete(name);
    this.#routes.delete(name);
    const reason = error instanceof Error ? error.message : String(error);
    this.errors.push(`The '${name}' function is in error: ${reason}`);
  }

  /** The list of functions, as `func start` prints it. */
  list(origin: string): string {
    const lines = this.functions.map((definition) => {
      const { name, trigger } = definition;
      const route = this.#routes.get(name);
      const what = route ? `[${route.methods.join(',')}] ${this.address(definition, origin)}` : trigger.type;
      return `\t${name}: ${what}${definition.isDisabled ? ' (disabled)' : ''}\n`;
    });
    return `\nFunctions:\n\n${lines.join('\n')}`;
  }
}

const isHttp = ({ trigger }: FunctionDefinition): boolean => trigger.type.toLowerCase() === 'httptrigger';

function define(metadata: FunctionMetadata, env: NodeJS.ProcessEnv): FunctionDefinition {
  const bindings: Record<string, Binding> = {};
  for (const [name, binding] of Object.entries(metadata.bindings)) {
    refuseUnsupported(name, binding);
    bindings[name] = resolveBinding(binding, env);
  }
  const trigger = Object.entries(bindings).find(([, binding]) => isTrigger(binding));
  if (!trigger) throw new Error('it has no trigger.');
  const context = Object.entries(bindings).find(([, { type }]) => type.toLowerCase() === 'webpubsubcontext');
  if (context && trigger[1].type.toLowerCase() !== 'httptrigger')
    throw new Error(`the binding webPubSubContext ('${context[0]}') needs an HTTP trigger.`);
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
      : supportedInputs;
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
    if (Array.isArray(value))
      resolved[field] = value.map((each) => (typeof each === 'string' ? resolveNames(each, env) : each));
  }
  return resolved;
}
