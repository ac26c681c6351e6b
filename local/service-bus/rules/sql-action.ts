/**
 * The SQL of actions: `SET property = expression` and `REMOVE property`, one after the other.
 * https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-rule-action
 */
import {
  userName,
  type MessageView,
  type PropertyName,
  type SystemProperty,
  type Value,
} from './message-view.ts';
import { readProperty, readSum, type Expression } from './sql-filter.ts';
import { TokenReader } from './tokens.ts';

/** What an action makes of a message's properties: a new value, or none any more. */
export interface Changes {
  system: Map<SystemProperty, Value>;
  user: Map<string, Value>;
}

type Step = { property: PropertyName; value: Expression | undefined };

/** Reads an action. Throws a `Refusal` that says what is wrong with it. */
export function readAction(text: string): (view: MessageView) => Changes {
  const reader = new TokenReader(text);
  const steps: Step[] = [];
  while (reader.next.kind !== 'end') {
    if (reader.takes('SET')) {
      const property = readProperty(reader);
      reader.needs('=');
      steps.push({ property, value: readSum(reader) });
    } else {
      if (!reader.takes('REMOVE')) throw reader.unexpected('SET or REMOVE');
      steps.push({ property: readProperty(reader), value: undefined });
    }
    // Either parts two, neither is needed.
    if (!reader.takes(';')) reader.takes(',');
  }
  if (steps.length === 0) throw reader.unexpected('SET or REMOVE');
  return (view) => apply(steps, view);
}

/** Each step sees what those before it have done. */
function apply(steps: Step[], view: MessageView): Changes {
  const now: MessageView = { system: { ...view.system }, user: new Map(view.user) };
  const changes: Changes = { system: new Map(), user: new Map() };
  for (const { property, value } of steps) {
    const result = value?.(now) ?? null;
    if (property.scope === 'system') {
      now.system[property.name as SystemProperty] = result;
      changes.system.set(property.name as SystemProperty, result);
    } else {
      const name = userName(now, property.name);
      if (result === null) now.user.delete(name);
      else now.user.set(name, result);
      changes.user.set(name, result);
    }
  }
  return changes;
}
