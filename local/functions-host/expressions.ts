/**
 * Binding expressions: `{id}`, `{query.page}`, `{headers.x-user}`, `{sys.randguid}` in a binding's text, replaced for each
 * invocation by what came with it. Pure; names count whatever their case.
 */
import { randomUUID } from 'node:crypto';
import type { Binding } from './worker/protocol.ts';
import type { TypedData } from './worker/typed-data.ts';

/** What expressions may name: texts, or objects of such. */
export type BindingData = { [name: string]: unknown };

const builtIn: Record<string, () => string> = {
  'sys.randguid': randomUUID,
  'rand-guid': randomUUID,
  'sys.utcnow': () => new Date().toISOString(),
  datetime: () => new Date().toISOString(),
};

/** The bindings with their expressions replaced; the trigger's own stay. Throws a sentence about an unknown name. */
export function evaluateBindings(
  bindings: Record<string, Binding>,
  triggerName: string,
  data: () => BindingData,
): Record<string, Binding> {
  const evaluated: Record<string, Binding> = {};
  for (const [name, binding] of Object.entries(bindings)) {
    evaluated[name] = name === triggerName ? binding : evaluateBinding(binding, data);
  }
  return evaluated;
}

function evaluateBinding(binding: Binding, data: () => BindingData): Binding {
  const texts = Object.entries(binding).filter(
    ([, value]) => typeof value === 'string' && value.includes('{'),
  );
  if (texts.length === 0) return binding;
  const evaluated = texts.map(([field, value]) => [field, evaluate(value as string, data())]);
  return { ...binding, ...(Object.fromEntries(evaluated) as object) };
}

function evaluate(text: string, data: BindingData): string {
  return text.replaceAll(/\{([^{}]+)\}/g, (_, expression: string) => {
    const made = builtIn[expression.toLowerCase()]?.();
    if (made !== undefined) return made;
    const value = find(data, expression.split('.'));
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return String(value);
    throw new Error(`No value for named parameter '${expression}'.`);
  });
}

function find(data: unknown, [first, ...rest]: string[]): unknown {
  if (first === undefined) return data;
  if (typeof data !== 'object' || data === null) return undefined;
  const entry = Object.entries(data).find(([name]) => name.toLowerCase() === first.toLowerCase());
  return entry && find(entry[1], rest);
}

/** What an invocation's input and metadata offer to expressions. */
export function bindingData(input: TypedData, metadata: Record<string, TypedData>): BindingData {
  const data: BindingData = {};
  for (const [name, value] of Object.entries(metadata)) {
    data[name] = value.string ?? (value.json === undefined ? undefined : (JSON.parse(value.json) as unknown));
  }
  const { http } = input;
  if (!http) return data;
  const plain = (values: Record<string, { value?: string }> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([name, { value = '' }]) => [name, value]));
  const query = http.nullableQuery ? plain(http.nullableQuery) : data['Query'];
  const headers = http.nullableHeaders ? plain(http.nullableHeaders) : data['Headers'];
  return { ...(query as BindingData), ...plain(http.nullableParams), ...data, query, headers };
}
