/** The properties of an encoded message, as rules see them and as their actions change them. */
import type { Typed } from 'rhea';
import type { Arrival } from '../broker/message.ts';
import type { MessageView, SystemProperty, Value } from '../rules/message-view.ts';
import type { Changes } from '../rules/sql-action.ts';
import { readArrival } from './arrival.ts';
import { amqp, plain } from './codec.ts';
import {
  listItems,
  listSection,
  mapEntries,
  mapSection,
  readSections,
  sectionCodes,
  withSection,
  writeSections,
} from './encoded-message.ts';

/** Where in the list of properties each stands. */
const places: Record<SystemProperty, number> = {
  messageId: 0,
  to: 2,
  label: 3,
  replyTo: 4,
  correlationId: 5,
  contentType: 6,
  sessionId: 10,
  replyToSessionId: 12,
};

export function viewOf(content: Uint8Array): MessageView {
  const sections = readSections(content);
  const properties = listItems(sections, sectionCodes.properties);
  const system = Object.fromEntries(
    Object.entries(places).map(([name, place]) => [name, valueOf(properties[place])]),
  );
  const entries = mapEntries(sections, sectionCodes.applicationProperties);
  return { system, user: new Map([...entries].map(([name, value]) => [name, valueOf(value)])) };
}

/** The message with these changes, and with the name of the rule that made them. */
export function changeArrival(arrival: Arrival, rule: string, { system, user }: Changes): Arrival {
  let sections = readSections(arrival.content);
  const properties = listItems(sections, sectionCodes.properties);
  for (const [name, value] of system) {
    const isSymbol = name === 'contentType';
    properties[places[name]] = value === null ? undefined : typed(isSymbol ? value : String(value), isSymbol);
  }
  const entries = mapEntries(sections, sectionCodes.applicationProperties);
  for (const [name, value] of user) {
    if (value === null) entries.delete(name);
    else entries.set(name, typed(value));
  }
  entries.set('RuleName', amqp.wrap_string(rule));
  sections = withSection(sections, listSection(sectionCodes.properties, properties));
  sections = withSection(sections, mapSection(sectionCodes.applicationProperties, entries));
  const changed = readArrival(writeSections(sections));
  return { ...arrival, id: changed.id, session: changed.session, content: changed.content };
}

/** Binary values and what is larger than a number of JavaScript's are unknown to rules. */
function valueOf(value: Typed | undefined): Value {
  const found = plain(value);
  if (found instanceof Date) return found;
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean' ? found : null;
}

function typed(value: Exclude<Value, null>, isSymbol = false): Typed {
  if (isSymbol) return amqp.wrap_symbol(String(value));
  if (value instanceof Date) return amqp.wrap_timestamp(value.getTime());
  if (typeof value === 'boolean') return amqp.wrap_boolean(value);
  if (typeof value === 'string') return amqp.wrap_string(value);
  return Number.isInteger(value) ? amqp.wrap_long(value) : amqp.wrap_double(value);
}
