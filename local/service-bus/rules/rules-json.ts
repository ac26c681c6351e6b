/** Rules as JSON, with the times that it has no form for. */
import type { Filter, RuleDescription } from './rule.ts';

type Correlation = Extract<Filter, { kind: 'correlation' }>;
type Properties = Correlation['properties'];
/** A time is wrapped: nothing else in it is an object. */
type PlainProperties = Record<string, boolean | number | string | { time: number }>;

export function writeRules(rules: RuleDescription[]): string {
  return JSON.stringify(
    rules.map((rule) =>
      withProperties(rule, (value) => (value instanceof Date ? { time: value.getTime() } : value)),
    ),
  );
}

export function readRules(text: string): RuleDescription[] {
  return (JSON.parse(text) as RuleDescription[]).map((rule) =>
    withProperties(rule, (value) =>
      typeof value === 'object' && 'time' in value ? new Date(value.time) : value,
    ),
  );
}

function withProperties(
  rule: RuleDescription,
  change: (
    value: Properties[string] | PlainProperties[string],
  ) => Properties[string] | PlainProperties[string],
): RuleDescription {
  if (rule.filter.kind !== 'correlation') return rule;
  const properties = Object.fromEntries(
    Object.entries(rule.filter.properties).map(([name, value]) => [name, change(value)]),
  ) as Properties;
  return { ...rule, filter: { ...rule.filter, properties } };
}
