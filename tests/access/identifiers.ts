/** Which identifiers the contract takes, found in its paths and schemas. */
import type { Calls } from '../../contract/calls/call.ts';

/** Fields of queries and bodies that name a person, a room, a message, a place in a list, a session or a provider. */
const naming =
  /^(id|room_id|rooms|user_id|message_id|sender|created_by|seq|before|after|cursor|by|target|refresh_token|provider)$/;

interface Schema {
  shape?: Record<string, unknown>;
  def?: { type?: string; options?: Schema[] };
}

const fieldsOf = (schema: unknown): string[] => {
  const { shape, def } = (schema ?? {}) as Schema;
  return def?.type === 'union' ? (def.options ?? []).flatMap(fieldsOf) : Object.keys(shape ?? {});
};

/** Each as the id of its call and its name. */
export const identifiersOf = (calls: Calls): string[] =>
  Object.entries(calls).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ id, body, query }) => [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${id} ${name}`),
      ...[...fieldsOf(body), ...fieldsOf(query)]
        .filter((name) => naming.test(name))
        .map((name) => `${id} ${name}`),
    ]),
  );
