/** What a function gave to an output binding: set by name through the context, returned, or a member of what it returned. */
import type { InvocationResponse, TypedData } from './worker/typed-data.ts';

export function outputValue(
  name: string,
  { outputData, returnValue }: InvocationResponse,
): TypedData | undefined {
  const set = outputData.find((each) => each.name === name)?.data;
  if (set) return set;
  if (name === '$return') return returnValue ?? undefined;
  const returned: unknown = returnValue?.json === undefined ? undefined : JSON.parse(returnValue.json);
  if (typeof returned !== 'object' || returned === null || !(name in returned)) return undefined;
  const value = (returned as Record<string, unknown>)[name];
  return typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) };
}
