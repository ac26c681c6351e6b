/** The state that a handler keeps with a connection, as `ce-connectionState` carries it: base64 of a JSON object. */

export type States = Record<string, unknown>;

/** Newer versions of the extension write each value as base64 of its JSON text, older ones as it is: both are read. */
export function decodeStates(header: string | undefined): States {
  const outer = header ? fromBase64(header) : undefined;
  if (typeof outer !== 'object' || outer === null) return {};
  return Object.fromEntries(
    Object.entries(outer).map(([name, value]: [string, unknown]) => [
      name,
      (typeof value === 'string' ? fromBase64(value) : undefined) ?? value,
    ]),
  );
}

export function encodeStates(states: States): string {
  const values = Object.entries(states).map(([name, value]) => [name, toBase64(value)]);
  return toBase64(Object.fromEntries(values) as object);
}

const toBase64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

function fromBase64(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString()) as unknown;
  } catch {
    return undefined;
  }
}
