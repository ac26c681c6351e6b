/** A rule of a subscription: which messages pass, and what is done to those. */
import { compare } from './operators.ts';
import type { MessageView, SystemProperty, Value } from './message-view.ts';
import { readAction, type Changes } from './sql-action.ts';
import { readFilter } from './sql-filter.ts';

export type Filter =
  | { kind: 'true' }
  | { kind: 'sql'; expression: string }
  /** All that is given must be equal, capitals too. */
  | {
      kind: 'correlation';
      system: Partial<Record<SystemProperty, string>>;
      properties: Record<string, Exclude<Value, null>>;
    };

export interface RuleDescription {
  name: string;
  filter: Filter;
  /** In SQL. */
  action?: string | undefined;
}

/** What a subscription has that nothing was said about. */
export const defaultRule: RuleDescription = { name: '$Default', filter: { kind: 'true' } };

/** A rule that was read. */
export interface Rule {
  description: RuleDescription;
  passes: (view: MessageView) => boolean;
  changes: ((view: MessageView) => Changes) | undefined;
}

/** Reads a rule. Throws a `Refusal` for SQL that is wrong. */
export function readRule(description: RuleDescription): Rule {
  const { filter, action } = description;
  return {
    description,
    passes: readAnyFilter(filter),
    changes: action === undefined ? undefined : readAction(action),
  };
}

/** Whether every message passes, and none is changed: then no message need be looked into. */
export function passesEverything({ filter, action }: RuleDescription): boolean {
  if (action !== undefined) return false;
  return filter.kind === 'true' || (filter.kind === 'sql' && /^\s*1\s*=\s*1\s*$/.test(filter.expression));
}

function readAnyFilter(filter: Filter): (view: MessageView) => boolean {
  switch (filter.kind) {
    case 'true':
      return () => true;
    case 'sql':
      return readFilter(filter.expression);
    case 'correlation': {
      const system = Object.entries(filter.system) as [SystemProperty, string][];
      const user = Object.entries(filter.properties);
      return (view) =>
        system.every(([name, wanted]) => view.system[name] === wanted) &&
        user.every(([name, wanted]) => compare(view.user.get(name) ?? null, '=', wanted) === true);
    }
  }
}
