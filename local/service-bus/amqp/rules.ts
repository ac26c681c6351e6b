/** The rules of a subscription, as `$management` tells them: the one that lets every message pass. */
import { amqp, described } from './codec.ts';
import type { Answer } from './request.ts';

// The numbers by which SDKs know the parts of a rule.
const descriptors = {
  rule: 0x13700000004,
  emptyAction: 0x13700000005,
  trueFilter: 0x1370000007,
} as const;

export function enumerateRules(skip: number): Answer {
  if (skip > 0) return { status: 204, description: 'No content' };
  const rule = described(
    descriptors.rule,
    amqp.wrap_list([
      described(descriptors.trueFilter, amqp.wrap_list([])),
      described(descriptors.emptyAction, amqp.wrap_list([])),
      '$Default',
    ]),
  );
  return { status: 200, description: 'OK', body: { rules: [{ 'rule-description': rule }] } };
}
