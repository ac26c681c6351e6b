/** The rules of a subscription, as `$management` tells, adds and removes them. */
import type { Typed } from 'rhea';
import { Refusal } from '../broker/refusal.ts';
import type { SystemProperty, Value } from '../rules/message-view.ts';
import type { Filter, RuleDescription } from '../rules/rule.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { amqp, described, plain, textOf } from './codec.ts';
import { entriesOf } from './encoded-message.ts';
import { text, wholeNumber, type Fields } from './fields.ts';
import type { ManagedEntity } from './management.ts';
import type { Answer } from './request.ts';

// The numbers by which SDKs know the parts of a rule.
const descriptors = {
  rule: 0x13700000004,
  emptyAction: 0x13700000005,
  sqlAction: 0x13700000006,
  sqlFilter: 0x1370000006,
  trueFilter: 0x1370000007,
  correlationFilter: 0x1370000009,
} as const;

/** The parts of a correlation filter: their names in a request, in the order that an answer has. */
const correlationFields: [string, SystemProperty][] = [
  ['correlation-id', 'correlationId'],
  ['message-id', 'messageId'],
  ['to', 'to'],
  ['reply-to', 'replyTo'],
  ['label', 'label'],
  ['session-id', 'sessionId'],
  ['reply-to-session-id', 'replyToSessionId'],
  ['content-type', 'contentType'],
];

const ok: Answer = { status: 200, description: 'OK' };

export async function addRule(entity: ManagedEntity, fields: Fields): Promise<Answer> {
  const parts = entriesOf(fields.get('rule-description'));
  const action = textOf(entriesOf(parts.get('sql-rule-action')).get('expression'));
  await rulesOf(entity).add({
    name: text(fields, 'rule-name'),
    filter: filterOf(parts),
    // Some clients send an empty one for none.
    action: action?.trim() ? action : undefined,
  });
  return ok;
}

export async function removeRule(entity: ManagedEntity, fields: Fields): Promise<Answer> {
  await rulesOf(entity).remove(text(fields, 'rule-name'));
  return ok;
}

export function enumerateRules(entity: ManagedEntity, fields: Fields): Answer {
  const skip = wholeNumber(fields, 'skip', 0);
  const page = rulesOf(entity)
    .list()
    .slice(skip, skip + wholeNumber(fields, 'top', 100));
  if (page.length === 0) return { status: 204, description: 'No content' };
  return { ...ok, body: { rules: page.map((rule) => ({ 'rule-description': encodeRule(rule) })) } };
}

function filterOf(parts: Map<string, Typed>): Filter {
  const expression = textOf(entriesOf(parts.get('sql-filter')).get('expression'));
  if (expression !== undefined) return { kind: 'sql', expression };
  const correlation = parts.get('correlation-filter');
  if (correlation === undefined) {
    throw new Refusal('invalid-argument', 'The rule has neither a "sql-filter" nor a "correlation-filter".');
  }
  const given = entriesOf(correlation);
  const system = correlationFields.flatMap(([name, property]) => {
    const value = textOf(given.get(name));
    return value === undefined ? [] : [[property, value] as const];
  });
  const properties = [...entriesOf(given.get('properties'))].map(
    ([name, value]) => [name, comparable(name, plain(value))] as const,
  );
  return {
    kind: 'correlation',
    system: Object.fromEntries(system),
    properties: Object.fromEntries(properties),
  };
}

function comparable(name: string, value: unknown): Exclude<Value, null> {
  if (value instanceof Date) return value;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Refusal(
    'invalid-argument',
    `The filter's property "${name}" is of a type that is not compared here.`,
  );
}

function encodeRule({ name, filter, action }: RuleDescription): Typed {
  return described(
    descriptors.rule,
    amqp.wrap_list([
      encodeFilter(filter),
      action === undefined
        ? described(descriptors.emptyAction, amqp.wrap_list([]))
        : described(descriptors.sqlAction, amqp.wrap_list([action])),
      name,
    ]),
  );
}

function encodeFilter(filter: Filter): Typed {
  switch (filter.kind) {
    case 'true':
      return described(descriptors.trueFilter, amqp.wrap_list([]));
    case 'sql':
      return described(descriptors.sqlFilter, amqp.wrap_list([filter.expression]));
    case 'correlation': {
      const fields = correlationFields.map(([, property]) => filter.system[property] ?? null);
      const properties = Object.keys(filter.properties).length === 0 ? null : filter.properties;
      return described(descriptors.correlationFilter, amqp.wrap_list([...fields, properties]));
    }
  }
}

function rulesOf({ rules }: ManagedEntity): RuleSet {
  if (rules) return rules;
  throw new Refusal('not-allowed', 'Only a subscription has rules.');
}
